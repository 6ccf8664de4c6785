"""Cursors of webhook endpoints: where they begin, who may move them, what is recorded with them."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from server.store import Store, Transaction, cursors
from server.store.attempts import Lease
from server.store.cursors import Cursor, CursorHold, CursorPlace, Progress

from .samples import MASTER, TENANT, Clock, placed, verifying

FIRST = Lease("worker-1", timedelta(minutes=5))
SECOND = Lease("worker-2", timedelta(minutes=5))
LAPSED = Lease("worker-1", timedelta(seconds=-1))


async def opened(
    store: Store, endpoint: str = "orders", tenant: str = TENANT, beginning: bool = True
) -> bool:
    return await store.write(lambda tx: cursors.open_cursor(tx, tenant, endpoint, beginning=beginning))


async def found(store: Store, endpoint: str = "orders") -> Cursor:
    cursor = await store.read(lambda c: cursors.find(c, TENANT, endpoint))
    assert cursor is not None
    return cursor


async def take(store: Store, lease: Lease = FIRST, tenant: str = TENANT) -> Cursor | None:
    return await store.write(lambda tx: cursors.take(tx, tenant, "orders", lease))


async def held(store: Store, lease: Lease = FIRST) -> CursorHold:
    """The hold on a cursor that is opened and taken."""
    await opened(store)
    taken = await take(store, lease)
    assert taken is not None
    return taken.hold


async def record(store: Store, hold: CursorHold, progress: Progress, lease: Lease = FIRST) -> bool:
    return await store.write(lambda tx: cursors.record(tx, hold, lease, progress))


async def test_where_it_begins(store: Store) -> None:
    """A cursor begins at the log's beginning or behind what is there now, and is opened once."""
    await verifying(store)
    assert (True, True) == (await opened(store), await opened(store, "audit", beginning=False))
    assert (0, 4) == ((await found(store)).position, (await found(store, "audit")).position)
    await placed(store, 2)
    assert not await opened(store, "audit", beginning=False)
    assert 4 == (await found(store, "audit")).position


async def test_none(store: Store) -> None:
    """A cursor that was not opened is not found, and cannot be taken."""
    assert (None, None) == (await store.read(lambda c: cursors.find(c, TENANT, "orders")), await take(store))


async def test_take(store: Store) -> None:
    """Who takes a cursor holds it for the lease, with the next fence."""
    await opened(store)
    taken = await take(store)
    assert taken is not None
    assert (1, "worker-1") == (taken.fence, taken.lease_owner)
    assert taken == await found(store)


async def test_one_holds_it(store: Store) -> None:
    """Nobody else takes a cursor that is held; its holder may, and then has the next fence."""
    await held(store)
    assert await take(store, SECOND) is None
    again = await take(store)
    assert (2, "worker-1") == (again and again.fence, again and again.lease_owner)


async def test_lapsed(store: Store) -> None:
    """A cursor whose lease has ended is taken by another, and who had it writes nothing any more."""
    lost = await held(store, LAPSED)
    taken = await take(store, SECOND)
    assert taken is not None
    assert (2, "worker-2") == (taken.fence, taken.lease_owner)
    assert not await record(store, lost, Progress(CursorPlace(7), delivered=True))
    assert not await store.write(lambda tx: cursors.release(tx, lost))
    assert taken == await found(store)


async def test_record(store: Store) -> None:
    """Progress moves the cursor and makes the lease last; what failed is told with it."""
    hold = await held(store)
    assert await record(store, hold, Progress(CursorPlace(5), delivered=True))
    moved = await found(store)
    assert (5, 0, 0, "", None) == (moved.position, moved.tries, moved.faults, moved.because, moved.due_at)
    assert moved.delivered_at == moved.updated_at
    since = moved.updated_at
    failed = Progress(
        CursorPlace(6), False, tries=3, faults=2, failing_since=since, because="it answered 500"
    )
    assert await record(store, hold, failed)
    stands = await found(store)
    assert (6, 3, 2, since, "it answered 500") == (
        stands.position, stands.tries, stands.faults, stands.failing_since, stands.because,
    )  # fmt: skip
    assert moved.delivered_at == stands.delivered_at


async def test_open(store: Store) -> None:
    """What is open before where the log was read to is kept exactly; the cursor's position is the first of it."""
    hold = await held(store)
    place = CursorPlace(900, (7, 8, 850))
    assert await record(store, hold, Progress(place, delivered=True))
    assert (7, place) == ((await found(store)).position, (await found(store)).place)
    await record(store, hold, Progress(CursorPlace(901), delivered=True))
    assert (901, CursorPlace(901)) == ((await found(store)).position, (await found(store)).place)


async def test_pause(store: Store) -> None:
    """While an endpoint is left alone nobody takes its cursor; the next progress ends that."""
    hold = await held(store)
    await record(store, hold, Progress(CursorPlace(0), False, because="away", pause=timedelta(minutes=5)))
    assert ((await found(store)).due_at is None, await take(store)) == (False, None)
    await record(store, hold, Progress(CursorPlace(0), False, because="away", pause=timedelta(seconds=-1)))
    assert await take(store) is not None
    assert await record(store, CursorHold(TENANT, "orders", 2), Progress(CursorPlace(1), delivered=True))
    assert (await found(store)).due_at is None


async def test_release(store: Store) -> None:
    """A cursor that is let go of is taken at once."""
    hold = await held(store)
    assert await store.write(lambda tx: cursors.release(tx, hold))
    assert await take(store, SECOND) is not None


async def test_undone_together(store: Store) -> None:
    """What is recorded with the progress is there with it, or not at all."""
    hold = await held(store)

    def fails(tx: Transaction) -> None:
        cursors.record(tx, hold, FIRST, Progress(CursorPlace(9), delivered=True))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await store.write(fails)
    assert 0 == (await found(store)).position


async def test_listed(store: Store) -> None:
    """All cursors are listed, each with how many events of its tenant are open or were not read."""
    await verifying(store)
    await placed(store, 2, tenant="other")
    await opened(store, "orders")
    await opened(store, "audit", "other", beginning=False)
    hold = await held(store)
    await record(store, hold, Progress(CursorPlace(3, (0,)), delivered=True))
    listed = await store.read(cursors.listed)
    assert [(TENANT, "orders"), ("other", "audit")] == [(each.tenant, each.endpoint) for each in listed]
    assert [2, 0] == [await store.read(lambda c, each=each: cursors.ahead(c, each)) for each in listed]


@pytest.fixture
def replicas(upgraded_postgresql: str) -> Iterator[list[Store]]:
    """Three stores on one database."""
    stores = [Store.open(upgraded_postgresql, Clock(), MASTER) for _ in range(3)]
    yield stores
    for store in stores:
        store.close()


async def test_one_of_many_takes_it(replicas: list[Store]) -> None:
    """Of servers that want a cursor at once one gets it."""
    await opened(replicas[0])
    taken = await asyncio.gather(
        *(
            take(store, Lease(f"worker-{number}-{of}", timedelta(minutes=5)))
            for of, store in enumerate(replicas)
            for number in range(4)
        )
    )
    assert 1 == sum(cursor is not None for cursor in taken)
