"""Orders under a blanket certificate: covered once each, drawn in the same step, given back, and hit by its end."""

import asyncio
import json
from decimal import Decimal

import pytest

from engine.case import CaseState
from engine.certificate import CertificateStatus, ECertId
from server.errors import CaseStateForbids, CertificateNotFound, DeclarationConflicts, RequestIdReused
from tests.server.workflow.blanket import because, issued, left, recognised, told, under
from tests.server.workflow.faulty import Faulty
from tests.server.workflow.house import TENANT, Clock, House, order, outcomes


@pytest.fixture
def fake(clock: Clock) -> Faulty:
    """A platform in memory that counts as recognised."""
    return recognised(clock)


async def test_blanket_has_a_ledger(house: House) -> None:
    """A blanket certificate has its ledger as soon as it is adopted, and its own order draws first."""
    e_cert_id = await issued(house)
    view = await house.ledgers.of(TENANT, e_cert_id, "")
    expected = [("1", "100", "t", "10"), ("2", None, None, None)]
    assert expected == [(good.good_id, good.quantity, good.unit, good.drawn) for good in view.goods]
    assert (1, CertificateStatus.ACTIVE) == (view.cases, view.status)


async def test_covered(house: House, fake: Faulty) -> None:
    """An order that is covered is certified at once, eligible, has drawn, and no platform is asked for it."""
    e_cert_id = await issued(house)
    fake.asked.clear()
    answer = await house.process(under(e_cert_id))
    assert (CaseState.CERTIFIED, e_cert_id) == (answer.view.case.state, answer.e_cert_id)
    assert "ELIGIBLE" == outcomes(answer)["prereview"]
    assert (Decimal(82), False, ()) == (
        await left(house, e_cert_id),
        fake.asked.is_set(),
        answer.view.attempts,
    )
    assert ["PLACE", "DECLARE", "COVER"] == await told(house, answer.view.case.name)


async def test_same_request_again(house: House) -> None:
    """The same request again draws nothing more and is answered alike; with another use it is refused."""
    e_cert_id = await issued(house)
    first = await house.process(under(e_cert_id))
    assert first.decisions == (await house.process(under(e_cert_id))).decisions
    assert Decimal(82) == await left(house, e_cert_id)
    other = under(e_cert_id)
    other.use.goods.add(line_id="1", good_id="1")
    with pytest.raises(RequestIdReused):
        await house.process(other)


async def test_same_order_again(house: House) -> None:
    """A covered order that comes again stays covered, and draws nothing more."""
    e_cert_id = await issued(house)
    await house.process(under(e_cert_id))
    again = await house.process(under(e_cert_id, request_id="under-again"))
    assert ("ELIGIBLE", e_cert_id, ()) == (outcomes(again)["prereview"], again.e_cert_id, again.differences)
    assert Decimal(82) == await left(house, e_cert_id)


async def test_covered_order_changed(house: House) -> None:
    """A covered order that comes again with more is named by its difference, and draws nothing."""
    e_cert_id = await issued(house)
    await house.process(under(e_cert_id))
    more = await house.process(under(e_cert_id, quantity="9", request_id="under-more"))
    assert ["line 1, quantity: was 8, is 9"] == [str(each) for each in more.differences]
    assert ("INELIGIBLE", None) == (outcomes(more)["prereview"], more.e_cert_id)
    assert Decimal(82) == await left(house, e_cert_id)


async def test_overdraw(house: House) -> None:
    """An order for more than is left is answered with what is left; nothing is drawn or bought."""
    e_cert_id = await issued(house)
    answer = await house.process(under(e_cert_id, quantity="90.5"))
    assert (CaseState.DECLARED, None) == (answer.view.case.state, answer.e_cert_id)
    assert "INELIGIBLE" == outcomes(answer)["prereview"]
    text = "good 1: line 1 would draw 90.5 t, and 90 t of 100 t are left"
    assert [f"The blanket certificate {e_cert_id} does not cover the order: {text}."] == because(answer)
    assert Decimal(90) == await left(house, e_cert_id)


async def test_overdraw_mended(house: House) -> None:
    """An order that was too large is covered once it fits."""
    e_cert_id = await issued(house)
    await house.process(under(e_cert_id, quantity="91"))
    answer = await house.process(under(e_cert_id, quantity="90", request_id="under-less"))
    assert (CaseState.CERTIFIED, Decimal(0)) == (answer.view.case.state, await left(house, e_cert_id))


async def test_undetermined(house: House, fake: Faulty) -> None:
    """Where the order does not say enough, nothing is drawn or bought, and what is missing is named."""
    e_cert_id = await issued(house)
    request = under(e_cert_id)
    request.order.lines.items[0].ClearField("quantity")
    fake.asked.clear()
    answer = await house.process(request)
    prereview = json.loads(answer.decisions["prereview"])
    assert ("UNDETERMINED", ["certificate.uncovered"]) == (prereview["outcome"], prereview["missing"])
    assert (Decimal(90), False) == (await left(house, e_cert_id), fake.asked.is_set())


async def test_named_good(house: House) -> None:
    """A line whose description is another is covered where the caller names its good."""
    e_cert_id = await issued(house)
    request = under(e_cert_id)
    request.order.lines.items[0].description = "Hot-rolled bars"
    request.use.goods.add(line_id="1", good_id="1")
    assert CaseState.CERTIFIED is (await house.process(request)).view.case.state


async def test_outside_the_period(house: House) -> None:
    """An importation outside the period is not covered, and the certification says so first."""
    e_cert_id = await issued(house)
    request = under(e_cert_id)
    request.order.import_date.year = 2027
    answer = await house.process(request)
    assert ("INELIGIBLE", Decimal(90)) == (outcomes(answer)["prereview"], await left(house, e_cert_id))


async def test_unknown_certificate(house: House) -> None:
    """A certificate that our records do not have cannot be used."""
    with pytest.raises(CertificateNotFound):
        await house.process(under("EC-NOBODYS"))


async def test_revoked_before(house: House, fake: Faulty) -> None:
    """Under a certificate that its platform has revoked nothing is covered."""
    e_cert_id = await issued(house)
    await fake.void(ECertId(e_cert_id), "by the platform")
    house.clock.passes(600)
    answer = await house.process(under(e_cert_id))
    assert (CaseState.DECLARED, "INELIGIBLE") == (answer.view.case.state, outcomes(answer)["prereview"])
    assert Decimal(90) == await left(house, e_cert_id)


async def test_used_once(house: House) -> None:
    """A certificate for a single shipment that another order names is a finding, with the name of its own case."""
    first = await house.process(order())
    assert first.e_cert_id is not None
    second = await house.process(under(first.e_cert_id))
    assert ("INELIGIBLE", CaseState.DECLARED) == (outcomes(second)["prereview"], second.view.case.state)
    [used] = [text for text in because(second) if "used it first" in text]
    assert first.view.case.name in used


async def test_cancel_gives_back(house: House) -> None:
    """What a cancelled order drew can be drawn again; the blanket certificate stays as it is."""
    e_cert_id = await issued(house)
    name = (await house.process(under(e_cert_id))).view.case.name
    assert CaseState.CANCELLED is (await house.cancel(name)).case.state
    view = await house.ledgers.of(TENANT, e_cert_id, "")
    assert (Decimal(90), 1, CertificateStatus.ACTIVE) == (view.goods[0].left, view.cases, view.status)


async def test_supersede_gives_back(house: House) -> None:
    """A covered order that is declared anew by itself gives back what it drew."""
    e_cert_id = await issued(house)
    name = (await house.process(under(e_cert_id))).view.case.name
    own = order("declare-1", change=lambda request: setattr(request.order, "order_id", "UNDER-1"))
    answer = await house.declare(name, own, with_order=True, supersede=True)
    assert (CaseState.DECLARED, Decimal(90)) == (answer.view.case.state, await left(house, e_cert_id))


async def test_hand_off(house: House) -> None:
    """A covered order is handed off like any other."""
    e_cert_id = await issued(house)
    name = (await house.process(under(e_cert_id))).view.case.name
    _, handed_off = await house.hand_off(name)
    assert handed_off


async def test_operators_list(house: House) -> None:
    """Operators see the blanket certificates in force."""
    e_cert_id = await issued(house)
    found, total = await house.ledgers.in_force(TENANT, 10)
    assert ([e_cert_id], 1) == ([view.ledger.e_cert_id for view in found], total)


async def test_many_at_once(house: House) -> None:
    """Of 200 orders that come at once where 150 have room, exactly 150 are covered, and the others are told why."""
    e_cert_id = await issued(house, quantity="1300", drawn="100")
    answers = await asyncio.gather(*(house.process(under(e_cert_id, number)) for number in range(200)))
    assert 150 == [answer.view.case.state for answer in answers].count(CaseState.CERTIFIED)
    assert {"ELIGIBLE": 150, "INELIGIBLE": 50} == {
        outcome: [outcomes(answer)["prereview"] for answer in answers].count(outcome)
        for outcome in ("ELIGIBLE", "INELIGIBLE")
    }
    assert Decimal(0) == await left(house, e_cert_id)


async def placed(house: House, e_cert_id: str, quantity: str = "8") -> str:
    """The case of an order that is placed by itself, and could stand under the certificate."""
    request = under(e_cert_id, quantity=quantity, request_id="place-0001")
    request.ClearField("use")
    return (await house.place(request)).view.case.name


async def test_stage_by_stage(house: House, fake: Faulty) -> None:
    """A placed order is put under the certificate by Certify, once, without a declaration and without a platform."""
    e_cert_id = await issued(house)
    name = await placed(house, e_cert_id)
    fake.asked.clear()
    first = await house.certify_under(name, e_cert_id)
    again = await house.certify_under(name, e_cert_id)
    assert (CaseState.CERTIFIED, e_cert_id) == (first.view.case.state, first.e_cert_id)
    assert "ELIGIBLE" == outcomes(first)["prereview"]
    assert (first.decisions, Decimal(82), False) == (
        again.decisions,
        await left(house, e_cert_id),
        fake.asked.is_set(),
    )
    assert ["PLACE", "DECLARE", "COVER"] == await told(house, name)


async def test_stage_by_stage_overdraw(house: House) -> None:
    """Where it is for more than is left the case is declared, told what is left, and draws nothing."""
    e_cert_id = await issued(house)
    answer = await house.certify_under(await placed(house, e_cert_id, "90.5"), e_cert_id)
    assert (CaseState.DECLARED, None) == (answer.view.case.state, answer.e_cert_id)
    assert ["90.5 t, and 90 t of 100 t are left." in each for each in because(answer)] == [True]
    assert Decimal(90) == await left(house, e_cert_id)


async def test_stage_by_stage_after_another_declaration(house: House) -> None:
    """What was declared before is not lost: the certificate's declaration is the case's next version."""
    e_cert_id = await issued(house)
    name = await placed(house, e_cert_id)
    await house.declare(name, order("declare-01"))
    answer = await house.certify_under(name, e_cert_id)
    assert (CaseState.CERTIFIED, 2) == (answer.view.case.state, answer.view.case.declaration_version)


async def test_stage_by_stage_too_early_or_too_late(house: House) -> None:
    """An inquiry is placed first, and what has a certificate of its own for another content keeps it."""
    e_cert_id = await issued(house)
    inquiry = (await house.inquire(order("inquiry-1"))).view.case.name
    with pytest.raises(CaseStateForbids, match="place its order first"):
        await house.certify_under(inquiry, e_cert_id)
    own = (await house.process(order("own-0001"))).view.case.name
    with pytest.raises(DeclarationConflicts):
        await house.certify_under(own, e_cert_id, "certify-2")
    assert Decimal(90) == await left(house, e_cert_id)
