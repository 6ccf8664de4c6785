"""Tenants and API keys, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from server.store import Store, Transaction, api_keys, tenants
from server.store.api_keys import ApiKeyRecord

AT = datetime(2026, 7, 1, tzinfo=UTC)


def key(key_id: str = "k1", tenant: str = "acme") -> ApiKeyRecord:
    return ApiKeyRecord.of(
        tenant, key_id, b"d" * 32, "orders", ["AUDITOR"], ["b", "a"], AT, AT + timedelta(days=1)
    )


@pytest.fixture
async def acme(store: Store) -> Store:
    """A store with the tenants acme and brasa."""
    for name in ("brasa", "acme"):
        assert await store.write(lambda tx, name=name: tenants.create(tx, name, f"{name} & Sons"))
    return store


async def test_tenant_once(acme: Store) -> None:
    """A tenant is made once, and keeps the title it was made with."""
    assert not await acme.write(lambda tx: tenants.create(tx, "acme", "another"))
    listed = await acme.read(tenants.listed)
    assert [("acme", "acme & Sons"), ("brasa", "brasa & Sons")] == [(t.tenant, t.title) for t in listed]


async def test_exists(acme: Store) -> None:
    """A tenant is there or not."""
    found = [await acme.read(lambda c, name=name: tenants.exists(c, name)) for name in ("acme", "none")]
    assert [True, False] == found


async def test_round_trip(acme: Store) -> None:
    """A key is read as it was kept."""
    assert await acme.write(lambda tx: api_keys.add(tx, key()))
    assert key() == await acme.read(lambda c: api_keys.find(c, "k1"))
    assert ("a", "b") == key().site_ids


async def test_id_taken(acme: Store) -> None:
    """An id is one key's, whatever the tenant."""
    await acme.write(lambda tx: api_keys.add(tx, key()))
    assert not await acme.write(lambda tx: api_keys.add(tx, key(tenant="brasa")))


async def test_revoke(acme: Store) -> None:
    """A key is revoked once, and its moment is kept; one that is not there is not revoked."""
    await acme.write(lambda tx: api_keys.add(tx, key()))

    async def revoke(key_id: str) -> bool:
        def work(tx: Transaction) -> bool:
            return api_keys.revoke(tx, key_id)

        return await acme.write(work)

    assert [True, False, False] == [await revoke(name) for name in ("k1", "k1", "k2")]
    found = await acme.read(lambda c: api_keys.find(c, "k1"))
    assert found is not None and found.revoked_at is not None


async def test_listed(acme: Store) -> None:
    """Keys are listed by tenant, or those of one."""
    for each in (key("k3"), key("k2", "brasa"), key("k1")):
        await acme.write(lambda tx, each=each: api_keys.add(tx, each))
    assert ["k1", "k3", "k2"] == [k.key_id for k in await acme.read(api_keys.listed)]
    assert ["k2"] == [k.key_id for k in await acme.read(lambda c: api_keys.listed(c, "brasa"))]
