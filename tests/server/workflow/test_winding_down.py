"""Orders that are not wanted any more while something is open: nothing is bought for them, and they come to their end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.case import AttemptState, CaseState
from engine.certificate import CertificateStatus, ECertId
from engine.platform import NotFound, Pending, Rejected, Rejection, Unknown
from server.workflow.casework import CaseView
from server.workflow.manual import Step
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


async def test_void_window_over(house: House, fake: Faulty) -> None:
    """What the platform's window for voids has passed is not asked for: a person is told why."""
    fake.capabilities = replace(fake.capabilities, void_window=timedelta(days=30))
    name = (await house.process(order())).view.case.name
    house.clock.passes(31 * 86400)
    await house.cancel(name, wait=0)
    await house.quiet()
    [(one, _)] = await waiting(house)
    assert (CaseState.MANUAL, False) == (one.view.case.state, fake.asked_to_void.is_set())
    assert (
        "The certificate FAKE-1 is not voided: it was issued on 2026-07-10, and the platform voids within 30 d only;"
        " a person has to ask it." == one.because
    )


async def test_within_the_void_window(house: House, fake: Faulty) -> None:
    """Within the window it is voided."""
    fake.capabilities = replace(fake.capabilities, void_window=timedelta(days=30))
    name = (await house.process(order())).view.case.name
    house.clock.passes(29 * 86400)
    await house.cancel(name, wait=0)
    await house.quiet()
    assert CaseState.CANCELLED == (await house.case(name)).case.state


async def test_void_without_its_platform(house: House) -> None:
    """A void whose platform is not set up is tried as one that fails, and then is for a person, in words."""
    name = (await house.process(order())).view.case.name
    elsewhere = House(house.store, house.deciding.rulebook, house.clock, ())
    await elsewhere.cancel(name, wait=0)
    await elsewhere.quiet()
    assert CaseState.CANCELLING == (await house.case(name)).case.state
    for _ in range(11):
        await elsewhere.reconciled(seconds=600)
    [(one, steps)] = await waiting(elsewhere)
    assert (CaseState.MANUAL, True) == (one.view.case.state, Step.MARK_VOID in steps)
    assert "the platform fake is not set up on this server" in one.because
    await retry(house, name)
    await house.quiet()
    assert CaseState.CANCELLED == (await house.case(name)).case.state


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (CertificateStatus.REVOKED, CaseState.CANCELLED),
        (CertificateStatus.EXPIRED, CaseState.CANCELLED),
        (CertificateStatus.REPLACED, CaseState.MANUAL),
        (CertificateStatus.ACTIVE, CaseState.MANUAL),
    ],
)
async def test_void_refused(house: House, fake: Faulty, status: CertificateStatus, state: CaseState) -> None:
    """What a platform does not void counts as voided where it is over; what it replaced by itself is for a person."""
    name = (await house.process(order())).view.case.name
    fake.statuses[ECertId("FAKE-1")] = status
    fake.scripted_voids.append(Rejected((Rejection("X-1", "", "no"),)))
    await house.cancel(name, wait=0)
    await house.quiet()
    assert state == (await house.case(name)).case.state


async def test_refused_and_status_not_told(house: House, fake: Faulty) -> None:
    """Where the platform does not void it, and just now does not tell its status, it is asked again: it may be over."""
    name = (await house.process(order())).view.case.name
    fake.statuses[ECertId("FAKE-1")] = CertificateStatus.EXPIRED
    refused = Rejected((Rejection("X-1", "", "no"),))
    fake.scripted_voids.extend([refused, refused])
    fake.scripted_statuses.append(Unknown("no answer"))
    await house.cancel(name, wait=0)
    await house.quiet()
    assert CaseState.CANCELLING == (await house.case(name)).case.state
    await house.reconciled(seconds=60)
    assert (CaseState.CANCELLED, []) == ((await house.case(name)).case.state, await waiting(house))


async def test_stuck_before_it_was_cancelled(house: House, fake: Faulty) -> None:
    """A case whose last wait is for a void that was stuck before is a person's: it does not wait by itself for ever."""
    fake.that_replaces()
    name = (await house.process(order())).view.case.name
    fake.scripted_statuses.append(Unknown("no answer"))
    fake.scripted_voids.append(NotFound())
    await house.declare(name, order("declare-2", change=more_of_it), with_order=True, supersede=True, wait=0)
    await house.reconciled(seconds=60)
    assert CaseState.CERTIFIED == (await house.case(name)).case.state
    await house.cancel(name, wait=0)
    await house.quiet()
    assert (CaseState.MANUAL, CertificateStatus.REVOKED) == (
        (await house.case(name)).case.state,
        fake.statuses[ECertId("FAKE-2")],
    )
    assert CaseState.CANCELLED == (await mark_void(house, name)).case.state
