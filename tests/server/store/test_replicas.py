"""Several servers on one database: what only one may do is done by one."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future, wait
from datetime import timedelta

import pytest

from engine.case import Event
from server.store import CaseRecord, NewRequest, Store, Transaction, attempts, cases, log, requests
from server.store.attempts import Lease
from server.store.errors import CaseChanged

from .samples import MASTER, TENANT, Clock, certified, declare, placed, verifying


@pytest.fixture
def replicas(upgraded_postgresql: str) -> Iterator[list[Store]]:
    """Three stores on one database."""
    stores = [Store.open(upgraded_postgresql, Clock(), MASTER) for _ in range(3)]
    yield stores
    for store in stores:
        store.close()


async def test_one_records_the_request(replicas: list[Store]) -> None:
    """Of callers with the same request id one records it, and all get that one's record."""
    answers = await asyncio.gather(
        *(
            store.write(
                lambda tx, digest=f"sha256:{caller}": requests.record(
                    tx, NewRequest(TENANT, "request-1", "ProcessOrder", digest)
                )
            )
            for caller in range(5)
            for store in replicas
        )
    )
    assert 1 == sum(ours for _, ours in answers)
    assert 1 == len({record for record, _ in answers})


async def test_one_case_for_an_order(replicas: list[Store]) -> None:
    """However many servers take the same order, it has one case."""
    opened = await asyncio.gather(*(placed(store) for store in replicas for _ in range(5)))
    assert 1 == len(set(opened))
    assert 1 == await replicas[0].read(log.size)


async def test_one_moves_the_case(replicas: list[Store]) -> None:
    """Of servers that move a case at once one succeeds, and the others are told."""
    case = await placed(replicas[0])
    moved = await asyncio.gather(
        *(store.write(lambda tx: declare(tx, case)) for store in replicas), return_exceptions=True
    )
    assert 1 == sum(isinstance(each, CaseRecord) for each in moved)
    assert 2 == sum(isinstance(each, CaseChanged) for each in moved)


async def test_taken(replicas: list[Store]) -> None:
    """Who takes a case moves it for certain: another server waits, and is told that it was moved."""
    case = await placed(replicas[0])
    loop = asyncio.get_running_loop()

    def cancelled(tx: Transaction, was: CaseRecord) -> CaseRecord:
        return cases.transition(tx, was, Event.CANCEL, actor="orders", reason="not wanted any more")

    def work(tx: Transaction) -> tuple[CaseRecord, Future[CaseRecord]]:
        taken = cases.take(tx, case.tenant, case.name)
        assert taken is not None
        other = asyncio.run_coroutine_threadsafe(replicas[1].write(lambda t: cancelled(t, case)), loop)
        assert wait([other], timeout=0.5).not_done
        return cancelled(tx, taken), other

    moved, other = await replicas[0].write(work)
    with pytest.raises(CaseChanged):
        await asyncio.wrap_future(other)
    assert moved == await replicas[2].read(lambda c: cases.find(c, case.tenant, case.name))


async def test_one_takes_an_attempt(replicas: list[Store]) -> None:
    """Reconcilers on several servers never take the same attempt."""
    for number in range(1, 13):
        await verifying(replicas[0], number, lease=None)
    taken = await asyncio.gather(
        *(
            store.write(lambda tx, name=name: attempts.take_due(tx, Lease(name, timedelta(minutes=1)), 6))
            for store in replicas
            for name in ("a", "b")
        )
    )
    references = [attempt.reference for each in taken for attempt in each]
    assert 12 == len(references)
    assert 12 == len(set(references))


async def test_many_orders_at_once(replicas: list[Store]) -> None:
    """Servers that take many orders at once do not get in each other's way, and all of it is told."""
    done = await asyncio.gather(
        *(certified(store, 1 + index + 3 * n) for n in range(10) for index, store in enumerate(replicas))
    )
    told = [
        await replicas[0].read(lambda connection, name=case.name: log.about(connection, TENANT, name))
        for case, _ in done
    ]
    assert [5] * 30 == [len(entries) for entries in told]  # placed, declared, submitted, certificate, adopted
    assert 150 + 1 == await replicas[0].read(log.size)  # and the rulebook


async def test_holding_is_seen_by_all(replicas: list[Store]) -> None:
    """What one server wrote, the next one reads."""
    case, _ = await verifying(replicas[0])
    cancelled = await replicas[1].write(
        lambda tx: cases.transition(tx, case, Event.CANCEL, actor="orders", reason="not wanted")
    )
    assert cancelled == await replicas[2].read(lambda connection: cases.find(connection, TENANT, case.name))
