"""Watches: every event of a tenant's cases in the log's order, from a position on, for as long as somebody listens."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple

from engine.case import CaseState
from server.errors import ShuttingDown, TokenInvalid
from server.store import Store, events
from server.store.events import EventRecord
from server.store.log import size
from server.workflow.feed import Feed

PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events: of the cases named, at the site, that lead to one of the states. Empty stands for any."""

    tenant: str
    names: tuple[str, ...] = ()
    site_id: str | None = None
    states: frozenset[CaseState] = frozenset()


class Told(NamedTuple):
    """What a watch tells: an event with what the log says of it, or none where nothing happened; and where to go on."""

    record: EventRecord | None
    event: dict[str, Any]
    next: int


class Watching:
    """Serves watches. Each reads the log in pages, and only as fast as its caller takes what it tells."""

    def __init__(self, store: Store, feed: Feed, heartbeat: float) -> None:
        self._store = store
        self._feed = feed
        self._heartbeat = heartbeat
        self._open = 0

    @property
    def open(self) -> int:
        """How many watches there are."""
        return self._open

    async def begin(self, now: bool) -> int:
        """The position of a watch without a token."""
        return await self._store.read(size) if now else 0

    async def tell(self, wanted: Wanted, position: int) -> AsyncGenerator[Told, None]:
        """What happens from a position on.

        Something without an event comes when all that there is was told, then after every quiet interval, and last
        before it ends. Raises TokenInvalid where the log has no such position, ShuttingDown.
        """
        self._open += 1
        try:
            async with aclosing(self._told(wanted, position)) as happening:
                async for told in happening:
                    yield told
        finally:
            self._open -= 1

    async def _told(self, wanted: Wanted, position: int) -> AsyncGenerator[Told, None]:
        clock = asyncio.get_running_loop().time
        if position > await self._store.read(size):
            raise TokenInvalid("after", "it is from after the end of this log; begin again without it")
        caught_up, last = False, clock()
        with self._feed.interest(wanted.tenant, frozenset(wanted.names) or None) as interest:
            while True:
                interest.begin()
                page = await self._store.read(
                    partial(events.read, tenant=wanted.tenant, names=wanted.names, start=position, limit=PAGE)
                )
                for record in page.events:
                    if self._feed.ended:
                        break
                    event = json.loads(record.event)
                    position = record.position + 1
                    if _is_wanted(wanted, record, event):
                        yield Told(record, event, position)
                        last = clock()
                if self._feed.ended:
                    yield Told(None, {}, position)
                    raise ShuttingDown
                position = page.next
                if clock() - last >= self._heartbeat or not (caught_up or page.more):
                    yield Told(None, {}, position)
                    last = clock()
                if not page.more:
                    caught_up = True
                    await interest.wait(max(self._heartbeat - (clock() - last), 0))


def _is_wanted(wanted: Wanted, record: EventRecord, event: dict[str, Any]) -> bool:
    if wanted.site_id is not None and record.site_id != wanted.site_id:
        return False
    return not wanted.states or event["to"] in wanted.states
