"""The end of winding down: once nothing of a case stands at any platform, it goes on, or is cancelled."""

from sqlalchemy import Connection

from engine.case import OPEN_ATTEMPT, WINDING_DOWN, AttemptState, CaseState, Event
from engine.certificate import CertificateStatus
from server.store import Transaction, attempts, cases, certificates, events, ledger, voids
from server.store.records import CaseRecord, CertificateRecord


def unwanted(connection: Connection, case: CaseRecord) -> bool:
    """Whether what the case had is only to be ended: it winds down, or a person has it since it could not."""
    if case.state is not CaseState.MANUAL:
        return case.state in WINDING_DOWN
    return events.escalated_from(connection, case.tenant, case.name) in WINDING_DOWN


def void_all(tx: Transaction, case: CaseRecord, reason: str) -> None:
    """Plans to void every certificate of the case that is in force, and gives back what it draws on another's ledger."""
    ledger.give_back(tx, case)
    for held in certificates.of_case(tx.connection, case.tenant, case.name):
        _void(tx, held, reason)


def void_others(tx: Transaction, case: CaseRecord, reason: str) -> None:
    """The same but for the certificate of the declaration that the case has now."""
    for held in certificates.of_case(tx.connection, case.tenant, case.name):
        if held.declaration_version != case.declaration_version:
            _void(tx, held, reason)


def _void(tx: Transaction, held: CertificateRecord, reason: str) -> None:
    if held.status == CertificateStatus.ACTIVE:
        voids.plan(
            tx,
            tenant=held.tenant,
            platform=held.platform,
            e_cert_id=held.e_cert_id,
            case_name=held.case_name,
            reason=reason,
        )


def nothing_stands(tx: Transaction, case: CaseRecord) -> bool:
    """Whether it is certain that no platform has anything of the case."""
    holdings = cases.holdings(tx.connection, case.tenant, case.name)
    return not (
        holdings.open_attempt
        or holdings.active_certificate
        or voids.open_of_case(tx.connection, case.tenant, case.name)
    )


def clear(tx: Transaction, case: CaseRecord, *, actor: str, reason: str) -> CaseRecord:
    """Ends the winding down of a case where nothing of it stands any more; the case as it is then.

    Of what does not prove itself only a person can say that it does not stand.
    """
    if not unwanted(tx.connection, case) or not nothing_stands(tx, case):
        return case
    if case.state is not CaseState.MANUAL:
        return cases.transition(tx, case, Event.CLEAR, actor=actor, reason=reason)
    tried = attempts.of_case(tx.connection, case.tenant, case.name)
    if tried and tried[-1].state is AttemptState.UNPROVED:
        return case
    return cleared_by_a_person(tx, case, actor=actor, reason=reason)


def wind_down(tx: Transaction, case: CaseRecord, *, actor: str, reason: str) -> CaseRecord:
    """What becomes of a case that is not wanted any more: cleared, waiting for a platform, or a person's turn.

    It is a person's turn where nothing that stands, or may stand, is worked on by itself.
    """
    case = clear(tx, case, actor=actor, reason=reason)
    if case.state not in WINDING_DOWN:
        return case
    tried = attempts.of_case(tx.connection, case.tenant, case.name)
    asked = voids.open_of_case(tx.connection, case.tenant, case.name)
    if any(one.state in OPEN_ATTEMPT and one.due_at for one in tried) or any(one.due_at for one in asked):
        return case
    stuck = "what stands at the platform, or may stand, cannot be voided by itself"
    return cases.transition(tx, case, Event.ESCALATE, actor=actor, reason=stuck)


def cleared_by_a_person(tx: Transaction, case: CaseRecord, *, actor: str, reason: str) -> CaseRecord:
    """Takes a case on that a person had to settle, once nothing of it stands: to what was wanted before."""
    if case.state is not CaseState.MANUAL or not nothing_stands(tx, case):
        return case
    cancelled = events.escalated_from(tx.connection, case.tenant, case.name) is CaseState.CANCELLING
    case = cases.transition(tx, case, Event.CLEAR, actor=actor, reason=reason)
    if not cancelled:
        return case
    case = cases.transition(tx, case, Event.CANCEL, actor=actor, reason=reason)
    return cases.transition(tx, case, Event.CLEAR, actor=actor, reason=reason)
