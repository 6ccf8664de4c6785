"""The time that a server has to end in."""

import asyncio
import time

import pytest

from server.grace import Grace


class Ending:
    """Something that ends when its seconds have passed; it keeps what it was given."""

    def __init__(self) -> None:
        self.given: list[float] = []
        self.cut = False

    async def __call__(self, seconds: float) -> None:
        self.given.append(seconds)
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            self.cut = True
            raise


async def test_shared() -> None:
    """What ends later gets what is left."""
    now, given = 100.0, list[float]()
    grace = Grace(10, lambda: now)

    async def end(seconds: float) -> None:
        nonlocal now
        given.append(seconds)
        now += 4

    for _ in range(4):
        await grace.given(end)
    assert [10, 6, 2, 0] == given


async def test_from_the_signal_on() -> None:
    """It runs from the first signal on, not from when something is ended."""
    now = 0.0
    grace = Grace(10, lambda: now)
    grace.begin()
    now = 3.0
    assert 7 == grace.begin()


async def test_hurried() -> None:
    """Hurried, what is ending is cut off and gets no time; so does all that comes later."""
    grace, first, second = Grace(60), Ending(), Ending()
    began = time.monotonic()
    asyncio.get_running_loop().call_later(0.05, grace.hurry)
    await grace.given(first)
    await grace.given(second)
    assert time.monotonic() - began < 10
    assert (True, 0.0, [0.0]) == (first.cut, first.given[1], second.given)


async def test_fails() -> None:
    """What fails as it ends is told."""

    async def fail(_: float) -> None:
        raise OSError("no")

    with pytest.raises(OSError, match="no"):
        await Grace(1).given(fail)
