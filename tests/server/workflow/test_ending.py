"""How a case is decided again, handed off, cancelled, and what is voided for it."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.case import AttemptState, CaseState
from engine.certificate import CertificateStatus
from engine.platform import NotFound, Rejected, Rejection, Unknown
from engine.void import VoidState
from server.errors import CaseNotFound, CaseStateForbids
from server.store import voids
from server.store.records import VoidRecord
from server.workflow.voiding import MOST_TRIES
from tests.server.workflow.faulty import Faulty
from tests.server.workflow.house import TENANT, House, more_of_it, order, outcomes, sites, states

NOWHERE = "cases/" + "0" * 32


async def certified(house: House) -> str:
    """The name of a case that is certified."""
    return (await house.process(order())).view.case.name


async def void_of(house: House, e_cert_id: str = "FAKE-1") -> VoidRecord:
    """The void of a certificate."""
    found = await house.store.read(lambda c: voids.find(c, TENANT, "fake", e_cert_id))
    assert found is not None
    return found


async def test_decide_again(house: House) -> None:
    """A case is decided again for today, and the decisions become its latest."""
    name = await certified(house)
    house.clock.passes(timedelta(days=2).total_seconds())
    answer = await house.decide(name)
    view = await house.case(name)
    assert "2026-07-12" in _on(answer.decisions["prereview"])
    assert answer.decisions == {question: each.body for question, each in view.decisions.items()}


def _on(body: str) -> str:
    on = json.loads(body)["on"]
    return f"{on['year']:04}-{on['month']:02}-{on['day']:02}"


async def test_decide_what_is_not_declared(house: House) -> None:
    """An order whose content changed after it was declared is decided without that declaration."""
    name = (await house.place(order("place-01"))).view.case.name
    await house.declare(name, order("declare-01"))
    await house.place(order("place-02", change=more_of_it))
    answer = await house.decide(name)
    assert "UNDETERMINED" == outcomes(answer)["certification"]
    assert answer.view.decisions["certification"].declaration_version is None


async def test_decide_with_the_status_of_now(house: House, fake: Faulty) -> None:
    """The platform is asked for the certificate's status, and what it says moves the case."""
    name = await certified(house)
    fake.statuses = dict.fromkeys(fake.statuses, CertificateStatus.REVOKED)
    answer = await house.decide(name)
    assert (CaseState.REVOKED, "INELIGIBLE") == (answer.view.case.state, outcomes(answer)["prereview"])


async def test_decide_nothing(house: House) -> None:
    """A case that is not there is not decided."""
    with pytest.raises(CaseNotFound):
        await house.decide(NOWHERE)


async def test_hand_off(rehearsal: House) -> None:
    """A certified order whose pre-review is favourable is handed off, once."""
    name = await certified(rehearsal)
    answer, handed_off = await rehearsal.hand_off(name)
    assert (CaseState.HANDED_OFF, True) == (answer.view.case.state, handed_off)
    again, still = await rehearsal.hand_off(name, "hand-off-2")
    assert (answer.view.case.version, True) == (again.view.case.version, still)


async def test_not_favourable(house: House) -> None:
    """An order whose pre-review is not favourable is not handed off, and the answer says why."""
    name = await certified(house)
    house = await house.restarted(records=sites("fake", integration="NONE"))
    answer, handed_off = await house.hand_off(name)
    assert (CaseState.CERTIFIED, False, "SUSPENDED") == (
        answer.view.case.state,
        handed_off,
        outcomes(answer)["prereview"],
    )


async def test_status_not_known(house: House, fake: Faulty) -> None:
    """Where the platform does not tell the status, the order is not handed off."""
    name = await certified(house)
    fake.scripted_statuses.append(Unknown("no answer"))
    answer, handed_off = await house.hand_off(name)
    assert ("UNDETERMINED", False) == (outcomes(answer)["prereview"], handed_off)


async def test_hand_off_uncertified(house: House) -> None:
    """Only a certified order is handed off."""
    name = (await house.place(order("place-01"))).view.case.name
    with pytest.raises(CaseStateForbids, match="only a certified order"):
        await house.hand_off(name)


async def test_hand_off_revoked(house: House, fake: Faulty) -> None:
    """A certificate that the platform has revoked meanwhile is not handed off."""
    name = await certified(house)
    fake.statuses = dict.fromkeys(fake.statuses, CertificateStatus.REVOKED)
    with pytest.raises(CaseStateForbids, match="is REVOKED"):
        await house.hand_off(name)


@pytest.mark.parametrize("stage", ["inquiry", "order"])
async def test_cancel_before_anything_is_bought(house: House, stage: str) -> None:
    """What never was at a platform is cancelled at once."""
    asked = order("stage-001")
    name = (await (house.inquire(asked) if stage == "inquiry" else house.place(asked))).view.case.name
    view = await house.cancel(name)
    assert (CaseState.CANCELLED, 3) == (view.case.state, view.case.version)


async def test_cancel_a_certified_order(house: House, fake: Faulty) -> None:
    """The certificate is voided at its platform before the case is cancelled."""
    name = await certified(house)
    view = await house.cancel(name)
    assert (CaseState.CANCELLED, {"FAKE-1": CertificateStatus.REVOKED}) == (view.case.state, fake.statuses)
    assert view.certificate is not None
    assert CertificateStatus.REVOKED == view.certificate.status
    assert VoidState.CONFIRMED == (await void_of(house)).state


async def test_cancel_twice(house: House) -> None:
    """A case that is cancelled cannot be cancelled; the same request again is answered."""
    name = await certified(house)
    await house.cancel(name)
    assert CaseState.CANCELLED == (await house.cancel(name)).case.state
    with pytest.raises(CaseStateForbids, match="nothing is left"):
        await house.cancel(name, "cancel-2")


async def test_cancel_while_it_is_unclear(house: House, fake: Faulty) -> None:
    """Cancelling waits until it is known what the platform did, and voids what turns up."""
    fake.loses_reply = True
    view = await house.begun(order())
    fake.loses_reply = False
    cancelling = await house.cancel(view.case.name, wait=0)
    assert CaseState.CANCELLING == cancelling.case.state
    await house.reconciled(seconds=20)
    await house.reconciled(seconds=1)
    cancelled = await house.case(view.case.name)
    assert (CaseState.CANCELLED, {"FAKE-1": CertificateStatus.REVOKED}) == (
        cancelled.case.state,
        fake.statuses,
    )


async def test_cancel_what_the_platform_never_had(house: House, fake: Faulty) -> None:
    """Nothing is sent again for an order that is being cancelled."""
    fake.scripted.append(Unknown("the connection was lost"))
    view = await house.begun(order())
    await house.cancel(view.case.name, wait=0)
    await house.reconciled(seconds=60)
    cancelled = await house.case(view.case.name)
    assert (CaseState.CANCELLED, [AttemptState.RETRYABLE], 1) == (
        cancelled.case.state,
        states(cancelled),
        len(fake.submissions),
    )


async def test_void_tried_again(house: House, fake: Faulty) -> None:
    """A platform that cannot be reached is asked again; the case is cancelled once it has confirmed."""
    name = await certified(house)
    fake.scripted_voids.append(Unknown("the connection was lost"))
    assert CaseState.CANCELLING == (await house.cancel(name, wait=0)).case.state
    await house.quiet()
    await house.reconciled(seconds=2)
    assert CaseState.CANCELLED == (await house.case(name)).case.state


@pytest.mark.parametrize(
    ("answer", "because"),
    [
        (NotFound(), "the platform does not know the certificate"),
        (Rejected((Rejection("TOO_LATE", "", "the void window is over"),)), "the void window is over"),
    ],
)
async def test_void_refused(house: House, fake: Faulty, answer: NotFound | Rejected, because: str) -> None:
    """A void that the platform does not confirm is a person's turn."""
    name = await certified(house)
    fake.scripted_voids.append(answer)
    await house.cancel(name, wait=0)
    await house.quiet()
    void = await void_of(house)
    assert (CaseState.MANUAL, VoidState.STUCK) == ((await house.case(name)).case.state, void.state)
    assert because in void.because


async def test_void_never_confirmed(house: House, fake: Faulty) -> None:
    """A platform that never answers is given up after a bounded number of tries."""
    name = await certified(house)
    fake.scripted_voids.extend([Unknown("no answer")] * MOST_TRIES)
    await house.cancel(name, wait=0)
    await house.quiet()
    for _ in range(MOST_TRIES):
        await house.reconciled(seconds=601)
    assert (CaseState.MANUAL, MOST_TRIES) == (
        (await house.case(name)).case.state,
        (await void_of(house)).tries,
    )


async def test_no_void_on_request(house: House, fake: Faulty) -> None:
    """A platform that voids nothing on request is asked by a person."""
    name = await certified(house)
    fake.capabilities = replace(fake.capabilities, void=False)
    await house.cancel(name, wait=0)
    await house.quiet()
    assert CaseState.MANUAL == (await house.case(name)).case.state


async def test_cancel_what_does_not_prove_itself(house: House, fake: Faulty) -> None:
    """What the platform issued, and nobody can tell for whom, is a person's to see to before the case is cancelled."""
    fake.spoils_proof = True
    name = await certified(house)
    view = await house.cancel(name)
    assert (CaseState.MANUAL, {"FAKE-1": CertificateStatus.ACTIVE}) == (view.case.state, fake.statuses)


async def test_cancel_what_is_stuck(house: House, fake: Faulty) -> None:
    """A case whose void is stuck is not cancelled by asking again."""
    name = await certified(house)
    fake.scripted_voids.append(NotFound())
    await house.cancel(name, wait=0)
    await house.quiet()
    view = await house.cancel(name, "cancel-2")
    assert (CaseState.MANUAL, VoidState.STUCK) == (view.case.state, (await void_of(house)).state)


async def test_void_after_a_crash(house: House, fake: Faulty) -> None:
    """A void that a dead process was to ask for is asked for by another one."""
    name = await certified(house)
    fake.awake_to_void.clear()
    await house.cancel(name, wait=0)
    await fake.asked_to_void.wait()
    second = await house.restarted()
    fake.awake_to_void.set()
    await second.reconciled(seconds=60)
    assert CaseState.CANCELLED == (await second.case(name)).case.state


async def test_swept(house: House, fake: Faulty) -> None:
    """What a platform comes up with after it did not know it is voided; the next generation's certificate stays."""
    fake.scripted.append(Unknown("the connection was lost"))
    view = await house.begun(order())
    late = fake.submissions[0]
    await house.reconciled(seconds=60)
    await house.reconciled(seconds=1)
    certified = await house.case(view.case.name)
    assert (CaseState.CERTIFIED, "FAKE-1") == (
        certified.case.state,
        certified.certificate and certified.certificate.e_cert_id,
    )
    fake.issue(late)
    await house.reconciled(seconds=600)
    await house.reconciled(seconds=1)
    assert {"FAKE-1": CertificateStatus.ACTIVE, "FAKE-2": CertificateStatus.REVOKED} == fake.statuses
    assert CaseState.CERTIFIED == (await house.case(view.case.name)).case.state


async def test_sweep_ends(house: House, fake: Faulty) -> None:
    """After the platform's window nothing is looked up any more."""
    fake.scripted.append(Unknown("the connection was lost"))
    await house.begun(order())
    for _ in range(80):
        await house.reconciled(seconds=3600)
    asked = len(fake.looked_up)
    assert 2 < asked < 40
    await house.reconciled(seconds=3600)
    assert asked == len(fake.looked_up)
