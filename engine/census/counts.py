"""What a census counts. Censuses of the same question add up: in any order, however the rows were divided."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Context, Decimal, Inexact
from typing import Final

from engine.expression.bounds import MAX_DIGITS
from engine.rulebook.standing import Standing

FIRST: Final = 10
"""Of the rows that could not be read so many are shown; all are counted."""

EXACT: Final = Context(prec=2 * MAX_DIGITS + 40, traps=[Inexact])
"""Enough digits for the sum of more amounts than there are bytes in the world; if not, it says so."""


class Mixed(ValueError):
    """Censuses of different questions, rulebooks or standings do not add up."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: a question of one rulebook, under the standings that counted."""

    rulebook: str
    digest: str
    question: str
    enforce: tuple[Standing, ...]


@dataclass(slots=True)
class Share:
    """Some orders and their value by currency, exact. `unvalued` are those whose value is not given."""

    orders: int = 0
    unvalued: int = 0
    values: dict[str, Decimal] = field(default_factory=dict)

    def count(self, orders: int, currency: str, amount: Decimal) -> None:
        """Counts orders of one currency with their amount; the currency is empty where they have no value."""
        self.orders += orders
        if currency:
            self._value(currency, amount)
        else:
            self.unvalued += orders

    def add(self, other: Share) -> None:
        """Adds other orders."""
        self.orders += other.orders
        self.unvalued += other.unvalued
        for currency, amount in other.values.items():
            self._value(currency, amount)

    def _value(self, currency: str, amount: Decimal) -> None:
        held = self.values.get(currency)
        self.values[currency] = amount if held is None else EXACT.add(held, amount)


@dataclass(slots=True)
class Unread:
    """Rows that could not be read: how many for each reason, and where the first stand, with what is wrong."""

    reasons: Counter[str] = field(default_factory=Counter)
    first: tuple[tuple[int, str], ...] = ()

    @property
    def rows(self) -> int:
        """How many there are."""
        return self.reasons.total()

    def note(self, row: int, reason: str, why: str) -> None:
        """Counts one."""
        self.reasons[reason] += 1
        if len(self.first) < FIRST or row < self.first[-1][0]:
            self._keep([(row, why)])

    def add(self, other: Unread) -> None:
        """Adds others."""
        self.reasons.update(other.reasons)
        self._keep(other.first)

    def _keep(self, some: Iterable[tuple[int, str]]) -> None:
        self.first = tuple(sorted((*self.first, *some))[:FIRST])


Shares = dict[tuple[str, str], Share]
"""Orders by a site, month or chapter, and by outcome."""


def _shares() -> Shares:
    return defaultdict(Share)


@dataclass(slots=True)
class Census:
    """Counts of orders by outcome, and apart by site, month and HS chapter.

    An order stands under each chapter that one of its codes has, there with its whole value: chapters do not add up.
    `missing` counts the undetermined orders by the facts that they lack.
    """

    asked: Asked
    outcomes: dict[str, Share] = field(default_factory=lambda: defaultdict(Share))
    sites: Shares = field(default_factory=_shares)
    months: Shares = field(default_factory=_shares)
    chapters: Shares = field(default_factory=_shares)
    missing: Counter[tuple[str, ...]] = field(default_factory=Counter)
    unread: Unread = field(default_factory=Unread)

    @property
    def orders(self) -> int:
        """The orders that could be read."""
        return sum(share.orders for share in self.outcomes.values())

    def add(self, other: Census) -> None:
        """Adds the census of other rows. Raises Mixed where it was not asked the same."""
        if other.asked != self.asked:
            raise Mixed(f"a census of {self.asked} and one of {other.asked} do not add up")
        for outcome, share in other.outcomes.items():
            self.outcomes[outcome].add(share)
        for mine, theirs in (
            (self.sites, other.sites),
            (self.months, other.months),
            (self.chapters, other.chapters),
        ):
            for key, share in theirs.items():
                mine[key].add(share)
        self.missing.update(other.missing)
        self.unread.add(other.unread)
