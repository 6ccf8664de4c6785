"""Calls to an adapter: at the pace that the platform takes, bounded, timed, and never believed to be well-behaved."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from engine.platform import Capabilities
from server.platforms.conformance.broken import Broken

T = TypeVar("T")

# An answer that takes so much longer than it may, in seconds, does not come any more.
GRACE: Final = 2.0
# Between questions whose answer should change by and by; it doubles each time.
FIRST_PAUSE: Final = 0.01
MOST_PAUSE: Final = 1.0
NEVER_RAISES: Final = "an answer: the port raises nothing for what a platform or the network does"


class Calls:
    """Calls to one platform. `times` are the seconds that answers took, by operation."""

    def __init__(self, can: Capabilities) -> None:
        self.times: dict[str, list[float]] = {}
        self.limit = can.send_timeout.total_seconds()
        self._settle = can.settle_time.total_seconds()
        self._a_second = can.calls_a_second
        self._free_at = 0.0

    async def bounded(self, ask: Callable[[], Awaitable[T]]) -> T:
        """The answer. Raises Broken where the adapter raises, or gives none in time."""
        await self.pace()
        try:
            async with asyncio.timeout(self.limit + GRACE):
                return await ask()
        except TimeoutError:
            seen = f"none after {self.limit + GRACE:g} s"
            raise Broken(f"an answer within {self.limit:g} s", seen) from None
        except Exception as error:
            raise Broken(NEVER_RAISES, f"it raised {error!r}") from error

    async def timed(self, operation: str, ask: Callable[[], Awaitable[T]]) -> T:
        """As `bounded`; what the answer took is kept, without the waiting for its turn."""

        async def timed() -> T:
            began = time.perf_counter()
            answer = await ask()
            self.times.setdefault(operation, []).append(time.perf_counter() - began)
            return answer

        return await self.bounded(timed)

    async def until(self, ask: Callable[[], Awaitable[T]], enough: Callable[[T], bool]) -> T:
        """The first answer that is enough, or the one after the settle time."""
        end, pause = time.monotonic() + self._settle, FIRST_PAUSE
        while True:
            over = time.monotonic() >= end
            answer = await ask()
            if over or enough(answer):
                return answer
            await asyncio.sleep(min(pause, max(0.0, end - time.monotonic())))
            pause = min(pause * 2, MOST_PAUSE)

    async def pace(self) -> None:
        """Waits where the platform takes only so many calls in a second."""
        if self._a_second is not None:
            now = time.monotonic()
            at = max(now, self._free_at)
            self._free_at = at + 1 / self._a_second
            await asyncio.sleep(at - now)
