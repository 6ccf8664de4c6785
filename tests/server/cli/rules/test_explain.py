"""`origingate rules explain`: what people see of a rule, a question and a rulebook, and how mistakes are told."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from server.shipped import shipped_rules
from tests.server.cli.whole import app

PLANTED = Path(__file__).parents[3] / "planted" / "parcels"


def explain(*words: str) -> Result:
    """The command's result."""
    return CliRunner().invoke(app, ["rules", "explain", *words], env={"COLUMNS": "160"})


def test_rule() -> None:
    """A rule is told with its condition in words, what it names, what it needs and where it comes from."""
    told = explain("scope/b2b-site-claims-preference").stdout
    expected = [
        "scope/b2b-site-claims-preference gives IN_SCOPE (MANDATE_APPLIES)",
        "In force from 2026-06-27; it counts as reported.",
        "It is true when all of these hold:",
        "  - the site's kind is B2B_INDEPENDENT",
        '  - the order\'s destination is one of "us customs territory" (US, PR)',
        "  - for at least one line among the order's lines: USMCA preference is claimed for this line",
        "Remedy: Connect the inquiry or order system to a recognised platform.",
        'The list "us customs territory": The country codes of the customs territory of the United States. (19cfr182.1)',
        "  US, PR",
    ]
    lines = told.splitlines()
    assert [] == [line for line in expected if line not in lines]
    assert "│ order.destination               │ Country of destination." in told
    assert "the order system" in told


def test_rule_by_its_name_alone() -> None:
    """A rule is found by its own name, with a folder before it too."""
    expected = explain(str(shipped_rules() / "usmca"), "scope/destination-elsewhere")
    assert (0, expected.stdout) == ((found := explain("destination-elsewhere")).exit_code, found.stdout)


def test_a_name_that_several_rules_bear(tmp_path: Path) -> None:
    """All rules of the name are told; with their question before it, one."""
    for path in PLANTED.iterdir():
        (tmp_path / path.name).write_text(path.read_text("utf-8"), "utf-8")
    second = (PLANTED / "carriage.yaml").read_text("utf-8").replace("question: carriage", "question: storage")
    (tmp_path / "storage.yaml").write_text(second, "utf-8")
    assert 2 == explain(str(tmp_path), "heavy").stdout.count("gives REVIEW (HEAVY)")
    assert 1 == explain(str(tmp_path), "storage/heavy").stdout.count("gives REVIEW (HEAVY)")


def test_readings_and_values() -> None:
    """Readings are told with their consequences."""
    told = explain("blanket-end-after-certification").stdout
    assert "The text can be read in 2 ways:" in told
    assert (
        "  - from-the-first-day: The 12 months cap the period's length only, as (g)(2) says. Then: nothing."
        in told
    )


def test_missing_facts() -> None:
    """It is told what happens where a fact is missing, and which stronger outcomes would make that idle."""
    told = " ".join(explain("certification-open").stdout.split())
    assert "REVIEW stays possible unless a rule that gives SUSPENDED or INELIGIBLE is true." in told


def test_question() -> None:
    """A question is told with its outcomes, its gate, and each rule in a line."""
    told = explain("prereview").stdout
    assert "Outcomes, strongest first: SUSPENDED, INELIGIBLE, REVIEW, ELIGIBLE, NOT_APPLICABLE." in told
    assert "Favourable: ELIGIBLE, NOT_APPLICABLE." in told
    assert "Its rules apply when the answer to `scope` is IN_SCOPE." in told
    assert "│ site-not-connected " in told


def test_overview() -> None:
    """Nothing named is an overview; so is a folder alone."""
    assert "│ carriage │ Is the parcel carried? │ 13    │" in explain(str(PLANTED)).stdout
    assert "usmca: USMCA origin certification" in explain().stdout


def test_json() -> None:
    """`--json` prints nothing but JSON, with the condition as written and in words."""
    told = json.loads(explain(str(PLANTED), "too-heavy", "--json").stdout)
    expected = {
        "written": "parcel.weight > 30.0",
        "sentence": "the parcel's weight is more than 30.0",
        "lines": [[0, "the parcel's weight is more than 30.0"]],
    }
    assert (expected, "REFUSED") == (told["when"], told["gives"])


@pytest.mark.parametrize(
    "name", ["", "scope", "certification", "origin", "prereview", "claim", "copy", "records"]
)
def test_every_question_as_json(name: str) -> None:
    """Every question can be told."""
    assert 0 == explain(*([name] if name else []), "--json").exit_code


def test_no_such_rule() -> None:
    """A name that nothing bears is wrong use, with what was probably meant."""
    result = explain("evidence-complet")
    expected = (
        "The rulebook `usmca` has no rule or question `evidence-complet`; did you mean `evidence-complete`?\n"
    )
    assert (2, expected) == (result.exit_code, result.stderr)


def test_no_folder(tmp_path: Path) -> None:
    """A folder that holds no rulebook is wrong use."""
    result = explain(str(tmp_path), "scope")
    assert (2, f"{tmp_path}: holds no rulebook.yaml. Name a folder of rule files.\n") == (
        result.exit_code,
        result.stderr,
    )


def test_too_many_words() -> None:
    """Three words are one too many."""
    assert (2, "Name a folder at most, and one rule or question of it.\n") == (
        (result := explain("a", "b", "c")).exit_code,
        result.stderr,
    )


def test_broken_rulebook(tmp_path: Path) -> None:
    """A rulebook with problems is not told; its problems are."""
    for path in PLANTED.iterdir():
        text = path.read_text("utf-8").replace("parcel.pieces >=", "parcel.pices >=")
        (tmp_path / path.name).write_text(text, "utf-8")
    result = explain(str(tmp_path), "too-heavy")
    assert (1, "") == (result.exit_code, result.stdout)
    assert "unknown fact `parcel.pices`" in result.stderr
