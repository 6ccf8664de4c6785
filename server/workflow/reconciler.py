"""Finishes what was left open.

Attempts whose process died, whose outcome is unknown, or which a platform decides later; references that are swept;
certificates that are to be voided; cases under blanket certificates that ended.
"""

import asyncio
from collections.abc import Callable
from enum import StrEnum

import structlog
from sqlalchemy import Connection

from engine.case import OPEN_ATTEMPT, AttemptState, CaseState
from engine.declaration import Content
from server.calls import CASE
from server.logs import trace_of
from server.platforms import Platforms
from server.store import Store, attempts, cases
from server.store.records import AttemptRecord
from server.workflow.absent import Absent
from server.workflow.attempting import Attempting
from server.workflow.casework import content_of_case
from server.workflow.clearing import unwanted
from server.workflow.deciding import Clock
from server.workflow.ledger_ends import LedgerEnds
from server.workflow.patience import HoldLost
from server.workflow.replacing import is_replacing
from server.workflow.retention import Retention
from server.workflow.sweeping import Sweeping
from server.workflow.voiding import Voiding

AT_ONCE = 16

log = structlog.get_logger("reconciler")


class Look(StrEnum):
    """What is told of a look: how much of a kind was taken over, a hold that was lost, that it ended well or failed."""

    ATTEMPT = "attempt"
    VOID = "void"
    HOLD_LOST = "hold lost"
    ENDED = "ended"
    FAILED = "failed"


Heard = Callable[[Look, int], None]


def unheard(look: Look, count: int) -> None:
    """Nobody counts."""


class Reconciler:
    """Takes over what is due, and brings it to an outcome.

    An attempt that was never held is sent, one that had ended is swept, any other is looked up.
    """

    def __init__(
        self,
        store: Store,
        attempting: Attempting,
        sweeping: Sweeping,
        voiding: Voiding,
        ends: LedgerEnds,
        platforms: Platforms,
        clock: Clock,
        every: float,
        retention: Retention | None = None,
        heard: Heard = unheard,
    ) -> None:
        self._clock = clock
        self._absent = Absent()
        self._store = store
        self._attempting = attempting
        self._sweeping = sweeping
        self._voiding = voiding
        self._ends = ends
        self._platforms = platforms
        self._every = every
        self._retention = retention
        self._heard = heard

    async def run(self) -> None:
        """Looks for due attempts until it is cancelled. Trouble with one attempt or with the store ends nothing."""
        while True:
            try:
                # Without a pause only while there is more to take than one look takes: what is due again at once waits.
                while await self.once() >= AT_ONCE:
                    pass
                self._heard(Look.ENDED, 1)
            except Exception as error:
                # Whatever it is, open attempts are not to wait for a restart.
                self._heard(Look.FAILED, 1)
                log.error("the reconciler failed; it tries again", trace=trace_of(error))
            await asyncio.sleep(self._every)

    async def once(self) -> int:
        """Takes over what is due and works on it; how much that was of the kind of which it was most."""
        counts = await asyncio.gather(
            self._voiding.once(AT_ONCE), self._ends.once(AT_ONCE), self._attempts(), self._retained()
        )
        self._heard(Look.VOID, counts[0])
        self._heard(Look.ATTEMPT, counts[2])
        return max(counts)

    async def _retained(self) -> int:
        return 0 if self._retention is None else await self._retention.once()

    async def _attempts(self) -> int:
        lease = self._attempting.lease
        due = await self._store.write(lambda tx: attempts.take_due(tx, lease, AT_ONCE))
        outcomes = await asyncio.gather(*(self._work_on(attempt) for attempt in due), return_exceptions=True)
        for attempt, outcome in zip(due, outcomes, strict=True):
            if isinstance(outcome, HoldLost):
                self._heard(Look.HOLD_LOST, 1)
                continue
            if isinstance(outcome, Exception):
                log.error(
                    "an attempt could not be worked on", case=attempt.case_name, trace=trace_of(outcome)
                )
            elif isinstance(outcome, BaseException):
                raise outcome
        return len(due)

    async def _work_on(self, attempt: AttemptRecord) -> None:
        # Each is a task of its own.
        CASE.set((attempt.tenant, attempt.case_name))
        platform = self._platforms.find(attempt.platform)
        if platform is None:
            await self._without_platform(attempt)
            return
        if attempt.state not in OPEN_ATTEMPT:
            await self._sweeping.sweep(attempt, platform)
        elif attempt.state is AttemptState.PLANNED and attempt.fence == 1:
            content, state = await self._store.read(lambda c: _to_send(c, attempt))
            if content is not None:
                await self._attempting.send(attempt, platform, content, self._attempting.monotonic())
            else:
                await self._attempting.give_up(attempt, platform, f"the case is {state}")
        else:
            await self._attempting.look_up(attempt, platform)

    async def _without_platform(self, attempt: AttemptRecord) -> None:
        """Another process may have its platform, or this one after its next start; after a while a person is told."""
        log.warning("the platform of an open attempt is not set up here", platform=attempt.platform)
        if attempt.state not in OPEN_ATTEMPT:
            await self._sweeping.without_platform(attempt)
        elif self._absent.too_long(attempt, self._clock()):
            because = f"The platform {attempt.platform} is not set up on this server, so that nobody asks it."
            await self._attempting.set_aside(attempt, because)


def _to_send(connection: Connection, attempt: AttemptRecord) -> tuple[Content | None, CaseState | None]:
    """What the attempt submits, None where its case does not want that any more; and the case's state."""
    case = cases.find(connection, attempt.tenant, attempt.case_name)
    if case is None:
        return None, None
    if unwanted(connection, case) and not is_replacing(connection, case, attempt):
        return None, case.state
    return content_of_case(connection, attempt), case.state
