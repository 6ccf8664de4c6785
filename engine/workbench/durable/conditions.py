"""Conditions over one flat fact, in the few forms that durable-rules judges rightly.

A column of the fact always has a value and always the same kind of value, so that every test is exactly true
or false, and its opposite is the test with the opposite operator. What is unknown lies in columns of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Operator = Literal["==", "!=", "<", "<=", ">", ">="]
Value = int | str

MOST_TESTS: Final = 240
"""How many tests one rule may have; a larger condition is computed first, as a whole."""

ALWAYS: Final = "always"
"""A column that is 1 in every fact, for a rule without any other test."""

_OPPOSITE: Final[dict[Operator, Operator]] = {
    "==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">",
}  # fmt: skip
_SIGNS: Final[dict[Operator, str]] = {"!=": "$neq", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}


class TooLargeError(Exception):
    """The condition has more tests than a rule may have."""


@dataclass(frozen=True, slots=True)
class Other:
    """The value of another column of the same fact."""

    column: str


@dataclass(frozen=True, slots=True)
class Test:
    """A column compared with a constant, or with another column."""

    __test__ = False

    column: str
    operator: Operator
    value: Value | Other
    size: int = 1


@dataclass(frozen=True, slots=True)
class All:
    """True where every part is."""

    parts: tuple[Condition, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Any:
    """True where a part is."""

    parts: tuple[Condition, ...]
    size: int


Condition = Test | All | Any
TRUE: Final = All((), 0)
FALSE: Final = Any((), 0)


def every(*parts: Condition) -> Condition:
    """The condition that all parts hold, flat."""
    flat: list[Condition] = []
    for part in parts:
        if part == FALSE:
            return FALSE
        flat.extend(part.parts if isinstance(part, All) else (part,))
    kept = tuple(dict.fromkeys(flat))
    return kept[0] if len(kept) == 1 else All(kept, _size(kept))


def some(*parts: Condition) -> Condition:
    """The condition that a part holds, flat."""
    flat: list[Condition] = []
    for part in parts:
        if part == TRUE:
            return TRUE
        flat.extend(part.parts if isinstance(part, Any) else (part,))
    kept = tuple(dict.fromkeys(flat))
    return kept[0] if len(kept) == 1 else Any(kept, _size(kept))


def opposite(condition: Condition) -> Condition:
    """The condition that is true exactly where this one is false."""
    if isinstance(condition, Test):
        return Test(condition.column, _OPPOSITE[condition.operator], condition.value)
    parts = map(opposite, condition.parts)
    return some(*parts) if isinstance(condition, All) else every(*parts)


def _size(parts: tuple[Condition, ...]) -> int:
    size = sum(part.size for part in parts)
    if size > MOST_TESTS:
        raise TooLargeError
    return size


def leaves(condition: Condition) -> list[Test]:
    """The tests of a condition, from left to right."""
    if isinstance(condition, Test):
        return [condition]
    return [test for part in condition.parts for test in leaves(part)]


def definition(condition: Condition) -> dict[str, object]:
    """The condition as durable-rules reads it."""
    if isinstance(condition, All | Any):
        if not condition.parts:
            return {ALWAYS: 1 if condition == TRUE else 0}
        sign = "$and" if isinstance(condition, All) else "$or"
        return {sign: [definition(part) for part in condition.parts]}
    value: object = condition.value
    compared = {condition.column: {"$m": value.column} if isinstance(value, Other) else value}
    return compared if condition.operator == "==" else {_SIGNS[condition.operator]: compared}


@dataclass(frozen=True, slots=True)
class Three:
    """A condition that can be unknown, as two that cannot: it is true, and it is not false.

    It is unknown where it is possible and not true. This holds of Kleene's `!`, `&&` and `||` part by part.
    """

    true: Condition
    possible: Condition

    @property
    def denied(self) -> Three:
        """Its negation."""
        return Three(opposite(self.possible), opposite(self.true))


def both(*parts: Three) -> Three:
    """`&&` between the parts."""
    return Three(every(*(part.true for part in parts)), every(*(part.possible for part in parts)))


def either(*parts: Three) -> Three:
    """`||` between the parts."""
    return Three(some(*(part.true for part in parts)), some(*(part.possible for part in parts)))


def choice(test: Three, then: Three, otherwise: Three) -> Three:
    """`test ? then : otherwise`: unknown where the test is, whatever the branches are."""
    untrue = opposite(test.possible)
    true = some(every(test.true, then.true), every(untrue, otherwise.true))
    possible = some(
        every(test.possible, opposite(test.true)),
        every(test.true, then.possible),
        every(untrue, otherwise.possible),
    )
    return Three(true, possible)
