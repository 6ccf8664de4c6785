"""The deadline of an attempt: what was not sent by then never is."""

from dataclasses import replace
from datetime import timedelta

from engine.case import AttemptState, Event
from server.store import AttemptRecord, Hold, Store, Transaction, attempts, cases
from server.store.attempts import Lease

from .samples import LEASE, SEND_NEEDS, attempt, declared, verifying

LAPSED = Lease("worker-1", timedelta(seconds=-1))
TAKER = Lease("worker-2", timedelta(seconds=30))


async def late(store: Store) -> AttemptRecord:
    """A planned attempt whose deadline has passed, under a lease that would allow for sending."""
    case = await declared(store)

    def plan(tx: Transaction) -> AttemptRecord:
        planned = attempts.plan(tx, replace(attempt(case), deadline_at=tx.now - timedelta(seconds=1)), LEASE)
        cases.transition(tx, case, Event.SUBMIT, actor="server", reason="asked")
        return planned

    return await store.write(plan)


async def begin(store: Store, hold: Hold) -> bool:
    return await store.write(lambda tx: attempts.begin_sending(tx, hold, SEND_NEEDS))


async def is_overdue(store: Store, hold: Hold) -> bool:
    return await store.write(lambda tx: attempts.overdue(tx, hold))


async def test_after_the_deadline(store: Store) -> None:
    """After its deadline an attempt is not sent, though its lease would allow for it; and that is told."""
    planned = await late(store)
    assert (False, True) == (await begin(store, planned.hold), await is_overdue(store, planned.hold))


async def test_before_the_deadline(store: Store) -> None:
    """Before its deadline an attempt is not overdue, and once it is being sent it never is."""
    _, planned = await verifying(store)
    assert (False, True) == (await is_overdue(store, planned.hold), await begin(store, planned.hold))
    assert not await is_overdue(store, planned.hold)


async def test_overdue_for_its_holder_only(store: Store) -> None:
    """Whoever lost an attempt is not told that it is overdue: what becomes of it is another's affair."""
    planned = await late(store)
    assert not await is_overdue(store, replace(planned.hold, fence=2))


async def test_deadline_of_what_nobody_held(store: Store) -> None:
    """An attempt that was planned for whoever comes first may be sent for as long as that one's lease lasts."""
    _, planned = await verifying(store, lease=None)
    [taken] = await store.write(lambda tx: attempts.take_due(tx, TAKER, 10))
    assert taken.lease_until == taken.deadline_at != planned.deadline_at
    assert await begin(store, taken.hold)


async def test_deadline_of_what_was_held(store: Store) -> None:
    """Whoever takes an attempt over from somebody gets no other deadline: it is only looked up."""
    _, planned = await verifying(store, lease=LAPSED)
    [taken] = await store.write(lambda tx: attempts.take_due(tx, TAKER, 10))
    assert (AttemptState.UNKNOWN, planned.deadline_at) == (taken.state, taken.deadline_at)
