"""Why a test failed: the rules and clauses to the point, and no others."""

from datetime import date

import pytest

from engine.rulebook import Rulebook
from engine.workbench.ruletests import read_tests
from engine.workbench.ruletests.running import run_test
from engine.workbench.ruletests.why import why

GIVEN = """
question: review
on: 2026-07-01
given:
  site: {kind: SHOP, linked: true}
  order: {destination: US, goods: [{hs: "721320", transit: []}, {hs: "7213"}]}
tests:
"""


def told(small: Rulebook, test: str) -> list[str]:
    """The lines about the one test."""
    file = read_tests("x_test.yaml", f"{GIVEN}  - {{test: a, {test}}}\n", small)
    assert file.problems == ()
    return list(why(run_test(file.tests[0], small, date(2026, 7, 1)), small))


def test_passing(small: Rulebook) -> None:
    """There is nothing to say of a test that passes."""
    assert [] == told(small, "expect: INELIGIBLE")


def test_what_decided(small: Rulebook) -> None:
    """Another outcome: the rules that gave it, where, with the values that they compared."""
    assert [
        "short-hs at order.goods[1]: The code 7213 has 4 digits; at least 6 are needed.",
        '  + short: size(order.goods[1].hs) is 4 (order.goods[1].hs is "7213"); the rule needs less than 6',
    ] == told(small, "expect: ELIGIBLE")[:2]


def test_what_was_expected(small: Rulebook) -> None:
    """Of the rules that would give the expected outcome: the first clause that stopped each."""
    lines = told(small, "expect: SUSPENDED")
    at = lines.index("not-linked, which would give SUSPENDED, did not fire:")
    assert "  - site.linked is true; the rule needs false" == lines[at + 1]


def test_expected_reason(small: Rulebook) -> None:
    """A reason that is named and did not come: its rule alone, and the clause that stopped it."""
    assert [
        "no-goods, which would give INELIGIBLE, did not fire:",
        "  - size(order.goods) is 2; the rule needs 0",
    ] == told(small, "expect: {reasons: [NO_GOODS, SHORT_HS, LINKED]}")


def test_unexpected_finding(small: Rulebook) -> None:
    """A finding that came and was not named: its rule, and nothing of the others."""
    lines = told(small, "expect: {findings: [linked]}")
    assert ["short-hs at order.goods[1]"] == [line.split(":")[0] for line in lines if line[0] != " "]


def test_unknown(small: Rulebook) -> None:
    """What is undetermined: the rules that are open, and the fact that each lacks."""
    lines = told(small, "without: [site.linked], expect: INELIGIBLE")
    assert "not-linked, which would give SUSPENDED, is unknown:" in lines
    assert "  ? site.linked is not given; the rule needs false" in lines


def test_gate(small: Rulebook) -> None:
    """Rules that are not asked: what closed the gate, and what is said then."""
    assert [
        "the rules are not asked, because of `applies`:",
        '  - scope.outcome is "OUT"; `applies` needs "IN"',
    ] == told(small, "with: {site.kind: MARKET}, expect: ELIGIBLE")[:2]


@pytest.mark.parametrize("on", ["2026-06-01"])
def test_not_in_force(small: Rulebook, on: str) -> None:
    """A rule that was expected and is not in force says so."""
    text = f"question: scope\non: {on}\ngiven:\n  site: {{kind: SHOP}}\ntests:\n  - {{test: a, expect: IN}}\n"
    file = read_tests("x_test.yaml", text, small)
    lines = why(run_test(file.tests[0], small, date(2026, 7, 1)), small)
    assert (
        "shop-to-party, which would give IN: it is in force from 2026-06-27; the decision is for 2026-06-01"
    ) == lines[0]
    assert "no rule in force is true, so `otherwise` gives OUT: Nothing in force brings it in." == lines[1]
