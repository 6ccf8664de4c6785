"""Callers that show an API key, on a real database."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from server.auth import Principal, Role
from server.errors import Unauthenticated
from server.identity.api_key import id_of
from server.identity.keys import REVOKED_WITHIN, ApiKeys
from server.store import Store, api_keys

from .people import fresh_database, key_for, now


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A database with the tenant acme."""
    opened = await fresh_database(tmp_path, "acme")
    yield opened
    opened.close()


async def refusal(keys: ApiKeys, text: str) -> str:
    """Why a key is refused."""
    with pytest.raises(Unauthenticated) as refused:
        await keys.caller(text)
    return str(refused.value)


async def test_caller(store: Store) -> None:
    """A key says the tenant, the name, the roles and the sites of who shows it."""
    key = await key_for(store, "acme", (Role.AUDITOR,), ("shop",))
    expected = Principal("acme", "key:acme tester", frozenset({Role.AUDITOR}), frozenset({"shop"}))
    assert expected == await ApiKeys(store, now, Clock().monotonic).caller(key)


async def test_not_kept(store: Store, tmp_path: Path) -> None:
    """The database holds no part of a key's secret."""
    key = await key_for(store, "acme")
    secret = key.rpartition("_")[2].encode()
    files = [(tmp_path / f"og.db{end}").read_bytes() for end in ("", "-wal")]
    assert [False, False] == [secret in file for file in files]


async def test_wrong_and_unknown_alike(store: Store) -> None:
    """A wrong secret, an id that there is not, and a revoked key are refused in the same words."""
    keys, key = ApiKeys(store, now, Clock().monotonic), await key_for(store, "acme")
    revoked = await key_for(store, "acme")
    await store.write(lambda tx: api_keys.revoke(tx, id_of(revoked) or ""))
    wrong = key[:-1] + ("a" if key[-1] != "a" else "b")
    unknown = "og_" + "0" * 16 + "_" + "x" * 43
    texts = {await refusal(keys, shown) for shown in (wrong, unknown, revoked, "og_nonsense")}
    assert 1 == len(texts)
    assert key not in texts.pop()


async def test_revoked_elsewhere(store: Store) -> None:
    """What another process revokes is refused within the stated time, and not asked for before."""
    clock = Clock()
    keys, key = ApiKeys(store, now, clock.monotonic), await key_for(store, "acme")
    await keys.caller(key)
    await store.write(lambda tx: api_keys.revoke(tx, id_of(key) or ""))
    clock.seconds = REVOKED_WITHIN
    assert "not one of this server" in await refusal(keys, key)


async def test_ended(store: Store) -> None:
    """A key is good until its end, and then says that it has ended."""
    key = await key_for(store, "acme", life=timedelta(hours=1))
    assert "acme" == (await ApiKeys(store, now, Clock().monotonic).caller(key)).tenant
    later = ApiKeys(store, lambda: now() + timedelta(hours=2), Clock().monotonic)
    assert "the API key ended on" in await refusal(later, key)


async def test_revoked_once(store: Store) -> None:
    """A key is revoked once: a second time there is none in use."""
    key_id = id_of(await key_for(store, "acme")) or ""
    assert [True, False] == [await store.write(lambda tx: api_keys.revoke(tx, key_id)) for _ in range(2)]
