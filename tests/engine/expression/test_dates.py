"""Civil dates."""

from datetime import date

import pytest

from .orders import answer, failing, missing, shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2026, 6, 27), 'date("2026-06-27")'),
        (date(2026, 7, 2), 'date("2026-06-27").plusDays(5)'),
        (date(2026, 6, 22), 'date("2026-06-27").plusDays(-5)'),
        (date(2026, 2, 28), 'date("2026-01-31").plusMonths(1)'),
        (date(2024, 2, 29), 'date("2024-01-31").plusMonths(1)'),
        (date(2025, 12, 31), 'date("2026-01-31").plusMonths(-1)'),
        (date(2027, 1, 15), 'date("2026-01-15").plusMonths(12)'),
        (date(2025, 2, 28), 'date("2024-02-29").plusYears(1)'),
        (date(2031, 6, 27), 'date("2026-06-27").plusYears(5)'),
        (365, 'date("2027-06-27") - date("2026-06-27")'),
        (-1, 'date("2026-06-27") - date("2026-06-28")'),
        (True, 'date("2026-06-27") < date("2026-06-28")'),
        (True, 'date("2026-06-27") in [date("2026-06-27")]'),
        (2026, 'date("2026-06-27").getFullYear()'),
        (5, 'date("2026-06-27").getMonth()'),
        (27, 'date("2026-06-27").getDate()'),
        (6, 'date("2026-06-27").getDayOfWeek()'),
        ("2026-06-27", 'string(date("2026-06-27"))'),
        (date(2026, 6, 26), "date(timestamp('2026-06-27T03:00:00Z'), 'America/New_York')"),
        (date(2026, 6, 27), "date(timestamp('2026-06-27T03:00:00Z'), 'UTC')"),
    ],
)
def test_dates(value: object, text: str) -> None:
    """Dates move by days, months (clamped to the month's end) and years; their difference is in days."""
    assert value == answer(text)


@pytest.mark.parametrize(
    ("last", "first", "months"),
    [
        (date(2027, 6, 30), "2026-07-01", 12),
        (date(2026, 12, 31), "2026-01-01", 12),
        (date(2026, 12, 14), "2025-12-15", 12),
        (date(2026, 2, 28), "2026-01-31", 1),
        (date(2026, 2, 28), "2026-01-29", 1),
        (date(2026, 3, 30), "2026-01-31", 2),
        (date(2024, 2, 29), "2024-02-01", 1),
        (date(2025, 2, 28), "2024-02-29", 12),
        (date(2024, 2, 29), "2023-03-01", 12),
    ],
)
def test_last_day_of_a_period(last: date, first: str, months: int) -> None:
    """A period of months ends on the day before the one with the same number, or with the month."""
    assert last == answer(f'date("{first}").lastDay({months})')


@pytest.mark.parametrize(
    "text",
    [
        'date("9999-12-31").plusDays(1)',
        'date("0001-01-01").plusMonths(-1)',
        'date("2026-01-01").plusYears(9223372036854775807)',
        'date("2026-01-01").plusDays(9223372036854775807)',
    ],
)
def test_dates_out_of_range(text: str) -> None:
    """A date before the year 1 or after 9999 is an error."""
    assert failing("overflow") == answer(text)


def test_a_date_that_is_not_given() -> None:
    """What is counted from an unknown date is unknown."""
    assert missing("order.imported") == answer("order.imported.plusYears(5)")
    assert missing("declaration.signed", "order.imported") == answer(
        "order.imported - declaration.signed > 365"
    )


def test_a_date_against_a_timestamp() -> None:
    """A date and an instant are not compared; the fault shows the way from one to the other."""
    text = "order.imported <= order.placed"
    mend = 'compare dates: `date(order.placed, "America/New_York")` is the day in that zone'
    assert [("date-against-timestamp", text, mend)] == shown(text)


def test_days_are_added_by_name() -> None:
    """A number is not added to a date; the fault names the function that does it."""
    text = "order.imported + 30 > declaration.signed"
    assert shown(text) == [("wrong-type", "order.imported + 30", "write `order.imported.plusDays(30)`")]
    text = "order.imported - 30 > declaration.signed"
    assert shown(text) == [("wrong-type", "order.imported - 30", "write `order.imported.plusDays(-30)`")]


def test_a_date_against_a_text() -> None:
    """A text beside a date is told how dates are written."""
    text = "order.imported > '2026-01-01'"
    assert [("wrong-type", text, 'write `date("2026-01-01")`')] == shown(text)
