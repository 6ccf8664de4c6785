"""The rulebooks that are stored, read again when one of them is asked for."""

import asyncio
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from engine.rulebook import Rulebook
from server.errors import RulebookNotAccepted, RulebookNotFound
from server.recent import Recent
from server.recorded.again import rulebook_kept
from server.store import Store, activations, rulebooks
from server.workflow.book import Book, RulebookIncomplete
from server.workflow.deciding import Deciding

AT_HAND: Final = 4

log = structlog.get_logger("rulebooks")


class Shelf:
    """Rulebooks by digest. A few that were read lately are at hand; one is read at a time, off the loop."""

    def __init__(self, store: Store, deciding: Deciding) -> None:
        self._store = store
        self._deciding = deciding
        self._read: Recent[str, Rulebook] = Recent(AT_HAND)
        self._reading = asyncio.Lock()

    @property
    def served(self) -> Rulebook:
        """The rulebook that is served now."""
        return self._deciding.rulebook

    async def rulebook(self, digest: str) -> Rulebook:
        """The rulebook of a digest. Raises RulebookNotFound where none is stored, or this version does not read it."""
        there = self._at_hand(digest)
        if there is not None:
            return there
        async with self._reading:
            there = self._at_hand(digest)
            if there is not None:
                return there
            return self._read.keep(digest, await load_stored(self._store, digest))

    async def book(self, digest: str) -> Book:
        """The book of a digest. Raises RulebookNotFound, RulebookIncomplete."""
        now = self._deciding.book
        if digest == now.rulebook.digest:
            return now
        return Book(await self.rulebook(digest), self._deciding.clock, now.told)

    async def named(self, pin: str | date) -> Book:
        """The book of an accepted rulebook by its digest, or by a day: the one that was active when that day ended.

        Raises RulebookNotAccepted.
        """
        digest = pin if isinstance(pin, str) else await self._of_day(pin)
        try:
            return await self.book(digest)
        except (RulebookNotFound, RulebookIncomplete) as error:
            raise RulebookNotAccepted(str(pin), str(error)) from error

    async def _of_day(self, day: date) -> str:
        zone = ZoneInfo(self._deciding.rulebook.zone)
        if day >= date.max:
            day -= timedelta(days=1)
        end = datetime.combine(day + timedelta(days=1), time.min, zone)
        found = await self._store.read(lambda c: activations.before(c, end))
        if found is None:
            raise RulebookNotAccepted(day.isoformat(), "none was active on that day")
        return found.rulebook_digest

    async def pinned(self, digest: str) -> Book:
        """The book that a version of a declaration is bound to; the one that is served where it cannot be read any more."""
        try:
            return await self.book(digest)
        except (RulebookNotFound, RulebookIncomplete) as error:
            log.error(
                "a declaration's rulebook cannot be read; it is decided by the one that is served",
                digest=digest,
                because=str(error),
            )
            return self._deciding.book

    def _at_hand(self, digest: str) -> Rulebook | None:
        now = self._deciding.rulebook
        return now if digest == now.digest else self._read.get(digest)


async def load_stored(store: Store, digest: str) -> Rulebook:
    """A rulebook from its stored texts, read off the loop. Raises RulebookNotFound."""
    kept = await store.read(lambda c: rulebooks.find(c, digest))
    return await asyncio.to_thread(rulebook_kept, kept, digest)
