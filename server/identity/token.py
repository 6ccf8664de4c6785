"""Whether a token holds: a compact JWS of a known issuer, under keys of that issuer's own address, for us, and now."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from warnings import catch_warnings, simplefilter

from joserfc import jws
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import JWKRegistry, Key

from engine.platform import PublicKeys
from server.auth import Principal, Role
from server.errors import Unauthenticated
from server.identity.issuer import Claim, Issuer

LONGEST: Final = 8_000
LONGEST_NAME: Final = 200
_MOST_SITES: Final = 1_000

# Which algorithms a key of this type and curve verifies; none that needs a shared secret, and never `none`.
ALGORITHMS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("RSA", ""): ("RS256", "PS256"),
    ("EC", "P-256"): ("ES256",),
    ("OKP", "Ed25519"): ("Ed25519", "EdDSA"),
}
_TYPES: Final = (None, "JWT", "jwt", "at+jwt", "application/at+jwt")
_REFUSED: Final = "Get a new one from its issuer; tell the operator if it is refused too."


@dataclass(frozen=True, slots=True)
class Parts:
    """What a token says before it is known whether it holds."""

    algorithm: str
    key_id: str
    issuer: str


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a token that holds is about, and until when it holds."""

    principal: Principal
    until: datetime


def read(text: str) -> Parts:
    """The token's algorithm, key and issuer, all of them unproved. Raises Unauthenticated for what is no token."""
    pieces = text.split(".")
    if len(text) > LONGEST or not text.isascii() or len(pieces) != 3:
        raise refused("what was shown is neither an API key nor a token")
    header, claims = _object(pieces[0]), _object(pieces[1])
    # Extensions change what is signed; none is understood here, so none is accepted.
    if header is None or claims is None or "crit" in header or "b64" in header:
        raise refused("the token cannot be read")
    if header.get("typ") not in _TYPES:
        raise refused("the token is of another kind than those that say who calls")
    algorithm, key_id, issuer = header.get("alg"), header.get("kid"), claims.get("iss")
    if not (isinstance(algorithm, str) and isinstance(key_id, str) and isinstance(issuer, str)):
        raise refused("the token does not say its algorithm, its key and its issuer")
    return Parts(algorithm, key_id, issuer)


def verify(text: str, parts: Parts, keys: PublicKeys, issuer: Issuer, now: datetime) -> Bearer:
    """Whom the token is about. Pure. Raises Unauthenticated with what is wrong."""
    if parts.algorithm not in issuer.algorithms:
        raise refused(f"the token is not signed by {' or '.join(issuer.algorithms)}")
    if parts.key_id not in keys:
        raise refused("the token is signed by a key that its issuer does not publish")
    claims = _payload(text, parts.algorithm, keys[parts.key_id])
    if claims.get("iss") != issuer.issuer:
        raise refused("the token is not of its issuer")
    audience = claims.get("aud")
    # One audience is a text, blanks and all; several are a list.
    if not set(issuer.audiences) & set([audience] if isinstance(audience, str) else _words(audience)):
        raise refused("the token is for another audience")
    until = _moment(claims, "exp")
    if until is None:
        raise refused("the token does not say when it ends")
    if until + issuer.skew <= now:
        raise refused("the token has ended")
    for name in ("nbf", "iat"):
        begins = _moment(claims, name)
        if begins is not None and begins - issuer.skew > now:
            raise refused("the token is not in force yet")
    return Bearer(_principal(claims, issuer), until + issuer.skew)


def refused(because: str) -> Unauthenticated:
    """The refusal of a token."""
    return Unauthenticated(because, _REFUSED)


def _principal(claims: Mapping[str, Any], issuer: Issuer) -> Principal:
    tenant = issuer.tenant if issuer.tenant_claim is None else _claim(claims, issuer.tenant_claim)
    if not isinstance(tenant, str) or not tenant:
        raise refused("the token does not name a tenant")
    roles = issuer.roles
    if issuer.roles_claim is not None:
        said = _words(_claim(claims, issuer.roles_claim))
        names = issuer.role_names or {role.value: role for role in Role}
        roles = frozenset(names[word] for word in said if word in names)
    sites = None
    if issuer.sites_claim is not None:
        # A token that leaves the claim out is for no site, and not for all of them.
        sites = frozenset(_words(_claim(claims, issuer.sites_claim))[:_MOST_SITES])
    name = _claim(claims, issuer.name_claim)
    if not isinstance(name, str) or not name:
        raise refused("the token does not say whom it is about")
    return Principal(tenant, f"token:{name[:LONGEST_NAME]}", roles, sites)


def _claim(claims: Mapping[str, Any], way: Claim) -> Any:
    found: Any = claims
    for name in way:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _words(value: Any) -> list[str]:
    """The words of a claim that is a list, or one text with blanks between them as scopes are written."""
    if isinstance(value, str):
        return value.split()
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []


def _moment(claims: Mapping[str, Any], name: str) -> datetime | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise refused(f"the token's `{name}` is no moment")
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=value)
    except (OverflowError, ValueError) as error:
        raise refused(f"the token's `{name}` is no moment") from error


def _object(encoded: str) -> dict[str, Any] | None:
    try:
        value = json.loads(urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


@lru_cache(maxsize=64)
def _key(members: tuple[tuple[str, str], ...]) -> Key:
    """The key of a JWK's members: making one takes as long as verifying by it."""
    return JWKRegistry.import_key(dict(members))


def _payload(text: str, algorithm: str, key: Mapping[str, str]) -> dict[str, Any]:
    if algorithm not in ALGORITHMS.get((key.get("kty", ""), key.get("crv", "")), ()):
        raise refused("the token's key is of another kind than its algorithm")
    try:
        with catch_warnings():
            # EdDSA is only an older name of what is pinned.
            simplefilter("ignore", SecurityWarning)
            made = _key(tuple(sorted(key.items())))
            payload = json.loads(jws.deserialize_compact(text, made, algorithms=[algorithm]).payload)
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise refused("the token's signature does not hold") from error
    if not isinstance(payload, dict):
        raise refused("the token cannot be read")
    return payload
