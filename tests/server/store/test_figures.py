"""Figures over all tenants' records."""

from datetime import timedelta

from engine.case import CaseState, Event
from engine.void import VoidState
from server.store import CaseRecord, Store, Transaction, cases, cursors, voids
from server.store.figures import WAITING, Figures, figures

from .samples import START, TENANT, certified, placed, verifying
from .test_voids import planned

LATER = START + timedelta(days=1)


def escalated(tx: Transaction, case: CaseRecord) -> CaseRecord:
    """The case, which only a person can settle from now on."""
    return cases.transition(tx, case, Event.ESCALATE, actor="orders", reason="nobody knows")


async def counted(store: Store) -> Figures:
    return await store.read(lambda c: figures(c, LATER))


async def test_nothing(store: Store) -> None:
    """Without records there is nothing of anything, and no moment."""
    none = dict.fromkeys(WAITING, 0)
    assert Figures(0, None, none, None, 0, 0, None, {}, {}) == await counted(store)


async def test_cases(store: Store) -> None:
    """Cases that wait are counted over all tenants; what rests is not."""
    await verifying(store)
    await placed(store, 2)
    found = await counted(store)
    assert {CaseState.VERIFYING: 1} == {state: count for state, count in found.cases.items() if count}
    assert (4, 5) == (found.log_entries - 1, found.log_entries)
    assert found.log_at is not None and START < found.log_at


async def test_work_list(store: Store) -> None:
    """What waits for a person is counted, and since when the first does: cases, and voids that are stuck."""
    case, _ = await verifying(store)
    _, certificate = await certified(store, 2)
    manual = await store.write(lambda tx: escalated(tx, case))
    await store.write(lambda tx: planned(tx, certificate))
    [taken] = await store.write(lambda tx: voids.take_due(tx, timedelta(seconds=30), 10))
    await store.write(lambda tx: voids.record(tx, taken, VoidState.STUCK, "not known"))
    found = await counted(store)
    assert (1, manual.updated_at, 1) == (found.cases[CaseState.MANUAL], found.manual_since, found.stuck_voids)


async def test_due(store: Store) -> None:
    """An attempt whose lease has ended is due, since then."""
    due_at = (await verifying(store))[1].due_at
    assert due_at is not None
    found = await store.read(lambda c: figures(c, due_at))
    assert (1, due_at) == (found.due_attempts, found.due_since)
    early = await store.read(lambda c: figures(c, due_at - timedelta(seconds=1)))
    assert (0, None) == (early.due_attempts, early.due_since)


async def test_pending(store: Store) -> None:
    """Events that an endpoint was not told yet are counted for it."""
    await verifying(store)
    await store.write(lambda tx: cursors.open_cursor(tx, TENANT, "orders", beginning=True))
    found = await counted(store)
    told = {(TENANT, "orders"): await store.read(lambda c: cursors.ahead(c, cursors.listed(c)[0]))}
    assert told == found.pending
    assert 0 < told[TENANT, "orders"]
