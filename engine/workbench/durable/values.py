"""How values are written in a flat fact: whole numbers, and short texts that are not empty.

- A date is its day's number. A decimal or amount is twice its millionths, and one more where it lies between
  two of them, so that it compares with every constant of up to six places as the exact value does.
- A number out of range stands at the range's end, where no constant is.
- A text is itself behind a letter or, where it is long or unusual, its digest behind another one.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Final

from engine.expression import Money, OneOf, Unknown

UNKNOWN: Final = 0
GIVEN: Final = 1
NONE: Final = 2

_FURTHEST: Final = 2**52
_PLACES: Final = 6
_LONGEST: Final = 60


def state(value: object) -> int:
    """0 where a value is unknown, 1 where there is one, 2 where there is known to be none."""
    if isinstance(value, Unknown | OneOf):
        return UNKNOWN
    return NONE if value is None else GIVEN


def truth(value: object) -> int:
    """0 for false, 1 for true, 2 for anything else."""
    return int(value) if isinstance(value, bool) else 2


def text(value: object) -> str:
    """A text as a column holds it; equal texts are equal there, and no others."""
    if not isinstance(value, str):
        return "-"
    if len(value) <= _LONGEST and value.isascii() and value.isprintable() and not set(value) & {'"', "\\"}:
        return f"s{value}"
    return f"d{sha256(value.encode('utf-8', 'surrogatepass')).hexdigest()}"


def number(value: object) -> int:
    """A number, date or truth value as a column holds it."""
    if isinstance(value, Money):
        value = value.amount
    if isinstance(value, Decimal):
        fine = Fraction(value) * 10**_PLACES
        value = 2 * (fine.numerator // fine.denominator) + (fine.denominator != 1)
    elif isinstance(value, date):
        value = value.toordinal()
    return max(-_FURTHEST, min(_FURTHEST, int(value))) if isinstance(value, int) else 0


def sayable(value: object) -> bool:
    """Whether a column can be compared with this constant exactly."""
    if isinstance(value, str):
        return True
    if isinstance(value, Money):
        return sayable(value.amount)
    if isinstance(value, Decimal):
        return value.is_finite() and abs(number(value)) < _FURTHEST and number(value) % 2 == 0
    return isinstance(value, int | date) and abs(number(value)) < _FURTHEST
