"""Sites connected by runs that cost something: one run for each request."""

import asyncio
from datetime import timedelta

import pytest

from engine.platform import Rejected, Rejection
from engine.site import SiteStep
from server.sites import Sites
from server.store import sites
from server.workflow.connecting import Connecting
from server.workflow.register import Register
from server.workflow.registering import Registering
from server.workflow.requesting import Request, Requesting
from tests.server.platforms.conftest import submission_of
from tests.server.store.samples import site_change
from tests.server.workflow.faulty import Faulty
from tests.server.workflow.house import TENANT, House

SITE = "aceros-shop"
REJECTION = Rejected((Rejection("CLOSED", "", "nothing is issued today"),))


@pytest.fixture
async def connecting(house: House) -> Connecting:
    """Connects the site of the examples, which is registered."""
    await house.store.write(lambda tx: sites.change(tx, None, site_change(SITE, TENANT)))
    requesting = Requesting(house.store, house.deciding)
    register = Register(house.store, Sites({}), house.clock, timedelta(days=90))
    registering = Registering(house.store, requesting, register)
    return Connecting(house.platforms, requesting, registering, house.clock, within=2)


async def connect(connecting: Connecting, request_id: str) -> None:
    """Connects it, by a run that ends with the first certificate, because that is rejected."""
    request = Request.of(TENANT, "tester", request_id, "ConnectSite", {"site_id": SITE})
    await connecting.connect(request, SITE, "fake", submission_of().content, rounds=0, reason="a test")


async def test_at_the_same_time(house: House, connecting: Connecting, fake: Faulty) -> None:
    """A request that comes again while its run goes on waits for that run, and buys nothing itself."""
    fake.scripted.extend([REJECTION] * 2)
    fake.awake.clear()
    calls = [asyncio.create_task(connect(connecting, "connect-1")) for _ in range(2)]
    await fake.asked.wait()
    await house.store.read(lambda _: None)
    fake.awake.set()
    await asyncio.gather(*calls)
    assert 1 == len(fake.submissions)
    [newest, _] = await house.store.read(lambda c: sites.changes(c, TENANT, SITE, 9))
    assert (SiteStep.NOT_CONNECTED, "connect-1") == (newest.step, newest.request_id)


async def test_after_one_that_was_broken_off(connecting: Connecting, fake: Faulty) -> None:
    """A request whose first call ended without a run on record is answered by a run of the call that waited."""
    fake.scripted.extend([REJECTION] * 2)
    fake.awake.clear()
    first = asyncio.create_task(connect(connecting, "connect-1"))
    await fake.asked.wait()
    second = asyncio.create_task(connect(connecting, "connect-1"))
    first.cancel()
    fake.awake.set()
    await second
    assert 1 == len(fake.submissions)


async def test_two_requests(connecting: Connecting, fake: Faulty) -> None:
    """Each request has a run of its own."""
    fake.scripted.extend([REJECTION] * 2)
    await asyncio.gather(connect(connecting, "connect-1"), connect(connecting, "connect-2"))
    assert 2 == len(fake.submissions)
