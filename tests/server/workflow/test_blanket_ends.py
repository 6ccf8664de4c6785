"""The ends of blanket certificates: each order that one hits has its event, and a warning comes before."""

import json
from datetime import timedelta

import pytest

from engine.case import CaseState
from engine.certificate import CertificateStatus, ECertId
from engine.platform import Unknown
from server.store import events
from tests.server.workflow.blanket import issued, recognised, told, under
from tests.server.workflow.faulty import Faulty
from tests.server.workflow.house import TENANT, Clock, House, order


@pytest.fixture
def fake(clock: Clock) -> Faulty:
    """A platform in memory that counts as recognised."""
    return recognised(clock)


async def ended(house: House, fake: Faulty, e_cert_id: str, status: CertificateStatus) -> None:
    """The platform says that the certificate has ended, and a decision about its own case hears it."""
    house.clock.passes(1)
    fake.now = house.clock()
    fake.statuses[ECertId(e_cert_id)] = status
    own = (await house.ledgers.of(TENANT, e_cert_id, "")).ledger.case_name
    await house.decide(own)


@pytest.mark.parametrize(
    ("status", "certified", "handed_off"),
    [
        (CertificateStatus.REVOKED, CaseState.REVOKED, CaseState.REVOKED),
        (CertificateStatus.REPLACED, CaseState.REVOKED, CaseState.REVOKED),
        (CertificateStatus.EXPIRED, CaseState.EXPIRED, CaseState.HANDED_OFF),
    ],
)
async def test_end_hits(
    house: House, fake: Faulty, status: CertificateStatus, certified: CaseState, handed_off: CaseState
) -> None:
    """Each order that the end of a blanket certificate hits has an event of its own; an expiry hits none handed off."""
    e_cert_id = await issued(house)
    first, second, given_back = [
        (await house.process(under(e_cert_id, number))).view.case.name for number in (1, 2, 3)
    ]
    await house.hand_off(second)
    await house.cancel(given_back)
    await ended(house, fake, e_cert_id, status)
    await house.reconciled()
    states = [(await house.case(name)).case.state for name in (first, second, given_back)]
    assert [certified, handed_off, CaseState.CANCELLED] == states


async def test_end_is_heard(house: House, fake: Faulty) -> None:
    """That a blanket certificate has ended is heard within the age of its status, though nobody decides anything."""
    e_cert_id = await issued(house)
    name = (await house.process(under(e_cert_id))).view.case.name
    fake.now = house.clock() + timedelta(hours=1)
    fake.statuses[ECertId(e_cert_id)] = CertificateStatus.REVOKED
    await house.reconciled(3500)
    assert CaseState.CERTIFIED is (await house.case(name)).case.state
    await house.reconciled(101)
    assert CaseState.REVOKED is (await house.case(name)).case.state


async def test_platform_that_does_not_tell(house: House, fake: Faulty) -> None:
    """A platform that does not tell a status is not asked for it at each look."""
    await issued(house)
    fake.scripted_statuses.extend([Unknown("lost"), Unknown("lost")])
    await house.reconciled(4000)
    await house.reconciled(1)
    assert 1 == len(fake.scripted_statuses)


async def test_end_is_told_once(house: House, fake: Faulty) -> None:
    """A case that was hit is told of it once, with the certificate's name."""
    e_cert_id = await issued(house)
    name = (await house.process(under(e_cert_id))).view.case.name
    await ended(house, fake, e_cert_id, CertificateStatus.REVOKED)
    await house.reconciled()
    await house.reconciled()
    page = await house.store.read(lambda c: events.read(c, TENANT, [name], 0, 100))
    assert (
        f"the blanket certificate {e_cert_id} that covers it is REVOKED"
        == json.loads(page.events[-1].event)["reason"]
    )
    assert 1 == [json.loads(one.event)["event"] for one in page.events].count("REVOKE")


async def test_blanket_cancelled(house: House) -> None:
    """Cancelling the case of a blanket certificate voids it, and that hits the orders under it."""
    e_cert_id = await issued(house)
    own = (await house.ledgers.of(TENANT, e_cert_id, "")).ledger.case_name
    name = (await house.process(under(e_cert_id))).view.case.name
    await house.cancel(own)
    await house.reconciled()
    assert CaseState.REVOKED is (await house.case(name)).case.state


async def test_hit_order_goes_on(house: House, fake: Faulty) -> None:
    """An order that was hit gets a certificate of its own, or stands under another one, once it is declared anew."""
    e_cert_id = await issued(house)
    name = (await house.process(under(e_cert_id))).view.case.name
    await ended(house, fake, e_cert_id, CertificateStatus.REVOKED)
    await house.reconciled()
    own = order("declare-1", change=lambda request: setattr(request.order, "order_id", "UNDER-1"))
    await house.declare(name, own, with_order=True, supersede=True)
    answer = await house.certify(name)
    assert (CaseState.CERTIFIED, name) == (
        answer.view.case.state,
        answer.view.certificate and answer.view.certificate.case_name,
    )


async def test_warned_once(house: House) -> None:
    """The case of a blanket certificate is warned once when its period ends within the days that are set."""
    e_cert_id = await issued(house)
    own = (await house.ledgers.of(TENANT, e_cert_id, "")).ledger.case_name
    await house.reconciled()
    assert "WARN" not in await told(house, own)
    for _ in range(2):
        await house.reconciled(160 * 86400)
    assert 1 == (await told(house, own)).count("WARN")
    assert (await house.ledgers.of(TENANT, e_cert_id, "")).ledger.warned_at is not None
