"""Attempts at platforms, from the first byte to the record of the outcome.

Before anything is sent the attempt is committed; after something may have been sent, only what the platform says decides.
A certificate is adopted only where its proof and its binding hold.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Final

import structlog

from engine.case import AttemptState
from engine.certificate import ECertId
from engine.declaration import Content
from engine.platform import (
    Duplicate,
    Issued,
    LookupAnswer,
    Misconfigured,
    NotFound,
    NotSent,
    Platform,
    Reference,
    Rejected,
    Retryable,
    Submission,
    Unknown,
)
from server.store import Store, Transaction, attempts
from server.store.attempts import Lease
from server.store.records import AttemptRecord, NewAttempt
from server.workflow.case_decisions import CaseDecisions
from server.workflow.casework import content_of_case
from server.workflow.choosing import Choosing
from server.workflow.deciding import Clock
from server.workflow.looking_up import can_look_up, looked_up
from server.workflow.outcomes import PROMISED, Promised, Settled, learnt, still_promised, unlookable
from server.workflow.patience import Patience
from server.workflow.proving import Proved, adopted, prove_issued
from server.workflow.replacing import told_over
from server.workflow.settling import Came, Settling

NO_LOOKUP: Final = "The platform offers no look-up by our reference; a person has to ask it."
ABSENT: Final = Retryable("the platform does not know our reference: it never had it", None)
OVERDUE: Final = NotSent("it was not sent by its deadline")
STOOD_STILL: Final = NotSent("it was not sent, because this process stood still while it was about to")


# An attempt that is to be sent, at which platform, and when its transaction began.
_Planned = tuple[AttemptRecord, Platform, float]

log = structlog.get_logger("attempting")


class Attempting:
    """Sends attempts and looks them up, proves what comes back, and records it."""

    def __init__(
        self,
        store: Store,
        decisions: CaseDecisions,
        choosing: Choosing,
        clock: Clock,
        patience: Patience,
        owner: str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._decisions = decisions
        self._settling = Settling(decisions, choosing, patience, self.plan)
        self._clock = clock
        self.monotonic = monotonic
        self.patience = patience
        self.lease = Lease(owner, patience.lease)

    def plan(self, tx: Transaction, new: NewAttempt) -> AttemptRecord:
        """Plans an attempt that this process sends as soon as it is committed: bytes may leave from then on.

        Where the lease would not outlast the sending, nothing of it leaves, and the reconciler has it then.
        """
        return attempts.plan(tx, new, self.lease, sends=self.lease.length >= self.patience.to_send)

    async def send(self, attempt: AttemptRecord, platform: Platform, content: Content, began: float) -> None:
        """Sends an attempt that is held, and records what becomes of it; then those that take its place elsewhere.

        `began` is when, by `monotonic`, the transaction began that planned it or took it. Nothing is sent where the lease
        that is left would not outlast the sending: the reconciler has it then. Nor is it after the attempt's deadline, or
        where this process stood still until the lease may be over: as nothing left, it is planned again.
        """
        instead: _Planned | None = attempt, platform, began
        while instead is not None:
            instead = await self._send(*instead, content)

    async def _send(
        self, attempt: AttemptRecord, platform: Platform, began: float, content: Content
    ) -> _Planned | None:
        lasts = self.patience.to_send.total_seconds()
        ends = asyncio.get_running_loop().time() + self.patience.attempt.total_seconds()
        if attempt.state is AttemptState.PLANNED:
            began = self.monotonic()
            if not await self._store.write(lambda tx: self._begin_sending(tx, attempt)):
                return None

        def in_time() -> bool:
            # The lease was to last so long at least when the mark was committed.
            return self.monotonic() - began < lasts

        answer: LookupAnswer = STOOD_STILL
        if in_time():
            answer = await self._submitted(attempt, platform, content, in_time, ends)
        if isinstance(answer, NotSent) and not in_time():
            await self._store.write(lambda tx: self._settling.plan_again(tx, attempt, STOOD_STILL))
            return None
        return await self._settle(attempt, platform, answer, content)

    async def _submitted(
        self,
        attempt: AttemptRecord,
        platform: Platform,
        content: Content,
        in_time: Callable[[], bool],
        ends: float,
    ) -> LookupAnswer:
        """The answer of the platform, by the attempt's own end in the loop's time; no caller's wait shortens it."""
        loop = asyncio.get_running_loop()
        submission = Submission(
            Reference(attempt.reference), attempt.digest, content, in_time, lambda: ends - loop.time()
        )
        try:
            async with asyncio.timeout_at(ends):
                if attempt.replaces is None:
                    return await platform.submit(submission)
                return await platform.replace(submission, ECertId(attempt.replaces))
        except TimeoutError:
            return Unknown(f"no answer came within {self.patience.attempt.total_seconds():g} s")

    def _begin_sending(self, tx: Transaction, attempt: AttemptRecord) -> bool:
        if attempts.begin_sending(tx, attempt.hold, self.patience.to_send):
            return True
        if attempts.overdue(tx, attempt.hold):
            self._settling.plan_again(tx, attempt, OVERDUE)
        return False

    async def give_up(self, attempt: AttemptRecord, platform: Platform, because: str) -> None:
        """Ends a planned attempt that is held, and is not to be sent any more."""
        await self._settle(attempt, platform, NotSent(because))

    async def set_aside(self, attempt: AttemptRecord, because: str) -> None:
        """Leaves an attempt that is held, and of which nothing more can be learnt here, to a person."""
        await self._store.write(
            lambda tx: self._settling.record(tx, attempt, Came(unlookable(attempt, because)))
        )

    async def look_up(self, attempt: AttemptRecord, platform: Platform) -> None:
        """Asks the platform what became of an attempt that is held, and records it.

        One that cannot be asked by our reference is for a person: only the platform's own records can tell.
        """
        answer: LookupAnswer
        if not can_look_up(platform, attempt):
            await self.set_aside(attempt, NO_LOOKUP)
            return
        try:
            async with asyncio.timeout(self.patience.attempt.total_seconds()):
                answer = await looked_up(platform, attempt)
        except TimeoutError:
            answer = Unknown("the look-up was not answered in time")
        if not isinstance(answer, NotFound) or not self._can_be_believed(attempt):
            await self._settle(attempt, platform, learnt(answer))
        elif attempt.state in PROMISED or attempt.platform_id:
            await self._store.write(lambda tx: self._settling.lost(tx, attempt, platform))
        else:
            await self._store.write(lambda tx: self._settling.plan_again(tx, attempt, ABSENT, platform))

    def _can_be_believed(self, attempt: AttemptRecord) -> bool:
        """Whether the settle time had passed, since bytes of the attempt may last have left, before the platform was asked.

        It was asked after the attempt was taken over for that, which the lease tells by the clock that all leases run by.
        """
        if attempt.send_lease_until is None:
            return True
        if attempt.lease_until is None:
            return False
        return attempt.lease_until - self.lease.length >= attempt.send_lease_until + self.patience.settle

    async def _settle(
        self,
        attempt: AttemptRecord,
        platform: Platform,
        answer: LookupAnswer,
        content: Content | None = None,
    ) -> _Planned | None:
        """Transaction 2: the outcome, the certificate, the case, the decision, all or nothing.

        With the content that was submitted it is also what is planned instead, where another platform is to be asked.
        """
        outcome: Settled
        match answer:
            case Issued() | Duplicate():
                declared = content or await self._store.read(lambda c: content_of_case(c, attempt))
                outcome = await prove_issued(platform, attempt, answer, declared, self._clock)
                if isinstance(outcome, Unknown) and _by_our_reference(attempt, answer):
                    # It was issued, whatever a later look-up says.
                    outcome = Promised(outcome.because)
            case NotFound():
                outcome = Unknown("the platform does not know our reference yet")
            case _:
                outcome = answer
        outcome = still_promised(attempt, outcome)
        binding = platform.capabilities.binding
        new = adopted(attempt, outcome, self._clock(), binding) if isinstance(outcome, Proved) else None
        made = None
        if new is not None or isinstance(outcome, Rejected):
            made = await self._decisions.with_certificate(attempt, new)
        told = await told_over(platform, attempt) if new is not None else None
        came = Came(outcome, new, made, content, told)
        began = self.monotonic()
        instead = await self._store.write(lambda tx: self._settling.record(tx, attempt, came))
        if attempt.replaces is not None and isinstance(outcome, Misconfigured):
            log.warning("a platform does not replace certificates; they are voided", platform=platform.name)
        if instead is None:
            return None
        if isinstance(outcome, Misconfigured):
            # The case does not wait for a person, so that nobody would be told.
            log.warning("a platform does not take our requests; another is asked", platform=platform.name)
        return *instead, began


def _by_our_reference(attempt: AttemptRecord, answer: Issued | Duplicate) -> bool:
    """Whether a look-up of the attempt can find it: a duplicate may be known by an earlier attempt's reference only."""
    return isinstance(answer, Issued) or answer.reference == attempt.reference
