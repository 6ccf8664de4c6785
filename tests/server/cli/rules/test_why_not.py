"""`origingate rules why-not`: what is offered, what is written, and how mistakes are told."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from server.cli.rules.why_not import TRUTH
from tests.server.cli.whole import app

ROOT = Path(__file__).parents[4]
PLANTED = ROOT / "tests" / "planted" / "parcels"
PARCEL = """parcel:
  destination: {destination}
  weight: {weight}
  pieces: 3
  marked: {marked}
  value: 40.00 USD
  paper: P-12
  batteries: false
"""


def run(*words: str) -> Result:
    """A command's result."""
    return CliRunner().invoke(app, list(words), env={"COLUMNS": "160"})


def why_not(folder: Path, *options: str, **facts: str) -> Result:
    """The command's result for a parcel."""
    path = folder / "parcel.yaml"
    path.write_text(
        PARCEL.format(**{"destination": "US", "weight": "12.5", "marked": "true", **facts}), "utf-8"
    )
    day = ("--on", "2026-09-01", "--question", "carriage")
    return run("rules", "why-not", str(PLANTED), "--given", str(path), *day, *options)


def test_offer(tmp_path: Path) -> None:
    """The change is told with who states the fact, and that facts have to be true."""
    result = why_not(tmp_path, weight="30.1")
    expected = [
        "carriage is REFUSED on 2026-09-01. It would be CARRIED with one of these:",
        "",
        "1. CARRIED, by 1 fact",
        "   - parcel.weight at most 30.0 (now 30.1)",
        "     What it weighs. Stated by the order system.",
        "",
        TRUTH,
    ]
    assert (0, expected) == (result.exit_code, result.stdout.splitlines())


def test_favourable_already(tmp_path: Path) -> None:
    """Where nothing has to change, that is said, and the exit code is 0."""
    result = why_not(tmp_path)
    expected = "carriage is CARRIED on 2026-09-01. That is what is wanted (CARRIED); nothing has to change.\n"
    assert (0, expected) == (result.exit_code, result.stdout)


def test_nothing_within_the_bound(tmp_path: Path) -> None:
    """Where nothing within the bound helps, the exit code is 1, and the nearest answer is told."""
    result = why_not(tmp_path, "--changes", "2", weight="41", destination="CN", marked="false")
    expected = [
        "carriage is REFUSED on 2026-09-01. No change of at most 2 facts makes it CARRIED.",
        "The nearest that was found:",
        "   REVIEW, by 2 facts",
        "   - parcel.destination US (now CN)",
        "     Where it goes. Stated by the order system.",
        "   - parcel.weight 30.0 (now 41)",
        "     What it weighs. Stated by the order system.",
        "Allow more with --changes 3.",
        TRUTH,
    ]
    assert (1, expected) == (result.exit_code, result.stdout.splitlines())


def test_written_facts_are_favourable(tmp_path: Path) -> None:
    """What `--write` writes, `decide --given` answers favourably, each offer in a file of its own."""
    order = str(ROOT / "examples" / "orders" / "09-blanket-two-readings.json")
    asked = ("--question", "certification", "--on", "2026-07-01")
    assert (
        0
        == run(
            "rules", "why-not", "--facts", order, *asked, "--write", str(tmp_path / "after.yaml")
        ).exit_code
    )
    files = sorted(tmp_path.iterdir())
    assert ["after-2.yaml", "after-3.yaml", "after.yaml"] == [path.name for path in files]
    answers = [run("decide", "--given", str(path), *asked).stdout.splitlines()[0] for path in files]
    assert ["VALID  certification, on 2026-07-01"] * 3 == answers


def test_another_favourable_outcome() -> None:
    """Where the ways shown all lead to one favourable outcome, it is told how to ask for the other."""
    order = str(ROOT / "examples" / "orders" / "07-certification-invalid.json")
    result = run("rules", "why-not", "--facts", order, "--question", "prereview", "--on", "2026-07-01")
    assert "None of these gives ELIGIBLE: ask for it with --outcome ELIGIBLE." in result.stdout.splitlines()


def test_limit(tmp_path: Path) -> None:
    """No more offers are shown than asked for."""
    result = run(
        "rules", "why-not", "--facts", str(ROOT / "examples" / "orders" / "09-blanket-two-readings.json"),
        "--question", "certification", "--on", "2026-07-01", "--limit", "1", "--json",
    )  # fmt: skip
    assert 1 == len(json.loads(result.stdout)["offers"])


def test_json(tmp_path: Path) -> None:
    """`--json` prints nothing but JSON: each change with its fact, from, to, and the facts with the changes."""
    told = json.loads(why_not(tmp_path, "--json", destination="CN").stdout)
    change = told["offers"][0]["changes"][0]
    expected = {
        "fact": "parcel.destination",
        "from": "CN",
        "to": "US",
        "also": ["CA", "MX"],
        "stated_by": "caller",
    }
    assert expected == {key: change[key] for key in expected}
    assert "destination: US" in told["offers"][0]["given"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--question", "scope"), "the question `scope` names no favourable outcomes; say which of"),
        (("--question", "scop"), "the rulebook `usmca` has no question `scop`; did you mean `scope`?"),
        (
            ("--question", "copy", "--outcome", "FREE"),
            "the question `copy` has no outcome `FREE`; it has DENIED",
        ),
        (("--question", "copy", "--on", "soon"), "A day is YYYY-MM-DD"),
        (("--question", "copy", "--enforce", "written"), "standings are enacted, reported, assumed"),
        (
            ("--question", "copy", "--given", "x"),
            "Name the order with --facts FILE, or its facts with --given",
        ),
    ],
)
def test_wrong_use(options: tuple[str, ...], expected: str) -> None:
    """Wrong use ends with 2, in words that say what to write."""
    order = str(ROOT / "examples" / "orders" / "01-eligible.json")
    result = run("rules", "why-not", "--facts", order, *options)
    assert (2, "", True) == (result.exit_code, result.stdout, expected in result.stderr)


def test_no_order_at_all() -> None:
    """Without facts there is nothing to look at."""
    result = run("rules", "why-not", "--question", "copy")
    assert (2, "Name the order with --facts FILE, or its facts with --given FILE.\n") == (
        result.exit_code,
        result.stderr,
    )


def test_unreadable_facts(tmp_path: Path) -> None:
    """A file that is not there is wrong use."""
    result = run("rules", "why-not", "--question", "copy", "--given", str(tmp_path / "none.yaml"))
    assert (2, True) == (result.exit_code, "cannot be read" in result.stderr)


def test_unwritable_file(tmp_path: Path) -> None:
    """So is a file that cannot be written."""
    result = why_not(tmp_path, "--write", str(tmp_path / "no" / "after.yaml"), weight="31")
    assert (2, True) == (result.exit_code, "cannot be written" in result.stderr)
