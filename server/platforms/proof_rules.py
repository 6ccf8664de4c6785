"""What proofs of one platform have to meet, and what of them is examined once they can be read."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from engine.binding import Said, compared, unbound
from engine.certificate import Claims
from engine.declaration import Content
from engine.platform import Expected, ProofReason
from server.platforms.compares import Compares
from server.platforms.expression import Expression

# Differences that are named in a text; all of them are in the comparison itself.
_NAMED: Final = 10


@dataclass(frozen=True, slots=True)
class ProofRules:
    """What every proof of one platform has to meet, whatever it is for."""

    issuer: str
    algorithms: tuple[str, ...] = ("ES256",)
    # How far the platform's clock may be ahead of ours, and how long after its end a proof still counts.
    skew: timedelta = timedelta(minutes=2)
    sandbox_allowed: bool = False
    # Where claims stand that the platform calls otherwise than `read_claims` does.
    claims: tuple[tuple[str, Expression], ...] = ()
    # The fields that bind its certificates; None where our digest does, or nothing.
    compares: Compares | None = None


def examine(
    claims: Claims, said: Said | None, expected: Expected, rules: ProofRules
) -> tuple[ProofReason, str]:
    """The first thing that is wrong with what a proof says, and why, for people."""
    if claims.issuer != rules.issuer:
        return ProofReason.WRONG_ISSUER, "The proof was issued by another party than this platform."
    if claims.sandbox and not rules.sandbox_allowed:
        return (
            ProofReason.SANDBOX,
            "The certificate is a sandbox's: it certifies nothing, and is not accepted here.",
        )
    if claims.issued_at > expected.now + rules.skew:
        return ProofReason.NOT_YET_ISSUED, "The proof says that it will be issued in the future."
    if expected.e_cert_id is not None and claims.e_cert_id != expected.e_cert_id:
        return ProofReason.WRONG_E_CERT_ID, f"The proof is for another e-Cert ID, {claims.e_cert_id}."
    if (wrong := _of_another(claims, said, expected)) is not None:
        return wrong
    if claims.expires_at is not None and claims.expires_at + rules.skew < expected.now:
        return ProofReason.EXPIRED, f"The proof holds, and its life ended on {claims.expires_at:%Y-%m-%d}."
    return ProofReason.GOOD, "The signature holds, and the proof says what was expected."


def _of_another(claims: Claims, said: Said | None, expected: Expected) -> tuple[ProofReason, str] | None:
    """Whether it is for another submission or other content; reference and digest may be missing where fields bind it."""
    may_miss = said is not None
    if _differs(claims.reference, expected.reference, may_miss=may_miss):
        return ProofReason.WRONG_REFERENCE, "The proof is for another submission than ours."
    if _differs(claims.digest, expected.digest, may_miss=may_miss):
        return ProofReason.WRONG_DIGEST, "The proof certifies other content than was submitted."
    if said is None or expected.content is None:
        return None
    return _of_other_content(said, expected.content)


def _differs(claimed: str, wanted: str | None, *, may_miss: bool) -> bool:
    return wanted is not None and claimed != wanted and not (may_miss and not claimed)


def _of_other_content(said: Said, content: Content) -> tuple[ProofReason, str] | None:
    if lacks := unbound(said.fields, content):
        because = f"What the certificate says does not bind it to this declaration: {', '.join(lacks)}."
        return ProofReason.NOT_BOUND, because
    if found := compared(said, content):
        named = "; ".join(str(difference) for difference in found[:_NAMED])
        more = f"; and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        return ProofReason.WRONG_CONTENT, f"The certificate says otherwise than was declared: {named}{more}."
    return None
