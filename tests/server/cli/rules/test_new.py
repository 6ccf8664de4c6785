"""`origingate rules new`: what it makes loads, its tests pass, nothing else changes, and nothing is overwritten."""

import json
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest
from typer.testing import CliRunner

from engine.rulebook import Rulebook
from engine.workbench.coverage.cover import cover
from engine.workbench.layout.lay_out import laid_out
from engine.workbench.ruletests import read_tests
from engine.workbench.ruletests.running import run_test
from server.rulebooks import load_folder, read_files
from server.settings import shipped_rules
from tests.server.cli.whole import app

PLANTED = Path(__file__).parents[3] / "planted" / "parcels"


@pytest.fixture(autouse=True)
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with copies of the shipped and the planted rulebook."""
    copytree(shipped_rules() / "usmca", tmp_path / "rules" / "usmca")
    copytree(PLANTED, tmp_path / "rules" / "parcels")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "rules"


def run(*words: object) -> tuple[int, str, str]:
    """The command's exit code, output and messages."""
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["rules", "new", *map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


def lacks(folder: Path, word: str) -> list[str]:
    """Tests that fail, files that are not laid out, and parts of what the word names that no test has seen."""
    book, files = load_folder(folder), read_files(folder)
    read = [read_tests(path, text, book) for path, text in files.items() if path.endswith("_test.yaml")]
    results = [run_test(test, book, date(2026, 7, 1)) for file in read for test in file.tests]
    found = [result.show() for result in results if result.differences]
    found += [problem.message for file in read for problem in file.problems]
    found += [path for path, text in files.items() if path.endswith(".yaml") and laid_out(path, text) != text]
    gaps = cover(book, files, results).gaps
    return found + [str(gap.part) for gap in gaps if word in str(gap.part)]


def rule(folder: Path, question: str, name: str) -> tuple[str, str, list[str], str]:
    """What a rule reads, gives and cites."""
    book: Rulebook = load_folder(folder)
    found = next(one for one in book.questions[question].rules if one.name == name)
    return found.when.text, found.outcome, [str(cite) for cite in found.cites], str(found.start)


def test_shipped_rulebook(rules: Path) -> None:
    """Rules of the shipped rulebook, one behind a gate, one on an assumption: all tests pass, no coverage is lacking."""
    assumed = ["--fact", "order.import_date", "--cites", "assumed-readiness-measure"]
    told = [run("usmca/prereview/brand-new"), run("usmca/readiness/brand-new", *assumed)]
    assert [(0, "")] * 2 == [(code, errors) for code, _, errors in told]
    assert ["rules/usmca/prereview.yaml: added to", "rules/usmca/prereview_test.yaml: added to"] == (
        told[0][1].splitlines()[:2]
    )
    assert [] == lacks(rules / "usmca", "brand-new")


def test_chosen(rules: Path) -> None:
    """Fact, outcome and source can be chosen."""
    run("parcels/carriage/a", "--fact", "parcel.weight", "--gives", "REFUSED", "--cites", "act 2")
    assert ("parcel.weight > 12.5", "REFUSED", ["act 2"], "2999-01-01") == rule(
        rules / "parcels", "carriage", "a"
    )
    assert [] == lacks(rules / "parcels", "rule `a`")


@pytest.mark.parametrize(
    ("fact", "when"),
    [
        ("parcel.destination", 'parcel.destination == "US"'),
        ("parcel.pieces", "parcel.pieces > 3"),
        ("parcel.marked", "parcel.marked"),
        ("parcel.value", 'parcel.value > money("40.00 USD")'),
        ("parcel.paper", "!has(parcel.paper)"),
        ("parcel.note", "parcel.note == \"to: 'us' # 1\""),
    ],
)
def test_fact_of_every_type(rules: Path, fact: str, when: str) -> None:
    """Whatever the fact's type, the condition suits it, and the tests have both sides."""
    note = """  parcel.note: {type: string, meaning: A note., example: "to: 'us' # 1"}\n"""
    with (rules / "parcels" / "facts.yaml").open("a", encoding="utf-8") as facts:
        facts.write(note)
    run("parcels/carriage/a", "--fact", fact)
    assert when == rule(rules / "parcels", "carriage", "a")[0]
    assert [] == lacks(rules / "parcels", "rule `a`")


def test_several_rules(rules: Path) -> None:
    """One rule after another: each keeps its own comments, and codes differ."""
    run("parcels/carriage/a-b")
    text = (rules / "parcels" / "carriage.yaml").read_text("utf-8")
    run("parcels/carriage/a-c")
    assert (rules / "parcels" / "carriage.yaml").read_text("utf-8").startswith(text)
    assert [] == lacks(rules / "parcels", "rule `a-")


def test_question(rules: Path) -> None:
    """A new question has a file with one rule, and tests."""
    code, output, errors = run("rules/parcels/moon")
    assert (0, "") == (code, errors)
    assert output.startswith("rules/parcels/moon.yaml: new\nrules/parcels/moon_test.yaml: new\n")
    assert [] == lacks(rules / "parcels", "first-rule")


def test_rulebook(rules: Path) -> None:
    """A new folder gets a whole small rulebook, to which rules can be added at once."""
    code, output, errors = run("rules/my-own")
    assert (0, "") == (code, errors)
    assert [
        f"rules/my-own/{name}.yaml: new" for name in ("rulebook", "facts", "example", "example_test")
    ] == (output.splitlines()[:4])
    assert (0, "") == run("my-own/example/another")[::2]
    assert [] == lacks(rules / "my-own", "rule")


def test_json(rules: Path) -> None:
    """--json tells the files, whether each is new, and whether the tests saw the rule fire."""
    code, output, _ = run("usmca/scope/a", "--json")
    expected = {
        "files": [
            {"file": "rules/usmca/scope.yaml", "state": "added_to"},
            {"file": "rules/usmca/scope_test.yaml", "state": "added_to"},
        ],
        "seen_firing": True,
    }
    assert (0, expected) == (code, json.loads(output))


def test_files_in_another_layout_are_left_in_it(rules: Path) -> None:
    """Where the file is not laid out, only the rule is added; the rest stays as it is."""
    path = rules / "parcels" / "carriage.yaml"
    text = path.read_text("utf-8").replace("gives: REVIEW", "gives:   REVIEW")
    path.write_text(text, "utf-8")
    assert 0 == run("parcels/carriage/a")[0]
    assert path.read_text("utf-8").startswith(text)


def test_gate_that_no_test_opens(rules: Path) -> None:
    """Where no test's facts open the question's gate, the rule is made all the same, and that is said."""
    for path in (rules / "usmca").glob("*_test.yaml"):
        path.unlink()
    code, output, _ = run("usmca/prereview/a")
    assert (0, True) == (code, "The rule could not be seen firing" in output)
    assert "prereview_test.yaml: new" in output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["usmca"], "rules/usmca: is a rulebook already. A new question is usmca/QUESTION, a new rule usmca/QUESTION/RULE."),
        (["usmca/scope"], "There is a question `scope` already. A new rule of it is `scope/NAME-OF-THE-RULE`."),
        (["usmca/scop/a"], "There is no question `scop`. Did you mean `scope`?"),
        (["usmca/moon/a"], "There is no question `moon`. Make it first, as `moon` without a rule."),
        (["usmca/scope/rule-not-begun"], "There is a rule `rule-not-begun` in `scope` already. Choose another name."),
        (["usmca/scope/Big"], "A rule cannot be called `Big`: use small letters and digits, joined by `-`."),
        (["usmca/a-b"], "A question cannot be called `a-b`: use small letters, digits and `_`, a letter first."),
        (["usmca/a/b/c"], "usmca/a/b/c: has too many parts. Write RULEBOOK/QUESTION/RULE."),
        (
            ["usmca/scope/a", "--gives", "MAYBE"],
            "`MAYBE` is no outcome of `scope`. Its outcomes are: IN_SCOPE, OUT_OF_SCOPE.",
        ),
        (["usmca/scope/a", "--fact", "site.kin"], "There is no fact `site.kin`. Did you mean `site.kind`?"),
        (
            ["usmca/scope/a", "--fact", "order.lines"],
            "`order.lines` is a list(order_line); begin with a fact of a simple type, and write the condition later.",
        ),
        (["parcels/carriage/a", "--cites", "law"], "`law` is no source of the rulebook. Its sources are: act, letter."),
        (["nowhere/scope"], "nowhere: there is no such folder, and no rulebook of that name. Name a rulebook that is there, "
         "or a new folder in one that is."),
        (["rules"], "rules: holds files, but no rulebook.yaml. Name a folder that is empty or not there yet."),
        (["mine", "--gives", "A"], "--fact, --gives and --cites are about a rule of a rulebook that is there."),
    ],
)  # fmt: skip
def test_wrong_use(rules: Path, words: list[str], message: str) -> None:
    """What cannot be made is said in words, and nothing is written."""
    before = {path: path.read_bytes() for path in rules.rglob("*") if path.is_file()}
    assert (2, "", f"{message}\n") == run(*words)
    assert before == {path: path.read_bytes() for path in rules.rglob("*") if path.is_file()}


def test_broken_rulebook(rules: Path) -> None:
    """A rulebook with problems gets no new rule; its problems are shown."""
    path = rules / "parcels" / "carriage.yaml"
    path.write_text(path.read_text("utf-8").replace("parcel.pieces", "parcel.peaces"), "utf-8")
    code, output, errors = run("parcels/carriage/a")
    assert (1, "", True) == (code, output, "unknown fact `parcel.peaces`" in errors)


def test_file_in_the_way(rules: Path) -> None:
    """A file that is there is not overwritten, even where it is no question's."""
    (rules / "parcels" / "moon_test.yaml").write_text(
        "question: carriage\non: 2026-01-01\ntests: []\n", "utf-8"
    )
    code, _, errors = run("parcels/moon")
    assert (2, "rules/parcels/moon_test.yaml is there already, and is not overwritten.\n") == (code, errors)
