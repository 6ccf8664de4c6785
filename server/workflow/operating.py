"""What operators do with cases that only a person can settle. Each step goes to the log with its actor and reason."""

import asyncio
from typing import Final

from engine.case import AttemptState, CaseState
from engine.certificate import CertificateStatus
from engine.platform import Platform
from engine.void import VoidState
from server.errors import CaseStateForbids, CertificateUnproved
from server.platforms import Platforms
from server.store import Store, Transaction, attempts, cases, certificates, log, voids, work_list
from server.store.errors import CaseChanged
from server.store.listing import Place
from server.store.records import AttemptRecord
from server.workflow.answering import Answering
from server.workflow.case_decisions import CaseDecisions
from server.workflow.casework import CaseView, content_of_case, named, view
from server.workflow.claiming import Claimed, claimed_certificate
from server.workflow.clearing import clear, cleared_by_a_person
from server.workflow.covering import open_for
from server.workflow.deciding import Clock
from server.workflow.looking_up import can_look_up
from server.workflow.manual import Manual, Step, manual
from server.workflow.processing import Processing
from server.workflow.recording import Recording
from server.workflow.replacing import replaced, told_over
from server.workflow.requesting import Request, Requesting
from server.workflow.voiding import Voiding

_NOT_MANUAL: Final = "it does not wait for a person"


class Operating:
    """Lists what waits for a person, and takes it on."""

    def __init__(
        self,
        store: Store,
        platforms: Platforms,
        clock: Clock,
        decisions: CaseDecisions,
        processing: Processing,
        recording: Recording,
        requesting: Requesting,
        answering: Answering,
        voiding: Voiding,
    ) -> None:
        self._store = store
        self._platforms = platforms
        self._clock = clock
        self._decisions = decisions
        self._processing = processing
        self._recording = recording
        self._requesting = requesting
        self._answering = answering
        self._voiding = voiding

    async def waiting(
        self, tenant: str, after: Place | None, limit: int
    ) -> list[tuple[Manual, tuple[Step, ...]]]:
        """Cases that wait for a person, the longest waiting first, with what can be done."""
        found = await self._store.read(
            lambda c: [
                manual(c, seen)
                for case in work_list.page(c, tenant, after, limit)
                if (seen := view(c, case)) is not None
            ]
        )
        return [(one, self._steps(one)) for one in found]

    async def adopt(self, request: Request, name: str, claimed: Claimed, reason: str) -> CaseView:
        """Adopts the certificate that the platform issued. Raises CaseNotFound, CaseStateForbids, CertificateUnproved."""

        async def act() -> None:
            one = await self._in_hand(request, name, Step.ADOPT)
            attempt = one.attempt
            assert attempt is not None
            content = await self._store.read(lambda c: content_of_case(c, attempt))
            new = await claimed_certificate(self._platform(attempt), attempt, claimed, content, self._clock)
            made = await self._decisions.with_certificate(attempt, new)
            told = await told_over(self._platform(attempt), attempt)

            def work(tx: Transaction) -> None:
                cases.hold(tx, one.view.case)
                if voids.find(tx.connection, new.tenant, new.platform, new.e_cert_id) is not None:
                    raise CertificateUnproved(name, new.e_cert_id, "it is voided, or to be voided")
                there, ours = certificates.adopt(tx, new)
                if not ours:
                    because = f"{there.e_cert_id} serves {there.case_name} already"
                    raise CertificateUnproved(name, new.e_cert_id, because)
                if made is not None:
                    open_for(tx, there, made.about)
                self._end(tx, one, AttemptState.ISSUED, reason)
                self._tell(tx, request, name, Step.ADOPT, reason)
                replaced(tx, one.view.case, attempt, told, actor=request.actor, reason=reason)
                self._requesting.record(tx, request, one.view.case)
                if made is not None:
                    self._decisions.record(tx, attempt, made)

            await self._store.write(work)

        await self._requesting.once(request, act)
        return await self._answering.view(request.tenant, name)

    async def mark_void(self, request: Request, name: str, reason: str) -> CaseView:
        """Takes the operator's word that nothing of a case stands anywhere. Raises CaseNotFound, CaseStateForbids."""

        async def act() -> None:
            one = await self._in_hand(request, name, Step.MARK_VOID)
            await self._store.write(lambda tx: self._mark_void(tx, request, one, reason))

        await self._requesting.once(request, act)
        return await self._answering.view(request.tenant, name)

    def _mark_void(self, tx: Transaction, request: Request, one: Manual, reason: str) -> None:
        case = one.view.case
        cases.hold(tx, case)
        self._tell(tx, request, case.name, Step.MARK_VOID, reason)
        self._requesting.record(tx, request, case)
        # Of a case that is not MANUAL only its stuck voids wait for a person; the rest goes on by itself.
        everything = case.state is CaseState.MANUAL
        settled = set()
        for void in voids.open_of_case(tx.connection, case.tenant, case.name):
            if everything or void.state is VoidState.STUCK:
                if not voids.record(tx, void, VoidState.CONFIRMED, reason):
                    raise CaseChanged(f"a void of {case.name} was taken in hand meanwhile")
                settled.add((void.platform, void.e_cert_id))
        for held in certificates.of_case(tx.connection, case.tenant, case.name):
            if held.status == CertificateStatus.ACTIVE and (
                everything or (held.platform, held.e_cert_id) in settled
            ):
                certificates.end(tx, held)
        if everything:
            self._end(tx, one, AttemptState.RETRYABLE, reason)
            cleared_by_a_person(tx, case, actor=request.actor, reason=reason)
        else:
            clear(tx, case, actor=request.actor, reason=reason)

    async def retry(self, request: Request, name: str, reason: str) -> CaseView:
        """Has what stopped tried again. Raises CaseNotFound, CaseStateForbids where there is nothing to try again."""

        async def act() -> None:
            one = await self._in_hand(request, name, Step.RETRY)
            last = one.attempt
            # Of a case that is not MANUAL an attempt goes on by itself.
            open_attempt = one.open_attempt if one.view.case.state is CaseState.MANUAL else None

            def work(tx: Transaction) -> AttemptRecord | None:
                cases.hold(tx, one.view.case)
                self._tell(tx, request, name, Step.RETRY, reason)
                self._requesting.record(tx, request, one.view.case)
                for void in one.stuck:
                    voids.retry(tx, void)
                if open_attempt is not None:
                    attempts.look_up_now(tx, open_attempt)
                if one.stuck or open_attempt is not None or last is None:
                    return None
                return self._recording.attempt(
                    tx, one.view.case, self._platform(last), last.digest, generation=last.generation + 1
                )

            async def begin() -> None:
                began = self._processing.began()
                attempt = await self._store.write(work)
                if attempt is not None and one.view.content is not None:
                    self._processing.send(attempt, self._platform(attempt), one.view.content, began)
                if one.stuck:
                    self._voiding.begin(name)

            # An operator who goes away between the commit and the sending stops neither.
            await asyncio.shield(begin())

        await self._requesting.once(request, act)
        return await self._answering.view(request.tenant, name)

    async def _in_hand(self, request: Request, name: str, step: Step) -> Manual:
        one = await self._store.read(lambda c: manual(c, named(c, request.tenant, name)))
        steps = self._steps(one)
        if step not in steps:
            can = ", ".join(steps)
            raise CaseStateForbids(
                name, one.view.case.state, f"what can be done: {can}" if can else _NOT_MANUAL
            )
        return one

    def _steps(self, one: Manual) -> tuple[Step, ...]:
        platform = self._platforms.find(one.platform)
        attempt = one.attempt
        return one.steps(platform is not None and attempt is not None and can_look_up(platform, attempt))

    def _platform(self, attempt: AttemptRecord) -> Platform:
        platform = self._platforms.find(attempt.platform)
        if platform is None:
            mend = f"the platform {attempt.platform} is not set up here"
            raise CaseStateForbids(attempt.case_name, CaseState.MANUAL, mend)
        return platform

    def _end(self, tx: Transaction, one: Manual, state: AttemptState, reason: str) -> None:
        """Ends the open attempt of a case, whoever has it in hand."""
        attempt = one.open_attempt
        if attempt is None:
            return
        held = attempts.take_over(tx, attempt)
        attempts.record_outcome(tx, held.hold, state, because=f"By an operator: {reason}")
        platform = self._platforms.find(attempt.platform)
        if (
            state is AttemptState.RETRYABLE
            and platform is not None
            and platform.capabilities.lookup_by_reference
        ):
            window = platform.capabilities.lookup_window
            attempts.plan_sweep(tx, held, attempt.planned_at + window, platform.capabilities.settle_time)

    def _tell(self, tx: Transaction, request: Request, name: str, step: Step, reason: str) -> None:
        said = {"step": step, "actor": request.actor, "reason": reason, "request_id": request.request_id}
        log.append(tx, request.tenant, "operator", name, said)
