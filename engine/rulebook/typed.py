"""Values from text: what rule files, rule tests and JSON write becomes what expressions compute with.

Text is read by the type that the dictionary gives: `NO` is Norway where a country stands, `1.10` is 1.10
where a decimal stands. JSON's own numbers and truth values are taken where they say the same exactly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from engine.expression.bounds import INT_MAX, INT_MIN, MAX_DIGITS
from engine.expression.faults import listed, nearest
from engine.expression.times import read_timestamp
from engine.expression.types import (
    BOOL,
    DATE,
    DECIMAL,
    DYN,
    INT,
    MONEY,
    STRING,
    TIMESTAMP,
    EnumType,
    ListType,
    OptionalType,
    RecordType,
    Type,
)
from engine.expression.values import Money, OperationError
from engine.rulebook.reference import currency_type

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_INT = re.compile(r"-?[0-9]{1,19}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Mistake:
    """Why something written cannot be the value of a fact: the fact's path, a stable code, how to mend it."""

    path: str
    code: str
    message: str
    mend: str


class _Unfit(Exception):
    def __init__(self, code: str, message: str, mend: str) -> None:
        super().__init__(message)
        self.code, self.message, self.mend = code, message, mend


def read_value(raw: object, type_: Type, path: str, mistakes: list[Mistake]) -> object:
    """The value that `raw` says, with every mistake in it noted; None stands where nothing could be read."""
    if isinstance(type_, OptionalType):
        return None if raw is None else read_value(raw, type_.inner, path, mistakes)
    try:
        if raw is None:
            raise _Unfit(
                "never-none", f"`{path}` cannot be known to be none", "leave it out where it is not given"
            )
        if isinstance(type_, ListType):
            return _list(raw, type_, path, mistakes)
        if isinstance(type_, RecordType):
            return _record(raw, type_, path, mistakes)
        return _scalar(raw, type_)
    except _Unfit as unfit:
        mistakes.append(Mistake(path, unfit.code, unfit.message, unfit.mend))
        return None


def _list(raw: object, type_: ListType, path: str, mistakes: list[Mistake]) -> tuple[object, ...]:
    if not isinstance(raw, list | tuple):
        raise _Unfit(
            "wrong-type", f"`{path}` is a list", "write `[...]`, or one item a line with `- ` before it"
        )
    return tuple(read_value(item, type_.element, f"{path}[{i}]", mistakes) for i, item in enumerate(raw))


def _record(raw: object, type_: RecordType, path: str, mistakes: list[Mistake]) -> dict[str, object]:
    if not isinstance(raw, Mapping):
        raise _Unfit("wrong-type", f"`{path}` has fields of its own", f"write some of {listed(type_.fields)}")
    value: dict[str, object] = {}
    for key, below in raw.items():
        place = f"{path}.{key}" if path else str(key)
        if key not in type_.fields:
            near = nearest(str(key), type_.fields)
            known = f"write `{near}`" if near else f"known here: {listed(type_.fields)}"
            mistakes.append(Mistake(place, "unknown-fact", f"unknown fact `{place}`", known))
        else:
            value[key] = read_value(below, type_.fields[key], place, mistakes)
    return value


def _scalar(raw: object, type_: Type) -> object:
    if type_ is DYN:
        return raw
    if isinstance(raw, Mapping) and type_ == MONEY and set(raw) == {"amount", "currency"}:
        return _money(f"{raw['amount']} {raw['currency']}")
    if isinstance(raw, list | tuple | Mapping):
        raise _Unfit("wrong-type", f"this is a {type_}, not a list or a mapping", "write one value")
    if isinstance(raw, float):
        raise _Unfit("inexact-number", "a floating-point number is not exact", "write it as text, in quotes")
    if isinstance(type_, EnumType):
        return _enum(raw, type_)
    if type_ == BOOL:
        return _bool(raw)
    reader = _READERS.get(type_)
    if reader is None:
        raise _Unfit("wrong-type", f"a {type_} cannot be written here", "")
    if isinstance(raw, bool) or not isinstance(raw, str | int | Decimal):
        raise _Unfit("wrong-type", f"`{_shown(raw)}` is no {type_}", _FORMS[type_])
    if not isinstance(raw, str) and type_ not in {INT, DECIMAL}:
        raise _Unfit("wrong-type", f"`{raw}` is a number; this is a {type_}", "write it in quotes")
    return reader(str(raw))


def _shown(raw: object) -> str:
    return str(raw).lower() if isinstance(raw, bool) else str(raw)


def _bool(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    if raw in {"true", "false"}:
        return raw == "true"
    raise _Unfit("wrong-type", f"`{raw}` is neither true nor false", "write `true` or `false`")


def _enum(raw: object, type_: EnumType) -> str:
    if isinstance(raw, str) and raw in type_.values:
        return raw
    near = nearest(str(raw), type_.values)
    known = f"write `{near}`" if near else f"write one of {listed(type_.values, 12)}"
    raise _Unfit("unknown-value", f"`{_shown(raw)}` is no {type_.name}", _CODES.get(type_.name, known))


def _int(text: str) -> int:
    if _INT.fullmatch(text) and INT_MIN <= int(text) <= INT_MAX:
        return int(text)
    raise _Unfit("wrong-type", f"`{text}` is no whole number of 64 bits", _FORMS[INT])


def decimal_of(text: str) -> Decimal | None:
    """The decimal number that the text is, if it is one."""
    return Decimal(text) if len(text) <= MAX_DIGITS and _DECIMAL.fullmatch(text) else None


def _decimal(text: str) -> Decimal:
    number = decimal_of(text)
    if number is not None:
        return number
    raise _Unfit("wrong-type", f"`{text}` is no decimal number", _FORMS[DECIMAL])


def _date(text: str) -> date:
    if not _DATE.fullmatch(text):
        raise _Unfit("wrong-type", f"`{text}` is no date", _FORMS[DATE])
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _Unfit("bad-date", f"there is no day {text}", "write a day that exists") from None


def _money(text: str) -> Money:
    amount, _, currency = text.partition(" ")
    if len(amount) > MAX_DIGITS or not _DECIMAL.fullmatch(amount):
        raise _Unfit("wrong-type", f"`{text}` is no amount of money", _FORMS[MONEY])
    if currency not in currency_type().values:
        raise _Unfit("unknown-value", f"`{currency}` is no currency", _CODES["currency"])
    return Money(Decimal(amount), currency)


def _timestamp(text: str) -> object:
    try:
        return read_timestamp(text)
    except OperationError:
        raise _Unfit("wrong-type", f"`{text}` is no timestamp", _FORMS[TIMESTAMP]) from None


_FORMS = {
    STRING: "write a text",
    INT: "write digits only, as 5",
    DECIMAL: "write digits and a point, as 60.5",
    DATE: "write year, month and day, as 2026-06-27",
    MONEY: "write amount and currency, as 2500.00 USD",
    TIMESTAMP: "write it as 2026-06-27T12:00:00Z",
}
_CODES = {
    "country": "write a code of ISO 3166-1 alpha-2, as MX",
    "currency": "write a code of ISO 4217, as USD",
}
_READERS: dict[Type, Callable[[str], object]] = {
    STRING: str,
    INT: _int,
    DECIMAL: _decimal,
    DATE: _date,
    MONEY: _money,
    TIMESTAMP: _timestamp,
}
