"""The canonical text of trees, and values as people read them."""

from datetime import date
from decimal import Decimal

import pytest

from engine.expression import Duration, Map, OneOf, Timestamp, Unknown, render, to_text
from engine.expression.parse import parse
from engine.expression.tree import Node

from .orders import compiled, failing, missing, usd


@pytest.mark.parametrize(
    ("canonical", "text"),
    [
        ("a && b || c", "( a&&b )||c"),
        ("a && (b || c)", "a&&(b||c)"),
        ("(a && b) && c", "(a && b) && c"),
        ("a - (b - c)", "a-(b-c)"),
        ("a - b - c", "(a-b)-c"),
        ("(a + b) * -c", "(a+b)*-c"),
        ("-(1)", "-(1)"),
        ("-1", "-1"),
        ("--a", "- -a"),
        ("!!a", "! !a"),
        ("!(a == b)", "!(a==b)"),
        ("a < b == c", "(a < b) == c"),
        ("a == (b < c)", "a == (b < c)"),
        ("(a ? b : c) ? d : e", "(a ? b : c) ? d : e"),
        ("a ? b : c ? d : e", "a?b:(c?d:e)"),
        ("[1, 2]", "[1,2,]"),
        ('{"a": 1, 2: b}', "{'a':1, 2:b}"),
        ('"it\'s \\"x\\"\\n\\u0000"', "'it\\'s \"x\"\\n\\000'"),
        ("a.b[0].c(d, e)", "a . b [ 0 ] . c ( d , e )"),
        ("a.`b-c`.d", "a.`b-c`.`d`"),
        (".a.b + .f(1)", ".a.b + .f(1)"),
        ("has(a.b) && l.map(x, x > 1, x * 2)", "has(a . b)&&l.map(x,x>1,x*2)"),
        ("(-1).a + (a ? b : c).d", "(-1).a + (a?b:c).d"),
    ],
)
def test_canonical_text(canonical: str, text: str) -> None:
    """One space around operators, brackets only where they are needed, texts in double quotes."""
    root = parse(text)
    assert isinstance(root, Node)
    assert canonical == to_text(root)


@pytest.mark.parametrize(
    "text",
    [
        'order.imported > date("2026-06-27")',
        'order.value * 1.50 <= money("2500.00 USD")',
        'order.placed > timestamp("2026-06-27T00:00:00.5Z") + duration("1.5s")',
        'declaration.rvc >= decimal("62.50")',
        'decimal("62.50") == decimal("62.5")',
        "declaration.rvc + 1 in [62.5, -3]",
        'order.destination in territory && rates["8471"].least > 60',
    ],
)
def test_typed_trees_have_the_same_text(text: str) -> None:
    """Values that are made when the expression is compiled are written as they were."""
    assert text == to_text(compiled(text).root)


def test_decimals_of_numbers_stay_decimals() -> None:
    """A number that is made a decimal is written so that it stays one."""
    assert to_text(compiled("decimal(62.50) == decimal(1)").root) == 'decimal("62.50") == decimal("1")'


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("not given", missing("order.value")),
        ("not computable", failing("divide_by_zero")),
        ("not given", Unknown(frozenset({"a"}), frozenset({"b"}))),
        ("IN or OUT", OneOf(frozenset({"OUT", "IN"}), frozenset())),
        ("none", None),
        ("true", True),
        ("3", 3),
        ("2.5", 2.5),
        ("2500.00 USD", usd("2500.00")),
        ("62.50", Decimal("62.50")),
        ("1000000", Decimal("1E+6")),
        ("2026-06-27", date(2026, 6, 27)),
        ("1970-01-01T00:00:01Z", Timestamp(10**9)),
        ("90s", Duration(90 * 10**9)),
        ("US, CA", ("US", "CA")),
        ("none", ()),
        ("a: 1", Map([("a", 1)])),
        ("name: Ann, country: none", {"name": "Ann", "country": None}),
        ("plain", "plain"),
    ],
)
def test_values_as_people_read_them(text: str, value: object) -> None:
    """A value is shown without quotes and kinds; what is unknown is "not given"."""
    assert text == render(value)
