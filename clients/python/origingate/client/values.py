"""Exact values: amounts, numbers and days as the contract has them, without a way through floats."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

from google.type import date_pb2, decimal_pb2, money_pb2

_DIGITS: Final = 9
_UNIT: Final = 10**_DIGITS
_PLAIN: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")


def money(amount: str | int | Decimal, currency: str) -> money_pb2.Money:
    """An exact amount such as "2500.00". Raises ValueError where it is none, and for floats, in which 0.1 is not 0.1.

    An amount has nine digits after the point at most. Whether the currency exists is for the server to say.
    """
    if isinstance(amount, float):
        raise ValueError(f"{amount!r} is a float; write the amount as text or Decimal")
    if not _CURRENCY.fullmatch(currency):
        raise ValueError(f"{currency!r} is not a currency code of three capital letters, such as USD")
    text = format(amount, "f") if isinstance(amount, Decimal) else str(amount)
    if not _PLAIN.fullmatch(text):
        raise ValueError(f"{text!r} is not a plain decimal amount, such as 2500.00")
    whole, _, fraction = text.removeprefix("-").partition(".")
    fraction = fraction.rstrip("0")
    if len(fraction) > _DIGITS:
        raise ValueError(f"{text!r} has more than {_DIGITS} digits after the point")
    sign = -1 if text.startswith("-") else 1
    units, nanos = sign * int(whole), sign * int(fraction.ljust(_DIGITS, "0"))
    if not -(2**63) <= units < 2**63:
        raise ValueError(f"{text!r} is too large an amount")
    return money_pb2.Money(currency_code=currency, units=units, nanos=nanos)


def amount_of(value: money_pb2.Money) -> Decimal:
    """The exact amount. Raises ValueError where units and nanos do not make one amount."""
    units, nanos = value.units, value.nanos
    if abs(nanos) >= _UNIT or units * nanos < 0:
        raise ValueError("units and nanos do not make one amount")
    sign = "-" if units < 0 or nanos < 0 else ""
    # By its text: arithmetic would round to the digits of the caller's decimal context.
    return Decimal(f"{sign}{abs(units)}.{abs(nanos):0{_DIGITS}d}".rstrip("0").rstrip("."))


def decimal(value: str | int | Decimal) -> decimal_pb2.Decimal:
    """An exact number such as a quantity "4" or a percentage "62.5". The server says whether it is one."""
    if isinstance(value, float):
        raise ValueError(f"{value!r} is a float; write the number as text or Decimal")
    return decimal_pb2.Decimal(value=format(value, "f") if isinstance(value, Decimal) else str(value))


def day(value: date) -> date_pb2.Date:
    """A civil day; of a moment, the one in its own time zone."""
    return date_pb2.Date(year=value.year, month=value.month, day=value.day)
