"""Whether a platform's proof holds: a compact JWS, under keys from the platform's own address only."""

import json
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Final
from warnings import catch_warnings, simplefilter

from joserfc import jws
from joserfc.errors import BadSignatureError, JoseError, SecurityWarning
from joserfc.jwk import JWKRegistry, Key

from engine.certificate import Claims, ClaimsError, read_claims
from engine.declaration import Json
from engine.platform import Expected, Platform, ProofReason, ProofVerdict, PublicKeys
from server.platforms.expression import Expression

LONGEST_PROOF: Final = 20_000


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


async def prove(platform: Platform, proof: str, expected: Expected) -> ProofVerdict:
    """Whether the proof holds; newer keys are looked for if its key is not among those we have."""
    verdict = platform.verify_proof(proof, await platform.keys(), expected)
    if verdict.reason is not ProofReason.UNKNOWN_KEY:
        return verdict
    return platform.verify_proof(proof, await platform.keys(verdict.key_id), expected)


def verify_proof(proof: str, keys: PublicKeys, expected: Expected, rules: ProofRules) -> ProofVerdict:
    """Whether the proof holds under these keys and rules, and says what is expected. Pure.

    The key is found by its id among `keys`; a key inside the token, or an address of one, is never looked at.
    """
    if not keys:
        return ProofVerdict(ProofReason.NO_KEYS, "The platform's keys are not known at present.")
    header = _header(proof)
    if header is None:
        return ProofVerdict(ProofReason.MALFORMED, "The proof is not a JWS in compact form.")
    algorithm, key_id = header.get("alg"), header.get("kid")
    if algorithm not in rules.algorithms:
        wanted = " or ".join(rules.algorithms)
        return ProofVerdict(ProofReason.WRONG_ALGORITHM, f"The proof is not signed by {wanted}.")
    if not isinstance(key_id, str) or key_id not in keys:
        because = "The proof is signed by a key that the platform does not publish."
        return ProofVerdict(
            ProofReason.UNKNOWN_KEY, because, key_id=key_id if isinstance(key_id, str) else None
        )
    payload = _payload(proof, str(algorithm), key_id, keys)
    if isinstance(payload, ProofVerdict):
        return payload
    try:
        claims = read_claims(payload | {name: found.find(payload) for name, found in rules.claims})
    except ClaimsError as error:
        return ProofVerdict(ProofReason.CLAIMS_MISSING, f"The proof cannot be read: {error}.", key_id=key_id)
    reason, because = _examine(claims, expected, rules)
    return ProofVerdict(reason, because, claims, key_id, keys[key_id])


def _header(proof: str) -> dict[str, object] | None:
    if len(proof) > LONGEST_PROOF or not proof.isascii() or proof.count(".") != 2:
        return None
    encoded = proof.partition(".")[0]
    try:
        header = json.loads(urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    except (ValueError, RecursionError):
        return None
    # Extensions change what is signed; none is understood here, so none is accepted.
    return header if isinstance(header, dict) and "crit" not in header and "b64" not in header else None


@lru_cache(maxsize=64)
def _key(members: tuple[tuple[str, str], ...]) -> Key:
    """The key of a JWK's members: making one takes as long as verifying by it."""
    return JWKRegistry.import_key(dict(members))


def _payload(proof: str, algorithm: str, key_id: str, keys: PublicKeys) -> dict[str, Json] | ProofVerdict:
    malformed = ProofVerdict(ProofReason.MALFORMED, "The proof is not a JWS in compact form.", key_id=key_id)
    try:
        key = _key(tuple(sorted(keys[key_id].items())))
        with catch_warnings():
            # EdDSA is only an older name of what is pinned.
            simplefilter("ignore", SecurityWarning)
            payload = json.loads(jws.deserialize_compact(proof, key, algorithms=[algorithm]).payload)
    except BadSignatureError:
        because = "The signature of the proof does not hold: it was changed, or another key signed it."
        return ProofVerdict(ProofReason.BAD_SIGNATURE, because, key_id=key_id)
    except (JoseError, ValueError, TypeError, RecursionError):
        return malformed
    return payload if isinstance(payload, dict) else malformed


def _examine(claims: Claims, expected: Expected, rules: ProofRules) -> tuple[ProofReason, str]:
    """The first thing that is wrong with signed claims."""
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
    if expected.reference is not None and claims.reference != expected.reference:
        return ProofReason.WRONG_REFERENCE, "The proof is for another submission than ours."
    if expected.digest is not None and claims.digest != expected.digest:
        return ProofReason.WRONG_DIGEST, "The proof certifies other content than was submitted."
    if claims.expires_at is not None and claims.expires_at + rules.skew < expected.now:
        return ProofReason.EXPIRED, f"The proof holds, and its life ended on {claims.expires_at:%Y-%m-%d}."
    return ProofReason.GOOD, "The signature holds, and the proof says what was expected."
