"""Timestamps, durations and civil dates: read, written, taken apart, moved."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from engine.expression.bounds import INT_MAX
from engine.expression.values import Duration, OperationError, Timestamp

SECOND: Final = 10**9
_EPOCH: Final = date(1970, 1, 1).toordinal()
_FIRST: Final = (date.min.toordinal() - _EPOCH) * 86400 * SECOND
_LAST: Final = (date.max.toordinal() + 1 - _EPOCH) * 86400 * SECOND - 1
_RFC3339: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?(?:Z|([+-])([0-9]{2}):([0-9]{2}))"
)
_DURATION: Final = re.compile(r"([+-]?)((?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+")
_PART: Final = re.compile(r"([0-9]*)(?:\.([0-9]*))?(ns|us|µs|μs|ms|s|m|h)")
_OFFSET: Final = re.compile(r"([+-]?)([0-9]{1,2}):([0-9]{2})")
_UNITS: Final = {"ns": 1, "us": 1000, "µs": 1000, "μs": 1000, "ms": 10**6, "s": SECOND, "m": 60 * SECOND}
_UNITS["h"] = 3600 * SECOND
_LONGEST: Final = 64


def timestamp(nanos: int) -> Timestamp:
    """The instant, if it lies in the years 1 to 9999."""
    if _FIRST <= nanos <= _LAST:
        return Timestamp(nanos)
    raise OperationError("overflow")


def duration(nanos: int) -> Duration:
    """The span, if 64 bits hold its nanoseconds."""
    if -INT_MAX <= nanos <= INT_MAX:
        return Duration(nanos)
    raise OperationError("overflow")


def read_timestamp(text: str) -> Timestamp:
    """An instant as RFC 3339 writes it."""
    match = _RFC3339.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        raise OperationError("bad_timestamp")
    year, month, day, hour, minute, second = (int(match[group]) for group in range(1, 7))
    if hour > 23 or minute > 59 or second > 59 or int(match[9] or 0) > 23 or int(match[10] or 0) > 59:
        raise OperationError("bad_timestamp")
    try:
        days = date(year, month, day).toordinal() - _EPOCH
    except ValueError:
        raise OperationError("bad_timestamp") from None
    offset = int(match[9] or 0) * 3600 + int(match[10] or 0) * 60
    seconds = days * 86400 + hour * 3600 + minute * 60 + second - (-offset if match[8] == "-" else offset)
    return timestamp(seconds * SECOND + int((match[7] or "0")[:9].ljust(9, "0")))


def write_timestamp(value: Timestamp) -> str:
    """RFC 3339 in UTC, with as many decimals as there are."""
    seconds, nanos = divmod(value.nanos, SECOND)
    days, rest = divmod(seconds, 86400)
    day = date.fromordinal(days + _EPOCH)
    return f"{day.isoformat()}T{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}{_decimals(nanos)}Z"


def read_duration(text: str) -> Duration:
    """A span like `1h30m`, `-1.5s` or `250ms`."""
    match = _DURATION.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        if text in ("0", "+0", "-0"):
            return Duration(0)
        raise OperationError("bad_duration")
    nanos = 0
    for whole, fraction, unit in _PART.findall(text[len(match[1]) :]):
        nanos += int(whole or "0") * _UNITS[unit]
        nanos += int(fraction or "0") * _UNITS[unit] // 10 ** len(fraction)
    return duration(-nanos if match[1] == "-" else nanos)


def write_duration(value: Duration) -> str:
    """The span in seconds, with as many decimals as there are: `1.5s`."""
    seconds, nanos = divmod(abs(value.nanos), SECOND)
    return f"{'-' if value.nanos < 0 else ''}{seconds}{_decimals(nanos)}s"


def _decimals(nanos: int) -> str:
    return f".{nanos:09}".rstrip("0") if nanos else ""


def local(value: Timestamp, zone: str) -> datetime:
    """The wall clock's reading in a zone, without the part below a second."""
    utc = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=value.nanos // SECOND)
    try:
        return utc.astimezone(_zone(zone))
    except OverflowError:
        raise OperationError("overflow") from None


@lru_cache(maxsize=64)
def _zone(name: str) -> tzinfo:
    offset = _OFFSET.fullmatch(name) if len(name) <= _LONGEST else None
    if offset is not None:
        hours, minutes = int(offset[2]), int(offset[3])
        if hours > 23 or minutes > 59:
            raise OperationError("bad_time_zone")
        span = timedelta(hours=hours, minutes=minutes)
        return timezone(-span if offset[1] == "-" else span)
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        raise OperationError("bad_time_zone") from None


def read_date(text: str) -> date:
    """A civil date, `2026-06-27`, that exists."""
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        raise OperationError("bad_date")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise OperationError("bad_date") from None


def plus_days(day: date, days: int) -> date:
    """The date so many days later, or earlier."""
    return _from_ordinal(day.toordinal() + days)


def plus_months(day: date, months: int) -> date:
    """The same day of the month so many months later, or the month's last where that day does not exist."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise OperationError("overflow")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day(day: date, months: int) -> date:
    """The last day of a period of so many months that begins on the day.

    It is the day before the one with the same number; where that number does not exist in the last month,
    the month's last day: twelve months from 2026-07-01 end on 2027-06-30, one from 2026-01-31 on 2026-02-28.
    """
    if day.day == 1:
        return plus_days(plus_months(day, months), -1)
    return plus_months(day.replace(day=day.day - 1), months)


def _from_ordinal(ordinal: int) -> date:
    if not date.min.toordinal() <= ordinal <= date.max.toordinal():
        raise OperationError("overflow")
    return date.fromordinal(ordinal)


def plus_years(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 28 February where there is none."""
    return plus_months(day, 12 * years)
