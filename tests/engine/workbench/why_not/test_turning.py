"""Where a clause turns, and how far a value may go."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from engine.expression import Money
from engine.workbench.why_not.turning import reach, turning_points


def at_most(limit: Decimal) -> Callable[[object], bool]:
    """Whether a value is at most the limit."""
    return lambda value: isinstance(value, Decimal) and value <= limit


def test_nearest_below() -> None:
    """A weight that must be at most 30.0 turns there, in the steps of the weights compared."""
    limit = Decimal("30.0")
    assert (limit,) == turning_points(Decimal("45.1"), [limit], at_most(limit))


def test_finer_steps_of_what_is_compared() -> None:
    """Steps are as fine as the finest of the values."""
    limit = Decimal("30.25")
    assert (limit,) == turning_points(Decimal(45), [limit], at_most(limit))


def test_amounts_in_hundredths() -> None:
    """Amounts go by hundredths and keep their currency."""
    limit = Money(Decimal("2500.00"), "USD")
    found = turning_points(
        Money(Decimal(12000), "USD"),
        [],
        lambda value: isinstance(value, Money) and value.amount <= limit.amount,
    )
    assert (limit,) == found


def test_dates_both_ways() -> None:
    """A date that must not be this one turns at the day before and the day after."""
    day = date(2026, 3, 1)
    assert (date(2026, 2, 28), date(2026, 3, 2)) == turning_points(day, [], lambda value: value != day)


def test_never() -> None:
    """Where nothing turns the clause, nothing is found, at the ends of the calendar too."""
    assert () == turning_points(date(2026, 3, 1), [], lambda value: False)


@pytest.mark.parametrize(
    ("lowest", "highest", "expected"),
    [(-(10**30), 9, (None, 9)), (2, 10**30, (2, None)), (3, 7, (3, 7)), (-(10**30), 10**30, (None, None))],
)
def test_reach(lowest: int, highest: int, expected: tuple[int | None, int | None]) -> None:
    """A value reaches as far as the condition holds; no bound where it has no end."""
    assert expected == reach(5, [], lambda value: isinstance(value, int) and lowest <= value <= highest)
