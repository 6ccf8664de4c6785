"""Streams of items that are answered one after the other: read ahead within bounds, and ended when the server stops."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, Final, Generic, TypeVar

from server.errors import ShuttingDown

Item = TypeVar("Item")

AT_ONCE: Final = 25
"""Items that are answered together; as many more are read meanwhile, and no further ones."""


class Streams:
    """The streams that are open in this process."""

    def __init__(self) -> None:
        self._coming: set[_Coming[Any]] = set()
        self._ended = False

    @property
    def open(self) -> int:
        """How many there are."""
        return len(self._coming)

    def end(self) -> None:
        """Reads no stream any further. What was read is still answered."""
        self._ended = True
        for coming in self._coming:
            coming.stop()

    async def groups(self, items: AsyncIterator[Item]) -> AsyncGenerator[tuple[Item, ...], None]:
        """The items in their order, as many at once as have come. Whoever asks for more has answered the last ones.

        Raises, after what was read, ShuttingDown and what reading raises.
        """
        if self._ended:
            raise ShuttingDown
        coming = _Coming(items)
        self._coming.add(coming)
        try:
            while group := await coming.group():
                yield group
            if coming.error is not None:
                raise coming.error
            if self._ended:
                raise ShuttingDown
        finally:
            coming.stop()
            self._coming.discard(coming)


class _Coming(Generic[Item]):
    """What comes of one stream."""

    def __init__(self, items: AsyncIterator[Item]) -> None:
        self.error: Exception | None = None
        self._read: deque[Item] = deque()
        self._over = False
        self._changed = asyncio.Event()
        self._room = asyncio.Event()
        self._reading = asyncio.create_task(self._run(items))

    async def group(self) -> tuple[Item, ...]:
        """The next items; none once there are none any more."""
        while not self._read and not self._over:
            self._changed.clear()
            await self._changed.wait()
        found = tuple(self._read)
        self._read.clear()
        self._room.set()
        return found

    def stop(self) -> None:
        """Reads no further."""
        self._reading.cancel()
        self._over = True
        self._changed.set()

    async def _run(self, items: AsyncIterator[Item]) -> None:
        try:
            async for item in items:
                self._read.append(item)
                self._changed.set()
                if len(self._read) == AT_ONCE:
                    self._room.clear()
                    await self._room.wait()
        except Exception as error:
            self.error = error
        finally:
            self._over = True
            self._changed.set()
