"""What single conditions come to, where the fast form, Kleene's logic and the tree walk could differ."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.expression import OneOf, Unknown
from engine.rulebook import Rulebook
from tests.engine.compiled.conditions import question
from tests.engine.compiled.random_facts import DAY
from tests.engine.compiled.test_laws import EXAMPLES
from tests.engine.compiled.traced import ENFORCED, by_compiled, by_walking, weighing
from tests.engine.expression.orders import cad, failing, missing, usd
from tests.engine.expression.random_texts import conditions, facts

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
outcomes = st.sampled_from(["IN", "OUT", OneOf(frozenset({"IN", "LATER"}), frozenset({"site.kind"}))])


def value(small: Rulebook, text: str, env: Mapping[str, object]) -> object:
    """What the compiled condition gives."""
    verdict = weighing(question(small, [text]), DAY, ENFORCED)({"scope": {"outcome": "IN"}, **env})
    if verdict.doubts:
        return verdict.doubts[0].unknown
    return bool(verdict.found)


@settings(max_examples=10 * EXAMPLES, deadline=None)
@given(texts=st.lists(conditions(), min_size=1, max_size=3), given_facts=facts(0), outcome=outcomes)
def test_random_conditions(
    small: Rulebook, texts: list[str], given_facts: dict[str, object], outcome: object
) -> None:
    """Random conditions give in the compiled form what the tree walk gives."""
    asked = question(small, texts)
    env = {**given_facts, "scope": {"outcome": outcome}}
    assert by_walking(asked, env, DAY) == by_compiled(asked, env, DAY)


@settings(max_examples=3 * EXAMPLES, deadline=None)
@given(texts=st.lists(conditions(), min_size=1, max_size=3), given_facts=facts(1))
def test_random_conditions_on_full_facts(
    small: Rulebook, texts: list[str], given_facts: dict[str, object]
) -> None:
    """The same on facts that are all given."""
    asked = question(small, texts)
    env = {**given_facts, "scope": {"outcome": "IN"}}
    assert by_walking(asked, env, DAY) == by_compiled(asked, env, DAY)


LINES = {"lines": ({"claims": False, "quantity": 2}, {"quantity": 3})}


@pytest.mark.parametrize(
    ("expected", "text", "order"),
    [
        (missing("order.destination"), 'order.destination == "US"', {}),
        (missing("order.lines[1].claims"), "order.lines.exists(l, l.claims)", LINES),
        (True, "order.lines.exists(l, l.claims || l.quantity == 3)", LINES),
        (False, "order.lines.all(l, l.claims)", LINES),
        (missing("order.lines"), "order.lines.all(l, l.claims)", {}),
        (failing("index_out_of_range"), "order.lines[2].claims", LINES),
        (failing("divide_by_zero"), "1 / (size(order.lines) - 2) == 1", LINES),
        (failing("overflow"), "9223372036854775807 + size(order.lines) > 0", LINES),
        (failing("no_such_key"), "rates[order.note].least > 1.0 || !has(order.note)", {"note": "x"}),
        (missing("order.value in USD"), 'order.value > money("1 USD")', {"value": cad("2")}),
        (missing("order.value in USD"), "order.value == order.freight", {"value": cad("2"), "freight": usd("2")}),
        (False, "has(order.note)", {"note": None}),
        (missing("order.note"), "has(order.note)", {}),
        (False, 'order.note == "x" && has(order.note)', {"note": None}),
        (False, "order.destination in []", {}),
        (
            missing("order.lines") | failing("overflow"),
            "size(order.lines) == 9223372036854775807 + 1",
            {},
        ),
        (missing("order.destination"), 'order.destination in ["US", "MX"]', {}),
    ],
)  # fmt: skip
def test_values(small: Rulebook, expected: object, text: str, order: Mapping[str, object]) -> None:
    """What is missing is named, with its place; errors have their codes; what decides needs nothing more."""
    env = {"order": order, "declaration": {"producer": None}}
    assert expected == value(small, text, env)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (True, 'scope.outcome != "OUT"'),
        (missing("site.kind"), 'scope.outcome == "IN"'),
        (True, 'scope.outcome in ["IN", "LATER"]'),
        (missing("site.kind"), '"LATER" == scope.outcome'),
    ],
)
def test_open_outcome(small: Rulebook, expected: object, text: str) -> None:
    """Another question's outcome that is one of several is compared with all that it may be."""
    several = OneOf(frozenset({"IN", "LATER"}), frozenset({"site.kind"}))
    assert expected == value(small, text, {"scope": {"outcome": several}})


def test_long_rows_of_operators(small: Rulebook) -> None:
    """Hundreds of conditions in a row, and fifty in each other, are translated too."""
    row = " && ".join(["order.commercial"] * 500)
    nested = "!(" * 45 + "order.commercial" + ")" * 45
    for given_commercial in ({}, {"commercial": True}, {"commercial": False}):
        asked = question(small, [row, nested, row.replace("&&", "||")])
        env = {"order": given_commercial, "scope": {"outcome": "IN"}}
        assert by_walking(asked, env, DAY) == by_compiled(asked, env, DAY)


def test_blocks_in_blocks(small: Rulebook) -> None:
    """Choices and loops in each other, as deep as the language allows, are never refused."""
    chosen = "order.commercial"
    for _ in range(45):
        chosen = f"(order.commercial ? {chosen} : order.lines.exists(l, l.claims))"
    looped = "order.commercial"
    for number in range(20):
        looped = f"order.lines.all(l{number}, {looped})"
    for order in ({}, {"commercial": True}, {"commercial": True, "lines": ({"claims": True},)}):
        asked = question(small, [chosen, looped])
        env = {"order": order, "scope": {"outcome": "IN"}}
        assert by_walking(asked, env, DAY) == by_compiled(asked, env, DAY)


def test_too_costly(small: Rulebook) -> None:
    """What the tree walk refuses as too costly the compiled form refuses too."""
    text = "order.lines.all(a, order.lines.all(b, order.lines.all(c, a.quantity + b.quantity != c.quantity)))"
    order = {"lines": tuple({"quantity": 1} for _ in range(200))}
    assert failing("too_costly") == value(small, text, {"order": order})


def test_no_text_becomes_code(small: Rulebook) -> None:
    """Texts, patterns and names of a rule are values, whatever they look like."""
    text = r'order.note == "\"); raise SystemExit #" || order.note.matches("[)\"]{2}") || !has(order.note)'
    assert value(small, text, {"order": {"note": '"); raise SystemExit #'}}) is True
    assert value(small, text, {"order": {"note": ')"'}}) is True
    assert Unknown(frozenset({"order.note"})) == value(small, text, {"order": {}})


def test_dates_of_the_day(small: Rulebook) -> None:
    """A day moved past the calendar's end is an error, not a crash."""
    env = {"order": {"imported": date(9999, 12, 31)}}
    assert failing("overflow") == value(small, 'order.imported.plusDays(1) > date("2026-01-01")', env)
