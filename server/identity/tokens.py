"""Callers that bring a token of a known issuer."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from engine.platform import PublicKeys
from server.auth import Principal
from server.errors import IdentityUnavailable
from server.identity.issuer import Issuer
from server.identity.token import ALGORITHMS, Bearer, Parts, read, refused, verify
from server.platforms.keys import KeyRing, read_jwks
from server.platforms.transport import Limits, Reply, Transport
from server.recent import Recent

# Seconds for which a token that held is believed without looking at it again: a key that its issuer withdraws is not
# believed longer than the ring keeps it, and these seconds.
BELIEVED: Final = 60.0
_MOST: Final = 10_000
_PATIENCE: Final = Limits(connect=2.0, total=4.0)

Fetch = Callable[[str], Awaitable[PublicKeys | None]]


@dataclass(frozen=True, slots=True)
class _Believed:
    bearer: Bearer
    until: float


class Tokens:
    """Finds the caller by its token. `fetch` brings the keys at an address, or None where they cannot be had."""

    def __init__(
        self,
        issuers: tuple[Issuer, ...],
        fetch: Fetch,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self._issuers = {issuer.issuer: issuer for issuer in issuers}
        self._rings = {issuer.issuer: _ring(issuer, fetch, monotonic) for issuer in issuers}
        self._clock = clock
        self._monotonic = monotonic
        self._believed = Recent[bytes, _Believed](_MOST)

    async def caller(self, text: str) -> Principal:
        """Whom the token is about. Raises Unauthenticated, and IdentityUnavailable."""
        digest = hashlib.sha256(text.encode("utf-8", "replace")).digest()
        now = self._clock()
        believed = self._believed.get(digest)
        if believed is not None and self._monotonic() < believed.until and now < believed.bearer.until:
            return believed.bearer.principal
        bearer = await self._verified(text, now)
        self._believed.keep(digest, _Believed(bearer, self._monotonic() + BELIEVED))
        return bearer.principal

    async def _verified(self, text: str, now: datetime) -> Bearer:
        parts = read(text)
        issuer = self._issuers.get(parts.issuer)
        if issuer is None:
            raise refused("the token's issuer is not known to this server")
        return verify(text, parts, await self._keys(parts), issuer, now)

    async def _keys(self, parts: Parts) -> PublicKeys:
        ring = self._rings[parts.issuer]
        keys = await ring.get()
        if not keys:
            raise IdentityUnavailable
        if parts.key_id in keys:
            return keys
        # Perhaps the issuer has newer ones; a ring that finds none answers nothing.
        return await ring.get(parts.key_id)


def _ring(issuer: Issuer, fetch: Fetch, monotonic: Callable[[], float]) -> KeyRing:
    async def bring() -> PublicKeys | None:
        return await fetch(issuer.keys)

    return KeyRing(bring, monotonic)


def fetching(transport: Transport) -> Fetch:
    """Brings the keys that stand at an address as a JWK Set."""

    async def fetch(address: str) -> PublicKeys | None:
        reply = await transport.exchange("GET", address, None, _PATIENCE)
        if not isinstance(reply, Reply) or reply.status != 200:
            return None
        try:
            body = json.loads(reply.body)
        except (ValueError, RecursionError):
            return None
        return read_jwks(body, ALGORITHMS) if isinstance(body, dict) else None

    return fetch
