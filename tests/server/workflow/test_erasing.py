"""When a case is erased, when not, and what is told of it after."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from origingate.v1 import case_service_pb2

from engine.case import CaseState
from server.errors import CaseErased, CaseNotFound, CaseStateForbids, ErasureRefused
from server.store import decisions
from server.store.listing import Place
from server.workflow.casework import CaseView
from server.workflow.erasing import retained_until
from server.workflow.retention import Retention
from tests.server.store.samples import case_name, decision
from tests.server.workflow.faulty import Faulty
from tests.server.workflow.house import TENANT, House, order
from tests.server.workflow.test_late import given_up

YEARS = timedelta(days=366 * 5)


def other(order_id: str) -> case_service_pb2.ProcessOrderRequest:
    """Another order."""

    def change(request: case_service_pb2.ProcessOrderRequest) -> None:
        request.order.order_id = order_id

    return order(f"request-{order_id}", change=change)


async def erase(house: House, name: str, request_id: str = "erase-001", *, early: bool = True) -> CaseView:
    """EraseCase."""
    asked = replace(house.asked("EraseCase", request_id, name, before_retention=early), erases=True)
    return await house.erasing.erase(asked, name, "asked for", before_retention=early)


async def hold(house: House, name: str, request_id: str = "hold-0001") -> CaseView:
    """HoldCase."""
    return await house.erasing.hold(house.asked("HoldCase", request_id, name), name, "a lawsuit")


async def release(house: House, name: str) -> CaseView:
    """ReleaseCase."""
    return await house.erasing.release(house.asked("ReleaseCase", "release-1", name), name, "it is over")


async def test_erased(house: House) -> None:
    """An erased case has its state and nothing of what was said; the same request again is answered with that."""
    name = (await house.process(order())).view.case.name
    left = await erase(house, name)
    assert (CaseState.CERTIFIED, "", "") == (left.case.state, left.case.order, left.case.site)
    assert left.case == (await erase(house, name)).case


async def test_refused_by_retention(house: House) -> None:
    """Before its retention is over a case is erased only where that is asked for."""
    name = (await house.process(order())).view.case.name
    with pytest.raises(ErasureRefused, match="are kept until"):
        await erase(house, name, early=False)
    house.clock.passes(YEARS.total_seconds())
    assert (await erase(house, name, early=False)).case.erased_at is not None


async def test_refused_while_held(house: House) -> None:
    """A held case is not erased, whatever is asked, until it is released."""
    name = (await house.process(order())).view.case.name
    await hold(house, name)
    with pytest.raises(ErasureRefused, match="a lawsuit"):
        await erase(house, name)
    await release(house, name)
    assert (await erase(house, name)).case.erased_at is not None


async def test_refused_with_a_platform(house: House, fake: Faulty) -> None:
    """While a platform may have something of the case, it is not erased."""
    fake.without_lookup().loses_reply = True
    view = await house.begun(order())
    with pytest.raises(ErasureRefused, match="open with a platform"):
        await erase(house, view.case.name)


async def test_refused_with_a_sweep(house: House, fake: Faulty) -> None:
    """While a reference that came to nothing is swept, its case is not erased."""
    name = await given_up(house, fake)
    for _ in range(2):
        await house.reconciled(seconds=60)
        await house.quiet()
    assert CaseState.CERTIFIED == (await house.case(name)).case.state
    with pytest.raises(ErasureRefused, match="may still come up"):
        await erase(house, name)


async def test_nothing_happens_to_it(house: House) -> None:
    """What needs the content of an erased case is refused, and says when it was erased."""
    name = (await house.process(order())).view.case.name
    await erase(house, name)
    for act in (
        house.decide(name),
        house.cancel(name),
        house.process(order("request-2")),
        house.process(order()),
        hold(house, name),
        release(house, name),
        erase(house, name, "erase-002"),
    ):
        with pytest.raises(CaseErased, match=name):
            await act


async def test_no_such_case(house: House) -> None:
    """A case that is not there is not erased."""
    with pytest.raises(CaseNotFound):
        await erase(house, case_name(404))


async def test_release_without_hold(house: House) -> None:
    """A case that is not held is not released."""
    name = (await house.process(order())).view.case.name
    with pytest.raises(CaseStateForbids, match="not held"):
        await release(house, name)


async def test_retention(house: House) -> None:
    """Retention erases what was kept for five years, and nothing that is held or younger; then it rests for an hour."""
    old = (await house.process(order())).view.case.name
    held = (await house.process(other("held"))).view.case.name
    await hold(house, held)
    retention = Retention(house.store, house.clock, 5)
    assert 0 == await retention.once()
    house.clock.passes(YEARS.total_seconds())
    young = (await house.process(other("young"))).view.case.name
    looked = [await retention.once(), await retention.once()]
    erased = [(await house.case(name)).case.erased_at is not None for name in (old, held, young)]
    assert ([2, 0], [True, False, False]) == (looked, erased)


async def test_retention_of_screenings(house: House) -> None:
    """The screenings of a day are erased with its key, once they were kept for five years."""
    await house.store.write(lambda tx: house.deciding.keep_rulebook(tx))
    made = replace(
        decision("d1"), tenant=TENANT, rulebook_digest=house.deciding.rulebook.digest, request_id=None
    )
    await house.store.write(lambda tx: decisions.record(tx, (made,)))
    retention = Retention(house.store, house.clock, 5)
    house.clock.passes(YEARS.total_seconds())
    assert 1 == await retention.once()
    found = await house.store.read(lambda c: decisions.find(c, TENANT, "d1"))
    assert found is not None
    assert ("", "IN_SCOPE") == (found.body, found.outcome)


async def test_held_cases(house: House) -> None:
    """What is held is listed, the one first that was held first, page by page; what is released is not."""
    names = [(await house.process(other(order_id))).view.case.name for order_id in ("one", "two", "three")]
    for number in (2, 0, 1):
        house.clock.passes(1)
        await hold(house, names[number], f"hold-{number:04}")
    await release(house, names[0])
    [first] = await house.erasing.held(TENANT, None, 1)
    [last] = await house.erasing.held(TENANT, Place(first.at, first.case.name), 2)
    assert [names[2], names[1]] == [first.case.name, last.case.name]
    assert ("a lawsuit", "tester", house.clock.now) == (last.because, last.by, last.at)
    assert [] == await house.erasing.held("another", None, 2)


async def erase_screenings(house: House, day: date, *, early: bool = True) -> datetime | None:
    """EraseScreenings."""
    return await house.erasing.erase_screenings(TENANT, "tester", day, "asked for", before_retention=early)


async def test_screenings_by_hand(house: House) -> None:
    """The screenings of a day that is over are erased where that is asked for, once; the next day's are not."""
    await house.store.write(lambda tx: house.deciding.keep_rulebook(tx))
    made = replace(
        decision("d1"), tenant=TENANT, rulebook_digest=house.deciding.rulebook.digest, request_id=None
    )
    day = house.clock.now.date()
    await house.store.write(lambda tx: decisions.record(tx, (made,)))
    with pytest.raises(ErasureRefused, match="not over everywhere"):
        await erase_screenings(house, day)
    house.clock.passes(timedelta(days=1).total_seconds())
    await house.store.write(lambda tx: decisions.record(tx, (replace(made, decision_id="d2"),)))
    with pytest.raises(ErasureRefused, match="are kept until 2031-07-11"):
        await erase_screenings(house, day, early=False)
    erased_at = await erase_screenings(house, day)
    house.clock.passes(1)
    assert house.clock.now - timedelta(seconds=1) == erased_at == await erase_screenings(house, day)
    found = [
        await house.store.read(lambda c, one=one: decisions.find(c, TENANT, one)) for one in ("d1", "d2")
    ]
    assert ["", made.body] == [each.body for each in found if each is not None]


async def test_no_screenings(house: House) -> None:
    """Of a day without screenings nothing is erased, and nothing is said to be."""
    assert await erase_screenings(house, date(2020, 1, 1)) is None


@pytest.mark.parametrize(
    ("last", "until"),
    [("2026-07-01", "2031-07-01"), ("2024-02-29", "2029-03-01")],
    ids=["any day", "leap day"],
)
def test_retained_until(last: str, until: str) -> None:
    """Years are civil years; of a day that there is not, the next."""
    assert datetime.fromisoformat(until) == retained_until(datetime.fromisoformat(last), 5)
