"""Whether a platform's proof holds: a compact JWS, under keys from the platform's own address only."""

import json
from base64 import urlsafe_b64decode
from functools import lru_cache
from typing import Final
from warnings import catch_warnings, simplefilter

from joserfc import jws
from joserfc.errors import BadSignatureError, JoseError, SecurityWarning
from joserfc.jwk import JWKRegistry, Key

from engine.certificate import ClaimsError, read_claims
from engine.declaration import Json
from engine.platform import Expected, Platform, ProofReason, ProofVerdict, PublicKeys
from server.platforms.proof_rules import ProofRules, examine

__all__ = ["LONGEST_PROOF", "ProofRules", "prove", "verify_proof"]

LONGEST_PROOF: Final = 20_000


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
    by_digest = rules.compares is None
    try:
        moved = {name: found.find(payload) for name, found in rules.claims}
        claims = read_claims(payload | moved, by_digest=by_digest)
        said = None if rules.compares is None else rules.compares.said(payload)
    except ClaimsError as error:
        return ProofVerdict(ProofReason.CLAIMS_MISSING, f"The proof cannot be read: {error}.", key_id=key_id)
    reason, because = examine(claims, said, expected, rules)
    return ProofVerdict(reason, because, claims, key_id, keys[key_id], said)


def key_id_of(token: str) -> str | None:
    """The id of the key by which a JWS says that it is signed; None where it is none."""
    key_id = (_header(token) or {}).get("kid")
    return key_id if isinstance(key_id, str) else None


def signed_payload(token: str, keys: PublicKeys, algorithms: tuple[str, ...]) -> dict[str, Json] | None:
    """What a JWS says, where its signature holds under one of the keys and algorithms; else None."""
    header = _header(token) or {}
    algorithm, key_id = header.get("alg"), header.get("kid")
    if algorithm not in algorithms or not isinstance(key_id, str) or key_id not in keys:
        return None
    payload = _payload(token, str(algorithm), key_id, keys)
    return None if isinstance(payload, ProofVerdict) else payload


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
