"""Stretches of civil days, open at either end where a rule names no day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """The days from `first` to `last`, both among them; `date.min` and `date.max` stand for an open end."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        if self.first == self.last:
            return f"on {self.first}"
        begin = "" if self.first == date.min else f"from {self.first}"
        if self.last == date.max:
            return f"{begin} on" if begin else "always"
        return f"{begin} to {self.last}" if begin else f"up to {self.last}"

    def common(self, other: Days) -> Days | None:
        """The days that both have; None where they have none."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Days(first, last) if first <= last else None


def in_force(start: date | None, end: date | None) -> Days:
    """The days on which something that begins and ends so is in force."""
    return Days(start or date.min, end or date.max)


def before(day: date) -> date:
    """The day before; the first day there is has none."""
    return day - _DAY if day > date.min else day


def after(day: date) -> date:
    """The day after; the last day there is has none."""
    return day + _DAY if day < date.max else day


def years_from(day: date, years: int) -> date:
    """The same day of another year; the 28th of February for the 29th, and the calendar's end where it ends before."""
    year = day.year + years
    if not date.min.year <= year <= date.max.year:
        return date.min if years < 0 else date.max
    return day.replace(year=year, day=28 if (day.month, day.day) == (2, 29) else day.day)
