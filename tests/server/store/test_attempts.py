"""Attempts: committed before they are sent, held by lease, written under a fence."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.case import AttemptState, Event
from server.store import AttemptRecord, Store, Transaction, attempts, cases, certificates
from server.store.attempts import Lease
from server.store.errors import StoreRefused

from .samples import LEASE, SEND_NEEDS, TENANT, attempt, certified, declared, verifying

LAPSED = Lease("worker-1", timedelta(seconds=-1))
TAKER = Lease("worker-2", timedelta(seconds=30))


async def found(store: Store, planned: AttemptRecord) -> AttemptRecord:
    kept = await store.read(lambda connection: attempts.find(connection, TENANT, planned.reference))
    assert kept is not None
    return kept


async def test_plan(store: Store) -> None:
    """A planned attempt is there before anything is sent, held by who will send it."""
    _, planned = await verifying(store)
    assert (AttemptState.PLANNED, 1, "worker-1") == (planned.state, planned.fence, planned.lease_owner)
    assert planned.lease_until == planned.send_lease_until == planned.due_at
    assert planned == await found(store, planned)


async def test_plan_for_the_reconciler(store: Store) -> None:
    """An attempt planned without a lease is held by nobody and due at once."""
    _, planned = await verifying(store, lease=None)
    assert (0, None, None) == (planned.fence, planned.lease_owner, planned.lease_until)
    [taken] = await store.write(lambda tx: attempts.take_due(tx, TAKER, 10))
    assert (1, "worker-2") == (taken.fence, taken.lease_owner)
    assert await store.write(lambda tx: attempts.begin_sending(tx, taken.hold, SEND_NEEDS))


async def test_one_open_attempt(store: Store) -> None:
    """A case never has two open attempts, at whatever platforms."""
    case, _ = await verifying(store)
    with pytest.raises(StoreRefused):
        await store.write(lambda tx: attempts.plan(tx, attempt(case, platform="second"), LEASE))


@pytest.mark.parametrize("state", [AttemptState.REVIEW, AttemptState.PENDING, AttemptState.UNKNOWN])
async def test_no_other_while_it_is_open(store: Store, state: AttemptState) -> None:
    """Until it is known what the platform did, no other attempt begins."""
    case, planned = await verifying(store)
    await store.write(lambda tx: attempts.begin_sending(tx, planned.hold, SEND_NEEDS))
    await store.write(lambda tx: attempts.record_outcome(tx, planned.hold, state, because="open"))
    with pytest.raises(StoreRefused):
        await store.write(lambda tx: attempts.plan(tx, attempt(case, generation=2), LEASE))


async def test_next_generation(store: Store) -> None:
    """After an attempt that certainly came to nothing, the next one may begin."""
    case, first = await verifying(store)

    def again(tx: Transaction) -> AttemptRecord:
        attempts.record_outcome(tx, first.hold, AttemptState.NOT_SENT, because="no connection")
        planned = attempts.plan(tx, attempt(case, generation=2), LEASE)
        cases.transition(tx, case, Event.SUBMIT, actor="server", reason="again")
        return planned

    second = await store.write(again)
    all_of_it = await store.read(lambda connection: attempts.of_case(connection, TENANT, case.name))
    assert [
        (first.reference, AttemptState.NOT_SENT),
        (second.reference, AttemptState.PLANNED),
    ] == [(each.reference, each.state) for each in all_of_it]


async def test_planned_by_its_sender(store: Store) -> None:
    """What is planned by who sends it at once is marked with the plan, and not a second time."""
    case = await declared(store)
    planned = await store.write(lambda tx: attempts.plan(tx, attempt(case), LEASE, sends=True))
    assert (AttemptState.SENDING, 1, planned.planned_at) == (planned.state, planned.fence, planned.sent_at)
    assert not await store.write(lambda tx: attempts.begin_sending(tx, planned.hold, SEND_NEEDS))


async def test_begin_sending(store: Store) -> None:
    """Bytes may leave once: the mark is committed first, and a second one is refused."""
    _, planned = await verifying(store)
    assert await store.write(lambda tx: attempts.begin_sending(tx, planned.hold, SEND_NEEDS))
    assert not await store.write(lambda tx: attempts.begin_sending(tx, planned.hold, SEND_NEEDS))
    assert AttemptState.SENDING == (await found(store, planned)).state


async def test_too_little_lease_left(store: Store) -> None:
    """Nothing is sent under a lease that could end before the answer comes."""
    _, planned = await verifying(store)
    assert not await store.write(lambda tx: attempts.begin_sending(tx, planned.hold, timedelta(seconds=31)))
    assert AttemptState.PLANNED == (await found(store, planned)).state


async def test_outcome(store: Store) -> None:
    """An outcome ends the attempt and lets go of it: with its reason, its detail and its time."""
    _, planned = await verifying(store)
    await store.write(lambda tx: attempts.begin_sending(tx, planned.hold, SEND_NEEDS))
    assert await store.write(
        lambda tx: attempts.record_outcome(
            tx, planned.hold, AttemptState.REJECTED, because="HS unknown", detail='{"codes":["H1"]}'
        )
    )
    ended = await found(store, planned)
    assert (AttemptState.REJECTED, "HS unknown", '{"codes":["H1"]}') == (
        ended.state,
        ended.because,
        ended.detail,
    )
    assert (None, None, None) == (ended.lease_owner, ended.lease_until, ended.due_at)
    assert ended.ended_at is not None


async def test_outcome_ends_once(store: Store) -> None:
    """An attempt that ended stays as it ended."""
    _, planned = await verifying(store)
    await store.write(
        lambda tx: attempts.record_outcome(tx, planned.hold, AttemptState.NOT_SENT, because="down")
    )
    assert not await store.write(
        lambda tx: attempts.record_outcome(tx, planned.hold, AttemptState.UNKNOWN, because="late")
    )
    assert AttemptState.NOT_SENT == (await found(store, planned)).state


async def test_outcome_without_sending(store: Store) -> None:
    """An attempt that was never sent cannot have been answered."""
    _, planned = await verifying(store)
    assert not await store.write(
        lambda tx: attempts.record_outcome(tx, planned.hold, AttemptState.ISSUED, because="?")
    )


async def test_open_outcome_is_due_again(store: Store) -> None:
    """An outcome that leaves it open says when to look again; only then somebody takes it."""
    _, planned = await verifying(store)
    await store.write(lambda tx: attempts.begin_sending(tx, planned.hold, SEND_NEEDS))
    await store.write(
        lambda tx: attempts.record_outcome(
            tx, planned.hold, AttemptState.PENDING, because="accepted", due_in=timedelta(minutes=5)
        )
    )
    pending = await found(store, planned)
    assert (None, None) == (pending.lease_owner, pending.ended_at)
    assert pending.due_at is not None
    assert [] == await store.write(lambda tx: attempts.take_due(tx, TAKER, 10))


async def test_open_outcome_that_waits_for_a_person(store: Store) -> None:
    """An open outcome without a time to look again is taken by nobody."""
    _, planned = await verifying(store)
    await store.write(lambda tx: attempts.record_outcome(tx, planned.hold, AttemptState.UNKNOWN, because="?"))
    assert (await found(store, planned)).due_at is None
    assert [] == await store.write(lambda tx: attempts.take_due(tx, TAKER, 10))


async def test_held_attempt_is_left(store: Store) -> None:
    """An attempt under a lease that runs is taken by nobody else."""
    await verifying(store)
    assert [] == await store.write(lambda tx: attempts.take_due(tx, TAKER, 10))


async def test_take_over(store: Store) -> None:
    """Who takes over an attempt whose lease ended gets the next fence; it is unknown now, and is not sent."""
    _, planned = await verifying(store, lease=LAPSED)
    [taken] = await store.write(lambda tx: attempts.take_due(tx, TAKER, 10))
    assert (2, "worker-2", AttemptState.UNKNOWN) == (taken.fence, taken.lease_owner, taken.state)
    assert planned.send_lease_until == taken.send_lease_until
    assert not await store.write(lambda tx: attempts.begin_sending(tx, taken.hold, SEND_NEEDS))
    assert [] == await store.write(lambda tx: attempts.take_due(tx, TAKER, 10))


async def test_take_over_in_the_middle_of_sending(store: Store) -> None:
    """An attempt whose worker died while sending is unknown to who takes it over, and can be settled by a look-up."""
    _, planned = await verifying(store)

    def die(tx: Transaction) -> None:
        attempts.begin_sending(tx, planned.hold, SEND_NEEDS)
        attempts.renew(tx, planned.hold, timedelta(seconds=-1))

    await store.write(die)
    [taken] = await store.write(lambda tx: attempts.take_due(tx, TAKER, 10))
    assert taken.state == AttemptState.UNKNOWN
    assert await store.write(
        lambda tx: attempts.record_outcome(tx, taken.hold, AttemptState.RETRYABLE, because="never came")
    )


async def test_take_over_leaves_what_the_platform_said(store: Store) -> None:
    """An attempt that a platform has pending stays pending when it is taken to be looked up."""
    _, planned = await verifying(store)

    def wait(tx: Transaction) -> None:
        attempts.begin_sending(tx, planned.hold, SEND_NEEDS)
        attempts.record_outcome(
            tx, planned.hold, AttemptState.PENDING, because="accepted", due_in=timedelta(seconds=-1)
        )

    await store.write(wait)
    [taken] = await store.write(lambda tx: attempts.take_due(tx, TAKER, 10))
    assert (AttemptState.PENDING, 2) == (taken.state, taken.fence)


async def test_lost_hold_writes_nothing(store: Store) -> None:
    """A worker whose attempt was taken over neither sends nor writes nor renews."""
    _, planned = await verifying(store, lease=LAPSED)
    [taken] = await store.write(lambda tx: attempts.take_due(tx, TAKER, 10))
    assert not await store.write(lambda tx: attempts.begin_sending(tx, planned.hold, timedelta()))
    assert not await store.write(
        lambda tx: attempts.record_outcome(tx, planned.hold, AttemptState.NOT_SENT, because="late")
    )
    assert not await store.write(lambda tx: attempts.renew(tx, planned.hold, timedelta(hours=1)))
    assert taken == await found(store, planned)


async def test_take_longest_due_first(store: Store) -> None:
    """Attempts are taken in the order in which they became due, not more than asked for."""
    for number, seconds in ((1, -10), (2, -30), (3, -20)):
        await verifying(store, number, Lease("worker-1", timedelta(seconds=seconds)))
    taken = await store.write(lambda tx: attempts.take_due(tx, TAKER, 2))
    assert ["sandbox-2-1-1", "sandbox-3-1-1"] == [each.reference for each in taken]


async def test_renew(store: Store) -> None:
    """A renewed lease keeps others away; what may be sent stays bound by the first one."""
    _, planned = await verifying(store, lease=LAPSED)
    assert await store.write(lambda tx: attempts.renew(tx, planned.hold, timedelta(minutes=1)))
    assert [] == await store.write(lambda tx: attempts.take_due(tx, TAKER, 10))
    assert planned.send_lease_until == (await found(store, planned)).send_lease_until


async def test_nothing_to_renew(store: Store) -> None:
    """An attempt that nobody holds has no lease to renew."""
    _, planned = await verifying(store)
    await store.write(
        lambda tx: attempts.record_outcome(tx, planned.hold, AttemptState.NOT_SENT, because="down")
    )
    assert not await store.write(lambda tx: attempts.renew(tx, planned.hold, timedelta(minutes=1)))


async def test_look_up_settles(store: Store) -> None:
    """What was lost and then found at the platform ends as issued."""
    _, planned = await verifying(store)
    await store.write(lambda tx: attempts.begin_sending(tx, planned.hold, SEND_NEEDS))
    await store.write(
        lambda tx: attempts.record_outcome(
            tx, planned.hold, AttemptState.UNKNOWN, because="the reply was lost", due_in=timedelta(seconds=-1)
        )
    )
    [taken] = await store.write(lambda tx: attempts.take_due(tx, TAKER, 1))
    assert await store.write(
        lambda tx: attempts.record_outcome(tx, taken.hold, AttemptState.ISSUED, because="found by look-up")
    )


async def test_attempt_of_no_declaration(store: Store) -> None:
    """An attempt belongs to a version of a declaration that is there."""
    case = await declared(store)
    with pytest.raises(StoreRefused):
        await store.write(lambda tx: attempts.plan(tx, replace(attempt(case), declaration_version=7), LEASE))


async def test_not_found(store: Store) -> None:
    """A reference that was never planned is None."""
    assert await store.read(lambda connection: attempts.find(connection, TENANT, "nothing")) is None


async def test_issued_attempt_is_over(store: Store) -> None:
    """A certified case has nothing open at a platform, and an active certificate."""
    case, _ = await certified(store)
    held = await store.read(lambda connection: cases.holdings(connection, TENANT, case.name))
    assert (False, True) == (held.open_attempt, held.active_certificate)


async def test_wake(store: Store) -> None:
    """What is due later is due at once, once; what somebody has in hand, or waits for a person, is not."""
    _, planned = await verifying(store)
    assert not await store.write(lambda tx: attempts.wake(tx, planned)), "it is being sent"
    await store.write(lambda tx: attempts.begin_sending(tx, planned.hold, SEND_NEEDS))
    hour, pending = timedelta(hours=1), AttemptState.PENDING
    await store.write(
        lambda tx: attempts.record_outcome(
            tx, planned.hold, pending, because="", due_in=hour, platform_id="sub-1"
        )
    )
    named = await store.read(lambda c: attempts.of_platform_id(c, planned.platform, "sub-1"))
    assert [planned.reference] == [one.reference for one in named]
    assert named == await store.read(
        lambda c: attempts.of_platform_reference(c, planned.platform, planned.reference)
    )
    assert [] == await store.read(lambda c: attempts.of_platform_reference(c, "another", planned.reference))
    found = await store.read(lambda c: certificates.of_any_tenant(c, planned.platform, "SBX-1", TENANT))
    assert [] == found
    assert await store.write(lambda tx: attempts.wake(tx, planned))
    [taken] = await store.write(lambda tx: attempts.take_due(tx, TAKER, 10))
    assert not await store.write(lambda tx: attempts.wake(tx, planned)), "somebody has it in hand"
    await store.write(lambda tx: attempts.record_outcome(tx, taken.hold, pending, because="for a person"))
    assert not await store.write(lambda tx: attempts.wake(tx, planned))
