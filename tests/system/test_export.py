"""A case as one file: what is in it, that it proves itself by the docs' program and by ours, that changes are found."""

import json
import os
import stat
from collections.abc import Iterator, Mapping
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import grpc
import pytest
from click.testing import Result
from origingate.v1 import case_service_pb2
from typer.testing import CliRunner

from server.audit.faults import Fault, Kind
from server.errors import CaseNotFound
from server.log_keys import make_log_key
from tests.server.cli.whole import app
from tests.system.blanket import blanket, under
from tests.system.exporting import MANIFEST, Verify, audited, exported, files_of, program, zip_of
from tests.system.processes import Server, order

pytestmark = pytest.mark.xdist_group("export")

GOLDEN = Path(__file__).parent / "export_files.golden.txt"
# What the log does not vouch for: a change of it is found by the manifest only.
MADE = ("index.html", "case.json", "records/", "explanation.json", "log/key-")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with its sandbox in the same process."""
    running = Server(tmp_path_factory.mktemp("server"), "--embedded-sandbox")
    yield running
    assert 0 == running.stop()


def run(*words: str) -> Result:
    """The command, in this process."""
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, words)


@pytest.fixture(scope="module")
def answer(shared: Server) -> case_service_pb2.ProcessOrderResponse:
    """The answer to an order, certified."""
    request = order(order_id="export <b>", request_id="export-1")
    request.order.lines.items[0].description = '<script>alert("1")</script>'
    return shared.process_order(request)


@pytest.fixture(scope="module")
def zipped(shared: Server, answer: case_service_pb2.ProcessOrderResponse) -> bytes:
    """Its export."""
    return exported(shared, answer.case.name)


@pytest.fixture(scope="module")
def files(zipped: bytes) -> dict[str, bytes]:
    """The files of the export."""
    return files_of(zipped)


@pytest.fixture
def by_docs(shared: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Verify:
    """The program of docs/auditing.md: what is wrong, if anything."""
    return program(shared.folder / "og.db.log-key.pub.pem", tmp_path, monkeypatch)


@pytest.fixture
def by_audit(shared: Server, tmp_path: Path) -> Verify:
    """`origingate log verify`, within this process: the faults it names."""
    return audited(shared.folder / "og.db.log-key.pub.pem", tmp_path)


@pytest.fixture(params=["docs", "audit"])
def verify(request: pytest.FixtureRequest) -> Verify:
    """Both in turn."""
    found: Verify = request.getfixturevalue(f"by_{request.param}")
    return found


def test_golden_files(files: dict[str, bytes]) -> None:
    """An export of a certified order has these files."""
    # What else is in the log says nothing of the case.
    names = sorted(files)
    positions = list(dict.fromkeys(name[4:14] for name in names if name.startswith("log/0")))
    numbered = {position: f"{number:010}" for number, position in enumerate(positions)}
    listed = "".join(f"{name.replace(name[4:14], numbered.get(name[4:14], name[4:14]))}\n" for name in names)
    if "UPDATE_GOLDENS" in os.environ:
        GOLDEN.write_text(listed, "utf-8")
    assert GOLDEN.read_text("utf-8") == listed


def test_holds(zipped: bytes, verify: Verify) -> None:
    """As it was exported it holds."""
    assert [] == verify(zipped)


def changed_in(files: Mapping[str, bytes]) -> Iterator[tuple[str, dict[str, bytes]]]:
    """The files with an octet of one of them changed, at a place of its own for each."""
    for number, (name, octets) in enumerate(sorted(files.items())):
        at = number * 7919 % len(octets)
        other = octets[:at] + bytes([octets[at] ^ 1]) + octets[at + 1 :]
        yield name, {**files, name: other}


def test_changed_octet(files: dict[str, bytes], by_docs: Verify, by_audit: Verify) -> None:
    """A changed octet is found in every file, the manifest too; by the audit at least where only the manifest tells."""
    assert [] == [name for name, other in changed_in(files) if not by_docs(zip_of(other))]
    made = [
        (name, other) for name, other in changed_in(files) if name in ("index.html", "case.json", MANIFEST)
    ]
    assert [] == [name for name, other in made if not by_audit(zip_of(other))]


def test_changed_octet_by_a_forger(files: dict[str, bytes], verify: Verify) -> None:
    """Also where the manifest is written anew: in every file that the log vouches for, and in no other."""
    unseen = [
        name
        for name, other in changed_in(files)
        if name != MANIFEST and not verify(zip_of(other, forged=True))
    ]
    assert [] == [name for name in unseen if not any(made in name for made in MADE)]
    assert "index.html" in unseen


def test_missing_change(files: dict[str, bytes], verify: Verify) -> None:
    """A change of the case that was left out is missed, though the rest holds."""
    [last] = [
        name for name in files if name.startswith("log/00") and b'\\"event\\":\\"SUBMIT\\"' in files[name]
    ]
    left = {name: octets for name, octets in files.items() if name.removesuffix(".words.json") != last[:-5]}
    assert [] != verify(zip_of({name: octets for name, octets in left.items() if name != last}, forged=True))


def test_swapped_records(files: dict[str, bytes], verify: Verify) -> None:
    """Two decisions that changed places are found."""
    one, other = "decisions/0004-prereview", "decisions/0005-prereview"
    swapped = {
        name.replace(one, "*").replace(other, one).replace("*", other): octets
        for name, octets in files.items()
    }
    rows = {f"{each}/row.json": json.loads(swapped[f"{each}/row.json"]) for each in (one, other)}
    positions = [row["position"] for row in rows.values()]
    for row, position in zip(rows.values(), reversed(positions), strict=True):
        row["position"] = position
    swapped |= {name: json.dumps(row).encode() for name, row in rows.items()}
    assert [] != verify(zip_of(swapped, forged=True))


def test_another_key(zipped: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under another log's key nothing holds."""
    make_log_key(tmp_path / "other.pem")
    assert [] != program(tmp_path / "other.pub.pem", tmp_path, monkeypatch)(zipped)
    (tmp_path / "case.zip").write_bytes(zipped)
    done = run("log", "verify", str(tmp_path / "case.zip"), "--key", str(tmp_path / "other.pub.pem"))
    assert (1, True) == (done.exit_code, "signed by no key that is trusted" in done.stdout)


class Page(HTMLParser):
    """What a page names, and whether its elements end as they begin."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.elements: set[str] = set()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop()

    def handle_data(self, data: str) -> None:
        self.text += data


def test_page(files: dict[str, bytes], answer: case_service_pb2.ProcessOrderResponse) -> None:
    """The page for people tells the case, escapes what orders say, runs nothing, and its links are files of the zip."""
    page = Page()
    page.feed(files["index.html"].decode())
    assert ([], set()) == (page.open, set(page.links) - set(files))
    assert "script" not in page.elements
    told = (
        "Order export <b> of aceros-shop",
        '<script>alert("1")</script>',
        answer.e_cert_id,
        "Lucía Treviño",
        "prereview: ELIGIBLE",
        answer.prereview.findings[0].because,
        "data-key.json the key of this case",
    )
    assert [] == [each for each in told if each not in page.text]


def test_same_octets(shared: Server, answer: case_service_pb2.ProcessOrderResponse, tmp_path: Path) -> None:
    """A server and a command that reads the database beside it export the same octets, for their owner's eyes only."""
    words = ("case", "export", answer.case.name)
    address = f"sqlite:///{shared.folder}/og.db"
    by_server = run(*words, "--to", shared.address, "--out", str(tmp_path / "one.zip"))
    beside = run(*words, "--database", address, "--out", str(tmp_path / "two.zip"), "--json")
    assert (0, 0) == (by_server.exit_code, beside.exit_code), by_server.stderr + beside.stderr
    one, two = (tmp_path / "one.zip").read_bytes(), (tmp_path / "two.zip").read_bytes()
    assert one == two == exported(shared, answer.case.name)
    assert {
        "file": str(tmp_path / "two.zip"),
        "case": answer.case.name,
        "octets": len(one),
        "sha256": sha256(one).hexdigest(),
    } == json.loads(beside.stdout)
    assert 0o600 == stat.S_IMODE((tmp_path / "one.zip").stat().st_mode)


def test_nothing_written_over(
    shared: Server, answer: case_service_pb2.ProcessOrderResponse, tmp_path: Path
) -> None:
    """A file that is there stays as it is, and of a case that is not there no file is left."""
    there = tmp_path / "there.zip"
    there.write_text("mine", "utf-8")
    refused = run("case", "export", answer.case.name, "--to", shared.address, "--out", str(there))
    nobody = run(
        "case", "export", "cases/" + "0" * 32, "--to", shared.address, "--out", str(tmp_path / "none.zip")
    )
    assert ((2, "mine"), (1, True)) == (
        (refused.exit_code, there.read_text("utf-8")),
        (nobody.exit_code, "CASE_NOT_FOUND" in nobody.stderr),
    )
    assert not (tmp_path / "none.zip").exists()


def test_not_found(shared: Server) -> None:
    """A case that is not in the caller's records is not found."""
    with pytest.raises(grpc.RpcError) as refused:
        exported(shared, "cases/" + "0" * 32)
    assert (grpc.StatusCode.NOT_FOUND, str(CaseNotFound("cases/" + "0" * 32))) == (
        refused.value.code(),
        refused.value.details(),
    )


def test_covered(shared: Server, by_docs: Verify, by_audit: Verify) -> None:
    """An order under another case's blanket certificate goes out with it and its proof, without that case's key."""
    issued = shared.process_order(blanket("EXPORT-BLANKET", "export-blanket", goods="exported"))
    covered = shared.process_order(under(issued.e_cert_id, "EXPORT-UNDER", "export-under", goods="exported"))
    zipped = exported(shared, covered.case.name)
    files = files_of(zipped)
    keys = {json.loads(files_of(exported(shared, name))["data-key.json"])["key_id"]
            for name in (issued.case.name, covered.case.name)}  # fmt: skip
    row = json.loads(files["certificates/1/row.json"])["columns"]
    assert (issued.e_cert_id, issued.case.name) == (row["e_cert_id"], row["case_name"])
    assert b"." in files["certificates/1/proof.txt"]
    assert (2, True) == (len(keys), row["proof"].split(":")[2] in keys)
    assert json.loads(files["data-key.json"])["key_id"] not in row["proof"]
    assert ([], []) == (by_docs(zipped), by_audit(zipped))


def test_faults_are_named(files: dict[str, bytes], by_audit: Verify) -> None:
    """A decision whose text was changed is named by its file, and nothing else is."""
    name = "decisions/0001-scope/body.json"
    other = {**files, name: files[name].replace(b"IN_SCOPE", b"NO_SCOPE")}
    expected = Fault(Kind.CHANGED, "file", name, "", "it is not what decisions/0001-scope/row.json holds")
    assert [str(expected)] == by_audit(zip_of(other, forged=True))
