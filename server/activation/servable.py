"""The books of stored rulebooks, as far as this server may serve them."""

import asyncio

from engine.rulebook import Rulebook
from engine.signed_rulebook import DoesNotHold
from server.activation.offer import Offer
from server.errors import RulebookNotFound
from server.key_files import KeyUnusable
from server.store import Store, rulebooks
from server.workflow.book import Book, Clock, RulebookIncomplete, Told
from server.workflow.shelf import load_stored


class CannotBeServed(Exception):
    """This server cannot serve the rulebook; the text says why."""


class Servable:
    """Reads rulebooks that are stored. Where the operator trusts a key, that key has to have signed them."""

    def __init__(self, store: Store, offer: Offer, clock: Clock, told: Told) -> None:
        self._store = store
        self._offer = offer
        self._clock = clock
        self._told = told

    async def book(self, digest: str) -> Book:
        """The book of a digest, ready to be asked. Raises CannotBeServed."""
        try:
            rulebook = await self._rulebook(digest)
            book = Book(rulebook, self._clock, self._told)
        except (RulebookNotFound, RulebookIncomplete) as error:
            raise CannotBeServed(str(error)) from error
        await asyncio.to_thread(book.warm_up)
        return book

    async def _rulebook(self, digest: str) -> Rulebook:
        if self._offer.key is None:
            return await load_stored(self._store, digest)
        because = "nobody signed it"
        for signed in await self._store.read(lambda c: rulebooks.signed(c, digest)):
            try:
                found = await asyncio.to_thread(self._offer.trusted, signed)
            except (DoesNotHold, KeyUnusable) as error:
                because = str(error)
                continue
            if found.rulebook.digest == digest:
                return found.rulebook
        raise CannotBeServed(
            f"The rulebook {digest} is not served, because no key that this server trusts has signed it: {because}"
        )
