"""Where a clause turns: the value nearest to the present one, up and down, for which it becomes as wanted.

Dates, numbers and amounts are looked at as whole steps: days, units, hundredths. A clause is taken to turn once in each
direction; one that turns more often gives the values that are found, each of which is tried and none believed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Final

from engine.expression import Money
from engine.expression.bounds import INT_MAX

_FARTHEST: Final = 2**44


def turning_points(
    value: object, others: Iterable[object], turned: Callable[[object], bool]
) -> tuple[object, ...]:
    """The nearest values below and above for which `turned` is true; `others` say how fine the steps are."""
    scale = _scale(value, others)
    start = _steps(value, scale)
    if start is None:
        return ()
    found = (_nearest(start, way, lambda step: _turns(value, step, scale, turned)) for way in (-1, 1))
    return tuple(_value(value, step, scale) for step in found if step is not None)


def reach(
    value: object, others: Iterable[object], holds: Callable[[object], bool]
) -> tuple[object | None, object | None]:
    """The lowest and the highest value from this one on for which `holds` is true; None where there is no end."""
    scale = _scale(value, others)
    start = _steps(value, scale)
    if start is None:
        return None, None
    ends: list[object | None] = []
    for way in (-1, 1):
        end = _nearest(start, way, lambda step: _turns(value, step, scale, lambda one: not holds(one)))
        ends.append(None if end is None else _value(value, end - way, scale))
    return ends[0], ends[1]


def _nearest(start: int, way: int, turned: Callable[[int], bool]) -> int | None:
    far, near = 1, 0
    while not turned(start + way * far):
        near, far = far, far * 8
        if far > _FARTHEST:
            return None
    while far - near > 1:
        middle = (far + near) // 2
        if turned(start + way * middle):
            far = middle
        else:
            near = middle
    return start + way * far


def _turns(like: object, step: int, scale: int, turned: Callable[[object], bool]) -> bool:
    value = _or_none(like, step, scale)
    return value is not None and turned(value)


def _scale(value: object, others: Iterable[object]) -> int:
    """How many decimal places the steps have."""
    amounts = [_amount(each) for each in (value, *others)]
    places = [
        -int(amount.as_tuple().exponent) for amount in amounts if amount is not None and amount.is_finite()
    ]
    return max([2 if isinstance(value, Money) else 0, *places])


def _amount(value: object) -> Decimal | None:
    if isinstance(value, Money):
        return value.amount
    return value if isinstance(value, Decimal) else None


def _steps(value: object, scale: int) -> int | None:
    amount = _amount(value)
    if amount is not None:
        return int(amount.scaleb(scale))
    if isinstance(value, date):
        return value.toordinal()
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _or_none(like: object, step: int, scale: int) -> object | None:
    try:
        return _value(like, step, scale)
    except (ValueError, OverflowError):
        return None


def _value(like: object, step: int, scale: int) -> object:
    if isinstance(like, date):
        return date.fromordinal(step)
    if isinstance(like, Money):
        return Money(Decimal(step).scaleb(-scale), like.currency)
    if isinstance(like, Decimal):
        return Decimal(step).scaleb(-scale)
    if abs(step) > INT_MAX:
        raise OverflowError
    return step
