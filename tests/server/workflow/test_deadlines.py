"""An attempt that is too late is not sent: it is planned again, for nothing of it left."""

import threading
from collections.abc import Callable

from engine.case import AttemptState, CaseState
from server.workflow.casework import CaseView
from tests.server.workflow.faulty import Faulty
from tests.server.workflow.house import PATIENCE, House, order, states

# After it nothing may be sent any more.
LATE = PATIENCE.lease.total_seconds() + 1


def at_transaction(house: House, number: int, happens: Callable[[], None]) -> None:
    """Lets something happen as the store begins the transaction of that number from now on."""
    begun: list[None] = []

    def looked_at() -> None:
        if threading.current_thread().name == "store-writer":
            begun.append(None)
            if len(begun) == number:
                happens()

    house.clock.looked_at = looked_at


async def stood_still(house: House) -> CaseView:
    """A case whose attempt was not sent, because the process stood still while it was planned; another one is planned."""
    stands = [0.0]
    house.attempting.monotonic = lambda: stands[0]
    at_transaction(house, 1, lambda: stands.append(stands.pop() + 5))
    return await house.begun(order())


async def test_late(house: House, fake: Faulty) -> None:
    """An attempt that was not sent by its deadline ends as not sent, and the next generation is sent at once."""
    view = await stood_still(house)
    # After those that take voids and attempts, as the mark is to be set.
    at_transaction(house, 3, lambda: house.clock.passes(LATE))
    assert 1 == await house.reconciled()
    view = await house.case(view.case.name)
    assert (CaseState.VERIFYING, []) == (view.case.state, fake.submissions)
    assert [AttemptState.NOT_SENT, AttemptState.NOT_SENT, AttemptState.PLANNED] == states(view)
    assert "it was not sent by its deadline" == view.attempts[1].because
    assert 1 == await house.reconciled()
    view = await house.case(view.case.name)
    assert (CaseState.CERTIFIED, 1) == (view.case.state, len(fake.submissions))
    assert [1, 2, 3] == [attempt.generation for attempt in view.attempts]


async def test_long_after_it_was_planned(house: House, fake: Faulty) -> None:
    """What is planned for whoever comes first is sent, however late somebody comes: nobody was there to be late."""
    view = await stood_still(house)
    assert 1 == await house.reconciled(86_400)
    assert [AttemptState.NOT_SENT, AttemptState.ISSUED] == states(await house.case(view.case.name))


async def test_always_late(house: House, fake: Faulty) -> None:
    """A server that is always late tries three times; then the case waits for another call, and nothing was sent."""
    stands = [0.0]
    house.attempting.monotonic = lambda: stands[0]
    house.clock.looked_at = lambda: stands.append(stands.pop() + 5)
    view = await house.begun(order())
    while await house.reconciled():
        pass
    view = await house.case(view.case.name)
    assert [AttemptState.NOT_SENT] * 3 == states(view)
    assert (CaseState.DECLARED, []) == (view.case.state, fake.submissions)


async def test_stood_still(house: House, fake: Faulty) -> None:
    """A process that stood still between the mark and the first byte sends nothing: its lease may be over."""
    view = await stood_still(house)
    assert ([], "stood still") == (fake.submissions, view.attempts[0].because.partition("process ")[2][:11])
    assert 1 == await house.reconciled()
    assert [AttemptState.NOT_SENT, AttemptState.ISSUED] == states(await house.case(view.case.name))


async def test_marked_as_it_is_planned(house: House, fake: Faulty) -> None:
    """What the process that plans it sends itself is marked with the plan: no commit stands between it and the platform."""
    fake.awake.clear()
    begun = await house.process(order(), wait=0)
    await fake.asked.wait()
    [attempt] = begun.view.attempts
    assert (AttemptState.SENDING, attempt.planned_at) == (attempt.state, attempt.sent_at)
    fake.awake.set()
    await house.quiet()
