"""A bulkhead: so many calls at the same time, so many that wait, and so many in a second."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from math import floor


class NoPlace(Exception):
    """A call cannot be made in time; the text says why."""


class Places:
    """Places for calls that are made at the same time; a bounded number waits for one, in order."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._may_wait = waiting
        self.taken = 0
        self.waiting = 0

    @asynccontextmanager
    async def one(self, within: float) -> AsyncIterator[None]:
        """A place, for as long as the context lasts. Raises NoPlace where none gets free within so many seconds."""
        if self._places.locked():
            await self._wait(within)
        else:
            await self._places.acquire()
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1
            self._places.release()

    async def _wait(self, within: float) -> None:
        if self.waiting >= self._may_wait:
            raise NoPlace(f"as many calls as may ({self._may_wait}) wait for the platform already")
        if within <= 0:
            raise NoPlace("no time is left to wait for another call's end")
        self.waiting += 1
        try:
            async with asyncio.timeout(within):
                await self._places.acquire()
        except TimeoutError:
            raise NoPlace(f"no other call came to its end within {within:.1f} s") from None
        finally:
            self.waiting -= 1


class Rate:
    """Moments at which calls may be made: in no second are there more than it says.

    A token bucket would let through twice as many in its first second. Below one a second it is one in so many seconds.
    """

    def __init__(self, calls_a_second: float, monotonic: Callable[[], float]) -> None:
        count = max(1, floor(calls_a_second))
        self._period = 1.0 if calls_a_second >= 1 else 1 / calls_a_second
        self._monotonic = monotonic
        self._taken: deque[float] = deque([float("-inf")] * count, maxlen=count)

    def wait(self, within: float) -> float:
        """Takes the next moment, and says in how many seconds it comes. Raises NoPlace where that is too late."""
        now = self._monotonic()
        moment = max(now, self._taken[0] + self._period)
        if moment - now > max(within, 0.0):
            raise NoPlace(f"its calls a second are used up for the next {moment - now:.1f} s")
        self._taken.append(moment)
        return moment - now
