"""Days as formulas: moved as the evaluator moves them."""

from collections.abc import Callable
from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.expression import times
from engine.expression.values import OperationError
from engine.workbench.prove.days import Calendar, Civil, civil
from engine.workbench.prove.logic import Model, Search, both, equal, less
from tests.examples import examples

MOVES: dict[str, Callable[[date, int], date]] = {
    "plus_days": times.plus_days,
    "plus_months": times.plus_months,
    "last_day": times.last_day,
}
DAYS = st.dates() | st.sampled_from(
    [
        date(2024, 2, 29),
        date(2023, 2, 28),
        date(1900, 2, 28),
        date(2000, 2, 29),
        date(2026, 1, 31),
        date(2026, 12, 1),
    ]
)


def moved(by: Callable[[date, int], date], day: date, count: int) -> date | None:
    """What the evaluator gives; None where there is no such day."""
    try:
        return by(day, count)
    except OperationError:
        return None


def shown(day: Civil, model: Model) -> date:
    """The day in the model."""
    year, month = divmod(model.integer(day.month), 12)
    return date(year, month + 1, model.integer(day.day))


@given(st.sampled_from(sorted(MOVES)), DAYS, st.sampled_from([-60, -12, -1, 0, 1, 12, 30, 48]))
@example("plus_days", date(9999, 12, 31), 1)
@example("last_day", date(1, 1, 1), -1)
@example("plus_months", date(2024, 2, 29), 12)
@settings(max_examples=examples(24), deadline=None)
def test_moved(move: str, day: date, count: int) -> None:
    """A day that is open is moved as one that is known, and both as the evaluator does it."""
    calendar = Calendar()
    open_day = calendar.any_day("day")
    exists, later = getattr(calendar, move)(open_day, count)
    model = Search([*calendar.always, equal(open_day.key, civil(day).key)], 60).model(True)
    assert model is not None
    known_exists, known = getattr(Calendar(), move)(civil(day), count)
    expected = moved(MOVES[move], day, count)
    assert expected == (shown(later, model) if model.truth(exists) else None)
    assert expected == (shown(known, model) if known_exists else None)


def test_order_is_kept() -> None:
    """No later day is earlier once both were moved by a year."""
    calendar = Calendar()
    one, other = calendar.any_day("one"), calendar.any_day("other")
    (first, moved_one), (second, moved_other) = (calendar.plus_months(day, 12) for day in (one, other))
    search = Search(calendar.always, 60)
    assert None is search.model(
        both(first, second, less(one.key, other.key), less(moved_other.key, moved_one.key))
    )


@given(DAYS)
@settings(max_examples=40, deadline=None)
def test_parts(day: date) -> None:
    """Year, month, day of the month, of the week and of the year are those of the evaluator's functions."""
    calendar = Calendar()
    names = ["getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear"]
    expected = [
        day.year,
        day.month - 1,
        day.day,
        day.day - 1,
        day.isoweekday() % 7,
        day.timetuple().tm_yday - 1,
    ]
    assert expected == [calendar.part(civil(day), name) for name in names]
