"""Events of cases, read from the log in pages; and how one hears that the log has grown."""

import json
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from engine.case import Event
from server.store import Store, cases, events, log
from server.store.events import EventPage, Grown

from .filling import fill_cases, fill_log
from .plans import explained
from .postgresql import Server
from .samples import MASTER, TENANT, Clock, case_name, declared, placed, verifying


async def read(store: Store, start: int = 0, limit: int = 100, names: tuple[str, ...] = ()) -> EventPage:
    """A page of the tenant's events."""
    return await store.read(lambda c: events.read(c, TENANT, names, start, limit))


def said(page: EventPage) -> list[tuple[str, str]]:
    """Order and kind of each event."""
    return [(record.order_id, json.loads(record.event)["event"]) for record in page.events]


async def test_events(store: Store) -> None:
    """Every transition is read in the log's order, with its case's site and order; other entries are left out."""
    await verifying(store, 1)
    await placed(store, 2)
    page = await read(store)
    expected = [("order-1", "PLACE"), ("order-1", "DECLARE"), ("order-1", "SUBMIT"), ("order-2", "PLACE")]
    assert expected == said(page)
    assert ["shop"] * 4 == [record.site_id for record in page.events]
    assert (await store.read(log.size), False) == (page.next, page.more)


async def test_pages(store: Store) -> None:
    """A page that is full says that there is more; the next one goes on behind its last event."""
    await verifying(store)
    first = await read(store, limit=2)
    second = await read(store, first.next, limit=2)
    assert ([("order-1", "PLACE"), ("order-1", "DECLARE")], True) == (said(first), first.more)
    assert ([("order-1", "SUBMIT")], False) == (said(second), second.more)


async def test_of_others(store: Store) -> None:
    """Events of other tenants and of cases that were not named are not read, and are passed."""
    await placed(store, 1, tenant="other")
    await placed(store, 2)
    await placed(store, 3)
    assert [("order-2", "PLACE"), ("order-3", "PLACE")] == said(await read(store))
    some = await read(store, names=(case_name(3), case_name(1)))
    assert ([("order-3", "PLACE")], 3) == (said(some), some.next)


async def test_nothing_new(store: Store) -> None:
    """Behind the last event there is nothing, and one goes on where one was."""
    await placed(store)
    assert EventPage([], 1, False) == await read(store, 1)


async def test_at(store: Store) -> None:
    """Events of the tenant at some positions, in the log's order; what else is there is left out."""
    await verifying(store, 1)
    await placed(store, 2, tenant="other")
    found = await store.read(lambda c: events.at(c, TENANT, (4, 3, 1, 0)))
    assert [(0, "order-1"), (3, "order-1")] == [(record.position, record.order_id) for record in found]


async def test_grown(store: Store) -> None:
    """What came to the log is told with what it is about, of all tenants."""
    await placed(store, 1, tenant="other")
    await placed(store, 2)
    expected = [
        Grown(0, "other", "transition", case_name(1)),
        Grown(1, TENANT, "transition", case_name(2)),
    ]
    assert expected == await store.read(lambda c: events.grown(c, 0, 10))
    assert expected[1:] == await store.read(lambda c: events.grown(c, 1, 1))


@pytest.fixture
def filled(address: str) -> Iterator[Connection]:
    """A connection to a database whose log has 20,000 entries."""
    engine = create_engine(address, poolclass=NullPool)
    with engine.begin() as connection:
        fill_cases(connection, 20_000, "quiet")
        fill_log(connection, 20_000, "loud")
    with engine.connect() as connection:
        yield connection


@pytest.mark.parametrize(
    ("names", "index"), [((), "ix_log_transitions"), ((case_name(7), case_name(9)), "ix_log_subject")]
)
def test_plans(filled: Connection, names: tuple[str, ...], index: str) -> None:
    """A watch reads the tenant's events, or those of its cases, and nothing else of the log."""
    with explained(filled) as plans:
        events.read(filled, "quiet", names, 1000, 100)
    assert ([], True) == (plans.scans, any(index in line for line in plans.queries[1])), plans.queries[1]


async def test_told_of_growth(store: Store) -> None:
    """A commit that adds to the log is told; one that does not, and one that fails, are not."""
    told = threading.Semaphore(0)
    store.on_growth(lambda: told.release())
    while told.acquire(timeout=0.2):
        pass  # that one listens is told too
    await store.write(lambda tx: cases.find(tx.connection, TENANT, case_name()))
    with pytest.raises(ZeroDivisionError):
        await store.write(lambda tx: (log.append(tx, TENANT, "transition", "a", {}), 1 // 0))
    assert not told.acquire(timeout=0.2)
    await placed(store)
    assert told.acquire(timeout=5)


@pytest.fixture
def listening(upgraded_postgresql: str) -> Iterator[tuple[Store, Store, threading.Semaphore]]:
    """Two stores on one database; the first is told of growth, and has begun to listen."""
    first, second = (Store.open(upgraded_postgresql, Clock(), MASTER) for _ in range(2))
    told = threading.Semaphore(0)
    first.on_growth(lambda: told.release())
    assert told.acquire(timeout=5)
    yield first, second, told
    first.close()
    second.close()


async def test_told_by_another_process(listening: tuple[Store, Store, threading.Semaphore]) -> None:
    """What another process commits is heard on PostgreSQL within a moment."""
    _, second, told = listening
    case = await declared(second)
    assert told.acquire(timeout=2)
    await second.write(
        lambda tx: cases.transition(tx, case, Event.CANCEL, actor="orders", reason="not wanted")
    )
    assert told.acquire(timeout=2)


async def test_listens_again(listening: tuple[Store, Store, threading.Semaphore], postgresql: Server) -> None:
    """After the database was away the store listens again, and what came meanwhile is told."""
    _, second, told = listening
    while told.acquire(timeout=0.2):
        pass
    postgresql.restart()
    assert told.acquire(timeout=10)
    await placed(second)
    assert told.acquire(timeout=5)
