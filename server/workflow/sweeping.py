"""Looks up references that came to nothing: what a platform comes up with late is voided, unless it is in force already.

A platform that did not know a submission may have had it all the same, in a queue of its own. The next generation may
have been certified since, so a second certificate may not stand.
"""

import asyncio
from datetime import timedelta
from typing import Final

import structlog

from engine.case import AttemptState, CaseState
from engine.platform import Duplicate, Issued, LookupAnswer, Pending, Platform, Reference, Review, Unknown
from server.store import Store, Transaction, attempts, cases, certificates, voids
from server.store.records import AttemptRecord
from server.workflow.deciding import Clock
from server.workflow.patience import HoldLost, Patience

LONGEST_PAUSE: Final = timedelta(hours=1)

log = structlog.get_logger("sweeping")


class Sweeping:
    """Looks swept attempts up for as long as their platforms can come up with them."""

    def __init__(self, store: Store, clock: Clock, patience: Patience) -> None:
        self._store = store
        self._clock = clock
        self._patience = patience

    async def sweep(self, attempt: AttemptRecord, platform: Platform) -> None:
        """Looks an attempt up that is held and had ended."""
        answer: LookupAnswer
        try:
            async with asyncio.timeout(self._patience.attempt.total_seconds()):
                answer = await platform.lookup(Reference(attempt.reference))
        except TimeoutError:
            answer = Unknown("the look-up was not answered in time")
        match answer:
            case Issued() | Duplicate():
                log.warning("a platform came up with a submission late", case=attempt.case_name)
                await self._store.write(lambda tx: self._came_up(tx, attempt, answer.e_cert_id))
            case Pending() | Review():
                await self._store.write(lambda tx: self._again(tx, attempt, LONGEST_PAUSE))
            case _:
                await self._store.write(lambda tx: self._again(tx, attempt, self._pause(attempt)))

    async def without_platform(self, attempt: AttemptRecord) -> None:
        """Puts an attempt off whose platform is not set up here, until its window is over."""
        await self._store.write(lambda tx: self._again(tx, attempt, self._pause(attempt)))

    def _pause(self, attempt: AttemptRecord) -> timedelta | None:
        """Twice as long each time; None once the platform's window is over."""
        now = self._clock()
        if attempt.sweep_until is None or now >= attempt.sweep_until:
            return None
        return min(max(now - attempt.planned_at, self._patience.settle), LONGEST_PAUSE)

    def _came_up(self, tx: Transaction, attempt: AttemptRecord, e_cert_id: str) -> None:
        # No attempt is planned meanwhile, and none is answered with this certificate.
        case = cases.take(tx, attempt.tenant, attempt.case_name)
        if certificates.find(tx.connection, attempt.tenant, e_cert_id, attempt.platform) is not None:
            self._again(tx, attempt, None)
            return
        if cases.holdings(tx.connection, attempt.tenant, attempt.case_name).open_attempt:
            # The next generation may yet be answered with this very certificate, and adopt it.
            self._again(tx, attempt, self._patience.settle)
            return
        last = attempts.of_case(tx.connection, attempt.tenant, attempt.case_name)[-1]
        if case is not None and case.state is CaseState.MANUAL and last.state is AttemptState.UNPROVED:
            # A person is asked which certificate is this order's, and may adopt this very one.
            self._again(tx, attempt, LONGEST_PAUSE)
            return
        voids.plan(
            tx,
            tenant=attempt.tenant,
            platform=attempt.platform,
            e_cert_id=e_cert_id,
            case_name=attempt.case_name,
            reason="issued late, for a submission that was given up",
        )
        self._again(tx, attempt, None)

    def _again(self, tx: Transaction, attempt: AttemptRecord, due_in: timedelta | None) -> None:
        if not attempts.swept(tx, attempt.hold, due_in):
            raise HoldLost
