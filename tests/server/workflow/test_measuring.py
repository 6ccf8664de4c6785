"""A site measured from its records: from its registration on, without what is erased, by what its orders really did."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.readiness import Area, Assessment
from engine.readiness.statement import content_of
from server.errors import QuestionNotFound, SiteNotFound
from server.sites import Sites
from server.store import sites
from server.workflow.book import Book
from server.workflow.measuring import Measuring
from server.workflow.refusals import Refusals
from server.workflow.register import Register
from tests.server.store.samples import site_change
from tests.server.workflow.faulty import Faulty
from tests.server.workflow.house import TENANT, House, order
from tests.server.workflow.test_erasing import erase, other
from tests.server.workflow.test_stages import hardly_anything

MONTH = timedelta(days=30)
SITE = "aceros-shop"


@pytest.fixture
async def measuring(house: House) -> Measuring:
    """Looks at the site of the examples, which was registered before its first order."""
    return await from_now_on(house)


async def from_now_on(house: House) -> Measuring:
    """Looks at the site of the examples, which is registered now."""
    await house.store.write(lambda tx: sites.change(tx, None, site_change(SITE, TENANT)))
    register = Register(house.store, Sites({}), house.clock, MONTH)
    refusals = Refusals(house.store, register, house.clock)
    return Measuring(house.store, house.deciding, register, refusals, timedelta(seconds=2))


async def seen(measuring: Measuring, window: timedelta = MONTH) -> Assessment:
    """What is seen of the site."""
    return (await measuring.look(TENANT, SITE, window)).assessment


def said(found: Assessment, area: Area, about: str) -> str:
    """What an item of an assessment says of what was seen."""
    [item] = [item for item in found.of(area) if item.about == about]
    return item.seen


async def test_stages(house: House, measuring: Measuring) -> None:
    """Each step counts once, with how long after the first call it came; facts count from the step that first gave them."""
    name = (await house.inquire(order("inquire-1", change=hardly_anything))).view.case.name
    for step in (
        lambda: house.place(order("place-01")),
        lambda: house.declare(name, order("declare-1")),
        lambda: house.certify(name),
        lambda: house.hand_off(name),
    ):
        house.clock.passes(60)
        await step()
    found = await seen(measuring)
    [calls] = [item.seen for item in found.of(Area.TRIGGER_POINTS) if item.about == "calls"]
    assert (
        "Orders that called: INQUIRY 1 of 1, ORDER 1 of 1 (60 s after the first call), DECLARATION 1 of 1 (120 s after the"
        " first call), HAND_OFF 1 of 1 (240 s after the first call)."
    ) == calls
    assert "first at: 1 ORDER" in said(found, Area.FIELDS, "order.destination")
    assert "first at: 1 DECLARATION" in said(found, Area.FIELDS, "declaration.signed")
    assert () == found.lacking


async def test_in_one_call(house: House, measuring: Measuring) -> None:
    """What one call says counts for each step that it takes."""
    await house.process(order())
    found = await seen(measuring)
    assert "first at: 1 ORDER" in said(found, Area.FIELDS, "order.destination")
    assert "ORDER 1 of 1, DECLARATION 1 of 1" in found.of(Area.TRIGGER_POINTS)[0].seen


async def test_erased(house: House, measuring: Measuring) -> None:
    """An erased order is left out, and that is said."""
    await house.process(order())
    await erase(house, (await house.process(other("erased"))).view.case.name)
    found = await seen(measuring)
    assert (1, "traffic, 1 erased orders left out") == (found.orders, found.source)


async def test_window(house: House, measuring: Measuring) -> None:
    """Orders that began before the window are not looked at, though they changed in it."""
    name = (await house.process(order())).view.case.name
    house.clock.passes(MONTH.total_seconds() + 60)
    await house.cancel(name)
    await house.process(other("later"))
    assert 1 == (await seen(measuring)).orders


async def test_since_registered(house: House) -> None:
    """Orders from before the site was registered are not looked at."""
    await house.process(order())
    house.clock.passes(60)
    found = await seen(await from_now_on(house))
    assert (0, house.clock()) == (found.orders, found.since)


async def test_without_an_answer(house: House, measuring: Measuring, fake: Faulty) -> None:
    """A certificate that never came was asked for all the same, and how its attempts ended is told."""
    fake.loses_reply = True
    await house.begun(order())
    [item] = [one for one in (await seen(measuring)).lacking if one.about == "real time"]
    assert "Answered within 2 s: 0 of 1; without a certificate: 1 UNKNOWN." in item.seen


async def test_suspended(house: House, measuring: Measuring) -> None:
    """Others are told that a site is suspended, and nothing of why: an operator wrote that, for auditors."""
    was = await house.store.read(lambda c: sites.find(c, TENANT, SITE))
    assert was is not None
    suspended = replace(was, suspended_because="fraud by J. Doe")
    await house.store.write(lambda tx: sites.change(tx, was, suspended))
    said = content_of(*await measuring.look(TENANT, SITE, MONTH))
    assert {"state": "NONE", "because": "suspended"} == said["integration"]
    assert "J. Doe" not in str(said)


async def test_another_tenant(measuring: Measuring) -> None:
    """Another tenant's site is not there."""
    with pytest.raises(SiteNotFound):
        await measuring.look("other", SITE, MONTH)


async def test_rulebook_that_does_not_ask(house: House, measuring: Measuring) -> None:
    """Where the served rulebook has no question `readiness`, that is said."""
    questions = {name: one for name, one in house.deciding.rulebook.questions.items() if name != "readiness"}
    house.deciding.serve(Book(replace(house.deciding.rulebook, questions=questions), house.clock))
    with pytest.raises(QuestionNotFound, match="readiness"):
        await measuring.look(TENANT, SITE, MONTH)
