"""Lengths of time as people type them: 90s, 15m, 12h, 30d; and moments as they are shown."""

import re
from datetime import UTC, datetime, timedelta

import typer

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_FORM = re.compile(r"([0-9]{1,9})([smhd])")
_LONGEST = timedelta(days=36525)


def read_duration(text: str, option: str) -> timedelta:
    """The length of time, at least a second and at most a hundred years. Ends the command where it is none."""
    found = _FORM.fullmatch(text)
    length = timedelta(seconds=int(found[1]) * _UNITS[found[2]]) if found else timedelta()
    if not timedelta() < length <= _LONGEST:
        raise typer.BadParameter(
            f"{text!r} is no length of time; write it like 90s, 15m, 12h or 30d.", param_hint=option
        )
    return length


def moment_text(at: datetime | None) -> str | None:
    """A moment in UTC, to the second."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
