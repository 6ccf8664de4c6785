"""The right of one process to deliver to an endpoint: its cursor in the database, under a lease."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Final

from server.store import Store, Transaction, cursors
from server.store.attempts import Lease
from server.store.cursors import Cursor, CursorHold, Progress
from server.store.errors import StoreError
from server.webhooks.endpoints import Endpoint

# What is left of a lease beyond the longest delivery when one begins.
MARGIN: Final = timedelta(seconds=1)


def lease_for(endpoint: Endpoint) -> timedelta:
    """How long a process that died holds up deliveries to the endpoint."""
    return timedelta(seconds=2 * endpoint.limits.total + 5)


class Holding:
    """An endpoint's cursor, and until when this process holds it."""

    def __init__(self, store: Store, endpoint: Endpoint, owner: str) -> None:
        self._store = store
        self._endpoint = endpoint
        self._lease = Lease(owner, lease_for(endpoint))
        self._hold: CursorHold | None = None
        self._until = 0.0

    async def cursor(self) -> Cursor:
        """The cursor as it stands, made where there is none."""
        key = (self._endpoint.tenant, self._endpoint.name)
        while (found := await self._store.read(lambda c: cursors.find(c, *key))) is None:
            await self._store.write(
                lambda tx: cursors.open_cursor(tx, *key, beginning=self._endpoint.from_beginning)
            )
        return found

    @property
    def enough(self) -> bool:
        """Whether the lease outlasts one more delivery."""
        needed = self._endpoint.limits.total + MARGIN.total_seconds()
        return self._hold is not None and self._now() + needed <= self._until

    async def take(self) -> Cursor | None:
        """Takes the cursor, or makes the lease last longer. None where another process holds it, or it is not due."""
        began = self._now()
        key = (self._endpoint.tenant, self._endpoint.name)
        taken = await self._store.write(lambda tx: cursors.take(tx, *key, self._lease))
        self._hold = None if taken is None else taken.hold
        self._until = began + self._lease.length.total_seconds()
        return taken

    async def record(self, progress: Progress, further: Callable[[Transaction], None]) -> bool:
        """Records progress and what belongs to it, and renews the lease. False, nothing written, where it was lost."""
        hold = self._hold
        if hold is None:
            return False

        def write(tx: Transaction) -> bool:
            if not cursors.record(tx, hold, self._lease, progress):
                return False
            further(tx)
            return True

        began = self._now()
        if not await self._store.write(write):
            self._hold = None
            return False
        self._until = began + self._lease.length.total_seconds()
        return True

    async def release(self) -> None:
        """Lets go of the cursor. Where the database is gone, the lease ends by itself."""
        hold, self._hold = self._hold, None
        if hold is not None:
            with suppress(StoreError):
                await self._store.write(lambda tx: cursors.release(tx, hold))

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
