"""What follows when facts are not given, are known to be none, or are one of several."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from engine.expression import (
    BOOL,
    DATE,
    DECIMAL,
    DYN,
    INT,
    MONEY,
    STRING,
    Bound,
    Constant,
    Define,
    ListType,
    OneOf,
    RecordType,
    Scope,
    Unknown,
    compile_expression,
    evaluate,
)

from .orders import GOOD, PARTY, SCOPE, VARIABLES, answer, cad, compiled, failing, missing, usd

SHOP = {"site": {"kind": "SHOP"}}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (missing("order.commercial"), "order.commercial"),
        (missing("order.commercial"), "!order.commercial"),
        (missing("order.commercial"), "order.commercial == true"),
        (False, "order.commercial && false"),
        (False, "false && order.commercial"),
        (missing("order.commercial"), "true && order.commercial"),
        (True, "order.commercial || true"),
        (True, "true || order.commercial"),
        (missing("order.commercial"), "order.commercial || false"),
        (missing("order.commercial", "site.kind"), "order.commercial && site.kind == 'SHOP'"),
        (missing("order.commercial"), "order.commercial ? 1 : 1"),
        (
            missing("order.commercial"),
            "order.commercial ? site.kind == 'SHOP' : order.imported == order.imported",
        ),
        (missing("order.destination"), "order.destination == order.destination"),
        (missing("order.destination"), "order.destination in territory"),
        (missing("order.destination"), "order.destination in ['US', 'CA']"),
        (False, "order.destination in []"),
        (True, "'US' in [order.destination, 'US']"),
        (missing("order.destination"), "'US' in [order.destination, 'CA']"),
        (missing("order.lines"), "order.lines.all(l, l.claims)"),
        (missing("order.lines"), "order.lines.exists(l, true)"),
        (missing("order.lines"), "size(order.lines) > 0"),
        (missing("order.lines"), "order.lines[0].claims"),
        (missing("order.destination"), "[order.destination].size()"),
        (missing("order.value"), "order.value.currency == 'USD'"),
        (missing("declaration.producer"), "has(declaration.producer)"),
        (missing("declaration.producer"), "has(declaration.producer.country)"),
        (missing("declaration.producer"), "has(declaration.producer) && declaration.producer.name == 'x'"),
        (missing("order.commercial"), "order.commercial && 1 / 1 == 1"),
        (
            Unknown(frozenset({"order.commercial"}), frozenset({"divide_by_zero"})),
            "order.commercial && 1 / 0 == 1",
        ),
        (False, "1 / 0 == 1 && false && order.commercial"),
    ],
)
def test_facts_not_given(value: object, text: str) -> None:
    """A fact that was not given is unknown, and so is what depends on it, with the highest unknown path."""
    assert value == answer(text)


LINES = {
    "order": {
        "lines": (
            {"sku": "A", "claims": True, "quantity": 2},
            {"sku": "B", "quantity": 0},
            {"sku": "C", "claims": False},
        )
    }
}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "order.lines.exists(l, l.claims)"),
        (False, "order.lines.all(l, l.claims)"),
        (missing("order.lines[2].quantity"), "order.lines.all(l, l.quantity >= 0)"),
        (missing("order.lines[2].quantity"), "order.lines.exists(l, l.quantity > 2)"),
        (missing("order.lines[1].claims"), "order.lines.exists_one(l, l.claims)"),
        (missing("order.lines[1].claims"), "order.lines.filter(l, l.claims).size() == 1"),
        (
            missing("order.lines[1].claims", "order.lines[2].quantity"),
            "order.lines.map(l, [l.claims, l.quantity > 0])",
        ),
        (missing("order.lines[2].quantity"), "order.lines.filter(l, l.sku == 'C').all(m, m.quantity > 0)"),
        (missing("order.lines[2].quantity"), "order.lines.map(l, l).exists(m, m.quantity > 5)"),
        (missing("order.lines[2].quantity"), "([] + order.lines)[2].quantity"),
        (missing("order.lines[2].quantity"), "[order.lines[2], order.lines[0]][0].quantity"),
        (missing("order.lines[1].claims"), "order.lines[1].claims"),
        (missing("order.lines[1].claims"), "(true ? order.lines[1] : order.lines[0]).claims"),
        (("A", "B", "C"), "order.lines.map(l, l.sku)"),
        (failing("index_out_of_range"), "order.lines[3].claims"),
    ],
)
def test_facts_in_lists(value: object, text: str) -> None:
    """An element's fact that is not given is named by the element's place in its own list."""
    assert value == answer(text, LINES)


@pytest.mark.parametrize(
    ("value", "facts"),
    [
        (missing("declaration.producer"), {}),
        (missing("declaration.producer"), {"declaration": {}}),
        (False, {"declaration": {"producer": None}}),
        (missing("declaration.producer.country"), {"declaration": {"producer": {"name": "x"}}}),
        (False, {"declaration": {"producer": {"name": "x", "country": None}}}),
        (True, {"declaration": {"producer": {"country": "US"}}}),
    ],
)
def test_has(value: object, facts: Mapping[str, object]) -> None:
    """`has` is true of what is given, false of what is known to be none, else unknown."""
    assert value == answer("has(declaration.producer.country)", facts)


def test_a_given_list_is_complete() -> None:
    """Of a list that is given, empty or not, nothing more is to come."""
    assert answer("order.lines.all(l, l.claims)", {"order": {"lines": ()}}) is True
    assert answer("order.lines.exists(l, l.claims)", {"order": {"lines": ()}}) is False


IN_OR_OUT = {"scope": {"outcome": OneOf(frozenset({"IN", "OUT"}), frozenset({"site.kind"}))}}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (missing("site.kind"), "scope.outcome == 'IN'"),
        (False, "scope.outcome == 'LATER'"),
        (True, "scope.outcome != 'LATER'"),
        (True, "scope.outcome in ['IN', 'OUT']"),
        (False, "scope.outcome in ['LATER']"),
        (missing("site.kind"), "scope.outcome in ['IN', 'LATER']"),
        (missing("site.kind"), "scope.outcome.startsWith('I')"),
        (missing("site.kind"), "scope.outcome"),
        (missing("site.kind"), "[scope.outcome, 'IN'][0] == 'IN'"),
        (True, "has(scope.outcome)"),
    ],
)
def test_another_question_s_outcome(value: object, text: str) -> None:
    """An outcome that is not determined stands for all that are possible: a comparison needs all to agree."""
    assert value == answer(text, IN_OR_OUT)


def test_a_loop_from_outside() -> None:
    """A loop variable can be bound from outside, with the path that its element has."""
    scope = Scope({**VARIABLES, "good": GOOD})
    expression = compiled("good.rvc >= 62.5 && good.hs.matches('^84')", scope)
    element = {"rvc": Decimal("70")}
    assert evaluate(expression, {"good": Bound(element, "declaration.goods[3]")}) == missing(
        "declaration.goods[3].hs"
    )
    assert evaluate(expression, {"good": missing("declaration.goods")}) == missing("declaration.goods")


@pytest.fixture
def defines() -> Scope:
    """Definitions with and without parameters."""
    shop = compiled("site.kind == 'SHOP'")
    inside = Scope({**VARIABLES, "party": PARTY, "name": STRING})
    named = compiled("party.name == name", inside)
    return Scope(
        VARIABLES,
        SCOPE.constants,
        {
            "is_shop": Define("is_shop", (), shop),
            "named": Define("named", (("party", PARTY), ("name", STRING)), named),
            "producer_given": Define("producer_given", (), compiled("has(declaration.producer)")),
        },
    )


def test_definitions(defines: Scope) -> None:
    """A definition stands for its body; what is unknown in it is named by the path of its argument."""
    text = "is_shop && has(declaration.producer) && named(declaration.producer, 'Ann')"
    assert answer(text, SHOP, defines) == missing("declaration.producer")
    known = {**SHOP, "declaration": {"producer": {"name": "Ann"}}}
    assert answer(text, known, defines) is True
    nameless = {**SHOP, "declaration": {"producer": {}}}
    assert answer(text, nameless, defines) == missing("declaration.producer.name")


def test_a_definition_sees_no_loop_variables(defines: Scope) -> None:
    """The body of a definition means the facts, whatever the loop around its use calls its elements."""
    assert answer("['x'].all(site, is_shop)", SHOP, defines) is True
    assert (
        answer(
            "['Ann'].all(name, has(declaration.producer) && named(declaration.producer, name))",
            {"declaration": {"producer": {"name": "Ann"}}},
            defines,
        )
        is True
    )


def test_a_definition_as_a_guard(defines: Scope) -> None:
    """A definition that asks whether a fact is given guards its use."""
    text = "producer_given && declaration.producer.name == 'Ann'"
    assert answer(text, {"declaration": {"producer": None}}, defines) is False


def test_tables() -> None:
    """A row is found by its key; a key that is not there is an error that no fact cures."""
    rvc = {"declaration": {"rvc": Decimal("70"), "goods": ({"hs": "8471"}, {"hs": "9999"})}}
    text = "declaration.goods[0].hs in rates && declaration.rvc >= rates[declaration.goods[0].hs].least"
    assert answer(text, rvc) is True
    assert answer("rates[declaration.goods[1].hs].least > 1.0", rvc) == failing("no_such_key")
    assert answer("declaration.goods[1].hs in rates", rvc) is False
    assert answer("has(rates['8703'].until)") is False


LISTS = Scope(
    VARIABLES,
    {
        **SCOPE.constants,
        "days": Constant(ListType(DATE), (date(2026, 1, 1), date(2026, 7, 4))),
        "numbers": Constant(ListType(INT), (1, 2, 3)),
        "mixed": Constant(ListType(DYN), (1, "1", True, None)),
        "fees": Constant(ListType(MONEY), (usd("1.00"), usd("2"))),
        "shares": Constant(ListType(DECIMAL), (Decimal("62.50"),)),
    },
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "'US' in territory"),
        (False, "'CA' in territory"),
        (True, "date('2026-07-04') in days"),
        (False, "date('2026-07-05') in days"),
        (True, "2 in numbers"),
        (True, "2.0 in numbers"),
        (False, "2.5 in numbers"),
        (True, "null in mixed && true in mixed && '1' in mixed"),
        (False, "2 in mixed || false in mixed || 'true' in mixed"),
        (True, "money('1 USD') in fees"),
        (True, "decimal('62.5') in shares"),
        (missing("order.value in USD"), "order.value in fees"),
        (missing("order.value in USD"), "order.value in fees.filter(f, true)"),
    ],
)
def test_lists_of_the_rulebook(value: object, text: str) -> None:
    """A value is looked for in a list by equality, however long the list is."""
    assert value == answer(text, {"order": {"value": cad("1")}}, LISTS)


def test_values_wrapped_in_unknown_stay_unknown() -> None:
    """A field that holds an Unknown passes it on."""
    facts = {"order": {"value": missing("platform.quote")}}
    scope = Scope({"order": RecordType("order", {"value": BOOL})})
    expression = compile_expression("order.value || false", scope)
    assert not isinstance(expression, tuple)
    assert evaluate(expression, facts) == missing("platform.quote")
    assert answer("has(order.value)", {"order": {"value": usd("1")}}) is True
