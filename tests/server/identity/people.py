"""Tenants and keys in a database, made as the command makes them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from server.auth import Role
from server.identity.api_key import new_key
from server.store import Store, Transaction, api_keys, tenants

ALL_ROLES = tuple(Role)


def now() -> datetime:
    """The moment."""
    return datetime.now(UTC)


async def made(store: Store, *names: str) -> None:
    """Makes tenants."""

    def make(tx: Transaction) -> None:
        for name in names:
            tenants.create(tx, name)

    await store.write(make)


async def key_for(
    store: Store,
    tenant: str,
    roles: tuple[Role, ...] = ALL_ROLES,
    sites: tuple[str, ...] | None = None,
    life: timedelta | None = None,
) -> str:
    """A new key's text."""
    key = new_key()

    def make(tx: Transaction) -> None:
        ends = None if life is None else tx.now + life
        record = api_keys.ApiKeyRecord.of(
            tenant, key.key_id, key.digest, f"{tenant} tester", roles, sites, tx.now, ends
        )
        assert api_keys.add(tx, record)

    await store.write(make)
    return key.text


async def fresh_database(folder: Path, *names: str) -> Store:
    """An SQLite database with the tenants, opened; the caller closes it."""
    store = Store.open(f"sqlite:///{folder}/og.db", now)
    store.upgrade()
    await made(store, *names)
    return store


def bearer(key: str) -> tuple[tuple[str, str], ...]:
    """The metadata that show a key or a token."""
    return (("authorization", f"Bearer {key}"),)
