"""What a process left open is brought to an end by another, and nothing is sent twice."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from engine.case import AttemptState, CaseState
from engine.platform import Reference, Review, Submission, Unknown
from tests.server.workflow.faulty import Faulty
from tests.server.workflow.house import PATIENCE, Change, House, order, sites, states, turns
from tests.server.workflow.test_operating import retry, waiting

# After it, a lease has run out and a platform's "not found" can be believed.
SETTLED = 20.0


async def left_open(house: House, fake: Faulty) -> tuple[House, str]:
    """A process that died while the platform was at work, the next one, and the case."""
    fake.awake.clear()
    answer = await house.process(order(), wait=0)
    await fake.asked.wait()
    after = await house.restarted()
    fake.awake.set()
    return after, answer.view.case.name


async def test_taken_over(house: House, fake: Faulty) -> None:
    """What the dead process had sent is looked up by the next, and adopted, with one submission in all."""
    after, name = await left_open(house, fake)
    assert 0 == await after.reconciled()
    attempt = (await after.case(name)).attempts[0]
    fake.issue(Submission(Reference(attempt.reference), attempt.digest, {}))
    assert 1 == await after.reconciled(SETTLED)
    view = await after.case(name)
    assert (CaseState.CERTIFIED, [AttemptState.ISSUED]) == (view.case.state, states(view))
    assert [] == fake.submissions


async def test_never_received(house: House, fake: Faulty) -> None:
    """Where the platform never had it, the next generation is sent, under a reference of its own."""
    after, name = await left_open(house, fake)
    await after.reconciled(SETTLED)
    await after.reconciled()
    view = await after.case(name)
    assert [AttemptState.RETRYABLE, AttemptState.ISSUED] == states(view)
    assert [1, 2] == [attempt.generation for attempt in view.attempts]
    assert 2 == len({attempt.reference for attempt in view.attempts})
    assert CaseState.CERTIFIED == view.case.state


async def test_planned_and_never_held(house: House, fake: Faulty) -> None:
    """A generation that nobody took yet is sent by whoever takes it, not looked up."""
    after, _ = await left_open(house, fake)
    await after.reconciled(SETTLED)
    assert ([], 1) == (fake.submissions, len(fake.looked_up))
    await after.reconciled()
    assert (1, 1) == (len(fake.submissions), len(fake.looked_up))


async def test_generations_are_bounded(house: House, fake: Faulty) -> None:
    """A platform that loses whatever is sent to it is asked three times, then the case waits for another call."""
    fake.scripted.extend([Unknown("lost")] * 10)
    begun = await house.begun(order())
    for _ in range(10):
        await house.reconciled(SETTLED)
    view = await house.case(begun.case.name)
    assert [AttemptState.RETRYABLE] * 3 == states(view)
    assert (CaseState.DECLARED, 3) == (view.case.state, len(fake.submissions))


async def test_never_sent(house: House, fake: Faulty) -> None:
    """What a process planned and never sent is taken for sent: it is looked up first."""
    house.attempting.patience = replace(PATIENCE, attempt=timedelta(seconds=9.5))
    begun = await house.begun(order())
    after = await house.restarted()
    await after.reconciled(SETTLED)
    assert ([], 1) == (fake.submissions, len(fake.looked_up))
    after.attempting.patience = PATIENCE
    await after.reconciled()
    assert CaseState.CERTIFIED == (await after.case(begun.case.name)).case.state


async def test_two_processes(house: House, fake: Faulty) -> None:
    """Two processes that look at the same moment never take the same attempt."""
    after, name = await left_open(house, fake)
    other = await house.restarted(owner="third")
    house.clock.passes(SETTLED)
    assert 1 == sum(await asyncio.gather(after.reconciler.once(), other.reconciler.once()))
    await asyncio.gather(after.reconciler.once(), other.reconciler.once())
    assert (CaseState.CERTIFIED, 1) == ((await after.case(name)).case.state, len(fake.submissions))


async def test_site_record_corrected(house: House, fake: Faulty) -> None:
    """A site that our records know for another kind since then keeps no certificate from being adopted."""

    def stated(request: Any) -> None:
        request.site.kind = 1

    fake.scripted.append(Unknown("lost"))
    begun = await house.begun(order(change=stated))
    fake.issue(fake.submissions[0])
    after = await house.restarted(records=sites("fake", kind="MARKETPLACE"))
    await after.reconciled(SETTLED)
    view = await after.case(begun.case.name)
    assert (CaseState.CERTIFIED, "NOT_APPLICABLE") == (view.case.state, view.decisions["prereview"].outcome)


async def test_platform_not_set_up(house: House, fake: Faulty) -> None:
    """An attempt at a platform that is not set up here stays open, for a process where it is."""
    fake.scripted.append(Unknown("lost"))
    begun = await house.begun(order())
    elsewhere = House(house.store, house.deciding.rulebook, house.clock, ())
    assert 1 == await elsewhere.reconciled(SETTLED)
    view = await house.case(begun.case.name)
    assert (CaseState.RECONCILING, [AttemptState.UNKNOWN]) == (view.case.state, states(view))
    fake.issue(fake.submissions[0])
    await house.reconciled(SETTLED)
    assert CaseState.CERTIFIED == (await house.case(begun.case.name)).case.state


async def test_platform_not_set_up_for_long(house: House, fake: Faulty) -> None:
    """After an hour in which nobody had its platform an attempt is for a person, in words."""
    fake.scripted.append(Unknown("lost"))
    begun = await house.begun(order())
    elsewhere = House(house.store, house.deciding.rulebook, house.clock, ())
    await elsewhere.reconciled(SETTLED)
    await elsewhere.reconciled(seconds=3000)
    assert CaseState.RECONCILING == (await house.case(begun.case.name)).case.state
    await elsewhere.reconciled(seconds=700)
    view = await house.case(begun.case.name)
    assert (CaseState.MANUAL, "The platform fake is not set up on this server, so that nobody asks it.") == (
        view.case.state,
        view.attempts[0].because,
    )
    assert [begun.case.name] == [one.view.case.name for one, _ in await waiting(house)]


async def test_platform_not_set_up_here_alone(house: House, fake: Faulty) -> None:
    """What another process looks up meanwhile is not forgotten, however long one without its platform meets it too."""
    fake.scripted.append(Review("an officer looks at it"))
    begun = await house.begun(order())
    fake.scripted_lookups.extend(Review("an officer looks at it") for _ in range(9))
    elsewhere = House(house.store, house.deciding.rulebook, house.clock, (), owner="elsewhere")
    for _ in range(3):
        await elsewhere.reconciled(seconds=3000)
        await house.reconciled(seconds=3000)
    assert CaseState.IN_REVIEW == (await house.case(begun.case.name)).case.state


async def test_set_up_again(house: House, fake: Faulty) -> None:
    """Once its platform is set up, a person has the attempt looked up, and it comes to its end."""
    fake.scripted.append(Unknown("lost"))
    name = (await house.begun(order())).case.name
    elsewhere = House(house.store, house.deciding.rulebook, house.clock, ())
    await elsewhere.reconciled(SETTLED)
    await elsewhere.reconciled(seconds=4000)
    fake.issue(fake.submissions[0])
    await retry(house, name)
    await house.reconciled(seconds=1)
    assert CaseState.CERTIFIED == (await house.case(name)).case.state


async def test_trouble_with_one(house: House, fake: Faulty) -> None:
    """An attempt that cannot be worked on keeps no other from its end."""
    names = []
    for number in range(2):
        fake.scripted.append(Unknown("lost"))
        change = _of_order(f"AN-{number}")
        names.append((await house.begun(order(f"request-{number}", change=change))).case.name)
    for submission in fake.submissions:
        fake.issue(submission)
    fake.breaks_at = fake.submissions[0].reference
    await house.reconciled(SETTLED)
    found = [(await house.case(name)).case.state for name in names]
    assert [CaseState.RECONCILING, CaseState.CERTIFIED] == found
    fake.breaks_at = None
    await house.reconciled(SETTLED)
    assert CaseState.CERTIFIED == (await house.case(names[0])).case.state


async def test_a_void_in_the_way(house: House, fake: Faulty) -> None:
    """A void that cannot be worked on keeps no attempt waiting, and is tried again."""
    first = (await house.process(order())).view.case.name
    fake.breaks_at_void = True
    await house.cancel(first, wait=0)
    await house.quiet()
    fake.loses_reply = True
    second = (await house.begun(order("request-2", change=_of_order("AN-2")))).case.name
    await house.reconciled(SETTLED)
    assert CaseState.CERTIFIED == (await house.case(second)).case.state
    fake.breaks_at_void = False
    await house.reconciled(SETTLED)
    assert CaseState.CANCELLED == (await house.case(first)).case.state


async def test_an_unanswered_void(house: House, fake: Faulty) -> None:
    """A void that is not answered keeps no attempt waiting."""
    patience = replace(PATIENCE, attempt=timedelta(minutes=1), lease=timedelta(minutes=2))
    house = House(house.store, house.deciding.rulebook, house.clock, (fake,), patience=patience)
    first = (await house.process(order())).view.case.name
    fake.scripted_voids.append(Unknown("lost"))
    await house.cancel(first, wait=0)
    await house.quiet()
    fake.loses_reply = True
    second = (await house.begun(order("request-2", change=_of_order("AN-2")))).case.name
    fake.awake_to_void.clear()
    look = asyncio.create_task(house.reconciled(SETTLED))
    while (await house.case(second)).case.state is not CaseState.CERTIFIED:
        await turns()
        assert not look.done()
    fake.awake_to_void.set()
    await look


async def test_runs_until_cancelled(house: House, fake: Faulty) -> None:
    """It goes on until it is cancelled, and is never without a pause while the same attempt is due again at once."""
    patience = replace(PATIENCE, settle=timedelta(0))
    house = House(house.store, house.deciding.rulebook, house.clock, (fake,), patience=patience, every=10)
    fake.scripted.append(Unknown("lost"))
    await house.begun(order())
    fake.scripted_lookups.extend([Unknown("lost")] * 1000)
    running = asyncio.create_task(house.reconciler.run())
    while not fake.looked_up:
        await turns()
    await asyncio.sleep(0.2)
    running.cancel()
    await asyncio.wait({running})
    assert (True, 1) == (running.cancelled(), len(fake.looked_up))


async def test_goes_on_after_trouble(house: House, fake: Faulty) -> None:
    """Trouble with the store ends nothing."""
    fake.scripted.append(Unknown("lost"))
    await house.begun(order())
    fake.issue(fake.submissions[0])
    house.clock.passes(SETTLED)
    troubles = [ZeroDivisionError()]

    def trouble() -> None:
        if troubles:
            raise troubles.pop()

    house.clock.looked_at = trouble
    running = asyncio.create_task(house.reconciler.run())
    # The reconciler meets it, and not the caller.
    while troubles:
        await turns()
    assert CaseState.CERTIFIED == (await house.process(order())).view.case.state
    running.cancel()
    await asyncio.wait({running})
    assert [] == troubles


def _of_order(order_id: str) -> Change:
    def change(request: Any) -> None:
        request.order.order_id = order_id

    return change
