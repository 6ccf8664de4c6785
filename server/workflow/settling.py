"""What becomes of attempts, written down: outcome, certificate, case and decision, all or nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from engine.case import OPEN_ATTEMPT, AttemptState, CaseState, Event
from engine.declaration import Content
from engine.platform import NotSent, Platform, Retryable, Told
from server.store import Transaction, attempts, cases, certificates, voids
from server.store.records import AttemptRecord, CaseRecord, NewAttempt, NewCertificate
from server.workflow.case_decisions import CaseDecisions
from server.workflow.choosing import PASSED_ON, Choosing
from server.workflow.clearing import unwanted, void_all, wind_down
from server.workflow.covering import open_for
from server.workflow.deciding import Made
from server.workflow.outcomes import Entry, Settled, entry, event
from server.workflow.patience import ACTOR, HoldLost, Patience
from server.workflow.planning import elsewhere, plan_next
from server.workflow.proving import Unproved
from server.workflow.replacing import is_replacing, not_replaced, replaced

MOST_GENERATIONS: Final = 3


@dataclass(frozen=True, slots=True)
class Came:
    """What came of an attempt.

    With a certificate: as it is adopted, and what the platform `told` of the one that it replaced, if it is over. With a
    decision: the pre-review as it is decided then. With the content that was submitted, another platform is asked in the
    place of one that surely has nothing.
    """

    outcome: Settled
    certificate: NewCertificate | None = None
    made: Made | None = None
    content: Content | None = None
    told: Told | None = None


class Settling:
    """Writes down what became of attempts; each method is work of one transaction.

    `plan` plans an attempt that this process sends as soon as it is committed.
    """

    def __init__(
        self,
        decisions: CaseDecisions,
        choosing: Choosing,
        patience: Patience,
        plan: Callable[[Transaction, NewAttempt], AttemptRecord],
    ) -> None:
        self._decisions = decisions
        self._choosing = choosing
        self._patience = patience
        self._plan = plan

    def record(
        self, tx: Transaction, attempt: AttemptRecord, came: Came
    ) -> tuple[AttemptRecord, Platform] | None:
        """Records an outcome with all that follows from it; the attempt that is to be sent instead, and where.

        Raises HoldLost.
        """
        outcome, made = came.outcome, came.made
        case = cases.take(tx, attempt.tenant, attempt.case_name)
        if came.certificate is not None and (because := _not_adopted(tx, came.certificate, made)) is not None:
            outcome, made = Unproved(f"the certificate {came.certificate.e_cert_id} {because}"), None
        recorded = entry(outcome, self._patience.settle)
        self._end(tx, attempt, recorded)
        if case is None:
            return None
        replacing = is_replacing(tx.connection, case, attempt)
        happens = event(outcome, case.state, replaces=replacing)
        if replacing and happens is not Event.ESCALATE:
            self._replacing(tx, case, attempt, recorded, happens, came.told)
        elif happens is not Event.ESCALATE and unwanted(tx.connection, case):
            void_all(tx, case, f"the case is {case.state}")
            wind_down(tx, case, actor=ACTOR, reason=recorded.because)
            return None
        else:
            if came.content is not None and recorded.state in PASSED_ON:
                instead = self._elsewhere(tx, case, attempt, recorded, came.content)
                if instead is not None:
                    return instead
            if happens is not None:
                cases.transition(tx, case, happens, actor=ACTOR, reason=recorded.because)
        if made is not None and case.declaration_version == attempt.declaration_version:
            self._decisions.record(tx, attempt, made)
        return None

    def lost(self, tx: Transaction, attempt: AttemptRecord, platform: Platform) -> None:
        """The platform had it, and knows it no more: a person is asked, for sent again it could be certified twice.

        The reference is swept for as long as the platform can come up with it. Raises HoldLost.
        """
        because = f"{attempt.because.rstrip('.')}; now the platform says that it does not know it"
        self.record(tx, attempt, Came(Unproved(because)))
        if platform.capabilities.lookup_by_reference:
            self._sweep(tx, attempt, platform)

    def _sweep(self, tx: Transaction, attempt: AttemptRecord, platform: Platform) -> None:
        until = attempt.planned_at + platform.capabilities.lookup_window
        attempts.plan_sweep(tx, attempt, until, self._patience.settle)

    def _replacing(
        self,
        tx: Transaction,
        case: CaseRecord,
        attempt: AttemptRecord,
        recorded: Entry,
        happens: Event | None,
        told: Told | None,
    ) -> None:
        """What became of an attempt that a case waits for to replace its certificate; while it is open the case waits on."""
        if happens is Event.ADOPT:
            replaced(tx, case, attempt, told, actor=ACTOR, reason=recorded.because)
        elif recorded.state not in OPEN_ATTEMPT | {AttemptState.UNPROVED}:
            not_replaced(tx, case, recorded.because)

    def plan_again(
        self,
        tx: Transaction,
        attempt: AttemptRecord,
        why: Retryable | NotSent,
        platform: Platform | None = None,
    ) -> None:
        """The platform never had it: ends the attempt and plans the next generation, a bounded number of times.

        `platform` is given where something was sent: the reference is swept for as long as it can come up with it. Raises
        HoldLost.
        """
        case = cases.take(tx, attempt.tenant, attempt.case_name)
        absent = entry(why, timedelta())
        self._end(tx, attempt, absent)
        if platform is not None:
            self._sweep(tx, attempt, platform)
        if case is None:
            return
        if is_replacing(tx.connection, case, attempt):
            if attempt.generation < MOST_GENERATIONS:
                plan_next(tx, attempt, tx.now + self._patience.attempt)
            else:
                not_replaced(tx, case, absent.because)
            return
        if unwanted(tx.connection, case):
            wind_down(tx, case, actor=ACTOR, reason=absent.because)
            return
        if attempt.generation >= MOST_GENERATIONS:
            cases.transition(tx, case, Event.CLEAR, actor=ACTOR, reason=absent.because)
            return
        plan_next(tx, attempt, tx.now + self._patience.attempt)
        if case.state is not CaseState.VERIFYING:
            cases.transition(tx, case, Event.SUBMIT, actor=ACTOR, reason=absent.because)

    def _end(self, tx: Transaction, attempt: AttemptRecord, recorded: Entry) -> None:
        if not attempts.record_outcome(
            tx,
            attempt.hold,
            recorded.state,
            because=recorded.because,
            detail=recorded.detail,
            due_in=recorded.due_in,
            platform_id=recorded.platform_id,
        ):
            raise HoldLost

    def _elsewhere(
        self, tx: Transaction, case: CaseRecord, ended: AttemptRecord, why: Entry, content: Content
    ) -> tuple[AttemptRecord, Platform] | None:
        """Plans an attempt at the site's next platform, held by this process, where the last one surely has nothing."""
        tried = attempts.of_case(tx.connection, case.tenant, case.name)
        platform = self._choosing.next_one(case, ended, why.state, content, tried)
        if platform is None:
            return None
        attempt = self._plan(tx, elsewhere(ended, platform, tried, tx.now + self._patience.attempt))
        reason = f"asked {platform.name} instead of {ended.platform}: {why.because}"
        cases.transition(tx, case, Event.SUBMIT, actor=ACTOR, reason=reason)
        return attempt, platform


def _not_adopted(tx: Transaction, new: NewCertificate, made: Made | None) -> str | None:
    """Adopts a certificate, with its ledger where it is a blanket one; where it cannot be, why."""
    if voids.find(tx.connection, new.tenant, new.platform, new.e_cert_id) is not None:
        return "is voided, or to be voided"
    there, ours = certificates.adopt(tx, new)
    if ours and made is not None:
        open_for(tx, there, made.about)
    return None if ours else f"serves {there.case_name} already"
