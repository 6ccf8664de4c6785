"""Callers that show an API key."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Final

from server.auth import Principal, Role
from server.errors import Unauthenticated
from server.identity.api_key import digest_of, id_of
from server.identity.fresh import Fresh
from server.store import Store, api_keys
from server.store.api_keys import ApiKeyRecord

# Seconds within which every process knows that a key was revoked.
REVOKED_WITHIN: Final = 5.0

_STRANGE: Final = ("the API key is not one of this server", "Compare it with the one that was given out.")


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key that is in use: what it is compared with, whose it is, until when."""

    digest: bytes
    principal: Principal
    expires_at: datetime | None


class ApiKeys:
    """Finds the caller by its key. What is known of a key is looked up again every few seconds."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
        age: float = REVOKED_WITHIN,
    ) -> None:
        async def look_up(key_id: str) -> KnownKey | None:
            return _known(await store.read(lambda c: api_keys.find(c, key_id)))

        self._known = Fresh(look_up, age, monotonic)
        self._clock = clock

    async def caller(self, text: str) -> Principal:
        """Whose key it is. Raises Unauthenticated."""
        key_id = id_of(text)
        known = await self._known.get(key_id) if key_id is not None else None
        # One text for what never was, what is wrong and what was revoked: it tells nobody which ids there are.
        if known is None or not compare_digest(known.digest, digest_of(text)):
            raise Unauthenticated(*_STRANGE)
        if known.expires_at is not None and known.expires_at <= self._clock():
            raise Unauthenticated(
                f"the API key ended on {known.expires_at:%Y-%m-%d}", "Ask the operator for another."
            )
        return known.principal


def _known(record: ApiKeyRecord | None) -> KnownKey | None:
    if record is None or record.revoked_at is not None:
        return None
    sites = record.site_ids
    principal = Principal(
        record.tenant,
        f"key:{record.name}",
        frozenset(map(Role, record.role_names)),
        None if sites is None else frozenset(sites),
    )
    return KnownKey(record.digest, principal, record.expires_at)
