"""What is changed of a condition, one small thing at a time."""

import pytest

from engine.expression import BOOL, DATE, DECIMAL, INT, MONEY, STRING, Expression, ListType, Scope
from engine.expression import compile_expression as compiled
from engine.expression.types import EnumType, RecordType
from engine.workbench.mutation.conditions import rewritings
from engine.workbench.mutation.model import Change, Kind

ITEM = RecordType("item", {"ok": BOOL})
COLOUR = EnumType("colour", ("RED", "GREEN", "BLUE"))
SCOPE = Scope(
    {
        "a": BOOL, "b": BOOL, "c": BOOL, "n": INT, "m": INT, "weight": DECIMAL, "value": MONEY, "day": DATE,
        "name": STRING, "colour": COLOUR, "items": ListType(ITEM), "names": ListType(STRING),
    }
)  # fmt: skip


def changes(text: str) -> list[Change]:
    """The changes of a condition."""
    expression = compiled(text, SCOPE, BOOL)
    assert isinstance(expression, Expression)
    return [one.change for one in rewritings(expression)]


def texts(text: str) -> set[str]:
    """The whole texts that a condition is changed into, brackets and all."""
    expression = compiled(text, SCOPE, BOOL)
    assert isinstance(expression, Expression)
    return {one.text for one in rewritings(expression)}


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("n >= 10", {"n > 10", "n < 10", "n >= 9"}),
        ("10 < n", {"10 <= n", "10 >= n", "11 < n"}),
        ("n == 10", {"n != 10", "n == 9", "n == 11"}),
        ("weight > 30.0", {"weight >= 30.0", "weight <= 30.0", "weight > 29.9", "weight > 30.1"}),
        ("weight < 2", {"weight <= 2", "weight >= 2", "weight < 1", "weight < 3"}),
        (
            'value <= money("2500.00 USD")',
            {
                'value < money("2500.00 USD")',
                'value > money("2500.00 USD")',
                'value <= money("2499.99 USD")',
                'value <= money("2500.01 USD")',
            },
        ),
        (
            'day > date("2026-03-01")',
            {
                'day >= date("2026-03-01")',
                'day <= date("2026-03-01")',
                'day > date("2026-02-28")',
                'day > date("2026-03-02")',
            },
        ),
        ("day == day.plusDays(30)", {"day != day.plusDays(30)", "day == day.plusDays(29)", "day == day.plusDays(31)"}),
        ('colour == "BLUE"', {'colour != "BLUE"', 'colour == "GREEN"'}),
        ('name == "x"', {'name != "x"', 'name == "x~"'}),
        ('name in ["x", "y"]', {'!(name in ["x", "y"])', 'name in ["y"]', 'name in ["x"]'}),
        ("!(name in names)", {"name in names"}),
        ("!a", {"a"}),
        ("n + m == 3", {"(n - m) == 3", "n + m != 3", "n + m == 2", "n + m == 4"}),
        ("items.exists(i, i.ok)", {"items.all(i, i.ok)", "!items.exists(i, i.ok)", "!i.ok"}),
    ],
)  # fmt: skip
def test_changed_into(text: str, changed: set[str]) -> None:
    """Thresholds move by their smallest step, operators are exchanged, conditions are denied, members left out."""
    assert changed == {change.after for change in changes(text)}


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("a && b && c", {"(a || b || c)", "(b && c)", "(a && c)", "(a && b)", "!a && b && c", "a && !b && c",
                         "a && b && !c"}),
        ("a || b", {"(a && b)", "b", "a", "!a || b", "a || !b"}),
        ("!(a && b)", {"(a && b)", "!(a || b)", "!b", "!a", "!(!a && b)", "!(a && !b)"}),
        ("a && (b || c)", {"(a || (b || c))", "(b || c)", "a", "!a && (b || c)", "a && (b && c)", "a && c", "a && b",
                           "a && (!b || c)", "a && (b || !c)"}),
        ("a ? b : false", {"b", "false", "!a ? b : false", "a ? !b : false", "a ? b : true"}),
    ],
)  # fmt: skip
def test_clauses(text: str, changed: set[str]) -> None:
    """`&&` and `||` are exchanged, each condition and branch is left out; what stands around stays as it is."""
    assert changed == texts(text)


def test_same_meaning_once() -> None:
    """Among whole numbers `>= 11` says the same as `> 10`, and is not asked twice."""
    assert ["n > 10", "n < 10", "n >= 9"] == [change.after for change in changes("n >= 10")]


def test_shown_with_its_clause() -> None:
    """People see the clause in which something changed, on one line, and not the whole condition."""
    shown = [(one.before, one.after) for one in changes("a\n  && n  > 1") if one.kind is Kind.BOUNDARY]
    assert [("n > 1", "n >= 1")] == shown


@pytest.mark.parametrize(
    ("text", "kind", "hint"),
    [
        ("n >= 10", Kind.BOUNDARY, "no test with n = 10"),
        ("n >= 10", Kind.THRESHOLD, "no test with n = 9"),
        ("30.0 < weight", Kind.BOUNDARY, "no test with weight = 30.0"),
        ("n > m", Kind.BOUNDARY, "no test in which n equals m"),
        ("a && n > m", Kind.CLAUSE, "no test in which `a` alone is false"),
        ("a || n > m", Kind.CLAUSE, "no test in which `a` alone is true"),
        ("items.all(i, i.ok)", Kind.QUANTIFIER, "no test in which `i.ok` is true of a part of items"),
        ('name in ["x"]', Kind.MEMBER, 'no test with "x"'),
        ("a ? b : c", Kind.BRANCH, "no test in which `a` is false, and that decides"),
    ],
)
def test_hint(text: str, kind: Kind, hint: str) -> None:
    """The hint names the test that would notice."""
    assert hint == next(change.hint for change in changes(text) if change.kind is kind)
