"""The second opinion from the command line: its answers, and its exit codes."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from server.rule_network import why_absent
from tests.server.cli.whole import app

pytestmark = pytest.mark.skipif(bool(why_absent()), reason=why_absent())

PROJECT = Path(__file__).resolve().parents[4]
ORDER = str(PROJECT / "examples" / "orders" / "01-eligible.json")
SMALL = str(PROJECT / "tests" / "engine" / "rulebook" / "small")


def run(*words: str) -> tuple[int, str, str]:
    """The command's exit code, output and messages."""
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, list(words))
    return result.exit_code, result.stdout, result.stderr


def decided(*words: str) -> tuple[int, str, str]:
    return run("decide", "--facts", ORDER, "--on", "2026-07-01", "--evaluator", "durable", *words)


def test_decide() -> None:
    """A decision by durable-rules says who made it, and the outcome."""
    code, out, said = decided("--question", "scope")
    assert (0, "") == (code, said)
    assert "durable-rules" in out
    assert "IN_SCOPE" in out
    assert "b2b-site-claims-preference" in out


def test_decide_as_json() -> None:
    """As JSON it has the possible outcomes, what fired and what is unknown, and in what the evaluators differ."""
    code, out, said = decided("--question", "certification", "--json")
    assert (0, "") == (code, said)
    assert {
        "question": "certification",
        "outcome": "VALID",
        "possible": ["VALID"],
        "fired": [],
        "unknown": [],
        "differences": [],
    } == json.loads(out)


def test_no_such_question() -> None:
    """A question that is not there ends with 2, whoever is asked."""
    code, out, said = decided("--question", "weather")
    assert (2, "", True) == (code, out, "weather" in said)


def test_no_such_evaluator() -> None:
    """An evaluator that is not there ends with 2."""
    code, out, _ = run("decide", "--facts", ORDER, "--evaluator", "oracle")
    assert (2, "") == (code, out)


def test_compare() -> None:
    """The comparison says how much was compared, that nothing differs, and the native share."""
    code, out, said = run("rules", "second-opinion", SMALL, "--generated", "50")
    assert (0, "") == (code, said)
    assert "59 answers compared" in out
    assert "0 differ" in out
    assert "% of the clauses" in out


def test_compare_nothing() -> None:
    """A folder without a rulebook ends with 2 and says what to name."""
    code, out, said = run("rules", "second-opinion", "nowhere")
    assert (2, "", True) == (code, out, "rulebook.yaml" in said)
