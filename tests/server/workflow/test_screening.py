"""Answers without a case: what our records hold of a certificate counts, and nothing is bought."""

from datetime import date
from typing import Any

import pytest
from google.type import date_pb2
from origingate.v1 import decision_pb2, screening_service_pb2

from engine.certificate import CertificateStatus, ECertId
from engine.decision import Decision
from server.auth import Principal, Role
from server.errors import CertificateNotFound, SiteContradictsRecord
from server.store import log
from server.wire.requests import read
from tests.server.workflow.blanket import Request, blanket, under
from tests.server.workflow.faulty import Faulty
from tests.server.workflow.house import STATUS_AGE, Change, House, more_of_it, order, without_declaration

CALLER = Principal("dev", "tester", frozenset({Role.ORDER_SYSTEM}))
STRANGER = Principal("other", "tester", frozenset({Role.ORDER_SYSTEM}))


def asking(change: Change = lambda request: None) -> Any:
    """The first example as a screening request, changed."""
    whole = order(change=change)
    request = screening_service_pb2.DecidePreReviewRequest(site=whole.site, order=whole.order)
    if whole.HasField("declaration"):
        request.declaration.CopyFrom(whole.declaration)
    return request


async def prereview(
    house: House, e_cert_id: str = "", change: Change = lambda request: None, by: Principal = CALLER
) -> Decision:
    """The pre-review's answer."""
    answered = await house.screening.prereview(by, read(asking(change)), e_cert_id)
    return {decision.question: decision for decision in answered}["prereview"]


async def test_scope(house: House) -> None:
    """The scope is decided with what our records hold of the site."""
    assert "IN_SCOPE" == (await house.screening.scope(CALLER, read(asking()))).outcome


async def test_scope_of_an_unknown_site(house: House) -> None:
    """For another tenant's site the kind is not known, and the answer says that it is missing."""
    decision = await house.screening.scope(STRANGER, read(asking()))
    assert ("UNDETERMINED", ("site.kind",)) == (decision.outcome, decision.missing)


async def test_contradiction(house: House) -> None:
    """A caller cannot state another kind of site than our records hold."""
    with pytest.raises(SiteContradictsRecord):
        await prereview(house, change=lambda request: setattr(request.site, "kind", 2))


async def test_without_certificate(house: House, fake: Faulty) -> None:
    """Without a certificate only its status is missing, and no platform is asked."""
    decision = await prereview(house)
    assert ("UNDETERMINED", ("certificate.status",)) == (decision.outcome, decision.missing)
    assert [] == fake.submissions


async def test_match(rehearsal: House) -> None:
    """With the certificate of the same order nothing stands against it."""
    e_cert_id = (await rehearsal.process(order())).e_cert_id
    assert "ELIGIBLE" == (await prereview(rehearsal, f" {e_cert_id}\u200b")).outcome


async def test_differences(rehearsal: House) -> None:
    """With the certificate of other content the answer names each difference."""
    e_cert_id = (await rehearsal.process(order())).e_cert_id or ""
    decision = await prereview(rehearsal, e_cert_id, more_of_it)
    assert ("INELIGIBLE", ["CERTIFICATE_FOR_OTHER_CONTENT"]) == (
        decision.outcome,
        [finding.reason for finding in decision.findings],
    )
    assert "line 2, quantity: was 4, is 40" in decision.findings[0].because


async def test_nothing_to_compare(rehearsal: House) -> None:
    """Without a declaration it is not known whether the certificate is for this order."""
    e_cert_id = (await rehearsal.process(order())).e_cert_id or ""
    decision = await prereview(rehearsal, e_cert_id, without_declaration)
    assert ("UNDETERMINED", True) == (decision.outcome, "certificate.differences" in decision.missing)


async def test_not_ours(house: House) -> None:
    """An e-Cert ID that our records lack is refused, for another tenant's alike."""
    e_cert_id = (await house.process(order())).e_cert_id or ""
    with pytest.raises(CertificateNotFound):
        await prereview(house, "FAKE-99")
    with pytest.raises(CertificateNotFound):
        await prereview(house, e_cert_id, by=STRANGER)


async def test_revoked_since(house: House, fake: Faulty) -> None:
    """A certificate that was revoked since our records heard of it last makes the order ineligible."""
    e_cert_id = (await house.process(order())).e_cert_id or ""
    fake.statuses[ECertId(e_cert_id)] = CertificateStatus.REVOKED
    house.clock.passes(STATUS_AGE.total_seconds() + 1)
    fake.now = house.clock.now
    decision = await prereview(house, e_cert_id)
    assert ("INELIGIBLE", "CERTIFICATE_REVOKED") == (decision.outcome, decision.findings[0].reason)


async def test_not_told(house: House, fake: Faulty) -> None:
    """A status that is too old, and is not told, is missing."""
    e_cert_id = (await house.process(order())).e_cert_id or ""
    house.clock.passes(STATUS_AGE.total_seconds() + 1)
    del fake.statuses[ECertId(e_cert_id)]
    assert ("certificate.status",) == (await prereview(house, e_cert_id)).missing


async def test_hypothesis(house: House) -> None:
    """A day that the caller chose is the decision's day, and nothing of it is recorded."""
    request = asking()
    request.hypothesis.on.CopyFrom(date_pb2.Date(year=2026, month=6, day=26))
    request.hypothesis.enforce.append(decision_pb2.STANDING_REPORTED)
    before = await recorded(house)
    decision = await house.screening.scope(CALLER, read(request))
    assert ("OUT_OF_SCOPE", date(2026, 6, 26)) == (decision.outcome, decision.on)
    assert before == await recorded(house)


async def test_recorded(house: House) -> None:
    """A decision of record stands in the log, one entry each."""
    await prereview(house)
    assert 4 == await recorded(house)


async def recorded(house: House) -> int:
    """How many decisions the log has."""
    entries = await house.store.read(lambda connection: log.read(connection, 0, 1000))
    return sum(entry.kind == "decision" for entry in entries)


async def test_used_by_another_order(rehearsal: House) -> None:
    """A certificate for a single shipment that is shown for another order was used by the case that is named."""
    first = await rehearsal.process(order())
    other = lambda request: setattr(request.order, "order_id", "AN-2")  # noqa: E731
    decision = await prereview(rehearsal, first.e_cert_id or "", other)
    reasons = {finding.reason: finding.because for finding in decision.findings}
    assert "INELIGIBLE" == decision.outcome
    assert first.view.case.name in reasons["CERTIFICATE_USED_ALREADY"]


@pytest.mark.parametrize(("quantity", "outcome"), [("90", "ELIGIBLE"), ("91", "INELIGIBLE")])
async def test_under_a_blanket_certificate(rehearsal: House, quantity: str, outcome: str) -> None:
    """A blanket certificate that is shown for another order counts as far as it covers it; nothing is drawn."""
    e_cert_id = (await rehearsal.process(blanket())).e_cert_id or ""

    def change(request: Request) -> None:
        own = under(e_cert_id, quantity=quantity)
        request.order.CopyFrom(own.order)
        del request.declaration.goods.items[1]

    assert outcome == (await prereview(rehearsal, e_cert_id, change)).outcome
    assert 90 == (await rehearsal.ledgers.of("dev", e_cert_id, "")).goods[0].left
