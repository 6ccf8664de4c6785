"""What operators do with cases that only a person can settle."""

import asyncio
import json
import threading
from dataclasses import replace

import pytest

from engine.case import AttemptState, CaseState
from engine.certificate import CertificateStatus
from engine.platform import Binding, Misconfigured, NotFound, Unknown
from server.errors import CaseNotFound, CaseStateForbids, CertificateUnproved
from server.store import log
from server.store.sealing import opened_words
from server.workflow.casework import CaseView
from server.workflow.claiming import Claimed
from server.workflow.manual import Manual, Step
from tests.server.workflow.faulty import Faulty
from tests.server.workflow.house import TENANT, House, order, outcomes, states, turns


async def unlookable(house: House, fake: Faulty) -> str:
    """The name of a case whose certificate was issued, and whose platform cannot be asked by our reference."""
    fake.without_lookup().loses_reply = True
    view = await house.begun(order())
    await house.reconciled(seconds=60)
    assert CaseState.MANUAL == (await house.case(view.case.name)).case.state
    fake.loses_reply = False
    return view.case.name


async def unvoidable(house: House, fake: Faulty) -> str:
    """The name of a case that was to be cancelled, and whose platform did not void the certificate."""
    name = (await house.process(order())).view.case.name
    fake.scripted_voids.append(NotFound())
    await house.cancel(name, wait=0)
    await house.quiet()
    return name


async def waiting(house: House) -> list[tuple[Manual, tuple[Step, ...]]]:
    """The work list."""
    return await house.operating.waiting(TENANT, None, 10)


async def adopt(house: House, name: str, e_cert_id: str = "FAKE-1", proof: str = "") -> CaseView:
    """AdoptCertificate."""
    asked = house.asked("AdoptCertificate", "adopt-001", name, e_cert_id=e_cert_id, proof=proof)
    return await house.operating.adopt(asked, name, Claimed(e_cert_id, proof), "asked by telephone")


async def mark_void(house: House, name: str) -> CaseView:
    """MarkVoid."""
    return await house.operating.mark_void(house.asked("MarkVoid", "void-001", name), name, "asked by mail")


async def retry(house: House, name: str) -> CaseView:
    """RetryCase."""
    return await house.operating.retry(house.asked("RetryCase", "retry-001", name), name, "it is up again")


def proof_of(fake: Faulty) -> str:
    """The proof of the certificate that was issued first."""
    [(_, issued)] = list(fake._issued.values())[:1]
    return issued.proof


async def test_nothing_waits(house: House) -> None:
    """A case that goes its way is not in the work list."""
    await house.process(order())
    assert [] == await waiting(house)


async def test_work_list(house: House, fake: Faulty) -> None:
    """The work list says why a case waits, whom to ask and by which reference, and what can be done."""
    name = await unlookable(house, fake)
    [(one, steps)] = await waiting(house)
    assert (name, "fake", fake.submissions[0].reference) == (
        one.view.case.name,
        one.platform,
        one.attempt and one.attempt.reference,
    )
    assert "a person has to ask it" in one.because
    assert (Step.ADOPT, Step.MARK_VOID) == steps


async def test_work_list_of_voids(house: House, fake: Faulty) -> None:
    """A void that stuck is in the work list, with the certificate that may be in force still."""
    await unvoidable(house, fake)
    [(one, steps)] = await waiting(house)
    assert ("FAKE-1", (Step.RETRY, Step.MARK_VOID)) == (one.e_cert_id, steps)
    assert "the platform does not know the certificate" in one.because


async def test_adopt(house: House, fake: Faulty) -> None:
    """What the operator found is adopted by its proof, and the pre-review is decided with it."""
    name = await unlookable(house, fake)
    view = await adopt(house, name, proof=proof_of(fake))
    assert (CaseState.CERTIFIED, [AttemptState.ISSUED]) == (view.case.state, states(view))
    assert "UNDETERMINED" != view.decisions["prereview"].outcome
    assert [] == await waiting(house)


async def test_adopt_by_reference(house: House, fake: Faulty) -> None:
    """Where the platform can be asked by our reference it is asked for the proof."""
    name = await unlookable(house, fake)
    fake.capabilities = replace(fake.capabilities, lookup_by_reference=True)
    assert CaseState.CERTIFIED == (await adopt(house, name)).case.state


async def test_adopt_without_proof(house: House, fake: Faulty) -> None:
    """Nothing is adopted on an e-Cert ID alone."""
    name = await unlookable(house, fake)
    with pytest.raises(CertificateUnproved, match="give the proof"):
        await adopt(house, name)
    assert CaseState.MANUAL == (await house.case(name)).case.state


async def test_adopt_what_does_not_hold(house: House, fake: Faulty) -> None:
    """A proof for another e-Cert ID, or with a bad signature, is not adopted."""
    name = await unlookable(house, fake)
    with pytest.raises(CertificateUnproved):
        await adopt(house, name, "FAKE-9", proof_of(fake))
    with pytest.raises(CertificateUnproved):
        await adopt(house, name, proof=proof_of(fake)[:-8] + "AAAAAAAA")
    assert CaseState.MANUAL == (await house.case(name)).case.state


async def test_adopt_what_nothing_binds(house: House, fake: Faulty) -> None:
    """Of a platform whose certificates are bound by nothing the operator's word stands for the content alone."""
    fake.capabilities = replace(fake.capabilities, binding=Binding.NONE)
    name = (await house.process(order())).view.case.name
    assert CaseState.MANUAL == (await house.case(name)).case.state
    view = await adopt(house, name, proof=proof_of(fake))
    assert (CaseState.CERTIFIED, Binding.NONE) == (
        view.case.state,
        view.certificate and view.certificate.binding,
    )


async def test_adopt_in_another_state(house: House) -> None:
    """Only a case that waits for a person is taken in hand."""
    name = (await house.process(order())).view.case.name
    with pytest.raises(CaseStateForbids, match="does not wait for a person"):
        await adopt(house, name)
    with pytest.raises(CaseNotFound):
        await adopt(house, "cases/" + "0" * 32)


async def test_adopt_for_what_was_cancelled(house: House, fake: Faulty) -> None:
    """A case that was to be cancelled gets no certificate."""
    name = await unvoidable(house, fake)
    with pytest.raises(CaseStateForbids, match="RETRY, MARK_VOID"):
        await adopt(house, name)


async def test_mark_void(house: House, fake: Faulty) -> None:
    """On the operator's word that nothing was issued the case goes on from its declaration."""
    name = await unlookable(house, fake)
    view = await mark_void(house, name)
    assert (CaseState.DECLARED, [AttemptState.RETRYABLE]) == (view.case.state, states(view))


async def test_mark_void_of_what_was_cancelled(house: House, fake: Faulty) -> None:
    """A case that was to be cancelled is cancelled once the operator has seen to its certificate."""
    name = await unvoidable(house, fake)
    view = await mark_void(house, name)
    assert (CaseState.CANCELLED, CertificateStatus.REVOKED) == (
        view.case.state,
        view.certificate and view.certificate.status,
    )
    assert [] == await waiting(house)


async def test_retry_a_void(house: House, fake: Faulty) -> None:
    """A void that stuck is asked for again; confirmed, the case is cancelled as it was to be."""
    name = await unvoidable(house, fake)
    await retry(house, name)
    await house.quiet()
    assert CaseState.CANCELLED == (await house.case(name)).case.state


async def test_retry_a_look_up(house: House, fake: Faulty) -> None:
    """An open attempt is looked up again, once its platform can be asked."""
    name = await unlookable(house, fake)
    fake.capabilities = replace(fake.capabilities, lookup_by_reference=True)
    await retry(house, name)
    await house.reconciled()
    assert CaseState.CERTIFIED == (await house.case(name)).case.state


async def test_retry_an_attempt(house: House, fake: Faulty) -> None:
    """After our account was mended the platform is asked again, by another attempt."""
    fake.scripted.append(Misconfigured("the key is not known"))
    name = (await house.process(order())).view.case.name
    await retry(house, name)
    await house.quiet()
    view = await house.case(name)
    assert (CaseState.CERTIFIED, [AttemptState.MISCONFIGURED, AttemptState.ISSUED]) == (
        view.case.state,
        states(view),
    )


async def test_retry_nothing(house: House, fake: Faulty) -> None:
    """Where nothing can be tried again the answer says what can be done."""
    name = await unlookable(house, fake)
    with pytest.raises(CaseStateForbids, match="ADOPT, MARK_VOID"):
        await retry(house, name)


async def test_late_certificate(house: House, fake: Faulty) -> None:
    """What a platform comes up with after an operator said that there is nothing is voided."""
    fake.scripted.append(Unknown("the connection was lost"))
    view = await house.begun(order())
    fake.scripted_lookups.extend([Unknown("no answer")] * 2)
    await house.reconciled(seconds=20)
    fake.without_lookup()
    await house.reconciled(seconds=20)
    name = view.case.name
    fake.capabilities = replace(fake.capabilities, lookup_by_reference=True)
    await mark_void(house, name)
    fake.issue(fake.submissions[0])
    fake.scripted_lookups.clear()
    await house.reconciled(seconds=60)
    await house.reconciled(seconds=1)
    assert {"FAKE-1": CertificateStatus.REVOKED} == fake.statuses
    assert CaseState.DECLARED == (await house.case(name)).case.state


async def test_late_certificate_that_cannot_be_voided(house: House, fake: Faulty) -> None:
    """Beside a certificate that stands, the void of a late one waits for a person; the order's certificate stays."""
    fake.scripted.append(Unknown("the connection was lost"))
    name = (await house.begun(order())).case.name
    await house.reconciled(seconds=60)
    await house.reconciled(seconds=1)
    fake.issue(fake.submissions[0])
    fake.scripted_voids.append(NotFound())
    await house.reconciled(seconds=600)
    await house.reconciled(seconds=1)
    [(one, steps)] = await waiting(house)
    assert ("FAKE-2", (Step.RETRY, Step.MARK_VOID)) == (one.e_cert_id, steps)
    view = await mark_void(house, name)
    assert (CaseState.CERTIFIED, CertificateStatus.ACTIVE) == (
        view.case.state,
        view.certificate and view.certificate.status,
    )
    assert [] == await waiting(house)


async def test_log_of_an_operator(house: House, fake: Faulty) -> None:
    """Each step stands in the log with who took it and why."""
    name = await unlookable(house, fake)
    await mark_void(house, name)
    said = await house.store.read(
        lambda c: [
            json.loads(opened_words(c, TENANT, entry.subject, entry.event))
            for entry in log.read(c, 0, 1000)
            if entry.kind == "operator"
        ]
    )
    assert [("MARK_VOID", "tester", "asked by mail")] == [
        (each["step"], each["actor"], each["reason"]) for each in said
    ]


async def test_answer_after_adoption(house: House, fake: Faulty) -> None:
    """The order's own request is answered with the certificate that was adopted."""
    name = await unlookable(house, fake)
    await adopt(house, name, proof=proof_of(fake))
    answer = await house.process(order())
    assert ("FAKE-1", "INELIGIBLE") == (answer.e_cert_id, outcomes(answer)["prereview"])


async def test_adopt_what_is_not_in_force(house: House, fake: Faulty) -> None:
    """A certificate that its platform has revoked is not adopted, nor one whose status the platform does not tell."""
    name = await unlookable(house, fake)
    fake.scripted_statuses.append(Unknown("no answer"))
    with pytest.raises(CertificateUnproved, match="whether it is in force"):
        await adopt(house, name, proof=proof_of(fake))
    fake.statuses = dict.fromkeys(fake.statuses, CertificateStatus.REVOKED)
    with pytest.raises(CertificateUnproved, match="REVOKED"):
        await adopt(house, name, proof=proof_of(fake))
    assert CaseState.MANUAL == (await house.case(name)).case.state


async def test_operator_goes_away(house: House, fake: Faulty) -> None:
    """An attempt that an operator has begun is sent, though the operator goes away."""
    fake.scripted.append(Misconfigured("the key is not known"))
    name = (await house.process(order())).view.case.name
    call = asyncio.create_task(retry(house, name))
    loop, gone = asyncio.get_running_loop(), threading.Event()

    def goes_away() -> None:
        if not gone.is_set():
            loop.call_soon_threadsafe(lambda: (call.cancel(), gone.set()))
            gone.wait(5)

    house.clock.looked_at = goes_away
    await asyncio.wait({call})
    assert call.cancelled()
    while (await house.case(name)).case.state is CaseState.MANUAL:
        await turns()
    await house.quiet()
    assert CaseState.CERTIFIED == (await house.case(name)).case.state
