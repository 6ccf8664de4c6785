"""What the translation says natively, and what it leaves to be computed first."""

from collections.abc import Callable

import pytest

from engine.rulebook import Rulebook
from engine.workbench.durable import Share, translate

Rules = Callable[..., Rulebook]

NATIVE = [
    'order.destination == "US"',
    'order.destination in parties && !(order.destination in ["US", "NO"])',
    "has(order.maker) && order.maker.country in parties",
    "order.pieces > 3 || 2 >= order.pieces",
    "order.rate <= 1.10",
    'order.value > money("2500.00 USD")',
    "order.import_date < order.period.start",
    'order.import_date >= date("2026-06-27")',
    "site.linked ? size(order.goods) == 0 : true",
    "order.goods.exists(good, good.hs == order.note)",
    "order.goods.all(good, good.transit.all(stop, stop.watched))",
]
OPERAND = [
    "order.period.end > order.period.start.lastDay(12)",
    "size(order.note) > 3",
    "order.pieces * 2 == 6",
]
COMPUTED = [
    'order.note.startsWith("a")',
    'order.note < "a"',
    "order.goods.exists_one(good, has(good.share))",
    "limits[order.destination].limit < order.value",
    "order.rate <= 1.00000001",
    "order.goods.filter(good, size(good.hs) < 6).exists(good, has(good.share))",
]


@pytest.mark.parametrize("when", NATIVE)
def test_native(rules: Rules, when: str) -> None:
    """Equality and order of facts and constants, and lists gone over, are judged by durable-rules."""
    share = translate(rules(("A", when))).share
    assert (0, 0, True) == (share.operand, share.computed, share.native > 0)


@pytest.mark.parametrize("when", OPERAND)
def test_operand(rules: Rules, when: str) -> None:
    """A value that has to be computed first is compared by durable-rules, and counted apart."""
    assert Share(0, 1, 0) == translate(rules(("A", when))).share


@pytest.mark.parametrize("when", COMPUTED)
def test_computed(rules: Rules, when: str) -> None:
    """What durable-rules cannot be trusted with is computed first as a whole."""
    assert Share(0, 0, 1) == translate(rules(("A", when))).share


def test_ratio() -> None:
    """The share is of all clauses, and whole where there are none."""
    assert (0.5, 1.0) == (Share(2, 1, 1).ratio, Share(0, 0, 0).ratio)


def test_too_large_is_computed(rules: Rules) -> None:
    """A condition with more tests than a rule may have is computed first as a whole."""
    when = " || ".join(f"order.pieces == {number}" for number in range(300))
    assert Share(0, 0, 1) == translate(rules(("A", when))).share


def test_questions_in_order(small: Rulebook) -> None:
    """A question comes after those that it uses."""
    names = list(translate(small).plans)
    assert names.index("scope") < names.index("review")
