"""Rules of form for single values that the contract cannot say: a reader gives a typed fact or a fault."""

import re
import unicodedata
from datetime import UTC, date
from decimal import Context, Decimal, Inexact
from functools import cache
from typing import Final

from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date
from google.type.decimal_pb2 import Decimal as DecimalMessage
from google.type.money_pb2 import Money as MoneyMessage

from engine.expression import Money
from engine.rulebook.reference import country_type, currency_type
from server.wire.reading import Place, Reading, quoted

_BILLION: Final = 1_000_000_000
# 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z.
_FIRST_SECOND: Final = -62_135_596_800
_LAST_SECOND: Final = 253_402_300_799
_INTEGER_DIGITS: Final = 18
_FRACTION_DIGITS: Final = 9
_HS_DIGITS: Final = 10
_LONGEST_DECIMAL: Final = 40
# Numbers as most callers write them: their text is the shortest already, and nothing more need be asked.
_SHORTEST = re.compile(r"[0-9]{1,18}(\.[0-9]{0,8}[1-9])?")
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,2})?")
_ONE: Final = Decimal(1)
# Wide enough for every number that passes; should one ever not fit, it raises rather than rounds.
_EXACT = Context(prec=60, traps=[Inexact])


def read_plain(value: object, at: Place, reading: Reading) -> object:
    """Booleans and whole numbers are facts as they are."""
    return value


def read_text(value: str, at: Place, reading: Reading) -> object:
    """Text for people: in Unicode's composed form (NFC), without blanks around it: the meaning stays."""
    text = (value if value.isascii() else unicodedata.normalize("NFC", value)).strip()
    if not text:
        return reading.fault(at, "text.blank", "it is blank; leave the field out")
    if not text.isprintable() and _has_control_character(text, allowed="\t\n\r"):
        return reading.fault(at, "text.control_character", "it holds a control character; write plain text")
    return text


def read_id(value: str, at: Place, reading: Reading) -> object:
    """Ids are compared exactly and never altered; what looks like another id and is not is refused."""
    if value != value.strip():
        return reading.fault(
            at, "id.blank", f"{quoted(value)} has blanks around it; write the id without them"
        )
    if not value.isprintable() and _has_control_character(value, allowed=""):
        return reading.fault(
            at, "id.control_character", f"{quoted(value)} holds a control character; write the id alone"
        )
    return value


def read_hs(value: str, at: Place, reading: Reading) -> object:
    """The digits of an HS code. The contract holds it to digits and dots; how many are enough, the rules."""
    digits = value.replace(".", "")
    if len(digits) > _HS_DIGITS:
        return reading.fault(
            at, "hs.digits", f"{quoted(value)} has {len(digits)} digits; an HS code has at most 10"
        )
    return digits


def read_country(value: str, at: Place, reading: Reading) -> object:
    """A country's ISO 3166-1 alpha-2 code."""
    if value in _countries():
        return value
    instead = value.strip().upper()
    mend = f'write "{instead}"' if instead in _countries() else 'write two capital letters, e.g. "MX"'
    return reading.fault(
        at, "country.exists", f"{quoted(value)} is no country code of ISO 3166-1 alpha-2; {mend}"
    )


def read_date(value: Date, at: Place, reading: Reading) -> object:
    """A civil day with year, month and day."""
    try:
        return date(value.year, value.month, value.day)
    except ValueError:
        written = f"{value.year:04d}-{value.month:02d}-{value.day:02d}"
        if value.year and value.month and value.day:
            return reading.fault(at, "date.exists", f"there is no day {written}; write a day of the calendar")
        return reading.fault(at, "date.complete", f"{written} lacks a part; write year, month and day")


def read_moment(value: Timestamp, at: Place, reading: Reading) -> object:
    """A moment of the years 1 to 9999, in UTC, to the microsecond."""
    if not 0 <= value.nanos < _BILLION or not _FIRST_SECOND <= value.seconds <= _LAST_SECOND:
        return reading.fault(
            at, "timestamp.exists", "there is no such moment; write one of the years 1 to 9999"
        )
    return value.ToDatetime(UTC)


def read_money(value: MoneyMessage, at: Place, reading: Reading) -> object:
    """An exact amount that is not negative, in a currency of ISO 4217."""
    units, nanos, currency = value.units, value.nanos, value.currency_code
    if currency not in _currencies():
        instead = currency.strip().upper()
        mend = f'write "{instead}"' if instead in _currencies() else 'write three capital letters, e.g. "USD"'
        return reading.fault(
            (at, "currency_code"),
            "money.currency",
            f"{quoted(currency)} is no currency code of ISO 4217; {mend}",
        )
    if not -_BILLION < nanos < _BILLION:
        return reading.fault(
            (at, "nanos"), "money.nanos", f"{nanos} is a whole unit or more; nanos go from 0 to 999999999"
        )
    if units and nanos and (units > 0) != (nanos > 0):
        return reading.fault(
            at, "money.signs", "units and nanos have different signs; give them the same one"
        )
    if units < 0 or nanos < 0:
        return reading.fault(at, "money.negative", "the amount is negative; write 0 or more")
    if nanos == 0:
        return Money(Decimal(units), currency)
    return Money(_shortest(Decimal(units * _BILLION + nanos).scaleb(-9, _EXACT)), currency)


def read_decimal(value: DecimalMessage, at: Place, reading: Reading) -> object:
    """An exact number that is not negative, with at most 18 digits before the point and 9 after it."""
    text = value.value
    if _SHORTEST.fullmatch(text):
        return Decimal(text)
    if len(text) > _LONGEST_DECIMAL or not _DECIMAL.fullmatch(text):
        return reading.fault(
            at, "decimal.number", f'{quoted(text)} is not a number; write digits, e.g. "12.5"'
        )
    number = Decimal(text)
    if not number:
        return Decimal(0)
    if number < 0:
        return reading.fault(at, "decimal.negative", f"{text} is negative; write 0 or more")
    number = _shortest(number)
    if number.adjusted() >= _INTEGER_DIGITS or -_exponent(number) > _FRACTION_DIGITS:
        return reading.fault(
            at,
            "decimal.digits",
            f"{text} has too many digits; write at most 18 before the point and 9 after it",
        )
    return number


def _shortest(number: Decimal) -> Decimal:
    """The number without zeros at its end, so that equal numbers are the same fact."""
    short = number.normalize(_EXACT)
    return short.quantize(_ONE, context=_EXACT) if 0 < _exponent(short) < _INTEGER_DIGITS else short


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int), "the pattern lets no infinity and no NaN pass"
    return exponent


def _has_control_character(text: str, allowed: str) -> bool:
    return any(unicodedata.category(sign) == "Cc" and sign not in allowed for sign in text)


@cache
def _countries() -> frozenset[str]:
    return frozenset(country_type().values)


@cache
def _currencies() -> frozenset[str]:
    return frozenset(currency_type().values)
