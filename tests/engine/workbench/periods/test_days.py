"""Stretches of days, in words and in common."""

from datetime import date

import pytest

from engine.workbench.periods.days import Days, after, before, in_force, years_from

NEW_YEAR = date(2027, 1, 1)


@pytest.mark.parametrize(
    ("expected", "start", "end"),
    [
        ("always", None, None),
        ("from 2027-01-01 on", NEW_YEAR, None),
        ("up to 2027-01-01", None, NEW_YEAR),
        ("on 2027-01-01", NEW_YEAR, NEW_YEAR),
        ("from 2027-01-01 to 2027-01-02", NEW_YEAR, date(2027, 1, 2)),
    ],
)
def test_words(expected: str, start: date | None, end: date | None) -> None:
    """An end that is not named is not made up."""
    assert expected == str(in_force(start, end))


def test_common() -> None:
    """One day can be all that two stretches share; neighbours share none."""
    assert Days(NEW_YEAR, NEW_YEAR) == in_force(None, NEW_YEAR).common(in_force(NEW_YEAR, None))
    assert in_force(None, date(2026, 12, 31)).common(in_force(NEW_YEAR, None)) is None


def test_ends_of_the_calendar() -> None:
    """There is no day before the first one, and none after the last."""
    assert (date.min, date.max) == (before(date.min), after(date.max))


@pytest.mark.parametrize(
    ("expected", "day", "years"),
    [
        (date(2027, 2, 28), date(2028, 2, 29), -1),
        (date.max, date(9998, 5, 1), 2),
        (date.min, date(1, 5, 1), -1),
    ],
)
def test_years(expected: date, day: date, years: int) -> None:
    """The 29th of February becomes the 28th, and years past the calendar's ends are its ends."""
    assert expected == years_from(day, years)
