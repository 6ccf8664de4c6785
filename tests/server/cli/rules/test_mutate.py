"""`origingate rules mutate`: what it prints, and how it ends."""

import json
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.server.cli.rules.test_cover import BOOK, OPEN
from tests.server.cli.whole import app

PARCELS = Path(__file__).parents[3] / "planted" / "parcels"
MORE = """  - rule: many
    reason: MANY
    when: order.pieces > 9
    gives: OPEN
    because: Many.
    cites: [act 2]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A rulebook of two rules, whose tests are blind for the second one."""
    monkeypatch.chdir(tmp_path)
    rules = tmp_path / "rules"
    rules.mkdir()
    for name, text in BOOK.items():
        (rules / name).write_text(text, "utf-8")
    add(rules / "asked.yaml", MORE)
    add(rules / "facts.yaml", "  order.pieces: {type: int, meaning: How many.}\n")
    add(rules / "asked_test.yaml", OPEN)
    return Path("rules")


def run(*words: object) -> tuple[int, str, str]:
    """The command's exit code, output and messages."""
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["rules", "mutate", *map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


def add(path: Path, text: str) -> None:
    """Adds text to a file."""
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def git(*words: str) -> None:
    """Runs git here, with a name of its own."""
    who = ["-c", "user.name=author", "-c", "user.email=author@example.com"]
    subprocess.run(["git", *who, *words], check=True, capture_output=True)


@pytest.fixture(scope="module")
def parcels() -> tuple[int, str, str]:
    """What is said of the planted rulebook."""
    return run(PARCELS, "-n", "1", "--json")


def test_planted(parcels: tuple[int, str, str]) -> None:
    """Of the planted rulebook the untested boundary, the dead rule and the untested one are found, and nothing else."""
    code, out, said = parcels
    found = [mutant for mutant in json.loads(out)["mutants"] if mutant["state"] == "survived"]
    assert (0, "") == (code, said)
    assert {"many-pieces", "featherweight", "not-marked"} == {mutant["name"] for mutant in found}
    assert [("parcel.pieces > 10", "no test with parcel.pieces = 10"),
            ("parcel.pieces >= 9", "no test with parcel.pieces = 9")] == [
        (mutant["after"], mutant["hint"]) for mutant in found if mutant["name"] == "many-pieces"
    ]  # fmt: skip


def test_shipped() -> None:
    """The tests of the shipped rulebook notice what is changed in a question; `make mutate` asks for all of it."""
    code, out, _ = run("--question", "records", "--min", "95", "-n", "1")
    assert 0 == code
    assert "together" in out
    assert "usmca: 0 mutants" not in out


def test_survivors(folder: Path) -> None:
    """A survivor is shown with its place, what it was and became, and the test that would notice."""
    code, out, said = run(folder)
    assert (0, "") == (code, said)
    assert (
        "rules/asked.yaml:14:11: rule `many`: `order.pieces > 9` -> `order.pieces >= 9`\n"
        "    no test in which rule `many` fires\n"
    ) in out
    assert "rules/asked.yaml:12:11: rule `many`: `many` left out\n" in out
    assert "│ together │ 5/9   55.5 % │" in out


def test_least(folder: Path) -> None:
    """A score below --min is a finding."""
    assert 0 == run(folder, "--min", "55.5")[0]
    assert (1, "The mutation score is below the 60 % that --min asks for.\n") == run(folder, "--min", "60")[
        ::2
    ]


def test_some(folder: Path) -> None:
    """By question and by name only some are tried; a sample is the same for the same seed."""
    assert 5 == len(json.loads(run(folder, "-k", "MANY", "--json")[1])["mutants"])
    assert 9 == len(json.loads(run(folder, "--question", "asked", "--json")[1])["mutants"])
    once = run(folder, "--sample", "3", "--seed", "7", "--json")
    assert 3 == len(json.loads(once[1])["mutants"])
    assert once == run(folder, "--sample", "3", "--seed", "7", "--json")


def test_processes(parcels: tuple[int, str, str]) -> None:
    """Spread over processes, the same comes out."""
    assert parcels == run(PARCELS, "-n", "2", "--json")


def test_every_fate(folder: Path) -> None:
    """JSON has every mutant with its fate, and the test that noticed it."""
    paid = json.loads(run(folder, "-k", "paid", "--json")[1])["mutants"]
    assert {
        "question": "asked", "of": "rule", "name": "paid", "kind": "negated", "file": "rules/asked.yaml",
        "line": 8, "column": 11, "before": "order.paid", "after": "!order.paid",
        "state": "killed", "test": "rules/asked_test.yaml:4: paid", "hint": None,
    } in paid  # fmt: skip


def test_changed(folder: Path) -> None:
    """With --changed only what stands on changed lines is tried; that nothing has changed is no fault."""
    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "first")
    none = json.loads(run(folder, "--changed", "HEAD", "--min", "100", "--json")[1])
    assert ([], 100.0) == (none["mutants"], none["score"]["percent"])
    assert (0, "No rule has changed since HEAD.\n", "") == run(folder, "--changed", "HEAD")
    path = folder / "asked.yaml"
    path.write_text(path.read_text("utf-8").replace("pieces > 9", "pieces > 8"), "utf-8")
    tried = json.loads(run(folder, "--changed", "HEAD", "--json")[1])["mutants"]
    assert {14} == {mutant["line"] for mutant in tried}
    code, _, said = run(folder, "--changed", "nowhere")
    assert (2, True) == (code, said.startswith("--changed nowhere: git knows no revision 'nowhere' here."))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--question", "askd"], "The rulebook tiny has no question 'askd'; did you mean asked?\n"),
        (["-k", "nothing"], "No rule, definition, list or table has 'nothing' in its name.\n"),
    ],
)
def test_no_such_thing(folder: Path, words: list[str], said: str) -> None:
    """A word that fits nothing is wrong use, and what there is is said."""
    assert (2, "", said) == run(folder, *words)


def test_failing_tests(folder: Path) -> None:
    """Tests that fail already, or have problems, are to be mended first."""
    add(folder / "asked_test.yaml", "  - {test: wrong, with: {order.paid: true}, expect: OPEN}\n")
    assert (1, "Tests fail already: 1. `origingate rules test` says why; mend them first.\n") == run(folder)[
        ::2
    ]
    add(folder / "asked_test.yaml", "  - {test: odd, expect: NOWHERE}\n")
    code, _, said = run(folder)
    assert (1, True) == (code, said.endswith("Tests with problems notice nothing; mend them first.\n"))


def test_no_tests(folder: Path) -> None:
    """Without a rule test there is nothing to measure."""
    (folder / "asked_test.yaml").unlink()
    assert (1, "rules: no rule test runs here. Write some into a file `*_test.yaml` first.\n") == run(folder)[
        ::2
    ]


def test_no_rulebook(tmp_path: Path) -> None:
    """An empty folder is wrong use."""
    code, out, said = run(tmp_path)
    assert (2, "") == (code, out)
    assert "holds no rulebook.yaml" in said
