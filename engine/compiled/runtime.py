"""What generated functions call, and how they say that something is unknown.

A condition is an integer there: 0 is false, 1 is true, an odd number above 1 is unknown. Of an unknown one
bit 1 is set, and a bit for every fact that would cure it or error that nothing cures: even bits stand for
names known when the function was made, odd bits for those met in one evaluation (paths of list elements).
"""

from __future__ import annotations

from functools import lru_cache
from itertools import count
from typing import Final

from engine.expression import Bound, Money, OneOf, Unknown
from engine.expression.values import OperationError


class Leave(Exception):
    """The quick way cannot tell; the next slower one is taken."""


LEAVING: Final = (
    Leave, OperationError, KeyError, IndexError, AttributeError, TypeError, ValueError, OverflowError,
    RecursionError,
)  # fmt: skip
"""What a quick way may meet where facts are missing, none, or without a result."""

ABSENT: Final = object()
NOTHING: Final[dict[str, object]] = {}

LONGEST_TEXT: Final = 1_000
"""Code points of a text in a loop, beyond which its length is left to the tree walk to count."""

ERROR: Final = "!"
"""Begins the name of an error among the names that bits stand for; no path begins so."""

Extra = dict[str, int]
"""The bits given to names met in one evaluation."""


class Bits:
    """The bits of names that are known when a function is made; they stay as more functions are made."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}
        self._places: dict[str, int] = {}
        self._free = count()
        self._decoded = lru_cache(maxsize=4_096)(self._unknown)

    def of(self, name: str) -> int:
        """The unknown that this name alone makes; two threads at once never give one bit to two names."""
        place = self._places.get(name)
        if place is None:
            place = self._places.setdefault(name, next(self._free))
            self._names[place] = name
        return 3 | 1 << (2 + 2 * place)

    def unknown(self, mask: int, extra: Extra) -> Unknown:
        """What an unknown stands for."""
        if not extra:
            return self._decoded(mask)
        known = self._unknown(mask)
        met = frozenset(name for name, bit in extra.items() if mask & bit & ~3)
        return known | _named(met)

    def _unknown(self, mask: int) -> Unknown:
        return _named(
            frozenset(name for place, name in tuple(self._names.items()) if mask >> (2 + 2 * place) & 1)
        )


def _named(names: frozenset[str]) -> Unknown:
    errors = frozenset(name[1:] for name in names if name.startswith(ERROR))
    return Unknown(frozenset(name for name in names if not name.startswith(ERROR)), errors)


def bit(extra: Extra, name: str) -> int:
    """The unknown that a name met in this evaluation makes."""
    found = extra.get(name)
    if found is None:
        found = extra[name] = 3 | 1 << (3 + 2 * len(extra))
    return found


def one_of(value: object, wanted: frozenset[str], extra: Extra) -> int:
    """Whether an outcome is one of these, where it may be one of several."""
    if isinstance(value, str):
        return value in wanted
    if not isinstance(value, OneOf):
        raise Leave
    if value.values <= wanted:
        return 1
    if value.values.isdisjoint(wanted):
        return 0
    mask = 3
    for path in value.paths:
        mask |= bit(extra, path)
    return mask


def as_mask(unknown: Unknown, extra: Extra) -> int:
    """An unknown from the tree walk, as generated functions have it."""
    mask = 3
    for name in (*unknown.paths, *(ERROR + code for code in unknown.errors)):
        mask |= bit(extra, name)
    return mask


def known(value: object) -> object:
    """A value that is there; leaves where it is none."""
    if value is None or isinstance(value, OneOf):
        raise Leave
    return value


def leave() -> None:
    """Leaves, where an expression has to."""
    raise Leave


def short_text(text: str) -> str:
    """A text inside a loop; leaves where the tree walk would count its length."""
    if len(text) > LONGEST_TEXT:
        raise Leave
    return text


def element(items: tuple[object, ...], number: int) -> object:
    """The element of a list, by its number from 0."""
    if number < 0:
        raise Leave
    return items[number]


def money_equal(left: Money, right: Money) -> bool:
    """Whether two amounts are the same; leaves where their currencies differ."""
    if left.currency != right.currency:
        raise Leave
    return left.amount == right.amount


def money_unequal(left: Money, right: Money) -> bool:
    """Whether two amounts differ; leaves where their currencies do."""
    return not money_equal(left, right)


def money_less(left: Money, right: Money) -> bool:
    """Whether an amount is less than another; leaves where their currencies differ."""
    if left.currency != right.currency:
        raise Leave
    return left.amount < right.amount


def money_at_most(left: Money, right: Money) -> bool:
    """Whether an amount is no more than another; leaves where their currencies differ."""
    if left.currency != right.currency:
        raise Leave
    return left.amount <= right.amount


def money_greater(left: Money, right: Money) -> bool:
    """Whether an amount is more than another; leaves where their currencies differ."""
    return money_less(right, left)


def money_at_least(left: Money, right: Money) -> bool:
    """Whether an amount is no less than another; leaves where their currencies differ."""
    return money_at_most(right, left)


Bounds = tuple[tuple[str, Bound], ...]
"""Loop variables of a rule with `each`, with the elements that they stand for."""
