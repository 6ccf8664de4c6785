"""Superseding in one step: the platform certifies the new declaration in the place of the last one's certificate.

While that is under way the case is SUPERSEDING, and the last certificate stands. Whatever comes of it but a certificate that
is proved, the case goes on as where nothing can be replaced: what stands is voided.
"""

import asyncio
from typing import Final

from sqlalchemy import Connection

from engine.case import CaseState, Event
from engine.certificate import CertificateStatus, ECertId
from engine.platform import Platform, Told
from server.store import Transaction, cases, certificates, events
from server.store.records import AttemptRecord, CaseRecord, CertificateRecord
from server.workflow.casework import CaseView
from server.workflow.clearing import void_all, void_others, wind_down
from server.workflow.patience import ACTOR

SUPERSEDED: Final = "another declaration takes its place"


def in_force(view: CaseView) -> CertificateRecord | None:
    """The certificate that the case stands under, where that is its own and in force: what can be replaced."""
    held = view.held
    if held is None or held.case_name != view.case.name or held.status != CertificateStatus.ACTIVE:
        return None
    return held


def only_one(connection: Connection, certificate: CertificateRecord) -> bool:
    """Whether the certificate is the only one of its case that is in force: one is replaced by one."""
    there = certificates.of_case(connection, certificate.tenant, certificate.case_name)
    active = [one for one in there if one.status == CertificateStatus.ACTIVE]
    return [(certificate.platform, certificate.e_cert_id)] == [
        (one.platform, one.e_cert_id) for one in active
    ]


def is_replacing(connection: Connection, case: CaseRecord, attempt: AttemptRecord) -> bool:
    """Whether the case waits for this attempt to replace its certificate, by itself or with a person's help."""
    if attempt.replaces is None or attempt.declaration_version != case.declaration_version:
        return False
    superseding = CaseState.SUPERSEDING
    if case.state is CaseState.MANUAL:
        return events.escalated_from(connection, case.tenant, case.name) is superseding
    return case.state is superseding


async def told_over(platform: Platform, attempt: AttemptRecord) -> Told | None:
    """The platform's own word that what the attempt was to replace is out of force; None where it does not say so."""
    if attempt.replaces is None:
        return None
    try:
        async with asyncio.timeout(platform.capabilities.send_timeout.total_seconds()):
            told = await platform.status(ECertId(attempt.replaces))
    except TimeoutError:
        return None
    return told if isinstance(told, Told) and told.status is not CertificateStatus.ACTIVE else None


def replaced(
    tx: Transaction, case: CaseRecord, attempt: AttemptRecord, told: Told | None, *, actor: str, reason: str
) -> None:
    """The new declaration is certified. What its certificate replaced is over where the platform says so, else voided."""
    old = certificates.find(tx.connection, attempt.tenant, attempt.replaces or "", attempt.platform)
    if old is not None and told is not None:
        certificates.end(tx, old, told.status)
    void_others(tx, case, SUPERSEDED)
    cases.transition(tx, case, Event.ADOPT, actor=actor, reason=reason)


def not_replaced(tx: Transaction, case: CaseRecord, because: str) -> None:
    """Nothing was replaced: the case winds down as where that cannot be done in one step."""
    void_all(tx, case, SUPERSEDED)
    wind_down(tx, case, actor=ACTOR, reason=because)
