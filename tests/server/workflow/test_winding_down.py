"""Orders that are not wanted any more while something is open: nothing is bought for them, and they come to their end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.case import AttemptState, CaseState
from engine.certificate import CertificateStatus
from engine.platform import NotFound, Pending, Rejected, Rejection, Unknown
from server.workflow.casework import CaseView
from tests.server.workflow.faulty import Faulty
from tests.server.workflow.house import House, more_of_it, order, states
from tests.server.workflow.test_operating import mark_void, retry, unlookable, unvoidable, waiting


async def superseded(house: House, name: str) -> CaseView:
    """The case after another declaration has come in the place of its own."""
    asked = order("declare-09", change=more_of_it)
    return (await house.declare(name, asked, with_order=True, supersede=True, wait=0)).view


async def planned_again(house: House, fake: Faulty) -> str:
    """The name of a case whose platform never had the first submission; the second is planned, and nobody has it yet."""
    fake.scripted.append(Unknown("the connection was lost"))
    name = (await house.begun(order())).case.name
    await house.reconciled(seconds=60)
    assert [AttemptState.RETRYABLE, AttemptState.PLANNED] == states(await house.case(name))
    return name


async def test_nothing_is_sent_for_what_is_superseded(house: House, fake: Faulty) -> None:
    """A submission that is planned is not sent once its declaration is superseded."""
    name = await planned_again(house, fake)
    await superseded(house, name)
    await house.reconciled(seconds=1)
    view = await house.case(name)
    assert (CaseState.DECLARED, 2, 1) == (
        view.case.state,
        view.case.declaration_version,
        len(fake.submissions),
    )
    assert [AttemptState.RETRYABLE, AttemptState.NOT_SENT] == states(view)


async def test_nothing_is_sent_for_what_is_cancelled(house: House, fake: Faulty) -> None:
    """A submission that is planned is not sent once its order is being cancelled."""
    name = await planned_again(house, fake)
    await house.cancel(name, wait=0)
    await house.reconciled(seconds=1)
    assert (CaseState.CANCELLED, 1) == ((await house.case(name)).case.state, len(fake.submissions))


async def test_found_after_all(house: House, fake: Faulty) -> None:
    """A certificate that a person has looked up for a cancelled order is voided, and the order stays cancelled."""
    name = await unlookable(house, fake)
    assert CaseState.MANUAL == (await house.cancel(name, wait=0)).case.state
    fake.capabilities = replace(fake.capabilities, lookup_by_reference=True)
    await retry(house, name)
    for _ in range(3):
        await house.reconciled(seconds=1)
    assert (CaseState.CANCELLED, {"FAKE-1": CertificateStatus.REVOKED}) == (
        (await house.case(name)).case.state,
        fake.statuses,
    )


@pytest.mark.parametrize("answer", [NotFound(), Rejected((Rejection("X-1", "", "no"),))])
async def test_nothing_found_after_all(house: House, fake: Faulty, answer: NotFound | Rejected) -> None:
    """Where the platform has nothing of a cancelled order, it is cancelled, and nothing is submitted again."""
    name = await unlookable(house, fake)
    await house.cancel(name, wait=0)
    fake.capabilities = replace(fake.capabilities, lookup_by_reference=True)
    fake.scripted_lookups.append(answer)
    await retry(house, name)
    await house.reconciled(seconds=1)
    view = await house.case(name)
    assert (CaseState.CANCELLED, 1) == (view.case.state, len(view.attempts))


async def test_whom_to_ask_for_what_is_superseded(house: House, fake: Faulty) -> None:
    """The work list names platform and reference of the attempt that hinders, though its declaration is superseded."""
    fake.scripted.append(Pending(timedelta(seconds=2)))
    name = (await house.begun(order())).case.name
    await superseded(house, name)
    fake.issue(fake.submissions[0])
    fake.spoils_proof = True
    await house.reconciled(seconds=20)
    [(one, _)] = await waiting(house)
    assert ("fake", fake.submissions[0].reference) == (one.platform, one.attempt and one.attempt.reference)
    assert "does not prove itself" in one.because


async def test_an_operator_is_quicker(house: House, fake: Faulty) -> None:
    """What a platform answers after an operator has settled a void is not recorded any more."""
    name = await unvoidable(house, fake)
    fake.awake_to_void.clear()
    fake.asked_to_void.clear()
    fake.scripted_voids.append(NotFound())
    await retry(house, name)
    await fake.asked_to_void.wait()
    assert CaseState.CANCELLED == (await mark_void(house, name)).case.state
    fake.awake_to_void.set()
    await house.quiet()
    assert [] == await waiting(house)


async def test_clocks_that_differ(house: House, fake: Faulty) -> None:
    """A void that is confirmed holds, whatever the clock said of the status before."""
    name = (await house.process(order())).view.case.name
    fake.now += timedelta(seconds=30)
    await house.decide(name)
    view = await house.cancel(name)
    assert view.certificate is not None
    assert (CaseState.CANCELLED, CertificateStatus.REVOKED) == (view.case.state, view.certificate.status)


async def test_clocks_that_differ_from_an_operator(house: House, fake: Faulty) -> None:
    """So does the word of an operator."""
    fake.now += timedelta(seconds=30)
    name = (await house.process(order())).view.case.name
    await house.decide(name)
    fake.scripted_voids.append(NotFound())
    await house.cancel(name, wait=0)
    await house.quiet()
    assert CaseState.CANCELLED == (await mark_void(house, name)).case.state
