"""Deliveries to one endpoint: what arrives, in which order, what is tried again, what becomes a dead letter."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

import pytest

from server.platforms.transport import Transport
from server.store import Store, Transaction, cursors, dead_letters, log
from server.store.attempts import Lease
from server.store.cursors import Cursor
from server.store.dead_letters import DeadLetter
from server.store.errors import StoreUnavailable
from server.webhooks.courier import Courier
from server.webhooks.sending import Sender
from server.workflow.feed import Feed
from tests.server.store.postgresql import Server
from tests.server.store.samples import MASTER, TENANT, case_name, certified, placed
from tests.server.store.test_erasure import erase
from tests.server.webhooks.conftest import Clock, Making, endpoint
from tests.server.webhooks.receiver import Receiver, Told

LIFE = [1, 2, 3, 4]


async def looks(courier: Courier, times: int = 10) -> None:
    """Lets a courier look so often, whatever it would rather wait for."""
    for _ in range(times):
        rest = await courier.once()
        await asyncio.sleep(min(rest.seconds, 0.02))


async def cursor(store: Store) -> Cursor:
    found = await store.read(lambda c: cursors.find(c, TENANT, "orders"))
    assert found is not None
    return found


async def letters(store: Store, settled: bool = False) -> list[DeadLetter]:
    return await store.read(lambda c: dead_letters.listed(c, settled=settled))


def versions(told: Sequence[Told], number: int = 1) -> list[int]:
    """The versions of a case, in the order in which they came."""
    return [version for name, version in (each.event for each in told) if name == case_name(number)]


async def test_delivered(store: Store, receiver: Receiver, courier: Making) -> None:
    """Every event arrives once, signed, those of a case in order; the cursor passes all of the log."""
    for number in range(1, 4):
        await certified(store, number)
    await looks(courier())
    assert [LIFE] * 3 == [versions(receiver.taken, number) for number in (1, 2, 3)]
    assert 12 == len({told.id for told in receiver.told}) == len(receiver.told)
    assert await store.read(log.size) == (await cursor(store)).position


async def test_body(store: Store, receiver: Receiver, courier: Making) -> None:
    """A webhook holds its id, its type, its time, and the event as the contract's JSON has it."""
    await placed(store)
    await looks(courier(), 2)
    [told] = receiver.told
    assert (told.id, "case.place") == (told.body["id"], told.body["type"])
    assert told.body["timestamp"] == told.body["data"]["time"]
    expected = {
        "caseName": case_name(), "siteId": "shop", "orderId": "order-1", "kind": "CASE_EVENT_KIND_PLACE",
        "toState": "CASE_STATE_ORDERED", "version": 1, "actor": "orders", "reason": "the order came",
        "time": told.body["timestamp"],
    }  # fmt: skip
    assert expected == told.body["data"]


async def test_order_of_the_log(store: Store, receiver: Receiver, courier: Making) -> None:
    """One at a time, events arrive in the log's order over all cases."""
    for number in (2, 1):
        await certified(store, number)
    await looks(courier(at_once=1))
    assert [(case_name(number), version) for number in (2, 1) for version in LIFE] == [
        told.event for told in receiver.told
    ]
    assert 1 == receiver.most_under_way


async def test_at_once(store: Store, receiver: Receiver, courier: Making) -> None:
    """Several cases are delivered at once, and of each case one event."""
    for number in range(1, 7):
        await certified(store, number)
    receiver.open.clear()
    task = asyncio.create_task(looks(courier(at_once=3)))
    for _ in range(3):
        await receiver.arrived.get()
    receiver.open.set()
    await task
    assert 3 == receiver.most_under_way
    assert [LIFE] * 6 == [versions(receiver.taken, number) for number in range(1, 7)]


async def test_filter(store: Store, receiver: Receiver, courier: Making) -> None:
    """Only what leads to the states, at the sites, of the tenant is delivered; the rest is passed."""
    await certified(store, 1)
    await placed(store, 2, tenant="other")
    await looks(courier(states=frozenset({"CERTIFIED"}), site_ids=frozenset({"shop", "other"})))
    assert [4] == versions(receiver.told)
    receiver.told.clear()
    await looks(courier(states=frozenset({"CERTIFIED"}), site_ids=frozenset({"other"}), name="quiet"))
    assert [] == receiver.told


async def test_begin_now(store: Store, receiver: Receiver, courier: Making) -> None:
    """An endpoint that begins now is told of what comes after its first start, also over a later start."""
    await placed(store, 1)
    await courier(from_beginning=False).open()
    await placed(store, 2)
    await looks(courier(from_beginning=False))
    assert [case_name(2)] == [told.event[0] for told in receiver.told]


@pytest.mark.parametrize("status", [500, 408, 425, 302, 502])
async def test_tried_again(store: Store, receiver: Receiver, courier: Making, status: int) -> None:
    """What was not taken comes again with the same id, before the next event of its case; other cases go on."""
    await certified(store, 1)
    await placed(store, 2)
    left = iter([status, status])
    receiver.answers = lambda body: next(left, 200) if body["data"]["version"] == 2 else 200
    await looks(courier())
    assert [1, 2, 2, 2, 3, 4] == versions(receiver.told)
    assert LIFE == versions(receiver.taken)
    assert [1] == versions(receiver.taken, 2)
    assert 1 == len({told.id for told in receiver.told if told.event == (case_name(1), 2)})
    assert [] == await letters(store)


async def test_given_up(store: Store, receiver: Receiver, courier: Making) -> None:
    """After so many tries an event is a dead letter, and what comes after it goes on."""
    await certified(store)
    receiver.answers = lambda body: 500 if body["data"]["version"] == 2 else 200
    await looks(courier())
    assert [1, 2, 2, 2, 3, 4] == versions(receiver.told)
    [letter] = await letters(store)
    assert (case_name(), 3, "it answered 500", None) == (
        letter.case_name, letter.tries, letter.because, letter.due_at,
    )  # fmt: skip
    assert await store.read(log.size) == (await cursor(store)).position


@pytest.mark.parametrize("status", [400, 401, 404, 410, 422])
async def test_refused(store: Store, receiver: Receiver, courier: Making, status: int) -> None:
    """What an endpoint will never take is a dead letter at once."""
    await certified(store)
    receiver.answers = lambda body: status if body["data"]["version"] == 2 else 200
    await looks(courier())
    assert LIFE == versions(receiver.told)
    assert [(1, f"it answered {status}")] == [(each.tries, each.because) for each in await letters(store)]


async def test_away(store: Store, receiver: Receiver, courier: Making) -> None:
    """While an endpoint takes nothing no event is given up, however often it is tried; then all come."""
    await certified(store)
    receiver.answers = lambda body: 503
    to = courier()
    await looks(to, 30)
    assert {1} == set(versions(receiver.told))
    assert (True, 0, "it answered 503") == (
        (await cursor(store)).tries > 3, (await cursor(store)).faults, (await cursor(store)).because,
    )  # fmt: skip
    receiver.answers = lambda body: 200
    await looks(to)
    assert LIFE == versions(receiver.taken)
    assert (0, None, "") == (
        (await cursor(store)).tries, (await cursor(store)).due_at, (await cursor(store)).because,
    )  # fmt: skip


@pytest.mark.parametrize("status", [503, 500])
async def test_erased_meanwhile(store: Store, receiver: Receiver, courier: Making, status: int) -> None:
    """What was said of a case that is erased while an endpoint does not take its events is not told any more."""
    await certified(store)
    receiver.answers = lambda body: status
    to = courier(tries=100)
    await looks(to, 3)
    await store.write(lambda tx: erase(tx, case_name()))
    before = len(receiver.told)
    receiver.answers = lambda body: 200
    await looks(to, 20)
    assert LIFE == versions(receiver.taken)
    assert [None] * 4 == [told.body["data"].get("reason") for told in receiver.told[before:]]
    assert 1 == len({told.id for told in receiver.told if told.event == (case_name(), 1)})


async def test_too_old(store: Store, receiver: Receiver, courier: Making, clock: Clock) -> None:
    """What an endpoint did not take for too long is given up, also where it takes nothing at all."""
    await placed(store)
    receiver.answers = lambda body: 503
    to = courier(give_up_after=timedelta(seconds=60))
    await looks(to, 3)
    assert [] == await letters(store)
    clock.passed += timedelta(seconds=61)
    await looks(to, 3)
    assert ["it answered 503"] == [letter.because for letter in await letters(store)]


async def test_retry_after(store: Store, receiver: Receiver, courier: Making) -> None:
    """An endpoint that asks to be left alone is left alone for as long."""
    await placed(store)
    receiver.answers, receiver.headers = (lambda body: 429), {"Retry-After": "30"}
    to = courier()
    rest = [await to.once(), await to.once()][1]
    assert (True, False) == (29 < rest.seconds <= 30, rest.wakes)
    assert 1 == len(receiver.told)


async def test_no_connection(store: Store, receiver: Receiver, courier: Making) -> None:
    """Where nobody listens nothing is given up; the cursor says why it waits."""
    await placed(store)
    await looks(courier(url="http://127.0.0.1:1/hook"), 10)
    assert (True, 0, True) == (
        (await cursor(store)).tries > 3,
        (await cursor(store)).faults,
        (await cursor(store)).because.startswith("could not connect"),
    )
    assert [] == await letters(store)


async def test_slow_answer(store: Store, receiver: Receiver, courier: Making) -> None:
    """An answer that does not come in time is a try that counts."""
    await placed(store)
    receiver.open.clear()
    await courier(tries=1).once()
    assert ["no whole answer within 1 s"] == [letter.because for letter in await letters(store)]


async def test_dead_letter_again(store: Store, receiver: Receiver, courier: Making) -> None:
    """A dead letter that an operator sends again arrives with its first id, and is settled."""
    await placed(store)
    receiver.answers = lambda body: 400
    to = courier()
    await looks(to, 3)
    receiver.answers = lambda body: 200
    await store.write(lambda tx: dead_letters.retry(tx, TENANT, "orders"))
    await looks(to, 3)
    assert 1 == len({told.id for told in receiver.told})
    assert ([], [2]) == (await letters(store), [each.tries for each in await letters(store, settled=True)])


async def test_dead_letter_refused_again(store: Store, receiver: Receiver, courier: Making) -> None:
    """A dead letter that is refused again waits for the operator again; while nobody listens it stays due."""
    await placed(store)
    receiver.answers = lambda body: 400
    to = courier()
    await looks(to, 3)
    receiver.answers = lambda body: 500
    await store.write(lambda tx: dead_letters.retry(tx, None, None))
    await looks(to, 3)
    assert [(2, "it answered 500", None)] == [
        (each.tries, each.because, each.due_at) for each in await letters(store)
    ]
    receiver.answers = lambda body: 503
    await store.write(lambda tx: dead_letters.retry(tx, None, None))
    await looks(to, 3)
    assert [True] == [each.due_at is not None for each in await letters(store)]
    receiver.answers = lambda body: 200
    await looks(to, 5)
    assert [] == await letters(store)


async def test_stuck(store: Store, receiver: Receiver, courier: Making) -> None:
    """An event that is not taken holds up its case alone, and after a restart nothing of others comes twice."""
    await certified(store, 1)
    receiver.answers = lambda body: 500 if body["data"]["orderId"] == "order-1" else 200
    receiver.headers = {"Retry-After": "100"}
    first = courier("first")
    await looks(first, 3)
    await certified(store, 2)
    await looks(first, 3)
    assert ([], LIFE) == (versions(receiver.taken, 1), versions(receiver.taken, 2))
    assert 4 == len((await cursor(store)).place.open)
    await ended(first)
    receiver.answers = lambda body: 200
    await looks(courier("second"), 3)
    assert (LIFE, LIFE) == (versions(receiver.taken, 1), versions(receiver.taken, 2))
    assert await store.read(log.size) == (await cursor(store)).position


async def ended(courier: Courier) -> None:
    """Ends a courier in order: it lets go of its cursor."""
    courier.stop()
    await courier.run()


async def test_restart(store: Store, receiver: Receiver, courier: Making) -> None:
    """The next process goes on behind what was recorded, and counts on what was tried."""
    await certified(store)
    receiver.answers = lambda body: 500 if body["data"]["version"] == 3 else 200
    receiver.headers = {"Retry-After": "100"}
    first = courier("first")
    await looks(first, 2)
    assert 1 == (await cursor(store)).tries
    await ended(first)
    receiver.headers = {}
    await looks(courier("second"))
    assert [1, 2, 3, 3, 3, 4] == versions(receiver.told)
    assert [3] == [letter.tries for letter in await letters(store)]


async def test_held_by_another(store: Store, receiver: Receiver, courier: Making) -> None:
    """While one process holds the cursor no other delivers; after it lets go the other one does."""
    await placed(store, 1)
    first, second = courier("first"), courier("second")
    await looks(first, 2)
    await placed(store, 2)
    await looks(second, 3)
    assert [case_name(1)] == [told.event[0] for told in receiver.told]
    await ended(first)
    await looks(second, 3)
    assert [case_name(1), case_name(2)] == [told.event[0] for told in receiver.told]


async def test_lost_hold(store: Store, receiver: Receiver, courier: Making) -> None:
    """What a process delivered after it lost the cursor is not recorded, and is delivered again by the other."""
    await placed(store, 1)
    first = courier("first")
    await looks(first, 2)
    hold = (await cursor(store)).hold
    await store.write(lambda tx: cursors.release(tx, hold))
    await store.write(lambda tx: cursors.take(tx, TENANT, "orders", Lease("second", timedelta(minutes=1))))
    await placed(store, 2)
    await looks(first, 1)
    assert (2, 1) == (len(receiver.told), (await cursor(store)).position)
    await looks(courier("second"), 3)
    assert 2 == (await cursor(store)).position
    assert [case_name(2)] * 2 == [told.event[0] for told in receiver.told[1:]]
    assert 1 == len({told.id for told in receiver.told[1:]})


async def test_stopped(store: Store, receiver: Receiver, courier: Making) -> None:
    """A courier that is stopped ends what is under way, begins nothing more, and lets go of the cursor."""
    await certified(store)
    receiver.open.clear()
    to = courier()
    task = asyncio.create_task(to.run())
    await receiver.arrived.get()
    to.stop()
    receiver.open.set()
    await task
    # Between the first event and the next stands the entry of the rulebook.
    assert ([1], 2, None) == (
        versions(receiver.told), (await cursor(store)).position, (await cursor(store)).lease_owner,
    )  # fmt: skip


async def test_far_behind(store: Store, receiver: Receiver, courier: Making) -> None:
    """A cursor follows the log though nothing is to be delivered, and not with every event."""

    def many(tx: Transaction) -> None:
        for _ in range(1100):
            log.append(tx, TENANT, "transition", case_name(), {"to": "ORDERED", "event": "PLACE"})

    to = courier(states=frozenset({"HANDED_OFF"}))
    await placed(store)
    await looks(to, 3)
    assert 0 == (await cursor(store)).position
    await store.write(many)
    await looks(to, 30)
    assert 1000 <= (await cursor(store)).position
    assert [] == receiver.told


async def test_database_away(
    upgraded_postgresql: str, postgresql: Server, receiver: Receiver, clock: Clock
) -> None:
    """A courier goes on after the database was away, without a restart."""
    store = Store.open(upgraded_postgresql, clock, MASTER)
    transport = await Transport.open()
    courier = Courier(store, Feed(store), Sender(transport, clock), endpoint(receiver.url), clock, "first")
    task = asyncio.create_task(courier.run())
    await placed(store, 1)
    await receiver.arrived.get()
    await asyncio.to_thread(postgresql.restart)
    with suppress(StoreUnavailable):
        await placed(store, 2)
    await placed(store, 3)
    while case_name(3) not in [told.event[0] for told in receiver.taken]:
        await receiver.arrived.get()
    courier.stop()
    await task
    assert (await cursor(store)).lease_owner is None
    await transport.close()
    store.close()
