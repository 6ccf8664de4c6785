"""Proves certificates: a platform's word counts only where its proof holds and binds it to the declaration."""

import json
from dataclasses import dataclass
from datetime import datetime

from engine.certificate import CertificateStatus, Claims, ECertId
from engine.platform import (
    Binding,
    Duplicate,
    Expected,
    Issued,
    Platform,
    ProofVerdict,
    Reference,
    Unknown,
)
from server.platforms import prove
from server.store.records import AttemptRecord, NewCertificate
from server.workflow.deciding import Clock


@dataclass(frozen=True, slots=True)
class Proved:
    """A certificate whose proof and binding hold. `key` is what verifies its proof, as a JSON Web Key's text."""

    e_cert_id: ECertId
    proof: str
    claims: Claims
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Unproved:
    """A certificate that does not prove itself to be this order's."""

    because: str


async def prove_issued(
    platform: Platform, attempt: AttemptRecord, answer: Issued | Duplicate, clock: Clock
) -> Proved | Unproved | Unknown:
    """Whether what the platform issued is a certificate for this attempt's declaration.

    Unknown where it could not be examined, because no key of the platform is to be had just now.
    """
    if platform.capabilities.binding is Binding.NONE:
        return Unproved("the platform's certificates say nothing that binds them to an order")
    # A duplicate was issued under another reference; its digest binds it all the same.
    reference = Reference(attempt.reference) if isinstance(answer, Issued) else answer.reference
    expected = Expected(clock(), answer.e_cert_id, reference, attempt.digest)
    verdict = await prove(platform, answer.proof, expected)
    if not verdict.examined:
        return Unknown(f"the proof could not be examined: {verdict.because}")
    if not verdict.good or verdict.claims is None:
        return Unproved(f"the certificate {answer.e_cert_id} does not prove itself: {verdict.because}")
    return Proved(answer.e_cert_id, answer.proof, verdict.claims, key_text(verdict))


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
        sandbox=proved.claims.sandbox,
    )
