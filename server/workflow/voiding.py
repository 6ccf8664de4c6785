"""Takes certificates out of force that are not wanted any more; a person's turn where a platform does not confirm it."""

import asyncio
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import Connection

from engine.case import WINDING_DOWN, Event
from engine.certificate import CertificateStatus, ECertId
from engine.platform import (
    Misconfigured,
    NotFound,
    NotSent,
    Platform,
    Rejected,
    Retryable,
    StatusAnswer,
    Told,
    Unknown,
    VoidAnswer,
    Voided,
)
from engine.void import VoidState
from server.calls import CASE
from server.logs import trace_of
from server.platforms import Platforms
from server.platforms.described import told_time
from server.store import Store, Transaction, attempts, cases, certificates, voids
from server.store.records import VoidRecord
from server.workflow.clearing import wind_down
from server.workflow.deciding import Clock
from server.workflow.patience import ACTOR, HoldLost, Patience
from server.workflow.tasks import Tasks

# Asked this often before a person has to look at it: with doubled pauses, for somewhat more than an hour.
MOST_TRIES: Final = 12
FIRST_PAUSE: Final = timedelta(seconds=1)
LONGEST_PAUSE: Final = timedelta(minutes=10)

log = structlog.get_logger("voiding")


class Voiding:
    """Asks platforms to void what is planned to be voided, and records what they say."""

    def __init__(
        self, store: Store, platforms: Platforms, tasks: Tasks, patience: Patience, clock: Clock
    ) -> None:
        self._clock = clock
        self._store = store
        self._platforms = platforms
        self._tasks = tasks
        self._patience = patience

    def begin(self, name: str) -> None:
        """Works on what is due in the background, under the name of a case whose caller waits for it."""

        async def work() -> None:
            await self.once(100)

        self._tasks.start(work(), name)

    async def once(self, limit: int) -> int:
        """Takes voids that are due in hand and asks their platforms; how many those were."""
        held = self._patience.to_send
        due = await self._store.write(lambda tx: voids.take_due(tx, held, limit))
        outcomes = await asyncio.gather(*(self._ask(void) for void in due), return_exceptions=True)
        for void, outcome in zip(due, outcomes, strict=True):
            if isinstance(outcome, Exception) and not isinstance(outcome, HoldLost):
                log.error("a void could not be worked on", case=void.case_name, trace=trace_of(outcome))
            elif isinstance(outcome, BaseException) and not isinstance(outcome, Exception):
                raise outcome
        return len(due)

    async def _ask(self, void: VoidRecord) -> None:
        # Each is a task of its own.
        CASE.set((void.tenant, void.case_name))
        platform = self._platforms.find(void.platform)
        answer: VoidAnswer
        if platform is None:
            log.warning("the platform of a void is not set up here", platform=void.platform)
            await self._again(void, f"the platform {void.platform} is not set up on this server")
            return
        if not platform.capabilities.void:
            await self._refused(
                void, platform, "the platform voids nothing on request; a person has to ask it"
            )
            return
        if (late := await self._too_late(void, platform)) is not None:
            await self._refused(void, platform, late)
            return
        try:
            async with asyncio.timeout(self._patience.attempt.total_seconds()):
                answer = await platform.void(ECertId(void.e_cert_id), void.reason)
        except TimeoutError:
            answer = Unknown("no answer came in time")
        match answer:
            case Voided():
                await self._over(void, CertificateStatus.REVOKED, "the platform confirmed it")
            case NotFound():
                await self._stuck(void, "the platform does not know the certificate")
            case Rejected(codes=codes):
                said = "; ".join(code.text or code.code for code in codes)
                await self._refused(void, platform, f"the platform does not void it: {said}")
            case Misconfigured(because=because):
                await self._stuck(void, f"the platform does not take our requests: {because}")
            case Retryable(because=because) | NotSent(because=because) | Unknown(because=because):
                await self._again(void, because)

    async def _refused(self, void: VoidRecord, platform: Platform, because: str) -> None:
        """What a platform does not void may be out of force without it: revoked, expired, or replaced as we asked.

        What it replaced by itself is for a person: another certificate stands in its place, and we do not know it.
        """
        told: StatusAnswer
        try:
            async with asyncio.timeout(self._patience.attempt.total_seconds()):
                told = await platform.status(ECertId(void.e_cert_id))
        except TimeoutError:
            told = Unknown("no answer came in time")
        over = isinstance(told, Told) and told.status is not CertificateStatus.ACTIVE
        if isinstance(told, Told) and told.status is CertificateStatus.REPLACED:
            over = await self._store.read(lambda c: _was_to_be_replaced(c, void))
        match told:
            case Told(status=status) if over:
                await self._over(void, status, f"the platform says that it is {status}")
            case Told() | NotFound():
                await self._stuck(void, because)
            case _:
                await self._again(void, f"{because}; and does not tell its status: {told.because}")

    async def _too_late(self, void: VoidRecord, platform: Platform) -> str | None:
        """Why a void need not be asked for: the platform's window is over. What our records do not date is asked for."""
        window = platform.capabilities.void_window
        if window is None:
            return None
        held = await self._store.read(
            lambda c: certificates.find(c, void.tenant, void.e_cert_id, void.platform)
        )
        if held is None or self._clock() <= held.issued_at + window:
            return None
        return (
            f"it was issued on {held.issued_at:%Y-%m-%d}, and the platform voids within {told_time(window)} only;"
            " a person has to ask it"
        )

    async def _again(self, void: VoidRecord, because: str) -> None:
        if void.tries + 1 >= MOST_TRIES:
            await self._stuck(
                void, f"asked {MOST_TRIES} times without a confirmation; the last time: {because}"
            )
            return
        pause = min(FIRST_PAUSE * 2**void.tries, LONGEST_PAUSE)
        await self._store.write(lambda tx: _written(tx, void, VoidState.PLANNED, because, pause))

    async def _stuck(self, void: VoidRecord, because: str) -> None:
        def work(tx: Transaction) -> None:
            case = cases.take(tx, void.tenant, void.case_name)
            _written(tx, void, VoidState.STUCK, because)
            # Else it is a late certificate's, and what the case waits for goes on by itself.
            if case is not None and case.state in WINDING_DOWN:
                reason = f"The certificate {void.e_cert_id} is not voided: {because}."
                cases.transition(tx, case, Event.ESCALATE, actor=ACTOR, reason=reason)

        await self._store.write(work)

    async def _over(self, void: VoidRecord, status: CertificateStatus, because: str) -> None:
        """The certificate is out of force: what it hindered goes on."""

        def work(tx: Transaction) -> None:
            case = cases.take(tx, void.tenant, void.case_name)
            _written(tx, void, VoidState.CONFIRMED, because)
            certificate = certificates.find(tx.connection, void.tenant, void.e_cert_id, void.platform)
            if certificate is not None:
                certificates.end(tx, certificate, status)
            if case is not None:
                wind_down(tx, case, actor=ACTOR, reason=f"{void.platform} ended {void.e_cert_id}: {because}")

        await self._store.write(work)


def _was_to_be_replaced(connection: Connection, void: VoidRecord) -> bool:
    """Whether we asked to have it replaced: what came of that is looked up, and swept."""
    tried = attempts.of_case(connection, void.tenant, void.case_name)
    return any((one.platform, one.replaces) == (void.platform, void.e_cert_id) for one in tried)


def _written(
    tx: Transaction, void: VoidRecord, state: VoidState, because: str, due_in: timedelta | None = None
) -> None:
    if not voids.record(tx, void, state, because, due_in):
        raise HoldLost
