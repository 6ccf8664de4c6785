"""Delivers to one endpoint: reads the log from the endpoint's cursor on, sends, and records how far it came.

Any number of processes may have a courier for the same endpoint. The one that holds the cursor delivers, and begins
no delivery that could outlast its lease; what it leaves behind another one takes up when the lease has ended.
"""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple

import structlog
from sqlalchemy import Connection

from server.errors import ShuttingDown
from server.logs import trace_of
from server.store import Store, dead_letters, events
from server.store.cursors import CursorPlace, Progress
from server.store.dead_letters import DeadLetter
from server.store.events import EventPage, EventRecord
from server.webhooks.endpoints import Endpoint
from server.webhooks.holding import Holding
from server.webhooks.round import Round
from server.webhooks.sending import Sender
from server.webhooks.window import Window
from server.workflow.feed import Feed, Interest

PAGE: Final = 100
LETTERS_AT_ONCE: Final = 20
# How often one looks for what nothing wakes for: dead letters to be sent again, cursors that dead processes left.
POLL_SECONDS: Final = 1.0
# How far, and for how long, a cursor may lag behind the log where nothing in between is to be delivered.
PASSED_UNRECORDED: Final = 1000
SECONDS_UNRECORDED: Final = 60.0

log = structlog.get_logger("webhooks")


class Rest(NamedTuple):
    """For how long nothing is to be done, unless the log grows and that `wakes`."""

    seconds: float
    wakes: bool = True


AT_ONCE: Final = Rest(0.0)
LATER: Final = Rest(POLL_SECONDS, wakes=False)


class Courier:
    """Delivers the events of one endpoint until it is stopped."""

    def __init__(
        self,
        store: Store,
        feed: Feed,
        sender: Sender,
        endpoint: Endpoint,
        clock: Callable[[], datetime],
        owner: str,
    ) -> None:
        self._store = store
        self._feed = feed
        self._sender = sender
        self._endpoint = endpoint
        self._clock = clock
        self._holding = Holding(store, endpoint, owner)
        self._stopping = asyncio.Event()
        self._interest: Interest | None = None
        self._window: Window | None = None
        self._recorded = CursorPlace(0)
        self._recorded_at = 0.0
        self._away_until = 0.0
        self._away = False

    async def open(self) -> None:
        """Makes the endpoint's cursor where there is none: what happens from now on is delivered."""
        await self._holding.cursor()

    async def run(self) -> None:
        """Delivers until it is stopped or the feed ends. Trouble with the store or an endpoint ends nothing."""
        try:
            with self._feed.interest(self._endpoint.tenant) as interest:
                self._interest = interest
                while not (self._stopping.is_set() or self._feed.ended):
                    interest.begin()
                    await self._wait(interest, await self._looked())
        except ShuttingDown:
            pass
        await self._holding.release()

    def stop(self) -> None:
        """Begins no further delivery, and lets `run` end."""
        self._stopping.set()
        if self._interest is not None:
            self._interest.wake()

    async def once(self) -> Rest:
        """One look at what is to be delivered, and a round of deliveries where there is something."""
        now = asyncio.get_running_loop().time()
        if now < self._away_until:
            return Rest(self._away_until - now, wakes=False)
        window = self._window or await self._begun()
        left = window.open
        page, letters = await self._store.read(lambda c: self._read(c, window))
        if page is not None:
            window.add(filter(self._wants, page.events), page.next)
        idle = window.ready(now) is None and not letters
        if idle and not self._lags(window, now):
            rest = window.rest(now)
            if page is not None and page.more:
                return AT_ONCE
            return Rest(POLL_SECONDS if rest is None else min(rest, POLL_SECONDS))
        if not await self._may_deliver():
            return LATER
        if left:
            # They may have waited for long, and their cases may be erased since.
            window.renew(await self._store.read(lambda c: events.at(c, self._endpoint.tenant, left)))
        round_ = Round(self._endpoint, self._sender, self._clock, self._may_begin)
        await round_.deliver_letters(letters)
        await round_.deliver(window)
        if not await self._record(window, round_):
            self._window = None
        return AT_ONCE

    async def _looked(self) -> Rest:
        try:
            return await self.once()
        except Exception as error:
            # Whatever it is, events are not to wait for a restart. What was delivered is delivered again.
            log.error(
                "webhooks could not be worked on; they are tried again",
                endpoint=self._endpoint.name,
                tenant=self._endpoint.tenant,
                trace=trace_of(error),
            )
            self._window = None
            return LATER

    async def _wait(self, interest: Interest, rest: Rest) -> None:
        if rest.wakes:
            await interest.wait(rest.seconds)
            return
        try:
            async with asyncio.timeout(rest.seconds):
                await self._stopping.wait()
        except TimeoutError:
            pass

    async def _begun(self) -> Window:
        """A window as the cursor stands in the database now, with the tries that somebody made of its first event."""
        cursor = await self._holding.cursor()
        tenant, place = cursor.tenant, cursor.place
        records = await self._store.read(lambda c: events.at(c, tenant, place.open)) if place.open else []
        self._window = Window(place.read_to, records)
        self._recorded, self._recorded_at = place, asyncio.get_running_loop().time()
        if head := self._window.head:
            head.tries, head.faults = cursor.tries, cursor.faults
            head.failing_since, head.because = cursor.failing_since, cursor.because
        return self._window

    def _read(self, connection: Connection, window: Window) -> tuple[EventPage | None, list[DeadLetter]]:
        tenant, name = self._endpoint.tenant, self._endpoint.name
        page = None if window.full else events.read(connection, tenant, (), window.next, PAGE)
        return page, dead_letters.due(connection, tenant, name, self._clock(), LETTERS_AT_ONCE)

    def _wants(self, record: EventRecord) -> bool:
        endpoint = self._endpoint
        if endpoint.site_ids and record.site_id not in endpoint.site_ids:
            return False
        return not endpoint.states or json.loads(record.event)["to"] in endpoint.states

    def _lags(self, window: Window, now: float) -> bool:
        """Whether the cursor is to be moved though nothing was delivered."""
        passed = window.next - self._recorded.read_to
        late = now - self._recorded_at >= SECONDS_UNRECORDED
        return passed >= PASSED_UNRECORDED or (passed > 0 and late)

    async def _may_deliver(self) -> bool:
        """Whether this process holds the cursor, and nobody moved it since the window began."""
        if self._holding.enough:
            return True
        cursor = await self._holding.take()
        if cursor is None or cursor.place != self._recorded:
            self._window = None
            return False
        return True

    def _may_begin(self) -> bool:
        return self._holding.enough and not self._stopping.is_set()

    async def _record(self, window: Window, done: Round) -> bool:
        head = window.head
        progress = Progress(
            place=CursorPlace(window.next, window.open),
            delivered=done.delivered > 0,
            tries=head.tries if head else 0,
            faults=head.faults if head else 0,
            failing_since=head.failing_since if head else None,
            because=done.away or (head.because if head else ""),
            pause=done.pause,
        )
        self._tell(done)
        kept = await self._holding.record(progress, done.write)
        if done.pause is not None:
            # After the record, so that the cursor is due when this process tries again.
            self._away_until = asyncio.get_running_loop().time() + done.pause.total_seconds()
        if kept:
            self._recorded = progress.place
            self._recorded_at = asyncio.get_running_loop().time()
        return kept

    def _tell(self, done: Round) -> None:
        if done.away is not None and not self._away:
            log.warning(
                "an endpoint takes no webhooks now; it is tried again",
                endpoint=self._endpoint.name,
                tenant=self._endpoint.tenant,
                because=done.away,
            )
            self._away = True
        elif done.delivered and done.away is None and self._away:
            log.info(
                "an endpoint takes webhooks again",
                endpoint=self._endpoint.name,
                tenant=self._endpoint.tenant,
            )
            self._away = False
