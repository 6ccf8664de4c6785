"""The address at which platforms call: what they name is looked at sooner, and nothing else happens."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta

import aiohttp
import pytest

from engine.case import AttemptState, CaseState
from engine.certificate import CertificateStatus, ECertId
from engine.platform import NotFound, Pending, Review, Unknown
from server.notices import NoticePort, bound
from server.notices.port import A_SECOND, LARGEST
from server.our_records import OurRecords
from server.platforms import Platforms
from server.platforms.notices import NoticeRules, Wax
from server.platforms.secret import Secret
from server.sites import SiteRecord, Sites
from server.store import tenants
from server.wire.requests import read
from server.wire.texts import texts_of
from server.workflow.casework import view_by_name
from server.workflow.intake import take_in
from tests.server.platforms.test_notices import BODY, KEY, sealed, stated
from tests.server.workflow.conftest import *  # noqa: F403 - the house of the workflow's tests
from tests.server.workflow.faulty import Faulty
from tests.server.workflow.house import House, order, states

HOUR = Pending(timedelta(hours=1), "sub-1")


class Caller:
    """A platform that calls; `status` is what it is answered."""

    def __init__(
        self, house: House, session: aiohttp.ClientSession, url: str, heard: list[tuple[str, int]]
    ) -> None:
        self.heard = heard
        self._house = house
        self._session = session
        self._url = url

    async def post(self, body: bytes, headers: dict[str, str] | None = None, platform: str = "fake") -> int:
        """The status that is answered to a body."""
        url = f"{self._url}/v1/notices/{platform}"
        async with self._session.post(url, data=body, headers=headers or {}) as answer:
            assert b"" == await answer.read() or answer.status in (404, 405, 413)
            return answer.status

    async def tells(self, **about: str) -> int:
        """The status that is answered to a notice about something."""
        body = json.dumps({"about": about}).encode()
        return await self.post(body, sealed(body, at=self._house.clock.now))


@pytest.fixture
async def caller(house: House, fake: Faulty) -> AsyncIterator[Caller]:
    """A caller of a server that asks the platform in memory, and takes its notices."""
    rules = stated()
    assert isinstance(rules, NoticeRules)
    platforms = Platforms((fake,), notices={"fake": Wax(rules, Secret(KEY))})
    async with AsyncExitStack() as stack:
        heard: list[tuple[str, int]] = []
        port = NoticePort(
            platforms,
            house.noticing.noticed,
            house.clock,
            heard=lambda platform, status: heard.append((platform, status)),
        )
        address = await bound(port, "127.0.0.1:0", stack, None, shared=False)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        yield Caller(house, session, f"http://{address}", heard)


async def undecided(house: House, fake: Faulty, answer: Pending | Review = HOUR) -> str:
    """The name of a case that its platform decides later, and has decided by now."""
    fake.scripted.append(answer)
    name = (await house.begun(order())).case.name
    fake.issue(fake.submissions[0])
    await house.reconciled(seconds=1)
    assert [] == fake.looked_up
    return name


@pytest.mark.parametrize("by", ["reference", "id"])
@pytest.mark.parametrize("answer", [HOUR, Review("a person has it", "sub-1")])
async def test_attempt(house: House, fake: Faulty, caller: Caller, answer: Pending | Review, by: str) -> None:
    """What a platform decides later is looked up as soon as it calls about it, by our reference or by its own id."""
    name = await undecided(house, fake, answer)
    told = {"reference": fake.submissions[0].reference, "id": "sub-1"}
    assert 204 == await caller.tells(**{by: told[by]})
    assert AttemptState.ISSUED not in states(await house.case(name)), "a notice decides nothing"
    await house.reconciled()
    assert CaseState.CERTIFIED == (await house.case(name)).case.state


async def test_certificate(house: House, fake: Faulty, caller: Caller) -> None:
    """The status of a certificate is asked for as soon as its platform calls about it, and only what it says then counts."""
    name = (await house.process(order())).view.case.name
    assert 204 == await caller.tells(e_cert_id="FAKE-1")
    await house.quiet()
    assert CaseState.CERTIFIED == (await house.case(name)).case.state
    fake.statuses[ECertId("FAKE-1")] = CertificateStatus.REVOKED
    house.clock.passes(1)
    assert 204 == await caller.tells(e_cert_id="FAKE-1")
    await house.quiet()
    assert CaseState.REVOKED == (await house.case(name)).case.state


@pytest.mark.parametrize("by", ["reference", "id"])
async def test_of_any_tenant(house: House, fake: Faulty, caller: Caller, by: str) -> None:
    """A platform knows nothing of tenants: whosever an attempt or a certificate is, it is asked about at once."""
    acme = "acme"
    records = OurRecords(
        Sites(
            {
                (acme, "aceros-shop"): SiteRecord(
                    acme, "aceros-shop", "B2B_INDEPENDENT", "CONNECTED", ("fake",)
                )
            }
        )
    )
    await house.store.write(lambda tx: tenants.create(tx, acme))
    fake.scripted.append(HOUR)
    request = order()
    intake = take_in(acme, "tester", "1", texts_of(request), read(request).facts, records)
    name = (await house.processing.process(intake, 0)).view.case.name
    await house.quiet()
    fake.issue(fake.submissions[0])

    async def state() -> CaseState:
        view = await house.store.read(lambda c: view_by_name(c, acme, name))
        assert view is not None
        return view.case.state

    assert 204 == await caller.tells(**{by: {"reference": fake.submissions[0].reference, "id": "sub-1"}[by]})
    await house.reconciled()
    assert CaseState.CERTIFIED == await state()
    fake.statuses[ECertId("FAKE-1")] = CertificateStatus.REVOKED
    house.clock.passes(1)
    assert 204 == await caller.tells(e_cert_id="FAKE-1")
    await house.quiet()
    assert CaseState.REVOKED == await state()


async def test_not_found_is_no_more_believed(house: House, fake: Faulty, caller: Caller) -> None:
    """A notice after an unclear answer makes "not found" count no sooner."""
    fake.scripted.append(Unknown("the connection was lost"))
    fake.scripted_lookups.append(NotFound())
    name = (await house.begun(order())).case.name
    assert 204 == await caller.tells(reference=fake.submissions[0].reference)
    await house.reconciled()
    assert (1, [AttemptState.UNKNOWN]) == (len(fake.looked_up), states(await house.case(name)))


async def test_nothing_of_ours(house: House, fake: Faulty, caller: Caller) -> None:
    """Whoever calls about what we do not have, or what has ended, is answered as everybody."""
    await house.process(order())
    for about in ({"reference": "og-none"}, {"id": "none"}, {"e_cert_id": "none"}):
        assert 204 == await caller.tells(**about)
    assert 204 == await caller.tells(reference=fake.submissions[0].reference)
    await house.reconciled()
    assert [] == fake.looked_up


async def test_for_a_person(house: House, fake: Faulty, caller: Caller) -> None:
    """What waits for a person is not taken out of their hands."""
    fake.without_lookup().loses_reply = True
    name = (await house.begun(order())).case.name
    await house.reconciled(seconds=60)
    assert 204 == await caller.tells(reference=fake.submissions[0].reference)
    await house.reconciled()
    assert (CaseState.MANUAL, []) == ((await house.case(name)).case.state, fake.looked_up)


async def test_again(house: House, fake: Faulty, caller: Caller) -> None:
    """The same notice again wakes nothing."""
    body = json.dumps({"about": {"reference": "og-1"}}).encode()
    headers = sealed(body, at=house.clock.now)
    assert (204, 204) == (await caller.post(body, headers), await caller.post(body, headers))
    name = await undecided(house, fake)
    reference = fake.submissions[0].reference
    assert 204 == await caller.tells(reference=reference)
    fake.scripted_lookups.append(HOUR)
    await house.reconciled()
    assert 204 == await caller.tells(reference=reference)
    await house.reconciled()
    assert (1, CaseState.VERIFYING) == (len(fake.looked_up), (await house.case(name)).case.state)


async def test_refused(house: House, caller: Caller) -> None:
    """What is not a notice of a platform that sends some is refused, without a word."""
    good = sealed(at=house.clock.now)
    assert 401 == await caller.post(BODY)
    assert 401 == await caller.post(BODY, good | {"x-seal": "00"})
    assert 404 == await caller.post(BODY, good, platform="another")
    assert 413 == await caller.post(b" " * (LARGEST + 1), good)


async def test_bounded(house: House, caller: Caller) -> None:
    """More notices than a platform may send in a second are refused, for later."""
    statuses = [await caller.tells(reference=f"og-{number}") for number in range(int(A_SECOND) + 10)]
    assert {204, 429} >= set(statuses)
    if 429 not in statuses:
        # A busy machine took longer than a second: all at once then.
        many = (caller.tells(reference=f"og-again-{number}") for number in range(20 * int(A_SECOND)))
        assert {429, 503} & set(await asyncio.gather(*many))


async def test_counted(caller: Caller) -> None:
    """Whoever counts hears of each call with its answer, but not of names that a caller made up."""
    await caller.post(BODY, {})
    await caller.post(BODY, {}, platform="made-up")
    assert [("fake", 401)] == caller.heard
