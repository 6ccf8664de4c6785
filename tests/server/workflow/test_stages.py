"""An order taken on stage by stage: inquiry, order, declaration, certificate."""

import json
from typing import Any

import pytest

from engine.case import AttemptState, CaseState
from engine.certificate import CertificateStatus
from engine.platform import Rejected, Rejection, Retryable, Unknown
from server.errors import (
    CaseNotFound,
    CaseStateForbids,
    DeclarationConflicts,
    NoPlatform,
    RequestIdReused,
    RequestInvalid,
)
from tests.server.workflow.faulty import Faulty
from tests.server.workflow.house import (
    House,
    more_of_it,
    order,
    outcomes,
    sites,
    states,
    to_canada,
    without_declaration,
)

REJECTION = Rejected((Rejection("HS_DOUBTFUL", "2", "the HS code is doubtful"),))


def hardly_anything(request: Any) -> None:
    """What an inquiry may begin with: who asks, and its number."""
    request.ClearField("declaration")
    order_id = request.order.order_id
    request.ClearField("order")
    request.order.order_id = order_id


def another_order(request: Any) -> None:
    """An order that is not the case's."""
    request.order.order_id = "another"


async def placed(house: House) -> str:
    """The name of a case whose order is placed."""
    return (await house.place(order("place-01"))).view.case.name


async def declared(house: House) -> str:
    """The name of a case whose origin is declared."""
    name = await placed(house)
    await house.declare(name, order("declare-01"))
    return name


async def certified(house: House) -> str:
    """The name of a case that is certified."""
    name = await declared(house)
    await house.certify(name)
    return name


async def test_inquiry_with_few_facts(house: House) -> None:
    """An inquiry that says hardly anything is undetermined, and told what the order still has to bring."""
    answer = await house.inquire(order(change=hardly_anything))
    scope = json.loads(answer.decisions["scope"])
    assert (CaseState.INQUIRY, "UNDETERMINED") == (answer.view.case.state, scope["outcome"])
    assert ["order.destination", "order.lines"] == sorted(scope["missing"])


async def test_inquiry_out_of_scope(house: House) -> None:
    """An inquiry that cannot be within the rule is told so."""
    answer = await house.inquire(order(change=to_canada))
    assert "OUT_OF_SCOPE" == outcomes(answer)["scope"]


async def test_inquiry_again(house: House) -> None:
    """An inquiry that comes again with more facts replaces what it said."""
    first = await house.inquire(order("inquiry-1", change=hardly_anything))
    second = await house.inquire(order("inquiry-2", change=without_declaration))
    assert (first.view.case.name, 2) == (second.view.case.name, second.view.case.version)
    assert "IN_SCOPE" == outcomes(second)["scope"]


async def test_inquiry_too_late(house: House) -> None:
    """Once the order is placed there is no inquiry any more, and nothing is recorded."""
    name = await placed(house)
    with pytest.raises(CaseStateForbids, match="is ORDERED"):
        await house.inquire(order("inquiry-1"))
    assert 1 == (await house.case(name)).case.version


async def test_place_an_inquiry(house: House, fake: Faulty) -> None:
    """The order of an inquiry goes on in its case; no platform is asked."""
    inquiry = await house.inquire(order("inquiry-1", change=hardly_anything))
    answer = await house.place(order("place-01"))
    assert (inquiry.view.case.name, CaseState.ORDERED) == (answer.view.case.name, answer.view.case.state)
    assert ("IN_SCOPE", []) == (outcomes(answer)["scope"], fake.submissions)


async def test_place_again(house: House) -> None:
    """The same order under another request changes nothing, also where its origin is declared."""
    name = await declared(house)
    before = (await house.case(name)).case
    answer = await house.place(order("place-02"))
    assert (before, "IN_SCOPE") == (answer.view.case, outcomes(answer)["scope"])


async def test_place_another_content(house: House) -> None:
    """An order that changed before anything was bought needs a declaration of its own."""
    name = await declared(house)
    answer = await house.place(order("place-02", change=more_of_it))
    assert (name, CaseState.ORDERED) == (answer.view.case.name, answer.view.case.state)


async def test_place_under_a_certificate(house: House) -> None:
    """A changed order under a certificate is a conflict that names line and field; the same order is none."""
    name = await certified(house)
    with pytest.raises(DeclarationConflicts, match="quantity") as refused:
        await house.place(order("place-02", change=more_of_it))
    assert (await house.case(name)).certificate is not None
    assert "FAKE-1" == refused.value.e_cert_id
    assert CaseState.CERTIFIED == (await house.place(order("place-03"))).view.case.state


async def test_place_after_a_rejection(house: House, fake: Faulty) -> None:
    """A rejected declaration is declared anew, with the order as it is now."""
    fake.scripted.append(REJECTION)
    name = await certified(house)
    with pytest.raises(CaseStateForbids, match="declare its origin anew"):
        await house.place(order("place-02", change=more_of_it))
    answer = await house.declare(name, order("declare-02", change=more_of_it), with_order=True)
    assert (CaseState.DECLARED, 2) == (answer.view.case.state, answer.view.case.declaration_version)
    assert "FAKE-1" == (await house.certify(name, "certify-2")).e_cert_id


async def test_declare(house: House, fake: Faulty) -> None:
    """A declaration is decided on, and no platform is asked yet."""
    name = await placed(house)
    answer = await house.declare(name, order("declare-01"))
    assert (CaseState.DECLARED, 1) == (answer.view.case.state, answer.view.case.declaration_version)
    assert ("VALID", "UNDETERMINED", []) == (
        outcomes(answer)["certification"],
        outcomes(answer)["prereview"],
        fake.submissions,
    )


async def test_declare_again(house: House) -> None:
    """The same declaration under another request is no new version; another one is."""
    name = await declared(house)
    same = await house.declare(name, order("declare-02"))
    other = await house.declare(name, order("declare-03", change=more_of_it), with_order=True)
    assert (1, 2) == (same.view.case.declaration_version, other.view.case.declaration_version)


async def test_declare_an_inquiry(house: House) -> None:
    """The origin of what is only inquired about is not declared."""
    name = (await house.inquire(order("inquiry-1"))).view.case.name
    with pytest.raises(CaseStateForbids, match="place its order first"):
        await house.declare(name, order("declare-01"))


async def test_declare_for_another_order(house: House) -> None:
    """An order with another id than the case's is a mistake."""
    name = await placed(house)
    with pytest.raises(RequestInvalid, match=r"order\.order_id"):
        await house.declare(name, order("declare-01", change=another_order), with_order=True)


async def test_declare_nowhere(house: House) -> None:
    """A case that is not there is not declared for."""
    with pytest.raises(CaseNotFound):
        await house.declare("cases/" + "0" * 32, order("declare-01"))


async def test_certify(house: House) -> None:
    """The certificate of what is declared, proved; the pre-review is decided with it."""
    name = await declared(house)
    answer = await house.certify(name)
    assert ("FAKE-1", CaseState.CERTIFIED) == (answer.e_cert_id, answer.view.case.state)
    assert ("VALID", "INELIGIBLE") == (outcomes(answer)["certification"], outcomes(answer)["prereview"])


async def test_certify_again(house: House, fake: Faulty) -> None:
    """The same declaration returns the same certificate, under whatever request."""
    name = await certified(house)
    answer = await house.certify(name, "certify-2")
    assert ("FAKE-1", 1) == (answer.e_cert_id, len(fake.submissions))


async def test_certify_undeclared(house: House) -> None:
    """Without a declaration there is nothing to certify."""
    name = await placed(house)
    with pytest.raises(CaseStateForbids, match="declare the origin"):
        await house.certify(name)


async def test_certify_without_platform(house: House) -> None:
    """A site without a platform is refused, and the case stays as it was."""
    house = await house.restarted(records=sites("another"))
    name = await declared(house)
    with pytest.raises(NoPlatform):
        await house.certify(name)
    assert CaseState.DECLARED == (await house.case(name)).case.state


async def test_certify_not_bought(house: House, fake: Faulty) -> None:
    """Where the pre-review is decided without a certificate none is bought."""
    house = await house.restarted(records=sites("fake", integration="NONE"))
    name = await declared(house)
    answer = await house.certify(name)
    assert (CaseState.DECLARED, "SUSPENDED", []) == (
        answer.view.case.state,
        outcomes(answer)["prereview"],
        fake.submissions,
    )


async def test_certify_after_it_was_not_processed(house: House, fake: Faulty) -> None:
    """A platform that surely did not process a submission is asked again, under another reference."""
    fake.scripted.append(Retryable("too many requests", None))
    name = await declared(house)
    first = await house.certify(name, "certify-1")
    second = await house.certify(name, "certify-2")
    assert (CaseState.DECLARED, "FAKE-1") == (first.view.case.state, second.e_cert_id)
    assert [AttemptState.RETRYABLE, AttemptState.ISSUED] == states(second.view)
    assert 2 == len({each.reference for each in fake.submissions})


async def test_conflict(house: House) -> None:
    """Another declaration under a certificate is refused with the differences, and nothing changes."""
    name = await certified(house)
    before = (await house.case(name)).case
    with pytest.raises(DeclarationConflicts) as refused:
        await house.declare(name, order("declare-02", change=more_of_it), with_order=True)
    assert ["quantity"] == [difference.field for difference in refused.value.differences]
    assert before == (await house.case(name)).case


async def test_supersede(house: House, fake: Faulty) -> None:
    """A superseding declaration voids the certificate first; then it can be certified."""
    name = await certified(house)
    answer = await house.declare(
        name, order("declare-02", change=more_of_it), with_order=True, supersede=True
    )
    assert (CaseState.DECLARED, 2, None) == (
        answer.view.case.state,
        answer.view.case.declaration_version,
        answer.e_cert_id,
    )
    assert {"FAKE-1": CertificateStatus.REVOKED} == fake.statuses
    assert "FAKE-2" == (await house.certify(name, "certify-2")).e_cert_id


async def test_supersede_nothing_new(house: House, fake: Faulty) -> None:
    """The same declaration supersedes nothing: the certificate stays."""
    name = await certified(house)
    answer = await house.declare(name, order("declare-02"), supersede=True)
    assert (CaseState.CERTIFIED, "FAKE-1") == (answer.view.case.state, answer.e_cert_id)
    assert {"FAKE-1": CertificateStatus.ACTIVE} == fake.statuses


async def test_supersede_what_is_unclear(house: House, fake: Faulty) -> None:
    """Superseding waits until it is known what the platform did, then voids what turned up."""
    fake.loses_reply = True
    name = await declared(house)
    await house.certify(name, wait=0)
    await house.quiet()
    fake.loses_reply = False
    answer = await house.declare(
        name, order("declare-02", change=more_of_it), with_order=True, supersede=True, wait=0
    )
    assert CaseState.SUPERSEDING == answer.view.case.state
    await house.reconciled(seconds=20)
    await house.reconciled(seconds=1)
    view = await house.case(name)
    assert (CaseState.DECLARED, 2) == (view.case.state, view.case.declaration_version)
    assert {"FAKE-1": CertificateStatus.REVOKED} == fake.statuses


async def test_supersede_what_was_never_there(house: House, fake: Faulty) -> None:
    """What the platform surely never had is not sent again once it is superseded."""
    fake.scripted.append(Unknown("the connection was lost"))
    name = await declared(house)
    await house.certify(name, wait=0)
    await house.quiet()
    await house.declare(name, order("declare-02", change=more_of_it), with_order=True, supersede=True, wait=0)
    await house.reconciled(seconds=60)
    view = await house.case(name)
    assert (CaseState.DECLARED, [AttemptState.RETRYABLE], 1) == (
        view.case.state,
        states(view),
        len(fake.submissions),
    )


async def test_supersede_after_a_revocation(house: House, fake: Faulty) -> None:
    """An order whose certificate the platform revoked can be declared and certified anew."""
    name = await certified(house)
    fake.statuses = dict.fromkeys(fake.statuses, CertificateStatus.REVOKED)
    await house.decide(name)
    assert CaseState.REVOKED == (await house.case(name)).case.state
    answer = await house.declare(name, order("declare-02"), supersede=True)
    assert CaseState.DECLARED == answer.view.case.state
    assert "FAKE-2" == (await house.certify(name, "certify-2")).e_cert_id


async def test_request_once(house: House, fake: Faulty) -> None:
    """A request that comes again is answered from its record; the same id for something else is refused."""
    name = await declared(house)
    first = await house.certify(name)
    again = await house.certify(name)
    assert (first.e_cert_id, 1) == (again.e_cert_id, len(fake.submissions))
    with pytest.raises(RequestIdReused):
        await house.decide(name, "certify-1")


async def test_declare_for_an_order_that_goes_elsewhere(house: House, fake: Faulty) -> None:
    """What no certificate certifies counts too: the order as it was declared last is what is decided and bought for."""
    name = await declared(house)
    answer = await house.declare(name, order("declare-02", change=to_canada), with_order=True)
    assert (CaseState.DECLARED, 2) == (answer.view.case.state, answer.view.case.declaration_version)
    certify = await house.certify(name)
    assert ("OUT_OF_SCOPE", []) == (outcomes(certify)["scope"], fake.submissions)


@pytest.mark.parametrize("undeclared", [True, False])
async def test_too_late(house: House, undeclared: bool) -> None:
    """For an order that is cancelled nothing is declared, nor is it placed again."""
    name = await (placed(house) if undeclared else certified(house))
    await house.cancel(name)
    with pytest.raises(CaseStateForbids, match="is CANCELLED"):
        await house.declare(name, order("declare-02", change=more_of_it), with_order=True)
    with pytest.raises(CaseStateForbids, match="is CANCELLED"):
        await house.place(order("place-02"))
