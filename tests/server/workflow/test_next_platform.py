"""A site that is connected to two platforms: when the second is asked, and when never."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.case import OPEN_ATTEMPT, AttemptState, CaseState
from engine.platform import (
    Misconfigured,
    NotFound,
    NotSent,
    Outcome,
    Pending,
    Rejected,
    Rejection,
    Retryable,
    Review,
    Unknown,
)
from engine.rulebook import Rulebook
from server.store import Store
from tests.server.workflow.faulty import Faulty
from tests.server.workflow.house import Clock, House, opened, order, sites, states

NOT_SENT, BUSY, LOST = NotSent("no connection"), Retryable("busy", None), Unknown("the connection was lost")
MISCONFIGURED = Misconfigured("HTTP status 401")
REJECTED = Rejected((Rejection("X-1", "", "no"),))


class Second(Faulty):
    """Another platform than `fake`."""

    name = "second"


def ticking(clock: Clock) -> Clock:
    """The clock, which is a little later whenever somebody looks: attempts are told apart by when they were planned."""
    clock.looked_at = lambda: clock.passes(0.001)
    return clock


@pytest.fixture
def second(clock: Clock) -> Second:
    """The platform that the site prefers less."""
    return Second(clock())


@pytest.fixture
async def house(
    store: Store, rulebook: Rulebook, clock: Clock, fake: Faulty, second: Second
) -> AsyncIterator[House]:
    """A server that can ask both."""
    ticking(clock)
    house = House(store, rulebook, clock, (fake, second))
    yield house
    await house.tasks.finish(0)


@pytest.mark.parametrize("first", [NOT_SENT, BUSY, MISCONFIGURED])
async def test_first_has_nothing(house: House, fake: Faulty, second: Second, first: Outcome) -> None:
    """Where the first platform surely has nothing, the call is answered with the second's certificate."""
    fake.scripted.append(first)
    answer = await house.process(order())
    assert (CaseState.CERTIFIED, 2) == (answer.view.case.state, len(answer.view.attempts))
    assert answer.view.certificate is not None
    assert ("second", answer.e_cert_id) == (answer.view.certificate.platform, answer.e_cert_id)
    assert 1 == answer.view.case.declaration_version
    assert fake.submissions[0].reference != second.submissions[0].reference


@pytest.mark.parametrize(
    "first", [LOST, REJECTED, Pending(timedelta(seconds=1)), Review("an officer looks at it")]
)
async def test_first_has_it(house: House, fake: Faulty, second: Second, first: Outcome) -> None:
    """Where it has or may have the declaration, or rejected it, no other is asked, however long that takes."""
    fake.scripted.append(first)
    view = await house.begun(order())
    for seconds in (1, 20, 600):
        await house.reconciled(seconds)
    assert [] == second.submissions
    assert {"fake"} == {attempt.platform for attempt in (await house.case(view.case.name)).attempts}


async def test_once_unknown(house: House, fake: Faulty, second: Second) -> None:
    """What was unknown once may turn up late: that it was not found, and the next sending failed, asks no other."""
    fake.scripted.extend([LOST, NOT_SENT])
    view = await house.begun(order())
    fake.scripted_lookups.append(NotFound())
    await house.reconciled(600)
    await house.reconciled()
    view = await house.case(view.case.name)
    assert (CaseState.DECLARED, []) == (view.case.state, second.submissions)
    assert [AttemptState.RETRYABLE, AttemptState.NOT_SENT] == states(view)


async def test_nobody_takes_it(house: House, fake: Faulty, second: Second) -> None:
    """Where neither could be asked the case is DECLARED; another call begins with the first again."""
    fake.scripted.append(NOT_SENT)
    second.scripted.append(BUSY)
    answer = await house.process(order())
    assert [AttemptState.NOT_SENT, AttemptState.RETRYABLE] == states(answer.view)
    assert CaseState.DECLARED == answer.view.case.state
    house.clock.passes(1)
    again = await house.certify(answer.view.case.name)
    assert [1, 1, 2] == [attempt.generation for attempt in again.view.attempts]
    assert again.view.certificate is not None
    assert "fake" == again.view.certificate.platform


async def test_only_the_last_is_misconfigured(house: House, fake: Faulty, second: Second) -> None:
    """A platform that does not take our account is for a person, where no other is left to ask."""
    fake.scripted.append(NOT_SENT)
    second.scripted.append(MISCONFIGURED)
    answer = await house.process(order())
    assert CaseState.MANUAL == answer.view.case.state


async def test_second_unknown(house: House, fake: Faulty, second: Second) -> None:
    """What became of it at the second is looked up there."""
    fake.scripted.append(NOT_SENT)
    second.loses_reply = True
    view = await house.begun(order())
    assert CaseState.RECONCILING == view.case.state
    second.loses_reply = False
    await house.reconciled(600)
    view = await house.case(view.case.name)
    assert (CaseState.CERTIFIED, 1) == (view.case.state, len(second.looked_up))


async def test_not_connected_to_it(house: House, fake: Faulty, second: Second) -> None:
    """A platform that the site is not connected to is not asked."""
    house = await house.restarted(records=sites("fake"))
    fake.scripted.append(NOT_SENT)
    answer = await house.process(order())
    assert (CaseState.DECLARED, []) == (answer.view.case.state, second.submissions)


async def test_the_sites_order(house: House, fake: Faulty, second: Second) -> None:
    """Who is asked first is the site's wish; after the last no other is asked."""
    house = await house.restarted(records=sites("second", "fake"))
    second.scripted.append(NOT_SENT)
    fake.scripted.append(NOT_SENT)
    answer = await house.process(order())
    assert ["second", "fake"] == [attempt.platform for attempt in answer.view.attempts]


async def test_cancelled_meanwhile(house: House, fake: Faulty, second: Second) -> None:
    """An order that is cancelled while the first is asked is not taken to the second."""
    fake.awake.clear()
    fake.scripted.append(NOT_SENT)
    answer = await house.process(order(), wait=0)
    await fake.asked.wait()
    await house.cancel(answer.view.case.name, wait=0)
    fake.awake.set()
    await house.quiet()
    view = await house.case(answer.view.case.name)
    assert (CaseState.CANCELLED, []) == (view.case.state, second.submissions)


async def test_lines(house: House, fake: Faulty, second: Second) -> None:
    """A platform that takes fewer lines than are declared is passed over, and not come to later."""
    fake.capabilities = replace(fake.capabilities, most_lines=1)
    answer = await house.process(order())
    assert ["second"] == [attempt.platform for attempt in answer.view.attempts]
    house = await house.restarted(records=sites("second", "fake"))
    second.scripted.append(NOT_SENT)
    answer = await house.process(order("request-2", change=_another))
    assert (CaseState.DECLARED, []) == (answer.view.case.state, fake.submissions)


def _another(request: Any) -> None:
    request.order.order_id = "another"


async def test_dies_between(house: House, fake: Faulty, second: Second) -> None:
    """A process that dies when the second attempt is planned leaves it to the next, which looks it up there."""
    fake.scripted.append(NOT_SENT)
    second.awake.clear()
    answer = await house.process(order(), wait=0)
    await second.asked.wait()
    house = await house.restarted()
    second.awake.set()
    for seconds in (20, 20, 20, 1):
        await house.reconciled(seconds)
    view = await house.case(answer.view.case.name)
    assert (CaseState.CERTIFIED, 1) == (view.case.state, len(fake.submissions))
    assert ["fake", "second", "second"] == [attempt.platform for attempt in view.attempts]


OUTCOMES = st.sampled_from(
    [None, NOT_SENT, BUSY, MISCONFIGURED, LOST, REJECTED, Pending(timedelta(seconds=2))]
)
SURE = (AttemptState.NOT_SENT, AttemptState.RETRYABLE, AttemptState.MISCONFIGURED)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(first=st.lists(OUTCOMES, max_size=4), then=st.lists(OUTCOMES, max_size=4))
def test_laws(
    rulebook: Rulebook, empty: Any, tmp_path_factory: Any, first: list[Any], then: list[Any]
) -> None:
    """Whatever they answer: the second is asked only after sure ends at the first, and one attempt is open at most."""

    async def run() -> None:
        clock = Clock()
        with opened(empty, tmp_path_factory.mktemp("laws"), clock) as store:
            fake, second = Faulty(clock()), Second(clock())
            house = House(store, rulebook, clock, (fake, second))
            fake.scripted.extend(one for one in first if one is not None)
            second.scripted.extend(one for one in then if one is not None)
            view = await house.begun(order())
            for seconds in (1, 20, 1, 20, 1, 600):
                await house.reconciled(seconds)
                view = await house.case(view.case.name)
                assert 1 >= sum(attempt.state in OPEN_ATTEMPT for attempt in view.attempts)
                names = [attempt.platform for attempt in view.attempts]
                if "second" in names:
                    before = view.attempts[: names.index("second")]
                    assert all(one.state in SURE and one.sweep_until is None for one in before)
            issued = [*fake.statuses, *second.statuses]
            assert len(issued) <= 1
            await house.tasks.finish(0)

    asyncio.run(run())
