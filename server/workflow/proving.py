"""Proves certificates: a platform's word counts only where its proof holds and binds it to the declaration."""

import json
from dataclasses import dataclass
from datetime import datetime

from engine.certificate import CertificateStatus, Claims, ECertId
from engine.declaration import Content
from engine.platform import (
    Binding,
    Duplicate,
    Expected,
    Issued,
    NotFound,
    Platform,
    ProofKind,
    ProofVerdict,
    Reference,
    Told,
    Unknown,
)
from server.platforms import prove
from server.store.records import AttemptRecord, NewCertificate
from server.workflow.deciding import Clock


@dataclass(frozen=True, slots=True)
class Proved:
    """A certificate whose proof and binding hold. `key` is what verifies its proof, as a JSON Web Key's text.

    `compared` are the fields that bind it, where these do.
    """

    e_cert_id: ECertId
    proof: str
    claims: Claims
    key: str | None = None
    compared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unproved:
    """A certificate that does not prove itself to be this order's."""

    because: str


async def prove_issued(
    platform: Platform,
    attempt: AttemptRecord,
    answer: Issued | Duplicate,
    content: Content | None,
    clock: Clock,
) -> Proved | Unproved | Unknown:
    """Whether what the platform issued is a certificate for this attempt's declaration; `content` is what that says.

    Unknown where it could not be examined, because no key or no status of the platform is to be had just now; once the
    platform's look-up window is over, that is for a person.
    """
    outcome = await _examined(platform, attempt, answer, content, clock)
    if isinstance(outcome, Unknown) and clock() >= attempt.planned_at + platform.capabilities.lookup_window:
        return Unproved(f"{outcome.because}; the time in which it could be looked up is over")
    return outcome


async def _examined(
    platform: Platform,
    attempt: AttemptRecord,
    answer: Issued | Duplicate,
    content: Content | None,
    clock: Clock,
) -> Proved | Unproved | Unknown:
    if platform.capabilities.binding is Binding.NONE:
        return Unproved("the platform's certificates say nothing that binds them to an order")
    # A duplicate was issued under another reference; its digest binds it all the same.
    reference = Reference(attempt.reference) if isinstance(answer, Issued) else answer.reference
    proof = await proof_of(platform, answer)
    if not isinstance(proof, str):
        return proof
    expected = Expected(clock(), answer.e_cert_id, reference, attempt.digest, content)
    verdict = await prove(platform, proof, expected)
    if not verdict.examined:
        return Unknown(f"the proof of {answer.e_cert_id} could not be examined: {verdict.because}")
    if not verdict.good or verdict.claims is None:
        return Unproved(f"the certificate {answer.e_cert_id} does not prove itself: {verdict.because}")
    if platform.capabilities.binding is Binding.CLAIMS and (verdict.said is None or content is None):
        return Unproved(f"of the certificate {answer.e_cert_id} no field was compared")
    compared = verdict.said.fields if verdict.said is not None else ()
    return Proved(answer.e_cert_id, proof, verdict.claims, key_text(verdict), compared)


async def proof_of(platform: Platform, answer: Issued | Duplicate) -> str | Unproved | Unknown:
    """The proof of what was issued: what came with it, or the platform's status of it, recorded as it came.

    Unknown where the platform does not tell the status just now.
    """
    if platform.capabilities.proof is not ProofKind.STATUS:
        return answer.proof
    told = await platform.status(answer.e_cert_id)
    match told:
        case Told(status=CertificateStatus.ACTIVE, proof=proof) if proof:
            return proof
        case Told(status=CertificateStatus.ACTIVE):
            return Unproved(f"what the platform tells of {answer.e_cert_id} cannot be kept as a proof")
        case Told(status=status):
            return Unproved(f"the platform says that {answer.e_cert_id} is {status}")
        case NotFound():
            return Unknown(f"the platform issued {answer.e_cert_id}, and does not tell its status yet")
        case _:
            return Unknown(f"the platform does not tell the status of {answer.e_cert_id}: {told.because}")


def key_text(verdict: ProofVerdict) -> str | None:
    """The key that verified a proof, as it is kept with the certificate."""
    return None if verdict.key is None else json.dumps(dict(verdict.key), sort_keys=True)


def adopted(
    attempt: AttemptRecord, proved: Proved, now: datetime, binding: Binding = Binding.DIGEST
) -> NewCertificate:
    """The certificate as it is adopted. Its status is active: it was issued, or looked up, just now."""
    return NewCertificate(
        tenant=attempt.tenant,
        platform=attempt.platform,
        e_cert_id=proved.e_cert_id,
        case_name=attempt.case_name,
        declaration_version=attempt.declaration_version,
        reference=attempt.reference,
        status=CertificateStatus.ACTIVE,
        status_at=now,
        issued_at=proved.claims.issued_at,
        binding=binding,
        declaration_digest=attempt.digest,
        proof=proved.proof,
        key=proved.key,
        compared=json.dumps(proved.compared) if proved.compared else None,
        sandbox=proved.claims.sandbox,
    )
