"""Records that were looked up lately: nothing is asked twice within their age, and nothing older than that is believed."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Final, Generic, TypeVar

from server.errors import LimitExceeded
from server.recent import Recent

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

MOST: Final = 10_000
# Look-ups in a second of what was not met before: whoever makes keys up does not keep the database busy.
STRANGERS_A_SECOND: Final = 200


class Fresh(Generic[K, V]):
    """Looks records up by key, one at a time for each key, and again once what is known is `age` seconds old.

    The age counts from the moment at which a look-up began: a change that was committed `age` seconds ago is seen.
    """

    def __init__(
        self,
        look_up: Callable[[K], Awaitable[V | None]],
        age: float,
        monotonic: Callable[[], float],
        strangers: int = STRANGERS_A_SECOND,
    ) -> None:
        self._look_up = look_up
        self._age = age
        self._monotonic = monotonic
        self._there = Recent[K, tuple[V, float]](MOST)
        # Apart, so that strangers push out none that is known.
        self._absent = Recent[K, float](MOST)
        self._under_way: dict[K, asyncio.Task[V | None]] = {}
        self._strangers = strangers
        self._met = 0
        self._second = float("-inf")

    async def get(self, key: K) -> V | None:
        """The record, or None where there is none. Raises what the look-up raises, and LimitExceeded."""
        now = self._monotonic()
        known = self._there.get(key)
        if known is not None and now < known[1]:
            return known[0]
        absent = self._absent.get(key)
        if absent is not None and now < absent:
            return None
        task = self._under_way.get(key)
        if task is None:
            if known is None:
                self._bound_strangers(now)
            task = self._under_way[key] = asyncio.create_task(self._looked_up(key, now))
            task.add_done_callback(lambda done: self._ended(key, done))
        # A caller that goes away stops none of the others that wait.
        return await asyncio.shield(task)

    async def _looked_up(self, key: K, began: float) -> V | None:
        found = await self._look_up(key)
        if found is None:
            self._there.forget(key)
            self._absent.keep(key, began + self._age)
        else:
            self._there.keep(key, (found, began + self._age))
        return found

    def _ended(self, key: K, task: asyncio.Task[V | None]) -> None:
        self._under_way.pop(key, None)
        if not task.cancelled():
            # Whoever waits for it gets it; where nobody waits any more, nothing is lost.
            task.exception()

    def _bound_strangers(self, now: float) -> None:
        if now - self._second >= 1.0:
            self._second, self._met = now, 0
        self._met += 1
        if self._met > self._strangers:
            raise LimitExceeded(
                "callers that were not met before",
                f"{self._strangers} a second",
                "Wait, and call again.",
                retry_after=1.0,
            )
