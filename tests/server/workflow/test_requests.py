"""Requests that come again, at once, or later: each is answered for what it said, and nothing is bought twice."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from engine.case import AttemptState, CaseState
from engine.platform import NotSent, Rejected, Rejection
from server.errors import RequestIdReused
from server.store import Transaction
from tests.server.workflow.faulty import Faulty
from tests.server.workflow.house import (
    House,
    more_of_it,
    order,
    outcomes,
    sites,
    states,
    to_canada,
    turns,
    without_declaration,
)

REJECTION = Rejected((Rejection("HS_DOUBTFUL", "2", "the HS code is doubtful"),))


async def test_same_request(house: House, fake: Faulty) -> None:
    """The same request again gets the same answer, and buys nothing, whatever process answers it."""
    first = await house.process(order())
    assert first == await house.process(order())
    assert first == await (await house.restarted()).process(order())
    assert 1 == len(fake.submissions)


async def test_answered_before_its_site_lost_its_platform(house: House, fake: Faulty) -> None:
    """The same request again is answered as it was, though its site has no platform any more."""
    first = await house.process(order())
    house = await house.restarted(records=sites("another"))
    assert first.e_cert_id == (await house.process(order())).e_cert_id


async def test_repeated_beside_others(house: House, fake: Faulty) -> None:
    """An order that is known already spoils nothing of what is committed together with it: nothing is written twice."""
    await house.process(order())
    begun, go_on, ran = threading.Event(), threading.Event(), list[None]()

    def busy(tx: Transaction) -> None:
        begun.set()
        go_on.wait(10)

    others = [asyncio.create_task(house.store.write(busy))]
    await asyncio.to_thread(begun.wait, 10)
    others += [
        asyncio.create_task(house.store.write(lambda tx: ran.append(None))),
        asyncio.create_task(house.process(order("request-2"))),
    ]
    await turns()
    go_on.set()
    await asyncio.gather(*others)
    assert [None] == ran


async def test_request_id_reused(house: House) -> None:
    """A request_id with other content is refused, and changes nothing."""
    first = await house.process(order())
    with pytest.raises(RequestIdReused):
        await house.process(order(change=more_of_it))
    assert first.view == await house.case(first.view.case.name)


async def test_requests_at_once(house: House, fake: Faulty) -> None:
    """Requests of different ids about one order, all at once, join one case and one certificate."""
    answers = await asyncio.gather(*(house.process(order(f"request-{number}")) for number in range(5)))
    assert 1 == len({answer.e_cert_id for answer in answers})
    assert 1 == len(fake.submissions)
    assert {outcomes(answers[0])["prereview"]} == {outcomes(answer)["prereview"] for answer in answers}


async def test_declared_at_once(house: House, fake: Faulty) -> None:
    """Two declarations of an order that is known, at the same moment: one is sent, the other sees that it was."""
    await house.process(order(change=without_declaration))
    answers = await asyncio.gather(house.process(order("request-2")), house.process(order("request-3")))
    assert [1, 1] == [answer.view.case.declaration_version for answer in answers]
    assert 1 == len(fake.submissions)


async def test_changed_at_once(house: House) -> None:
    """Many calls at once about an order that stays open to change are all answered, one after the other."""
    answers = await asyncio.gather(
        *(house.process(order(f"request-{number}", change=without_declaration)) for number in range(12))
    )
    assert [CaseState.ORDERED] * 12 == [answer.view.case.state for answer in answers]
    assert 1 == len({answer.view.case.name for answer in answers})


async def test_joined_in_the_same_process(house: House, fake: Faulty) -> None:
    """A request that is repeated while the platform works waits for its answer, and gets it."""
    fake.awake.clear()
    waiting = [asyncio.create_task(house.process(order())) for _ in range(3)]
    await turns()
    await asyncio.sleep(0.05)
    fake.awake.set()
    answers = [await task for task in waiting]
    assert [CaseState.CERTIFIED] * 3 == [answer.view.case.state for answer in answers]


async def test_joined_in_another_process(house: House, fake: Faulty) -> None:
    """A request that is repeated at another process waits on the records for what the first one brings."""
    fake.awake.clear()
    await house.process(order(), wait=0)
    other = House(house.store, house.deciding.rulebook, house.clock, (fake,), owner="other")
    waiting = asyncio.create_task(other.process(order()))
    await asyncio.sleep(0.1)
    fake.awake.set()
    assert CaseState.CERTIFIED == (await waiting).view.case.state
    await house.quiet()


async def test_too_little_time(house: House, fake: Faulty) -> None:
    """A caller with no time to wait is answered with the case under way; the certificate comes all the same."""
    fake.awake.clear()
    answer = await house.process(order(), wait=0)
    assert (CaseState.VERIFYING, None) == (answer.view.case.state, answer.e_cert_id)
    fake.awake.set()
    await house.quiet()
    assert CaseState.CERTIFIED == (await house.case(answer.view.case.name)).case.state


async def test_caller_goes_away(house: House, fake: Faulty) -> None:
    """A caller that goes away while its order is being committed stops neither the commit nor the sending."""
    loop = asyncio.get_running_loop()
    call = asyncio.create_task(house.process(order()))

    def goes_away() -> None:
        if threading.current_thread().name == "store-writer":
            gone = threading.Event()
            loop.call_soon_threadsafe(lambda: (call.cancel(), gone.set()))
            gone.wait(5)

    house.clock.looked_at = goes_away
    await asyncio.wait({call})
    assert call.cancelled()
    await fake.asked.wait()
    await house.quiet()
    assert CaseState.CERTIFIED == (await house.process(order(), wait=0)).view.case.state


async def test_rejected_then_without_declaration(house: House, fake: Faulty) -> None:
    """An order that comes without its declaration after a rejection does not change what the first was answered."""
    fake.scripted.append(REJECTION)
    first = await house.process(order())
    second = await house.process(order("request-2", change=without_declaration))
    assert ("INELIGIBLE", "UNDETERMINED") == (
        outcomes(second)["prereview"],
        outcomes(second)["certification"],
    )
    assert first == await house.process(order())


NEXT_REQUESTS = {
    "without its declaration": without_declaration,
    "for another destination": to_canada,
    "with other lines": more_of_it,
}


@pytest.mark.parametrize("change", NEXT_REQUESTS.values(), ids=NEXT_REQUESTS)
async def test_later_request_after_issue(house: House, change: Callable[[Any], None]) -> None:
    """A later request about other facts leaves the answer to the first, and the case, as they are."""
    first = await house.process(order())
    await house.process(order("request-2", change=change))
    assert first == await house.process(order())


@pytest.mark.parametrize("change", NEXT_REQUESTS.values(), ids=NEXT_REQUESTS)
async def test_later_request_before_issue(house: House, fake: Faulty, change: Callable[[Any], None]) -> None:
    """The same holds where the first could not be sent, and the case follows the later request."""
    fake.scripted.extend([NotSent("no connection"), NotSent("no connection")])
    first = await house.process(order())
    assert [AttemptState.NOT_SENT] == states(first.view)
    await house.process(order("request-2", change=change))
    assert first.decisions == (await house.process(order())).decisions


async def test_not_sent_and_repeated(house: House, fake: Faulty) -> None:
    """The same request again sends nothing again: it is answered as it was."""
    fake.scripted.append(NotSent("no connection"))
    first = await house.process(order())
    assert first == await house.process(order())
    assert 1 == len(fake.submissions)


async def test_status_of_the_declaration_follows(house: House, fake: Faulty) -> None:
    """A request about a declaration under way is answered later with what became of it."""
    fake.awake.clear()
    await house.process(order(), wait=0)
    second = await house.process(order("request-2"), wait=0)
    assert "UNDETERMINED" == outcomes(second)["prereview"]
    fake.awake.set()
    await house.quiet()
    again = await house.process(order("request-2"))
    assert outcomes(await house.process(order())) == outcomes(again)
    assert again.e_cert_id == again.view.certificate.e_cert_id


async def test_other_serialisation(house: House) -> None:
    """A request about the same facts, written otherwise, is about the same declaration."""

    def change(request: Any) -> None:
        paths = request.declaration.none.paths
        paths[:] = reversed(paths)

    first = await house.process(order())
    await house.process(order("request-2", change=change))
    view = await house.case(first.view.case.name)
    assert "request-2" == view.decisions["scope"].request_id
