"""API keys: of each its digest, and what who shows it may do. The key itself is nowhere."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sqlalchemy import Connection, update

from server.store.prepared import every, first, write
from server.store.rows import columns_of, insert_new, keyed, keys, rows_of
from server.store.schema import api_keys
from server.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class ApiKeyRecord:
    """A key by its id. `roles` and `sites` are lists as JSON; `sites` is None where the key is for any.

    It is good until `expires_at` or `revoked_at`, where they are set.
    """

    tenant: str
    key_id: str
    digest: bytes
    name: str
    roles: str
    sites: str | None
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    @classmethod
    def of(
        cls,
        tenant: str,
        key_id: str,
        digest: bytes,
        name: str,
        roles: Iterable[str],
        sites: Iterable[str] | None,
        created_at: datetime,
        expires_at: datetime | None = None,
    ) -> Self:
        """A new key's record."""
        limited = None if sites is None else json.dumps(sorted(sites))
        return cls(
            tenant, key_id, digest, name, json.dumps(sorted(roles)), limited, created_at, expires_at, None
        )

    @property
    def role_names(self) -> tuple[str, ...]:
        """What who shows it may be."""
        return tuple(json.loads(self.roles))

    @property
    def site_ids(self) -> tuple[str, ...] | None:
        """The sites that it is limited to; None where it is for any of its tenant."""
        return None if self.sites is None else tuple(json.loads(self.sites))


_ROWS = rows_of(api_keys, ApiKeyRecord)
_BY_ID = _ROWS.where(keyed(api_keys, "key_id"))
_ORDER = (api_keys.c.tenant, api_keys.c.created_at, api_keys.c.key_id)
_ALL = _ROWS.order_by(*_ORDER)
_OF_TENANT = _ROWS.where(keyed(api_keys, "tenant")).order_by(*_ORDER)
_REVOKE = update(api_keys).where(keyed(api_keys, "key_id"), api_keys.c.revoked_at.is_(None))


def add(tx: Transaction, record: ApiKeyRecord) -> bool:
    """Keep a new key; False where its id is taken. Its tenant exists."""
    if find(tx.connection, record.key_id) is not None:
        return False
    return insert_new(tx.connection, api_keys, columns_of(record))


def find(connection: Connection, key_id: str) -> ApiKeyRecord | None:
    """The key of this id, also one that is not good any more."""
    return first(connection, _BY_ID, ApiKeyRecord, keys(key_id=key_id))


def listed(connection: Connection, tenant: str | None = None) -> list[ApiKeyRecord]:
    """The tenant's keys, or all, the oldest of each tenant first."""
    if tenant is None:
        return every(connection, _ALL, ApiKeyRecord, {})
    return every(connection, _OF_TENANT, ApiKeyRecord, keys(tenant=tenant))


def revoke(tx: Transaction, key_id: str) -> bool:
    """Take a key out of use for ever; False where there is none that is in use."""
    return write(tx.connection, _REVOKE, keys(key_id=key_id) | {"revoked_at": tx.now}) == 1
