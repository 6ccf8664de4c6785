"""`origingate rules prove` and `rules diff --prove`: what they print, and how they end."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from engine.rulebook import Rulebook, load
from engine.rulebook.text.files import TextFile
from engine.workbench.given_text import read_given
from tests.server.cli.whole import app

PARCELS = Path(__file__).parents[3] / "planted" / "parcels"


def run(*words: object, command: str = "prove") -> tuple[int, str, str]:
    """The command's exit code, output and messages."""
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["rules", command, *map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of the planted rulebook, as `parcels`."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(PARCELS, "parcels")


def edit(name: str, was: str, now: str, folder: str = "parcels") -> None:
    """Replaces a text in a file of the rulebook."""
    path = Path(folder) / name
    text = path.read_text("utf-8")
    assert was in text
    path.write_text(text.replace(was, now), "utf-8")


def sound() -> None:
    """Takes the planted faults away that proofs find."""
    edit("carriage.yaml", "30.0 < parcel.weight", "parcel.weight == 29.0")
    edit("carriage.yaml", "parcel.weight > 40.0", "parcel.weight > 21.0")
    edit("carriage.yaml", "parcel.weight < 1.0 && parcel.weight > 2.0", "parcel.weight < 1.0")
    edit("rulebook.yaml", "parcel.weight > 25.0", "parcel.weight > 30.0")


def test_planted() -> None:
    """Every planted fault that proofs are to find is told with its place, and nothing else."""
    code, out, said = run("parcels", "-n", "1")
    found = [line for line in out.splitlines() if line.endswith("]")]
    bound = "(lists of up to 3 elements)"
    assert (1, "") == (code, said)
    assert [
        "parcels/carriage.yaml:25:11: rule `heavy`: it can never decide: whenever it fires, `too-heavy` fires, and"
        f" its outcome REFUSED is stronger {bound} [never-decides]",
        "parcels/carriage.yaml:31:11: rule `featherweight`: it can never fire: no order makes it true on any day"
        f" {bound} [never-fires]",
        "parcels/carriage.yaml:19:11: rules `too-heavy` and `over-thirty`: both give REFUSED for the same complete"
        f" orders, on every day on which both are in force {bound} [duplicate]",
        "parcels/rulebook.yaml:10:16: invariant `carried-means-light` does not hold: it says: What is carried can be"
        " lifted by one person. [broken-invariant]",
    ] == found


def test_bounds_are_said() -> None:
    """The last lines say what holds, and how far was searched."""
    sound()
    code, out, said = run("parcels", "-n", "1", "--elements", "1")
    assert (0, "") == (code, said)
    expected = (
        "parcels: 13 rules of 1 question can decide, 2 invariants hold. Searched: all facts, all days,"
        " lists of up to 1 elements; enacted and reported rules count."
    )
    assert expected == out.splitlines()[0]


def test_order_can_be_replayed() -> None:
    """The order that breaks an invariant is facts that are read again, and `decide` answers it as it says."""
    _, out, _ = run("parcels", "-n", "1")
    begun = out.index("# on ")
    text = out[begun : out.index("\n\n", begun)]
    Path("order.yaml").write_text(text, "utf-8")
    rulebook = load({path.name: path.read_text("utf-8") for path in Path("parcels").iterdir()})
    assert isinstance(rulebook, Rulebook)
    assert isinstance(read_given(TextFile("order.yaml", text), rulebook.facts), dict)
    words = [
        "decide",
        "--rulebook",
        "parcels",
        "--question",
        "carriage",
        "--given",
        "order.yaml",
        "--on",
        text.split()[2][:-1],
    ]
    result = CliRunner().invoke(app, words)
    assert result.stdout.startswith("CARRIED")


def test_json() -> None:
    """With --json there is nothing but JSON, with places and the order."""
    code, out, said = run("parcels", "-n", "1", "--json")
    report = json.loads(out)
    assert (1, "") == (code, said)
    assert ["never-decides", "never-fires", "duplicate", "broken-invariant"] == [
        one["kind"] for one in report["findings"]
    ]
    assert ["carried-means-marked"] == report["invariants"]
    assert ["on", "given", "shows"] == list(report["findings"][3]["example"])
    assert ["parcels/carriage.yaml:13:11", "parcels/carriage.yaml:19:11"] == report["findings"][2]["places"]


def test_not_settled() -> None:
    """What is not understood is named, and is not counted as proved."""
    sound()
    edit("carriage.yaml", "parcel.weight < 1.0", 'has(parcel.paper) && parcel.paper + "x" == "y"')
    code, out, _ = run("parcels", "-n", "1")
    assert 1 == code
    assert out.startswith("not settled: rule `featherweight` of `carriage`: ")
    assert "12 rules of 1 question can decide" in out


def test_question() -> None:
    """--question asks for one question alone; one that does not exist is told with those that do."""
    assert 1 == run("parcels", "-n", "1", "--question", "carriage")[0]
    code, out, said = run("parcels", "--question", "cariage")
    assert (2, "") == (code, out)
    assert "The rulebook `parcels` has no question `cariage`. Did you mean `carriage`?\n" == said


def test_processes() -> None:
    """Two processes find what one finds; the order that is shown may be another one."""
    one, two = (json.loads(run("parcels", "-n", count, "--json")[1])["findings"] for count in (1, 2))
    assert [{**found, "example": None} for found in one] == [{**found, "example": None} for found in two]


def test_without_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where z3 is not installed, it is said how to install it."""
    from engine.workbench.prove import logic

    logic._z3.cache_clear()
    monkeypatch.setitem(sys.modules, "z3", None)
    for words, command in ((("parcels",), "prove"), (("parcels", "parcels", "--prove"), "diff")):
        code, out, said = run(*words, command=command)
        assert (2, "") == (code, out)
        assert "Proofs need z3, a solver. Install it with: pip install 'origin-gate[prove]'\n" == said


def test_problems_come_first() -> None:
    """A rulebook with problems is not proved: its problems are shown."""
    edit("rulebook.yaml", "parcel.weight > 25.0", "parcel.wait > 25.0")
    code, _, said = run("parcels")
    assert 1 == code
    assert "unknown fact `parcel.wait`" in said


def test_no_rulebook() -> None:
    """A folder that is none is wrong use."""
    assert 2 == run("nowhere")[0]


def test_diff_alike() -> None:
    """A rule that is put in other words changes no answer: that is proved, and the exit code is 0."""
    shutil.copytree("parcels", "new")
    edit("carriage.yaml", "30.0 < parcel.weight", "parcel.weight > 30.0 || 35.0 < parcel.weight", "new")
    code, out, said = run("parcels", "new", "--prove", command="diff")
    assert (0, "") == (code, said)
    assert "carriage: both answer alike" == out.splitlines()[-2]


def test_diff_differs() -> None:
    """A limit that moved is shown by an order between the two limits."""
    shutil.copytree("parcels", "new")
    edit("carriage.yaml", "parcel.pieces >= 10", "parcel.pieces >= 11", "new")
    code, out, said = run("parcels", "new", "--prove", "--json", command="diff")
    proof = json.loads(out)["proof"]
    assert (1, "") == (code, said)
    assert ["carriage"] == [one["question"] for one in proof["differ"]]
    assert "  pieces: 10\n" in proof["differ"][0]["example"]["given"]
    assert "old: REVIEW; new: CARRIED" == proof["differ"][0]["example"]["shows"]


def test_diff_nothing_to_prove() -> None:
    """Questions that say the same need no proof."""
    code, out, _ = run("parcels", "parcels", "--prove", command="diff")
    assert 0 == code
    assert "Alike, for they say the same: carriage." in out
