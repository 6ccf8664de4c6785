"""The log: dense, in the order of commits, hashed as RFC 9162 says."""

import asyncio
import hashlib
import json
from datetime import UTC, datetime

import pytest

from server.store import Store, Transaction, log
from server.store.covered import Covered, text_digest
from server.store.transaction import Entry

from .samples import MASTER, TENANT, Clock

ENTRY = Entry(
    tenant=TENANT,
    kind="transition",
    subject="cases/1",
    at=datetime(2026, 7, 1, 12, tzinfo=UTC),
    event='{"to":"ORDERED"}',
    covers=Covered("decisions", {"row": "sha256:1", "body": "sha256:2"}),
)


def test_leaf_hash_of_nothing() -> None:
    """The hash of an empty leaf is the known answer of certificate transparency's test vectors."""
    assert "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d" == log.leaf_hash("").hex()


def test_envelope() -> None:
    """An envelope is the canonical text of what an entry says, with digests of its event and of the row it covers."""
    assert (
        '{"at":"2026-07-01T12:00:00.000000Z"'
        ',"covers":{"body":"sha256:2","row":"sha256:1"}'
        f',"event":"sha256:{hashlib.sha256(ENTRY.event.encode()).hexdigest()}"'
        ',"kind":"transition","subject":"cases/1","table":"decisions","tenant":"acme","v":2}'
    ) == log.envelope(ENTRY)


def test_envelope_that_covers_no_row() -> None:
    """An entry that vouches for no row names no table in its envelope."""
    assert not {"covers", "table"} & set(json.loads(log.envelope(ENTRY._replace(covers=None))))


def tell(tx: Transaction, *subjects: str) -> None:
    for subject in subjects:
        log.append(tx, TENANT, "transition", subject, {"number": 1})


async def test_positions(store: Store) -> None:
    """Entries stand at dense positions from 0, in the order in which they were added."""
    assert 0 == await store.read(log.size)
    await store.write(lambda tx: tell(tx, "a", "b"))
    await store.write(lambda tx: tell(tx))
    await store.write(lambda tx: tell(tx, "c"))
    entries = await store.read(lambda connection: log.read(connection, 0, 10))
    assert [(0, "a"), (1, "b"), (2, "c")] == [(entry.position, entry.subject) for entry in entries]
    assert 3 == await store.read(log.size)


async def test_leaf(store: Store) -> None:
    """An entry's leaf is the hash of its envelope, and the envelope that of what is told."""
    await store.write(lambda tx: tell(tx, "a"))
    [entry] = await store.read(lambda connection: log.read(connection, 0, 10))
    assert log.leaf_hash(entry.envelope) == entry.leaf
    assert text_digest(entry.event) == json.loads(entry.envelope)["event"]


async def test_read_from(store: Store) -> None:
    """Reading begins at a position, stops at a limit, and can be of one tenant."""
    await store.write(lambda tx: tell(tx, "a", "b", "c"))
    await store.write(lambda tx: log.append(tx, "other", "transition", "d", {}))
    some = await store.read(lambda connection: log.read(connection, 1, 2))
    theirs = await store.read(lambda connection: log.read(connection, 0, 10, tenant="other"))
    assert ["b", "c"] == [entry.subject for entry in some]
    assert [(3, "d")] == [(entry.position, entry.subject) for entry in theirs]


async def test_failed_work_takes_no_position(store: Store) -> None:
    """Work that failed leaves no gap."""

    def half(tx: Transaction) -> None:
        tell(tx, "a", "b")
        raise LookupError

    with pytest.raises(LookupError):
        await store.write(half)
    await store.write(lambda tx: tell(tx, "c"))
    entries = await store.read(lambda connection: log.read(connection, 0, 10))
    assert [(0, "c")] == [(entry.position, entry.subject) for entry in entries]


async def test_dense_under_concurrent_writers(store: Store) -> None:
    """Many writers at once leave no gap and share no position, and no transaction is torn apart."""
    await asyncio.gather(
        *(store.write(lambda tx, n=n: tell(tx, f"{n}-first", f"{n}-second")) for n in range(60))
    )
    entries = await store.read(lambda connection: log.read(connection, 0, 1000))
    assert list(range(120)) == [entry.position for entry in entries]
    subjects = [entry.subject for entry in entries]
    assert {f"{n}-first": f"{n}-second" for n in range(60)} == dict(
        zip(subjects[::2], subjects[1::2], strict=True)
    )


async def test_dense_over_several_servers(upgraded_postgresql: str) -> None:
    """Servers that share one database leave no gap either."""
    stores = [Store.open(upgraded_postgresql, Clock(), MASTER) for _ in range(3)]
    await asyncio.gather(
        *(
            store.write(lambda tx, name=f"{index}-{n}": tell(tx, name, name))
            for n in range(30)
            for index, store in enumerate(stores)
        )
    )
    entries = await stores[0].read(lambda connection: log.read(connection, 0, 1000))
    for store in stores:
        store.close()
    assert list(range(180)) == [entry.position for entry in entries]
    assert [entry.subject for entry in entries[::2]] == [entry.subject for entry in entries[1::2]]
