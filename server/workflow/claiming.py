"""Certificates as operators found them: adopted only where proof and binding hold and the platform says ACTIVE."""

from dataclasses import dataclass

from engine.certificate import CertificateStatus, ECertId, normalise_e_cert_id
from engine.declaration import Content
from engine.platform import Binding, Duplicate, Expected, Issued, Platform, ProofKind, Told
from server.errors import CertificateUnproved
from server.platforms import prove
from server.store.records import AttemptRecord, NewCertificate
from server.workflow.deciding import Clock
from server.workflow.looking_up import can_look_up, looked_up
from server.workflow.proving import Proved, adopted, key_text, proof_of, prove_issued


@dataclass(frozen=True, slots=True)
class Claimed:
    """A certificate as an operator found it. `proof` is empty where the platform is to be asked for it."""

    e_cert_id: str
    proof: str


async def claimed_certificate(
    platform: Platform, attempt: AttemptRecord, claimed: Claimed, content: Content | None, clock: Clock
) -> NewCertificate:
    """The certificate to adopt; `content` is what the attempt submitted. Raises CertificateUnproved."""
    e_cert_id = ECertId(normalise_e_cert_id(claimed.e_cert_id))
    binding = platform.capabilities.binding
    issued = Duplicate(e_cert_id, await _proof(platform, attempt, e_cert_id, claimed.proof), None)
    if binding is Binding.NONE:
        # That it is for this declaration rests on the operator's word; that the platform issued it does not.
        proof = await proof_of(platform, issued)
        if not isinstance(proof, str):
            raise CertificateUnproved(attempt.case_name, e_cert_id, proof.because)
        verdict = await prove(platform, proof, Expected(clock(), e_cert_id))
        if not verdict.good or verdict.claims is None:
            raise CertificateUnproved(attempt.case_name, e_cert_id, verdict.because)
        proved = Proved(e_cert_id, proof, verdict.claims, key_text(verdict))
    else:
        # The digest binds it, or what is compared, under whatever reference it was issued.
        answer = await prove_issued(platform, attempt, issued, content, clock)
        if not isinstance(answer, Proved):
            raise CertificateUnproved(attempt.case_name, e_cert_id, answer.because)
        proved = answer
    await _in_force(platform, attempt, e_cert_id)
    return adopted(attempt, proved, clock(), binding)


async def _proof(platform: Platform, attempt: AttemptRecord, e_cert_id: ECertId, given: str) -> str:
    """The signed proof; of a platform that signs nothing none: only what it tells this server itself proves anything."""
    if platform.capabilities.proof is ProofKind.STATUS:
        return ""
    return given or await _looked_up(platform, attempt, e_cert_id)


async def _looked_up(platform: Platform, attempt: AttemptRecord, e_cert_id: ECertId) -> str:
    answer = None
    if can_look_up(platform, attempt):
        answer = await looked_up(platform, attempt)
    if isinstance(answer, Issued | Duplicate) and answer.e_cert_id == e_cert_id:
        return answer.proof
    because = "the platform does not give its proof by our reference; give the proof with the e-Cert ID"
    raise CertificateUnproved(attempt.case_name, e_cert_id, because)


async def _in_force(platform: Platform, attempt: AttemptRecord, e_cert_id: ECertId) -> None:
    """A proof says what was issued once, not what is so today."""
    told = await platform.status(e_cert_id)
    if not isinstance(told, Told):
        because = "the platform does not tell whether it is in force; try again once it does"
        raise CertificateUnproved(attempt.case_name, e_cert_id, because)
    if told.status != CertificateStatus.ACTIVE:
        raise CertificateUnproved(attempt.case_name, e_cert_id, f"the platform says that it is {told.status}")
