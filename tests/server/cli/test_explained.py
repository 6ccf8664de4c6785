"""`origingate decide --explain`: why, rule by rule, for people and for machines."""

import json
from pathlib import Path

from tests.server.cli.test_commands import run

ORDERS = Path(__file__).resolve().parents[3] / "examples" / "orders"
TO_CANADA = str(ORDERS / "03-to-canada.json")
INVALID = str(ORDERS / "07-certification-invalid.json")
DAY = ("--on", "2026-07-10", "--explain")


def lines_of(*words: str) -> list[str]:
    """What the command shows, without the frames of its tables."""
    code, out, said = run("decide", *words, COLUMNS="300")
    assert (0, "") == (code, said)
    return [" | ".join(part.strip() for part in line.strip("│ ").split("│")) for line in out.splitlines()]


def test_rules() -> None:
    """Every rule of the question is shown with what decided about it, those that fired first."""
    lines = lines_of("--facts", TO_CANADA, "--question", "scope", *DAY)
    fired = (
        "destination-elsewhere | fired | OUT_OF_SCOPE | "
        '+ order.destination is "CA"; the rule needs none of "US", "PR" (us_customs_territory)'
    )
    stopped = (
        "b2b-site-claims-preference | did not fire | IN_SCOPE | "
        '- order.destination is "CA"; the rule needs one of "US", "PR" (us_customs_territory)'
    )
    ended = (
        "rule-not-begun | not in force | OUT_OF_SCOPE | "
        "it was in force until 2026-06-26; the decision is for 2026-07-10"
    )
    places = [lines.index(line) for line in (fired, stopped, ended)]
    assert sorted(places) == places


def test_closed_gate() -> None:
    """A closed gate is shown with the rule of the other question that closed it, and with nothing else."""
    lines = lines_of("--facts", TO_CANADA, "--question", "prereview", *DAY)
    assert '- scope.outcome is "OUT_OF_SCOPE"; `applies` needs "IN_SCOPE"' in lines
    assert "scope: OUT_OF_SCOPE, on which the answer rests" in lines
    assert "4 other rules did not decide" in lines
    assert not [line for line in lines if line.startswith("certification: ")]


def test_definitions_and_elements() -> None:
    """Clauses of definitions come after their names, and elements by their paths."""
    lines = lines_of("--facts", INVALID, "--question", "certification", *DAY)
    clause = (
        '+ names_one_outside > is_outside: declaration.importer.parties[0].address.country is "DE"; '
        'the rule needs none of "US", "PR", "CA", "MX" (parties)'
    )
    assert [line for line in lines if clause in line]


def test_json() -> None:
    """With `--json` the decision and the explanation stand side by side."""
    code, out, _ = run("decide", "--facts", TO_CANADA, "--question", "scope", *DAY, "--json")
    said = json.loads(out)
    assert (0, "OUT_OF_SCOPE", "scope") == (
        code,
        said["decision"]["outcome"],
        said["explanation"]["question"],
    )
    assert {
        "rule": "destination-elsewhere",
        "reason": "NOT_TO_THE_US",
        "outcome": "OUT_OF_SCOPE",
        "state": "fired",
        "places": [
            {
                "place": "",
                "state": "fired",
                "clauses": [
                    {
                        "clause": "order.destination in us_customs_territory",
                        "holds": True,
                        "says": 'order.destination is "CA"; the rule needs none of "US", "PR" '
                        "(us_customs_territory)",
                        "compared": {"order.destination": '"CA"'},
                    }
                ],
            }
        ],
    } in said["explanation"]["rules"]


def test_second_opinion_has_no_words() -> None:
    """`--explain` of the second opinion ends with 2 and says why."""
    code, out, said = run("decide", "--facts", TO_CANADA, "--evaluator", "durable", *DAY)
    assert (2, "", True) == (code, out, "durable-rules has no words" in said)
