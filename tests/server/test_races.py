"""Calls that lose a race for a record."""

import asyncio

import pytest

from server.errors import LimitExceeded
from server.races import FIRST_PAUSE, LONGEST_PAUSE, Race


async def test_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses double up to a bound, and any part of one is taken by chance."""
    paused: list[float] = []

    async def sleep(seconds: float) -> None:
        paused.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    race = Race(lasts=60, chance=lambda: 0.5)
    for _ in range(8):
        await race.lost()
    assert [FIRST_PAUSE / 2, FIRST_PAUSE, FIRST_PAUSE * 2] == paused[:3]
    assert LONGEST_PAUSE / 2 == paused[-1]


async def test_too_long() -> None:
    """Who has lost for too long is told that others change the same record, and to wait."""
    with pytest.raises(LimitExceeded, match=r"change the same record; at most 1\. Wait, and call") as told:
        await Race(lasts=0).lost()
    assert ("CHANGES_AT_ONCE", 1.0) == (told.value.bound, told.value.retry_after)
