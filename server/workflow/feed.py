"""What came to the log, told to whoever waits for it: one look for all, when something wakes it and now and then."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

import structlog

from server.errors import ShuttingDown
from server.logs import trace_of
from server.store import Store, events
from server.store.events import TRANSITION
from server.store.log import size

POLL_SECONDS: Final = 1.0
# What comes within this time is told together.
GATHER_SECONDS: Final = 0.02
AT_ONCE: Final = 1000
# One that is further behind is told without looking what it was.
MOST_BEHIND: Final = 20 * AT_ONCE

log = structlog.get_logger("feed")


class Interest:
    """Waits for events of a tenant: of all its cases, or of those named."""

    __slots__ = ("_due", "names", "tenant")

    def __init__(self, tenant: str, names: frozenset[str] | None) -> None:
        self.tenant = tenant
        self.names = names
        self._due = asyncio.Event()

    def begin(self) -> None:
        """What comes from here on ends the next wait: call it before reading."""
        self._due.clear()

    async def wait(self, seconds: float) -> bool:
        """Waits for something to come; False where the seconds passed first."""
        if self._due.is_set():
            return True
        try:
            async with asyncio.timeout(seconds):
                await self._due.wait()
        except TimeoutError:
            return False
        return True

    def wake(self) -> None:
        """Ends the wait."""
        self._due.set()


class Feed:
    """The log's growth, shared by all that wait in this process. While nobody waits, nothing is read."""

    def __init__(self, store: Store, poll: float = POLL_SECONDS, gather: float = GATHER_SECONDS) -> None:
        self._store = store
        self._poll = poll
        self._gather = gather
        self._interests: dict[tuple[str, str | None], set[Interest]] = {}
        self._wanted = asyncio.Event()
        self._grown = asyncio.Event()
        self._seen: int | None = None
        self.ended = False

    @contextmanager
    def interest(self, tenant: str, names: frozenset[str] | None = None) -> Iterator[Interest]:
        """An interest that is told of what comes until the context ends. Raises ShuttingDown."""
        if self.ended:
            raise ShuttingDown
        interest = Interest(tenant, names)
        keys = [(tenant, name) for name in names or (None,)]
        for key in keys:
            self._interests.setdefault(key, set()).add(interest)
        self._wanted.set()
        try:
            yield interest
        finally:
            for key in keys:
                waiting = self._interests[key]
                waiting.discard(interest)
                if not waiting:
                    del self._interests[key]
            if not self._interests:
                self._wanted.clear()
                self._seen = None

    @property
    def waiting(self) -> int:
        """How many interests there are."""
        return len(set().union(*self._interests.values()))

    async def run(self) -> None:
        """Looks until it is cancelled. Trouble with the store ends nothing."""
        loop = asyncio.get_running_loop()

        def told() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._grown.set)

        self._store.on_growth(told)
        while True:
            await self._wanted.wait()
            try:
                async with asyncio.timeout(self._poll):
                    await self._grown.wait()
            except TimeoutError:
                pass
            self._grown.clear()
            try:
                await self.look()
            except Exception as error:
                # Whoever waits reads by itself, and tells its caller what is wrong with the store.
                log.error("the log could not be looked at; it is tried again", trace=trace_of(error))
                self._wake_all()
                await asyncio.sleep(self._poll)
            await asyncio.sleep(self._gather)

    async def look(self) -> None:
        """Reads what the log's new entries are about, and wakes those who wait for that."""
        if self._seen is None:
            # Whatever came since somebody began to wait is read by whoever waits.
            self._seen = await self._store.read(size)
            self._wake_all()
            return
        start = self._seen
        while True:
            found = await self._store.read(partial(events.grown, start=start, limit=AT_ONCE))
            for entry in found:
                if entry.kind == TRANSITION:
                    self._wake((entry.tenant, None))
                    self._wake((entry.tenant, entry.subject))
            start += len(found)
            if len(found) < AT_ONCE or self._seen is None:
                break
            if start - self._seen >= MOST_BEHIND:
                start = await self._store.read(size)
                self._wake_all()
                break
        if self._seen is not None:
            self._seen = start

    def end(self) -> None:
        """Ends every wait, and lets nobody wait any more."""
        self.ended = True
        self._wake_all()

    def _wake(self, key: tuple[str, str | None]) -> None:
        for interest in self._interests.get(key, ()):
            interest.wake()

    def _wake_all(self) -> None:
        for key in self._interests:
            self._wake(key)
