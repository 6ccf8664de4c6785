"""A platform in memory, for tests of what stands on the port: real proofs, and answers to script."""

import json
from collections import deque
from datetime import UTC, datetime, timedelta

from joserfc import jws
from joserfc.jwk import ECKey

from engine.certificate import CertificateStatus, ECertId
from engine.platform import (
    Binding,
    Capabilities,
    Duplicate,
    Expected,
    Health,
    Issued,
    LookupAnswer,
    NotFound,
    NotSent,
    Outcome,
    ProofVerdict,
    PublicKeys,
    Reference,
    Rejected,
    Rejection,
    StatusAnswer,
    Submission,
    Told,
    VoidAnswer,
    Voided,
)
from server.platforms import ProofRules, verify_proof

ISSUER = "urn:origin-gate:fake"


class FakePlatform:
    """Issues at once. `scripted` outcomes are answered first, one a submission; nothing is issued then."""

    name = "fake"
    manifest_digest = f"sha256:{'f' * 64}"
    capabilities = Capabilities(
        binding=Binding.DIGEST,
        lookup_by_reference=True,
        void=True,
        send_timeout=timedelta(seconds=1),
        settle_time=timedelta(0),
        lookup_window=timedelta(days=1),
    )

    def __init__(self, now: datetime = datetime(2026, 7, 1, tzinfo=UTC)) -> None:
        self.now = now
        self.scripted: deque[Outcome] = deque()
        self.submissions: list[Submission] = []
        self.to_replace: list[ECertId] = []
        self.statuses: dict[ECertId, CertificateStatus] = {}
        self._issued: dict[Reference, tuple[str, Issued]] = {}
        self._key = ECKey.generate_key("P-256", {"kid": "fake-1"})

    async def replace(self, submission: Submission, e_cert_id: ECertId) -> Outcome:
        if not submission.in_time():
            return NotSent("it was too late to send it")
        self.submissions.append(submission)
        self.to_replace.append(e_cert_id)
        if self.scripted:
            return self.scripted.popleft()
        if submission.reference in self._issued:
            return self._issued[submission.reference][1]
        if (status := self.statuses.get(e_cert_id)) is not CertificateStatus.ACTIVE:
            return Rejected((Rejection("NOT_ACTIVE", "", f"it is {status or 'none of ours'}"),))
        self.statuses[e_cert_id] = CertificateStatus.REPLACED
        return self.issue(submission)

    async def submit(self, submission: Submission) -> Outcome:
        if not submission.in_time():
            return NotSent("it was too late to send it")
        self.submissions.append(submission)
        if self.scripted:
            return self.scripted.popleft()
        if submission.reference in self._issued:
            return self._issued[submission.reference][1]
        for reference, (digest, issued) in self._issued.items():
            if digest == submission.digest and self.statuses[issued.e_cert_id] is CertificateStatus.ACTIVE:
                return Duplicate(issued.e_cert_id, issued.proof, reference)
        return self.issue(submission)

    def issue(self, submission: Submission) -> Issued:
        """Issues without answering: what a platform did whose reply was lost."""
        e_cert_id = ECertId(f"FAKE-{len(self._issued) + 1}")
        claims = {
            "iss": ISSUER,
            "iat": int(self.now.timestamp()),
            "e_cert_id": e_cert_id,
            "reference": submission.reference,
            "declaration_digest": submission.digest,
        }
        proof = jws.serialize_compact({"alg": "ES256", "kid": "fake-1"}, json.dumps(claims), self._key)
        issued = Issued(e_cert_id, proof)
        self._issued[submission.reference] = (submission.digest, issued)
        self.statuses[e_cert_id] = CertificateStatus.ACTIVE
        return issued

    async def lookup(self, reference: Reference) -> LookupAnswer:
        return self._issued[reference][1] if reference in self._issued else NotFound()

    async def status(self, e_cert_id: ECertId) -> StatusAnswer:
        status = self.statuses.get(e_cert_id)
        return Told(status, self.now) if status else NotFound()

    async def void(self, e_cert_id: ECertId, because: str) -> VoidAnswer:
        if e_cert_id not in self.statuses:
            return NotFound()
        if self.statuses[e_cert_id] is CertificateStatus.REPLACED:
            return Rejected((Rejection("REPLACED", "", "it was replaced"),))
        self.statuses[e_cert_id] = CertificateStatus.REVOKED
        return Voided()

    async def health(self) -> Health:
        return Health(up=True, because="The platform answers.")

    async def keys(self, wanted: str | None = None) -> PublicKeys:
        return {"fake-1": {name: str(value) for name, value in self._key.as_dict(private=False).items()}}

    def verify_proof(self, proof: str, keys: PublicKeys, expected: Expected) -> ProofVerdict:
        return verify_proof(proof, keys, expected, ProofRules(ISSUER))
