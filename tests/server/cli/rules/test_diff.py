"""`origingate rules diff`: what it prints, and how it ends."""

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.server.cli.whole import app

PROJECT = Path(__file__).resolve().parents[4]
PARCELS = PROJECT / "tests" / "planted" / "parcels"
PARCEL = {
    "destination": "US", "weight": "12.5", "pieces": 3, "marked": True, "value": "40.00 USD", "paper": "P",
    "batteries": False,
}  # fmt: skip
LIMIT = ("carriage.yaml", "when: parcel.weight > 30.0", "when: parcel.weight > 10.0")


def run(*words: object, code: int = 0, stdin: bytes | None = None) -> tuple[str, str]:
    """The command's output and messages; it ends with `code`."""
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["rules", "diff", *map(str, words)], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert code == result.exit_code, result.stdout + result.stderr
    return result.stdout, result.stderr


def git(*words: str) -> None:
    """Runs git here, with a name of its own."""
    who = ["-c", "user.name=author", "-c", "user.email=author@example.com"]
    subprocess.run(["git", *who, *words], check=True, capture_output=True)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The parcels in `old`, and with another limit in `new`."""
    monkeypatch.chdir(tmp_path)
    for name in ("old", "new"):
        shutil.copytree(PARCELS, name)
    edit("new", *LIMIT)


def edit(folder: str, name: str, was: str, now: str) -> None:
    """Replaces a text in a file."""
    path = Path(folder) / name
    text = path.read_text("utf-8")
    assert was in text
    path.write_text(text.replace(was, now), "utf-8")


def orders(*parcels: dict[str, object], name: str = "orders.jsonl") -> str:
    """Writes orders about parcels, each the usual one with other facts."""
    lines = [json.dumps({"id": f"P-{number}", "on": "2026-09-01", "given": {"parcel": {**PARCEL, **one}}})
             for number, one in enumerate(parcels)]  # fmt: skip
    Path(name).write_text("\n".join(lines), "utf-8")
    return name


def test_folders() -> None:
    """A changed threshold is shown with both texts and places, and ends with 1."""
    out, said = run("old", "new", code=1)
    assert ("", [
        "parcels, old -> new: 1 changed in meaning.",
        "carriage",
        "  changed  rule too-heavy  old/carriage.yaml:13 -> new/carriage.yaml:13",
        "           condition  line 15",
        "             - parcel.weight > 30.0",
        "             + parcel.weight > 10.0",
    ]) == (said, out.rstrip().splitlines())  # fmt: skip


def test_nothing() -> None:
    """Other words, another name and another layout are shown, and end with 0."""
    shutil.copytree(PARCELS, "same")
    assert "parcels, old -> same: no difference.\n" == run("old", "same")[0]
    edit("same", "carriage.yaml", "The parcel is not marked.", "No mark.")
    edit("same", "carriage.yaml", "rule: heavy\n", "rule: two-people\n")
    assert "parcels, old -> same: 1 renamed, 1 reworded." == run("old", "same")[0].splitlines()[0]


def test_revisions() -> None:
    """OLD and NEW can be revisions of a folder; without NEW the folder as it is now counts."""
    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "first")
    git("tag", "old")
    edit("new", "carriage.yaml", "parcel.weight > 10.0", "parcel.weight > 11.0")
    out, _ = run("HEAD", "--folder", "new", code=1)
    assert "HEAD:new/carriage.yaml:13 -> new/carriage.yaml:13" in out
    assert "parcels, HEAD -> HEAD: no difference.\n" == run("HEAD", "HEAD", "--folder", "new")[0]
    assert "parcels, old -> new: 1 changed" in run("old", "--folder", "new", code=1)[0]
    assert "- parcel.weight > 30.0" in run("old", "--folder", "new", code=1)[0]
    assert "- parcel.weight > 10.0" in run("old~0", "--folder", "new", code=1)[0]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["nowhere", "new"], "git knows no revision 'nowhere' here"),
        (["rules/nowhere", "new"], "rules/nowhere: is no folder of rule files, and no git revision"),
        (["old/carriage.yaml", "new"], "old/carriage.yaml: is no folder of rule files"),
        (["empty", "new"], "holds no rulebook.yaml"),
        (["old", "new", "--folder", "nowhere", "--orders", "none.jsonl"], "none.jsonl: cannot be read (No such file"),
        (["old", "new", "--orders", "empty"], "holds no file that ends in .json"),
        (["old", "new", "--orders", "blank.jsonl"], "Not one order could be read."),
        (["old", "new", "--log", "nowhere.db"], "nowhere.db: there is no such file"),
        (["old", "new", "--log", "mysql://x"], "is not supported"),
        (["old", "new", "--orders", "x", "--log", "y"], "not both"),
        (["old", "new", "--log", "y", "--on", "2026-07-01"], "--on is for --orders"),
        (["old", "new", "--question", "carriage"], "name some with --orders or --log"),
        (["old", "new", "--orders", "x", "--question", "carrige"], "no question `carrige` in both rulebooks"),
        (["old", "new", "--orders", "x", "--on", "soon"], "soon: is no day"),
        (["old", str(PROJECT / "tests/engine/rulebook/small"), "--orders", "x"], "no question in common"),
    ],
)  # fmt: skip
def test_wrong_use(words: list[str], expected: str) -> None:
    """What cannot be done is said and ends with 2."""
    Path("empty").mkdir()
    Path("blank.jsonl").write_text("\n\n")
    out, said = run(*words, code=2)
    assert ("", True) == (out, expected in said), said


def test_problems() -> None:
    """A rulebook with problems ends with 1, with its problems, whichever side it is."""
    edit("new", "carriage.yaml", "parcel.pieces >= 10", "parcel.pices >= 10")
    for words in (["old", "new"], ["new", "old"]):
        assert "unknown fact `parcel.pices`" in run(*words, code=1)[1]


def test_orders() -> None:
    """Orders whose answer flips are counted, with an example that can be saved and decided again."""
    name = orders({}, {"weight": "9"}, {"weight": 41}, {"weight": "11", "destination": "MX"}, {"pieces": 12})
    out, said = run("old", "new", "--orders", name, code=1)
    assert "" == said
    shown = out[out.index("5 orders answered") :]
    assert [
        "5 orders answered by both, 0 could not be read.",
        "",
        "carriage: 3 of 5 flip",
        "  was \\ now  REFUSED",
        "  REVIEW           1",
        "  CARRIED          2",
        "",
        "  was      decided by   now      decided by  orders",
        "  CARRIED  otherwise    REFUSED  too-heavy        2",
        "  REVIEW   many-pieces  REFUSED  too-heavy        1",
        "",
        "  orders.jsonl:1 (P-0), on 2026-09-01",
        "    - CARRIED, otherwise: Nothing speaks against the parcel.",
        "    + REFUSED, too-heavy: The parcel weighs 12.5 kg; 30 kg are carried.",
        "    parcel:",
        "      destination: US",
    ] == shown.splitlines()[:16]
    example = shown.splitlines()[14:21]
    Path("order.yaml").write_text("\n".join(line[4:] for line in example))
    words = "decide --rulebook new --question carriage --given order.yaml --on 2026-09-01"
    decided = CliRunner().invoke(app, words.split())
    assert decided.stdout.startswith("REFUSED  carriage, on 2026-09-01")


def test_no_flip() -> None:
    """Where no answer flips that is said; the difference in meaning still ends with 1."""
    assert "No answer flips." in run("old", "new", "--orders", orders({"weight": "9"}), code=1)[0]
    assert "No answer flips." in run("old", "old", "--orders", orders({}))[0]


def test_json() -> None:
    """--json prints everything, and nothing else."""
    out, said = run("old", "new", "--orders", orders({}, {"weight": "9"}), "--json", "--examples", 2, code=1)
    told = json.loads(out)
    assert ("", True, 2, 1) == (
        said,
        told["differs"],
        told["orders"]["read"],
        len(told["orders"]["examples"]),
    )
    assert {
        "was": "CARRIED", "was_by": "otherwise", "now": "REFUSED", "now_by": "too-heavy", "count": 1,
        "first": ["orders.jsonl:1"],
    } == told["orders"]["questions"][0]["rules"][0]  # fmt: skip


def test_markdown() -> None:
    """--format markdown is a comment for a pull request, without any order in it."""
    out, _ = run("old", "new", "--orders", orders({}), "--format", "markdown", code=1)
    assert "| carriage | changed | `rule too-heavy` |" in out
    assert "| CARRIED | `otherwise` | REFUSED | `too-heavy` | 1 |" in out
    assert "12.5" not in out


def test_unreadable_lines() -> None:
    """A line that cannot be read is named with its reason, and does not end the run; only none at all does."""
    name = orders({})
    with Path(name).open("ab") as file:
        file.write(b'\n{\n\n{"given": {"parcel": {"pieces": "x"}}}\n\xff\n')
    out, _ = run("old", "new", "--orders", name, code=1)
    assert "1 orders answered by both, 3 could not be read." in out
    assert "orders.jsonl:2: it is not JSON" in out
    assert "orders.jsonl:4: `x` is no whole number" in out
    assert "orders.jsonl:5: it is not UTF-8" in out
    Path("bad.jsonl").write_text("{\n")
    assert "bad.jsonl:1: it is not JSON" in run("old", "new", "--orders", "bad.jsonl", code=2)[1]


@pytest.mark.parametrize("processes", [1, 2])
def test_everywhere_alike(processes: int) -> None:
    """Many orders in several processes, gzipped, give what few give in one, in the order of the file."""
    name = orders(*[{"weight": str(9 + number % 4)} for number in range(600)])
    Path("o.jsonl.gz").write_bytes(gzip.compress(Path(name).read_bytes()))
    out, _ = run(
        "old", "new", "--orders", "o.jsonl.gz", "--processes", processes, "--examples", 2, "--json", code=1
    )
    told = json.loads(out)["orders"]
    assert (600, 300) == (told["read"], told["questions"][0]["flips"])
    assert ["o.jsonl.gz:3", "o.jsonl.gz:4"] == [one["at"] for one in told["examples"]]


def test_standard_input_and_folder() -> None:
    """Orders come from standard input or from a folder as well."""
    line = Path(orders({})).read_bytes()
    assert "line 1 (P-0)" in run("old", "new", "--orders", "-", code=1, stdin=line)[0]
    Path("d").mkdir()
    Path("d/one.json").write_bytes(line)
    assert "d/one.json (P-0)" in run("old", "new", "--orders", "d", code=1)[0]


def test_on() -> None:
    """--on asks about another day than the orders' own."""
    name = orders({"weight": "9", "batteries": True})
    edit("new", "carriage.yaml", "from: 2027-06-01", "from: 2027-07-01")
    assert "No answer flips." in run("old", "new", "--orders", name, code=1)[0]
    assert "carriage: 1 of 1 flip" in run("old", "new", "--orders", name, "--on", "2027-06-15", code=1)[0]


def test_other_dictionary() -> None:
    """A fact under a new name is not given to the new rulebook; what it makes undetermined is counted."""
    edit("new", "facts.yaml", "parcel.marked", "parcel.labelled")
    edit("new", "carriage.yaml", '"!parcel.marked"', '"!parcel.labelled"')
    edit("new", "rulebook.yaml", "!parcel.marked", "!parcel.labelled")
    out, _ = run("old", "new", "--orders", orders({"weight": "9"}), code=1)
    assert "carriage: 1 of 1 flip, 1 of them to UNDETERMINED" in out
    assert "+ UNDETERMINED, not-marked: missing: parcel.labelled" in out


def started(*words: str) -> "subprocess.Popen[bytes]":
    """The command in a process of its own."""
    command = [sys.executable, "-m", "server", "rules", "diff", *words]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={"PYTHONPATH": f"{PROJECT}:{PROJECT / 'gen'}"}, start_new_session=True,
    )  # fmt: skip


def test_interrupt() -> None:
    """An interrupt ends all processes, without a traceback, and says how far it came."""
    line = Path(orders({})).read_bytes() + b"\n"
    with started("old", "new", "--orders", "-", "--processes", "2") as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(line * 3_000)
        process.stdin.flush()
        # This one, what multiprocessing tracks resources with, and two that answer.
        while len(_group(process.pid)) < 4:
            time.sleep(0.05)
        for each in _group(process.pid):
            os.kill(each, signal.SIGINT)
        said = process.stderr.read().decode()
        process.stdin.close()
        assert 130 == process.wait(30)
        assert said.startswith("Interrupted after ")
        assert said.count("\n") == 1
        # What tracks resources sees a moment later that the others are gone.
        while _group(process.pid):
            time.sleep(0.05)


def test_killed() -> None:
    """Where the command is killed, the processes that it started end by themselves."""
    line = Path(orders({})).read_bytes() + b"\n"
    with started("old", "new", "--orders", "-", "--processes", "2") as process:
        assert process.stdin is not None
        process.stdin.write(line * 3_000)
        process.stdin.flush()
        while len(_group(process.pid)) < 4:
            time.sleep(0.05)
        process.kill()
        process.wait(30)
        while _group(process.pid):
            time.sleep(0.05)
        process.stdin.close()


def _group(leader: int) -> list[int]:
    """The processes of a session, as /proc tells them; the ended ones are none."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader and fields[0] != "Z":
            found.append(int(path.parent.name))
    return found


def test_broken_pipe() -> None:
    """Who stops reading gets no traceback."""
    with started("old", "new") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
