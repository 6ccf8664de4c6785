"""The sites of our records: what a file may say, and how everything wrong with it is told."""

from pathlib import Path

import pytest

from server.errors import SiteContradictsRecord
from server.our_records import OurRecords
from server.sites import SiteRecord, Sites, SitesFileInvalid, load_sites

GOOD = """
tenant: dev
sites:
  - {site: one, kind: B2B_INDEPENDENT, integration: CONNECTED, platforms: [b, a]}
  - {site: two}
"""


def loaded(folder: Path, text: str | bytes) -> Sites:
    """The sites of a file with this text."""
    path = folder / "sites.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_sites(path)


def refusal(folder: Path, text: str | bytes) -> str:
    """What is said of a file that cannot be used, without its path."""
    with pytest.raises(SitesFileInvalid) as refused:
        loaded(folder, text)
    return str(refused.value).replace(f"{folder}/", "")


def test_found(tmp_path: Path) -> None:
    """A site is found by tenant and id; what its record leaves out is unknown."""
    found = loaded(tmp_path, GOOD)
    assert SiteRecord("dev", "one", "B2B_INDEPENDENT", "CONNECTED", ("b", "a")) == found.find("dev", "one")
    assert SiteRecord("dev", "two", None, None, ()) == found.find("dev", "two")


def test_not_found(tmp_path: Path) -> None:
    """Another tenant's site is not found, nor is one that is not there."""
    found = loaded(tmp_path, GOOD)
    assert (None, None) == (found.find("other", "one"), found.find("dev", "three"))


def test_every_mistake(tmp_path: Path) -> None:
    """Every mistake is told, each with its place."""
    said = refusal(tmp_path, "tenant: dev\nsites: [{site: one, kind: B2X}, {kynd: OTHER, site: ''}]")
    assert [
        "sites.yaml: sites.0.kind",
        "sites.yaml: sites.1.site",
        "sites.yaml: sites.1.kynd",
    ] == [": ".join(line.split(": ")[:2]) for line in said.splitlines()]


def test_twice(tmp_path: Path) -> None:
    """Every site that stands more than once is named."""
    said = refusal(
        tmp_path,
        "tenant: dev\nsites: [{site: one}, {site: two}, {site: one}, {site: two}, {site: one}]",
    )
    assert [
        "sites.yaml: the site 'one' stands more than once; keep one of them.",
        "sites.yaml: the site 'two' stands more than once; keep one of them.",
    ] == said.splitlines()


BROKEN = {
    "empty": b"",
    "a list": b"- one",
    "a word": b"one",
    "no sites": b"tenant: dev",
    "not UTF-8": b"tenant: \xff\xfe\xfd",
    "not YAML": b"tenant: [",
    "a control character": b"tenant: a\x00b",
    "a day that does not exist": b"tenant: 2026-02-30",
    "too deep": b"[" * 1000,
    "a number too long": b"tenant: " + b"9" * 5000,
    "a list for a key": b"{[a]: b}",
    "an object of the language": b"!!python/object/apply:os.system [id]",
    "a number for an id": b"tenant: dev\nsites: [{site: 5}]",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_broken(tmp_path: Path, text: bytes) -> None:
    """Whatever the file holds, what is wrong is said in words, with the file's name."""
    assert refusal(tmp_path, text).startswith("sites.yaml: ")


def test_not_there(tmp_path: Path) -> None:
    """A file that cannot be read is named, with why."""
    with pytest.raises(SitesFileInvalid, match=r"none\.yaml: cannot be read \(No such file or directory\)"):
        load_sites(tmp_path / "none.yaml")
    with pytest.raises(SitesFileInvalid, match="Is a directory"):
        load_sites(tmp_path)


def records(kind: str | None = "B2B_INDEPENDENT", integration: str | None = "NONE") -> OurRecords:
    """Our records of one site."""
    return OurRecords(Sites({("dev", "one"): SiteRecord("dev", "one", kind, integration, ("a",))}))


def test_added() -> None:
    """What our records hold of a site is added to what the caller says."""
    assert {"site_id": "one", "kind": "B2B_INDEPENDENT", "integration": "NONE"} == records().added_to(
        {"site": {"site_id": "one"}}, "dev"
    )["site"]


def test_unknown_stays_unknown() -> None:
    """What our records lack stays unknown, and a site that they lack is as the caller says."""
    said = {"site": {"site_id": "one", "kind": "OTHER"}}
    assert said == records(kind=None, integration=None).added_to(said, "dev")
    assert said == records().added_to(said, "other")
    assert {} == records().added_to({}, "dev")


@pytest.mark.parametrize(("stated", "shown"), [("MARKETPLACE", "MARKETPLACE"), (None, "none")])
def test_contradiction(stated: str | None, shown: str) -> None:
    """A caller who states another kind, or that there is none, is told both."""
    with pytest.raises(SiteContradictsRecord) as refused:
        records().added_to({"site": {"site_id": "one", "kind": stated}}, "dev")
    assert ("one", shown, "B2B_INDEPENDENT") == (
        refused.value.site_id,
        refused.value.stated,
        refused.value.recorded,
    )


def test_taken_in_before() -> None:
    """Facts that were taken in before are read with the record as it is now."""
    said = {"site": {"site_id": "one", "kind": "MARKETPLACE"}}
    assert "B2B_INDEPENDENT" == records().added_again(said, "dev")["site"]["kind"]


@pytest.mark.parametrize(
    ("goods", "unlisted"),
    [
        ([{"hs": "721320"}, {"hs": "7213209900"}], ()),
        ([{"hs": "999999"}, {"hs": "7213"}, {"hs": "000000"}], ("000000", "999999")),
        ([{}, {"hs": None}], ()),
    ],
)
def test_nomenclature(goods: list[dict[str, str | None]], unlisted: tuple[str, ...]) -> None:
    """Codes whose first six digits are in no edition are named; shorter ones are the rules' affair."""
    assert (
        unlisted == records().added_to({"declaration": {"goods": goods}}, "dev")["nomenclature"]["unlisted"]
    )


def test_tenants_of_sites(tmp_path: Path) -> None:
    """A site may have a tenant of its own; the file's is for the others."""
    sites = loaded(tmp_path, "tenant: dev\nsites: [{site: one}, {site: one, tenant: acme, kind: OTHER}]")
    assert (None, "OTHER") == (sites.find("dev", "one").kind, sites.find("acme", "one").kind)
    assert sites.find("other", "one") is None


def test_site_of_nobody(tmp_path: Path) -> None:
    """A site that no tenant has is refused."""
    said = refusal(tmp_path, "sites: [{site: one, tenant: acme}, {site: two}]")
    assert "the site 'two' has no tenant; write `tenant` for it, or once for the whole file." in said
