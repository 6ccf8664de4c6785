"""A platform's public keys: fetched from its configured address, kept, and seldom fetched again."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry

from engine.declaration import Json
from engine.platform import PublicKeys

MOST_KEYS: Final = 64
# Seconds.
KEYS_AGE: Final = 3600.0
UNKNOWN_KEY_EVERY: Final = 60.0
RETRY_EVERY: Final = 1.0

# Which algorithms a key of this type and curve verifies. RFC 9864 names Ed25519 so; EdDSA is its older name.
ALGORITHMS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("EC", "P-256"): ("ES256",),
    ("OKP", "Ed25519"): ("Ed25519", "EdDSA"),
}

_PUBLIC_MEMBERS: Final = ("kty", "crv", "x", "y", "n", "e", "kid", "alg", "use")


class KeyRing:
    """Keeps the keys that `fetch` brings; `fetch` answers None where they could not be had."""

    def __init__(
        self, fetch: Callable[[], Awaitable[PublicKeys | None]], monotonic: Callable[[], float]
    ) -> None:
        self._fetch = fetch
        self._monotonic = monotonic
        self._keys: PublicKeys = {}
        self._fetched_at = float("-inf")
        self._tried_at = float("-inf")
        self._looked_at = float("-inf")
        self._one_at_a_time = asyncio.Lock()

    async def get(self, wanted: str | None = None) -> PublicKeys:
        """The keys. Empty where none are known, or where `wanted` is not among them and cannot be looked for.

        Keys that are an hour old are fetched again, and serve on while the address does not answer. For a
        wanted key they are fetched once a minute at most, whatever key ids tokens bring.
        """
        if self._is_due(wanted) or (self._one_at_a_time.locked() and not self._has(wanted)):
            async with self._one_at_a_time:
                if self._is_due(wanted) and await self._refresh(wanted):
                    return self._keys
        return self._keys if self._has(wanted) else {}

    def _has(self, wanted: str | None) -> bool:
        return bool(self._keys) if wanted is None else wanted in self._keys

    def _is_due(self, wanted: str | None) -> bool:
        now = self._monotonic()
        if self._keys and not self._has(wanted):
            return now - self._looked_at >= UNKNOWN_KEY_EVERY
        return now - self._fetched_at >= KEYS_AGE and now - self._tried_at >= RETRY_EVERY

    async def _refresh(self, wanted: str | None) -> bool:
        self._tried_at = self._monotonic()
        if self._keys and not self._has(wanted):
            self._looked_at = self._tried_at
        keys = await self._fetch()
        if keys is None:
            return False
        self._keys, self._fetched_at = keys, self._tried_at
        return True


def read_jwks(
    body: Mapping[str, Json] | None, algorithms: Mapping[tuple[str, str], tuple[str, ...]] = ALGORITHMS
) -> PublicKeys | None:
    """The keys of a JWK Set that can verify by one of the algorithms, by id. None if it is no such set."""
    entries = body.get("keys") if body else None
    if not isinstance(entries, list) or len(entries) > MOST_KEYS:
        return None
    public = [_public(entry) for entry in entries if isinstance(entry, dict)]
    return {key["kid"]: key for key in public if _verifies(key, algorithms)}


def _public(entry: Mapping[str, Json]) -> Mapping[str, str]:
    return {name: text for name in _PUBLIC_MEMBERS if isinstance(text := entry.get(name), str)}


def _verifies(key: Mapping[str, str], known: Mapping[tuple[str, str], tuple[str, ...]]) -> bool:
    """Whether it is a key that one of the known algorithms takes, and is for signatures."""
    algorithms = known.get((key.get("kty", ""), key.get("crv", "")))
    if "kid" not in key or algorithms is None or key.get("use", "sig") != "sig":
        return False
    if "alg" in key and key["alg"] not in algorithms:
        return False
    try:
        JWKRegistry.import_key(dict(key))
    except (JoseError, ValueError, TypeError):
        return False
    return True
