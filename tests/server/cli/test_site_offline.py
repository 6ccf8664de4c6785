"""`origingate site assess FOLDER`: what an enterprise's own orders show without a server."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tests.server.cli.whole import app

PROJECT = Path(__file__).resolve().parents[3]
EXAMPLE = PROJECT / "examples" / "assessment"
MAPPING = ("--mapping", EXAMPLE / "mapping.yaml", "--on", "2026-11-27")


def assess(*words: str | Path) -> Result:
    """What the command prints, and how it ends."""
    return CliRunner().invoke(app, ["site", "assess", *map(str, words), "--processes", "1"])


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    """The report on the example orders."""
    ended = assess(EXAMPLE / "orders", *MAPPING, "--json")
    assert 1 == ended.exit_code
    report: dict[str, Any] = json.loads(ended.stdout)
    return report


def test_scope(found: dict[str, Any]) -> None:
    """How many orders are in scope, and for want of what that is open."""
    assert {"IN_SCOPE": 5, "OUT_OF_SCOPE": 2, "UNDETERMINED": 2} == found["scope"]["outcomes"]
    assert [
        {"facts": ["order.destination"], "orders": 1},
        {"facts": ["order.lines[].claims_preference"], "orders": 1},
    ] == found["scope"]["missing"]


def test_certification(found: dict[str, Any]) -> None:
    """Which elements certifications lack; those of orders that are out of scope are not asked for."""
    assert {"INVALID": 1, "REVIEW": 0, "VALID": 3, "UNDETERMINED": 3} == found["certification"]["outcomes"]
    assert {"declaration.certified_on": 2, "declaration.goods[].criterion": 1}.items() <= found[
        "certification"
    ]["missing"].items()
    [lacking] = found["certification"]["lacking"]
    assert ("LANGUAGE", 1, "5009.json") == (lacking["reason"], lacking["orders"], lacking["first"])


def test_fields(found: dict[str, Any]) -> None:
    """Each fact: given, missing, mistyped, with where that was first, and how to mend it."""
    fields = {one["path"]: one for one in found["fields"]}
    sample = {
        "order": "5004.json",
        "why": "`1 July 2026` is no date",
        "mend": "write year, month and day, as 2026-06-27",
    }
    expected = {
        "path": "declaration.certified_on", "stage": "DECLARATION", "orders": 8, "given": 6, "none": 0,
        "missing": 1, "mistyped": 1, "missing_in": "5006.json", "sample": sample,
    }  # fmt: skip
    assert expected == fields["declaration.certified_on"]
    assert 1 == fields["order.destination"]["missing"]


def test_items(found: dict[str, Any]) -> None:
    """Fields that rules find lacking, with how firm the rule is; interface and trigger points are not known offline."""
    items = {one["about"]: one for one in found["items"]}
    assert ("UNKNOWN", "UNKNOWN") == (items["connection"]["state"], items["calls"]["state"])
    assert "not known offline" in items["calls"]["seen"]
    item = items["declaration.certified_on"]
    assert ("LACKING", "FIELD_MISTYPED", "reported") == (item["state"], item["reason"], item["standing"])
    assert "as 2026-06-27 (first in 5004.json)" in item["mend"]
    assert "assumed" == items["order.destination"]["standing"]


def test_readiness(found: dict[str, Any]) -> None:
    """The readiness question's own answer by what was seen; what only a server sees is not counted as good."""
    assert "NOT_READY" == found["readiness"]["outcome"]
    assert found["not_known_offline"]["site.integration"] > 0


def test_page(tmp_path: Path) -> None:
    """One page of HTML, whole, that can be printed, with all that was found."""
    ended = assess(EXAMPLE / "orders", *MAPPING, "--html", tmp_path / "a.html")
    assert 1 == ended.exit_code
    text = (tmp_path / "a.html").read_text("utf-8")
    HTMLParser().feed(text)
    assert "@media print" in text
    for said in ("IN_SCOPE", "declaration.certified_on", "1 July 2026", "not known offline", "LANGUAGE"):
        assert said in text


def test_unread(tmp_path: Path) -> None:
    """An order that cannot be read is named with why, and is in no figure; a file may hold a list of orders."""
    order = json.loads((EXAMPLE / "orders" / "5001.json").read_text("utf-8"))
    late = {**order, "placed": "yesterday"}
    (tmp_path / "a.json").write_text(json.dumps([order, late, 7]), "utf-8")
    (tmp_path / "b.json").write_text("{", "utf-8")
    deep = json.dumps({**order, "shipTo": {"country": "deep"}}).replace('"deep"', "[" * 900 + "]" * 900)
    (tmp_path / "c.json").write_text(deep, "utf-8")
    ended = assess(tmp_path, *MAPPING, "--json")
    report = json.loads(ended.stdout)
    assert (1, 4) == (report["orders"], report["unread"]["orders"])
    first = {one["order"]: one["why"] for one in report["unread"]["first"]}
    assert "day: `yesterday` is no date: write year, month and day, as 2026-06-27" == first["a.json[1]"]
    assert "it is no object in braces" == first["a.json[2]"]
    assert first["b.json"].startswith("it is no JSON")
    assert "it is nested too deep" == first["c.json"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((EXAMPLE / "orders",), 2, "Name a mapping with --mapping FILE"),
        ((EXAMPLE, *MAPPING), 2, "holds no file that ends in .json"),
        ((EXAMPLE / "orders", "--mapping", "no.yaml"), 1, "no.yaml: cannot be read"),
        ((EXAMPLE / "orders", *MAPPING, "--html", "/no/where.html"), 2, "/no/where.html: cannot be written"),
    ],
)
def test_wrong_use(words: tuple[str | Path, ...], code: int, said: str) -> None:
    """What cannot be looked at, or written, says so."""
    ended = assess(*words)
    assert code == ended.exit_code
    assert said in ended.stderr


def test_no_name_of_a_file() -> None:
    """What is too long to be the name of a file is taken for a site's id, and the server is asked."""
    ended = assess("s" * 270, "--to", "127.0.0.1:1", "--timeout", "1")
    assert (1, True) == (ended.exit_code, "127.0.0.1:1" in ended.stderr)
