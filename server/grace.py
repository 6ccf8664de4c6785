"""The time that a server has to end in."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress


class Grace:
    """So many seconds from the first signal on, for all that has to end, one after the other; a second signal ends it.

    It belongs to one event loop.
    """

    def __init__(self, seconds: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        self._until: float | None = None
        self._hurried = asyncio.Event()

    @property
    def seconds(self) -> float:
        """How long it is at first."""
        return self._seconds

    def begin(self) -> float:
        """The seconds that are left; they run from the first call on."""
        now = self._monotonic()
        if self._until is None:
            self._until = now + self._seconds
        return 0.0 if self._hurried.is_set() else max(self._until - now, 0.0)

    def hurry(self) -> None:
        """Nothing is waited for any more."""
        self._hurried.set()

    async def given(self, end: Callable[[float], Awaitable[None]]) -> None:
        """Has something end within the seconds that are left; where it is hurried meanwhile, within none."""
        ending = asyncio.ensure_future(end(self.begin()))
        hurried = asyncio.create_task(self._hurried.wait())
        await asyncio.wait({ending, hurried}, return_when=asyncio.FIRST_COMPLETED)
        hurried.cancel()
        if ending.done():
            await ending
            return
        ending.cancel()
        with suppress(asyncio.CancelledError):
            await ending
        await end(0.0)
