"""The functions of the language: their types, and what they do to known values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Final

from engine.expression import conversions as to
from engine.expression import times
from engine.expression.patterns import matches
from engine.expression.types import (
    BOOL,
    DATE,
    DECIMAL,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    MONEY,
    STRING,
    TIMESTAMP,
    ListType,
    MapType,
    Type,
)
from engine.expression.values import Duration, Map, Money, OperationError, Timestamp

Function = Callable[..., object]


@dataclass(frozen=True, slots=True)
class Overload:
    """One form of a function: its operands' types (the target first), its result's type, what it does."""

    operands: tuple[Type, ...]
    result: Type
    call: Function


_LIST: Final = ListType(DYN)
_MAP: Final = MapType(DYN, DYN)
_KINDS: Final[dict[str, type | tuple[type, ...]]] = {
    "bool": bool, "int": int, "double": float, "string": str, "timestamp": Timestamp, "duration": Duration,
    "date": date, "decimal": Decimal, "money": Money, _LIST.name: tuple, _MAP.name: Map,
}  # fmt: skip


def _has_kind(value: object, type_: Type) -> bool:
    if type_ == INT and isinstance(value, bool):
        return False
    return isinstance(value, _KINDS[type_.name])


def call(name: str, method: bool, values: Sequence[object]) -> object:
    """What the function gives for known values."""
    overloads = (METHODS if method else FUNCTIONS).get(name)
    if overloads is None:
        raise OperationError("unknown_function")
    for overload in overloads:
        if len(overload.operands) == len(values) and all(map(_has_kind, values, overload.operands)):
            return overload.call(*values)
    raise OperationError("no_such_overload")


def _one(result: Type, function: Function, *operands: Type) -> list[Overload]:
    return [Overload(operands, result, function)]


def _clock(read: Callable[[Any], int]) -> list[Overload]:
    def in_utc(value: Timestamp) -> int:
        return read(times.local(value, "UTC"))

    def in_zone(value: Timestamp, zone: str) -> int:
        return read(times.local(value, zone))

    return [Overload((TIMESTAMP,), INT, in_utc), Overload((TIMESTAMP, STRING), INT, in_zone)]


def _calendar(read: Callable[[Any], int]) -> list[Overload]:
    return [*_clock(read), Overload((DATE,), INT, read)]


def _span(read: Callable[[Any], int], unit: int) -> list[Overload]:
    def total(value: Duration) -> int:
        whole = abs(value.nanos) // unit
        return -whole if value.nanos < 0 else whole

    return [*_clock(read), Overload((DURATION,), INT, total)]


def _milliseconds(value: Timestamp, zone: str = "UTC") -> int:
    times.local(value, zone)
    return value.nanos % times.SECOND // 10**6


def _span_milliseconds(value: Duration) -> int:
    rest = abs(value.nanos) % times.SECOND // 10**6
    return -rest if value.nanos < 0 else rest


def _conversion(result: Type, **by_kind: Function) -> list[Overload]:
    return [Overload((_NAMED[kind],), result, function) for kind, function in by_kind.items()]


_NAMED: Final = {
    "bool_": BOOL, "int_": INT, "double": DOUBLE, "string": STRING, "timestamp": TIMESTAMP,
    "duration": DURATION, "date": DATE, "decimal": DECIMAL, "money": MONEY,
}  # fmt: skip


def _same(value: object) -> object:
    return value


_SIZE: Final = [Overload((kind,), INT, len) for kind in (STRING, _LIST, _MAP)]

FUNCTIONS: Final[dict[str, list[Overload]]] = {
    "size": _SIZE,
    "matches": _one(BOOL, matches, STRING, STRING),
    "bool": _conversion(BOOL, bool_=_same, string=to.text_to_bool),
    "int": _conversion(
        INT, int_=_same, double=to.double_to_int, string=to.text_to_int, timestamp=to.timestamp_to_int
    ),
    "double": _conversion(DOUBLE, double=_same, int_=float, string=to.text_to_double),
    "string": _conversion(
        STRING, string=_same, bool_=to.bool_to_text, int_=str, double=to.double_to_text,
        timestamp=times.write_timestamp, duration=times.write_duration,
        date=date.isoformat, decimal=to.decimal_to_text, money=to.money_to_text,
    ),
    "timestamp": _conversion(
        TIMESTAMP, timestamp=_same, string=times.read_timestamp, int_=to.int_to_timestamp
    ),
    "duration": _conversion(DURATION, duration=_same, string=times.read_duration),
    "date": [
        *_conversion(DATE, date=_same, string=times.read_date),
        Overload((TIMESTAMP, STRING), DATE, lambda value, zone: times.local(value, zone).date()),
    ],
    "decimal": _conversion(DECIMAL, decimal=_same, int_=Decimal, string=to.text_to_decimal),
    "money": _conversion(MONEY, money=_same, string=to.text_to_money),
}  # fmt: skip

METHODS: Final[dict[str, list[Overload]]] = {
    "size": _SIZE,
    "matches": _one(BOOL, matches, STRING, STRING),
    "startsWith": _one(BOOL, str.startswith, STRING, STRING),
    "endsWith": _one(BOOL, str.endswith, STRING, STRING),
    "contains": _one(BOOL, str.__contains__, STRING, STRING),
    "getFullYear": _calendar(lambda day: day.year),
    "getMonth": _calendar(lambda day: day.month - 1),
    "getDate": _calendar(lambda day: day.day),
    "getDayOfMonth": _calendar(lambda day: day.day - 1),
    "getDayOfWeek": _calendar(lambda day: day.isoweekday() % 7),
    "getDayOfYear": _calendar(lambda day: day.timetuple().tm_yday - 1),
    "getHours": _span(lambda moment: moment.hour, 3600 * times.SECOND),
    "getMinutes": _span(lambda moment: moment.minute, 60 * times.SECOND),
    "getSeconds": _span(lambda moment: moment.second, times.SECOND),
    "getMilliseconds": [
        Overload((TIMESTAMP,), INT, _milliseconds),
        Overload((TIMESTAMP, STRING), INT, _milliseconds),
        Overload((DURATION,), INT, _span_milliseconds),
    ],
    "plusDays": _one(DATE, times.plus_days, DATE, INT),
    "plusMonths": _one(DATE, times.plus_months, DATE, INT),
    "plusYears": _one(DATE, times.plus_years, DATE, INT),
    "lastDay": _one(DATE, times.last_day, DATE, INT),
}


@cache
def names() -> tuple[str, ...]:
    """Every function and method there is, for "did you mean"."""
    return tuple(dict.fromkeys([*FUNCTIONS, *METHODS, "has", "all", "exists", "exists_one", "map", "filter"]))
