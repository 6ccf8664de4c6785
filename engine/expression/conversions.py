"""One kind of value from another, where that is exact or CEL says how."""

import re
from decimal import Decimal
from math import isfinite, isinf
from typing import Final

from engine.expression.bounds import MAX_DIGITS
from engine.expression.times import SECOND, timestamp
from engine.expression.values import Money, OperationError, Timestamp, checked

_INT: Final = re.compile(r"[+-]?[0-9]{1,25}")
_DOUBLE: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?)")
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_MONEY: Final = re.compile(r"([+-]?[0-9]+(?:\.[0-9]+)?) ([A-Z]{3})")
_TRUE: Final = frozenset({"1", "t", "T", "true", "TRUE", "True"})
_FALSE: Final = frozenset({"0", "f", "F", "false", "FALSE", "False"})
_PLAIN: Final = 6
_SPECIAL: Final = frozenset({"inf", "+inf", "-inf", "infinity", "+infinity", "-infinity", "nan"})


def text_to_bool(text: str) -> bool:
    """`true`, `1`, `t` and their like; `false`, `0`, `f`."""
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise OperationError("bad_bool")


def bool_to_text(value: bool) -> str:
    """`true` or `false`."""
    return "true" if value else "false"


def text_to_int(text: str) -> int:
    """A whole number in decimal digits."""
    if not _INT.fullmatch(text):
        raise OperationError("bad_int")
    return checked(int(text))


def double_to_int(value: float) -> int:
    """The number without its fraction, if it lies strictly within 64 bits."""
    if not isfinite(value) or not -(2.0**63) < value < 2.0**63:
        raise OperationError("overflow")
    return int(value)


def timestamp_to_int(value: Timestamp) -> int:
    """Whole seconds since 1970-01-01T00:00:00Z."""
    return value.nanos // SECOND


def int_to_timestamp(seconds: int) -> Timestamp:
    """The instant so many seconds after 1970-01-01T00:00:00Z."""
    return timestamp(seconds * SECOND)


def text_to_double(text: str) -> float:
    """A double as CEL writes it, or `NaN`, `Infinity`."""
    if not _DOUBLE.fullmatch(text) and text.lower() not in _SPECIAL:
        raise OperationError("bad_double")
    value = float(text)
    if isinf(value) and text.lower() not in _SPECIAL:
        raise OperationError("overflow")
    return value


def double_to_text(value: float) -> str:
    """The shortest text that reads back as the same double, with an exponent from a million on."""
    if not isfinite(value):
        return "NaN" if value != value else "+Inf" if value > 0 else "-Inf"
    number = Decimal(repr(value))
    exponent = number.adjusted()
    if number.is_zero() or -4 <= exponent < _PLAIN:
        return repr(value).removesuffix(".0")
    digits = "".join(map(str, number.normalize().as_tuple().digits))
    sign, fraction = "-" if value < 0 else "", f".{digits[1:]}" if digits[1:] else ""
    return f"{sign}{digits[0]}{fraction}e{'-' if exponent < 0 else '+'}{abs(exponent):02}"


def text_to_decimal(text: str) -> Decimal:
    """An exact decimal: every digit of its text counts."""
    if len(text) > MAX_DIGITS or not _DECIMAL.fullmatch(text):
        raise OperationError("bad_decimal")
    value = Decimal(text)
    if abs(value.adjusted()) > MAX_DIGITS:
        raise OperationError("overflow")
    return value


def decimal_to_text(value: Decimal) -> str:
    """All digits, without an exponent."""
    return f"{value:f}" if abs(value.adjusted()) <= 2 * MAX_DIGITS else str(value)


def text_to_money(text: str) -> Money:
    """An amount and its currency: `2500.00 USD`."""
    match = _MONEY.fullmatch(text) if len(text) <= MAX_DIGITS else None
    if match is None:
        raise OperationError("bad_money")
    return Money(Decimal(match[1]), match[2])


def money_to_text(value: Money) -> str:
    """The amount and its currency: `2500.00 USD`."""
    return f"{decimal_to_text(value.amount)} {value.currency}"
