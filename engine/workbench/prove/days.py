"""Days whose value the solver chooses: the number of the month since year 0, and the day in it.

Months are added to the one, days are compared by both, so that only `plusDays` and the days between two dates need the
calendar's arithmetic.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.workbench.prove.logic import (
    Number,
    Term,
    Truth,
    an_integer,
    any_of,
    at_most,
    both,
    chosen,
    equal,
    implied,
    less,
    minus,
    negated,
    plus,
    quotient,
    remainder,
    times,
    within,
)

_FIRST: Final = 12
_LAST: Final = 12 * 9999 + 11
_FEW: Final = 400
"""So many days are carried over from month to month; more are counted by the calendar's arithmetic."""
_BEFORE: Final = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)


@dataclass(frozen=True, slots=True)
class Civil:
    """A day: `month` is 12 times the year and the month from 0; `day` counts from 1."""

    month: Number
    day: Number

    @property
    def key(self) -> Number:
        """A number by which days are compared."""
        return plus(times(self.month, 32), self.day)


def civil(day: date) -> Civil:
    """A day that is known."""
    return Civil(12 * day.year + day.month - 1, day.day)


class Calendar:
    """All days of one search, and what ties them together."""

    def __init__(self) -> None:
        self.always: list[Truth] = []
        self._parts: dict[int, tuple[Number, Number]] = {}
        self._kept: list[Term] = []

    def any_day(self, name: str) -> Civil:
        """A day from 0001-01-01 to 9999-12-31, for the solver to choose."""
        found = Civil(an_integer(f"{name} month"), an_integer(f"{name} day"))
        self.always += [within(found.month, _FIRST, _LAST), self._exists(found)]
        return found

    def _exists(self, day: Civil) -> Truth:
        return both(at_most(1, day.day), at_most(day.day, self.length(day.month)))

    def _year_and_month(self, month: Number) -> tuple[Number, Number]:
        if isinstance(month, int):
            return divmod(month, 12)
        assert not hasattr(month, "limit_denominator")
        term: Term = month
        if term.get_id() not in self._parts:
            year, number = an_integer("year"), an_integer("month")
            self.always += [equal(month, plus(times(year, 12), number)), within(number, 0, 11)]
            self._parts[term.get_id()] = (year, number)
            self._kept.append(term)
        return self._parts[term.get_id()]

    def length(self, month: Number) -> Number:
        """How many days the month has."""
        year, number = self._year_and_month(month)
        if isinstance(year, int) and isinstance(number, int):
            return monthrange(year, number + 1)[1] if 1 <= year <= 9999 else 31
        short = any_of(equal(number, each) for each in (3, 5, 8, 10))
        february = chosen(_leap(year), 29, 28)
        return chosen(equal(number, 1), february, chosen(short, 30, 31))

    def ordinal(self, day: Civil) -> Number:
        """The number of the day, from 1 for 0001-01-01."""
        year, number = self._year_and_month(day.month)
        before = minus(year, 1)
        days = plus(times(before, 365), quotient(before, 4))
        days = plus(minus(days, quotient(before, 100)), quotient(before, 400))
        in_year: Number = _BEFORE[0]
        for each in range(1, 12):
            in_year = chosen(at_most(each, number), _BEFORE[each], in_year)
        leap = chosen(both(_leap(year), at_most(2, number)), 1, 0)
        return plus(plus(days, in_year), plus(leap, day.day))

    def plus_days(self, day: Civil, days: Number) -> tuple[Truth, Civil]:
        """The day so many days later, and whether there is one."""
        if isinstance(days, int) and abs(days) <= _FEW:
            found = self._carried(Civil(day.month, plus(day.day, days)), days)
            return within(found.month, _FIRST, _LAST), found
        number = plus(self.ordinal(day), days)
        exists = within(number, date.min.toordinal(), date.max.toordinal())
        if isinstance(number, int):
            return exists, civil(date.fromordinal(number)) if exists else day
        found = self.any_day("later")
        self.always.append(implied(exists, equal(self.ordinal(found), number)))
        return exists, found

    def _carried(self, day: Civil, days: int) -> Civil:
        """A day whose number in the month may lie up to so many days outside of it, as it is written."""
        month, number = day.month, day.day
        for _ in range(abs(days) // 28 + 1):
            if days > 0:
                length = self.length(month)
                over = less(length, number)
                month, number = (
                    chosen(over, plus(month, 1), month),
                    chosen(over, minus(number, length), number),
                )
            else:
                under = less(number, 1)
                before = minus(month, 1)
                number = chosen(under, plus(number, self.length(before)), number)
                month = chosen(under, before, month)
        return Civil(month, number)

    def plus_months(self, day: Civil, months: Number) -> tuple[Truth, Civil]:
        """The same day of the month so many months later, or the month's last; and whether there is one."""
        month = plus(day.month, months)
        last = self.length(month)
        return within(month, _FIRST, _LAST), Civil(month, chosen(less(last, day.day), last, day.day))

    def last_day(self, day: Civil, months: Number) -> tuple[Truth, Civil]:
        """The last day of a period of so many months that begins on the day, and whether there is one."""
        first = equal(day.day, 1)
        exists, within_month = self.plus_months(Civil(day.month, minus(day.day, 1)), months)
        month = minus(plus(day.month, months), 1)
        begins = within(plus(day.month, months), _FIRST + 1, _LAST)
        found = Civil(
            chosen(first, month, within_month.month), chosen(first, self.length(month), within_month.day)
        )
        return any_of([both(first, begins), both(negated(first), exists)]), found

    def part(self, day: Civil, what: str) -> Number | None:
        """What a method of dates, as `getFullYear`, gives; None where it is none of them."""
        year, number = self._year_and_month(day.month)
        match what:
            case "getFullYear":
                return year
            case "getMonth":
                return number
            case "getDate":
                return day.day
            case "getDayOfMonth":
                return minus(day.day, 1)
            case "getDayOfWeek":
                return remainder(self.ordinal(day), 7)
            case "getDayOfYear":
                return minus(self.ordinal(day), self.ordinal(Civil(times(year, 12), 1)))
        return None


def _leap(year: Number) -> Truth:
    fourth, century, fourth_century = (equal(remainder(year, by), 0) for by in (4, 100, 400))
    return both(fourth, any_of([negated(century), fourth_century]))
