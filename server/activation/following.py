"""Follows the record: what is active is served here within seconds, whole, and each process says what it serves."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from server.activation.servable import CannotBeServed, Servable
from server.activation.state import State
from server.logs import trace_of
from server.store import Store, activations, servings
from server.store import errors as store_errors
from server.store.activations import ActivationRecord
from server.workflow.deciding import Deciding

LOOK_EVERY: Final = 1.0
SAY_EVERY: Final = timedelta(seconds=15)
FORGET_WITHIN: Final = 1.0
# What cannot be served is read again as seldom as that, unless something is activated here: it takes a processor's while.
READ_AGAIN_AFTER: Final = timedelta(seconds=30)

log = structlog.get_logger("rulebooks")

Tell = Callable[[State], Awaitable[None]]


class Following:
    """One for each process. `tell` is told now and then how things are."""

    def __init__(
        self, store: Store, deciding: Deciding, servable: Servable, state: State, tell: Tell
    ) -> None:
        self._store = store
        self._deciding = deciding
        self._servable = servable
        self._state = state
        self._tell = tell
        self._hurry = asyncio.Event()
        self._said: tuple[str, int] | None = None
        self._say_at = deciding.clock()
        # The activation that could not be served, why, and until when that is believed.
        self._failed: tuple[int, str, datetime] | None = None

    def hurry(self) -> None:
        """Something was activated here: look at once."""
        self._failed = None
        self._hurry.set()

    async def run(self, every: float = LOOK_EVERY) -> None:
        """Looks until it is cancelled, and then says that nothing is served any more."""
        try:
            while True:
                try:
                    await self.look()
                except store_errors.StoreError as error:
                    self._behind(f"what is active is not known: {error}", 0)
                except Exception as error:
                    log.error("the record of rulebooks could not be followed", trace=trace_of(error))
                await self._tell(self._state)
                await self._wait(every)
        finally:
            await self._forget()

    async def look(self) -> None:
        """Serves what is active."""
        active = await self._store.read(activations.newest)
        if active is not None:
            await self._serve(active)
        await self._say()

    async def _serve(self, active: ActivationRecord) -> None:
        state = self._state
        if active.number != state.activation and active.rulebook_digest != state.digest:
            now = self._deciding.clock()
            if self._failed is not None:
                number, because, until = self._failed
                if number == active.number and now < until:
                    self._behind(because, number)
                    return
            try:
                book = await self._servable.book(active.rulebook_digest)
            except CannotBeServed as error:
                self._failed = (active.number, str(error), now + READ_AGAIN_AFTER)
                self._behind(str(error), active.number)
                return
            # No call is in the middle of an answer here: the loop is ours until the next await.
            self._deciding.serve(book)
            log.info(
                "another rulebook is served",
                rulebook=book.rulebook.name,
                digest=active.rulebook_digest,
                activation=active.number,
                by=active.activated_by,
            )
        self._failed = None
        state.serves(active.rulebook_digest, active.number, self._deciding.clock())

    def _behind(self, because: str, activation: int) -> None:
        if self._state.is_behind(because, self._deciding.clock()):
            log.error("the active rulebook cannot be served here", activation=activation, because=because)

    async def _say(self) -> None:
        state, now = self._state, self._deciding.clock()
        if self._said == (state.digest, state.activation) and now < self._say_at:
            return
        self._said, self._say_at = (state.digest, state.activation), now + SAY_EVERY
        await self._store.write(
            lambda tx: servings.say(tx, state.owner, state.digest, state.activation, state.since)
        )

    async def _forget(self) -> None:
        try:
            async with asyncio.timeout(FORGET_WITHIN):
                await self._store.write(lambda tx: servings.forget(tx, self._state.owner))
        except (store_errors.StoreError, TimeoutError):
            # It is forgotten anyway, in an hour.
            return

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._hurry.wait()
        except TimeoutError:
            pass
        self._hurry.clear()
