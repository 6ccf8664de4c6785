"""Rules that begin with an equality on one fact are found by its value."""

import pytest

from engine.expression import Unknown
from engine.rulebook import Rulebook
from tests.engine.compiled.conditions import question
from tests.engine.compiled.random_facts import DAY
from tests.engine.compiled.traced import ENFORCED, by_compiled, by_walking, weighing

RULES = [
    *(f'site.kind == "SHOP" && order.lines.exists(l, l.quantity == {number})' for number in range(10)),
    'site.kind == "MARKETPLACE"',
    '"OTHER" == site.kind && order.commercial',
    "order.commercial",
]


@pytest.mark.parametrize("kind", [{}, {"kind": "SHOP"}, {"kind": "MARKETPLACE"}, {"kind": "OTHER"}])
@pytest.mark.parametrize(
    "order", [{}, {"commercial": True}, {"lines": ({"quantity": 3}, {}), "commercial": False}]
)
def test_same_as_walking(small: Rulebook, kind: dict[str, object], order: dict[str, object]) -> None:
    """The index finds what the tree walk finds, also where its fact is not known."""
    asked = question(small, RULES)
    env = {"site": kind, "order": order, "scope": {"outcome": "IN"}}
    assert by_walking(asked, env, DAY) == by_compiled(asked, env, DAY)


def test_value_that_no_rule_names(small: Rulebook) -> None:
    """A value that no rule names asks no rule."""
    asked = question(small, [f'order.destination == "{code}"' for code in ("US", "CA", "MX", "PR") * 3])
    verdict = weighing(asked, DAY, ENFORCED)({"order": {"destination": "NO"}})
    assert ("C", (), ()) == (verdict.outcome, verdict.found, verdict.doubts)


def test_unknown_value(small: Rulebook) -> None:
    """Where the fact is not known, every rule on it is unknown."""
    asked = question(small, [f'order.destination == "{code}"' for code in ("US", "CA", "MX", "PR") * 30])
    verdict = weighing(asked, DAY, ENFORCED)({"order": {}})
    assert 120 == len(verdict.doubts)
    assert {Unknown(frozenset({"order.destination"}))} == {doubt.unknown for doubt in verdict.doubts}
    assert ("order.destination",) == verdict.missing


def test_many_rules(small: Rulebook) -> None:
    """A thousand rules on one fact are found as ten are."""
    many = [f'site.kind == "SHOP" && size(order.lines) == {number}' for number in range(1000)]
    asked = question(small, ["order.commercial", *many])
    env = {"site": {"kind": "SHOP"}, "order": {"lines": ({},) * 7, "commercial": False}}
    found, doubts = by_compiled(asked, env, DAY)
    assert (["r8"], []) == ([name for name, _, _ in found], doubts)
