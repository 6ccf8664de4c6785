"""Conditions of tests: their negation and Kleene's logic, by the values of their columns."""

from itertools import product

import pytest

from engine.workbench.durable.conditions import (
    FALSE,
    MOST_TESTS,
    TRUE,
    All,
    Condition,
    Operator,
    Other,
    Test,
    Three,
    TooLargeError,
    both,
    choice,
    definition,
    either,
    every,
    leaves,
    opposite,
    some,
)

Values = dict[str, int]
A, B, C = (Three(Test(name, "==", 1), Test(name, "!=", 0)) for name in "abc")
EVERY_ROW = [dict(zip("abc", row, strict=True)) for row in product((0, 1, 2), repeat=3)]


def holds(condition: Condition, row: Values) -> bool:
    if isinstance(condition, Test):
        equal = row[condition.column] == condition.value
        return equal if condition.operator == "==" else not equal
    parts = [holds(part, row) for part in condition.parts]
    return all(parts) if isinstance(condition, All) else any(parts)


def value(three: Three, row: Values) -> int:
    """1 for true, 0 for false, 2 for unknown."""
    true, possible = holds(three.true, row), holds(three.possible, row)
    assert possible or not true
    return 1 if true else 2 if possible else 0


@pytest.mark.parametrize("row", EVERY_ROW, ids=str)
def test_kleene(row: Values) -> None:
    """Negation, `&&`, `||` and choice of what is true (1), false (0) or unknown (2) are Kleene's."""
    a, b, c = (row[name] for name in "abc")
    assert {0: 1, 1: 0, 2: 2}[a] == value(A.denied, row)
    assert (0 if 0 in (a, b) else 2 if 2 in (a, b) else 1) == value(both(A, B), row)
    assert (1 if 1 in (a, b) else 2 if 2 in (a, b) else 0) == value(either(A, B), row)
    assert {0: c, 1: b, 2: 2}[a] == value(choice(A, B, C), row)


def test_opposite_turns_every_operator() -> None:
    """The opposite of a test is the test with the opposite operator, for every operator."""
    signs: dict[Operator, Operator] = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
    turned = {sign: opposite(Test("c", sign, 1)) for sign in signs}
    assert {sign: Test("c", other, 1) for sign, other in signs.items()} == turned


def test_constants_fold() -> None:
    """What is true or false anyway is left out."""
    test = Test("c", "==", 1)
    assert (test, FALSE) == (every(TRUE, test), every(FALSE, test))
    assert (test, TRUE) == (some(FALSE, test), some(TRUE, test))


def test_too_large() -> None:
    """A condition of more tests than durable-rules is trusted with is not made."""
    with pytest.raises(TooLargeError):
        every(*(Test(f"c{number}", "==", 1) for number in range(MOST_TESTS + 1)))


def test_definition() -> None:
    """A condition is written as durable-rules reads it."""
    condition = every(Test("a", "==", "sUS"), some(Test("b", "<", 5), Test("b", "!=", Other("c"))))
    assert {"$and": [{"a": "sUS"}, {"$or": [{"$lt": {"b": 5}}, {"$neq": {"b": {"$m": "c"}}}]}]} == definition(
        condition
    )
    assert ["a", "b", "b"] == [test.column for test in leaves(condition)]
