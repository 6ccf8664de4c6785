"""Certificates that a platform comes up with late, beside what goes on with their order meanwhile."""

from datetime import timedelta

import pytest

from engine.case import AttemptState, CaseState
from engine.certificate import CertificateStatus, ECertId
from engine.platform import NotFound, Pending, Unknown
from server.errors import CertificateUnproved
from tests.server.workflow.faulty import Faulty
from tests.server.workflow.house import House, order, states
from tests.server.workflow.test_operating import adopt, mark_void, proof_of, retry, waiting


async def given_up(house: House, fake: Faulty) -> str:
    """The name of a case whose platform does not know the first submission, and issues it late all the same."""
    fake.scripted.append(Unknown("the connection was lost"))
    return (await house.begun(order())).case.name


async def stuck_beside_an_attempt(house: House, fake: Faulty) -> str:
    """The name of a case of which an attempt is open, and the void of a late certificate is stuck."""
    name = await given_up(house, fake)
    fake.scripted.append(Unknown("the connection was lost"))
    for _ in range(7):
        fake.scripted.append(Unknown("the connection was lost"))
        await house.reconciled(seconds=60)
    assert CaseState.DECLARED == (await house.case(name)).case.state
    fake.issue(fake.submissions[0])
    fake.scripted.clear()
    fake.scripted.append(Pending(timedelta(hours=3)))
    fake.scripted_voids.append(NotFound())
    fake.awake_to_void.clear()
    await house.reconciled(seconds=3600)
    await house.certify(name, wait=0)
    await house.quiet()
    fake.awake_to_void.set()
    await house.reconciled(seconds=1)
    return name


async def test_a_stuck_void_stops_nothing(house: House, fake: Faulty) -> None:
    """An order that is with a platform goes on there while the void of a late certificate waits for a person."""
    name = await stuck_beside_an_attempt(house, fake)
    assert CaseState.VERIFYING == (await house.case(name)).case.state
    assert ["FAKE-1"] == [one.e_cert_id for one, _ in await waiting(house)]


async def test_an_operator_ends_no_attempt_that_goes_on(house: House, fake: Faulty) -> None:
    """What an operator says of a stuck void is not said of an attempt that goes on by itself."""
    name = await stuck_beside_an_attempt(house, fake)
    view = await mark_void(house, name)
    assert (CaseState.VERIFYING, AttemptState.PENDING) == (view.case.state, view.attempts[-1].state)
    assert [] == await waiting(house)


async def test_an_operator_hurries_no_attempt_that_goes_on(house: House, fake: Faulty) -> None:
    """A void that is tried again takes no attempt out of anybody's hands."""
    name = await stuck_beside_an_attempt(house, fake)
    before = (await house.case(name)).attempts[-1]
    await retry(house, name)
    assert before == (await house.case(name)).attempts[-1]


async def test_a_person_judges_what_was_found_late(house: House, fake: Faulty) -> None:
    """A certificate that a second submission was answered with, and that its first reference finds, is left to a person."""
    name = await given_up(house, fake)
    fake.scripted_lookups.append(NotFound())
    await house.reconciled(seconds=60)
    fake.scripted.append(fake.issue(fake.submissions[0]))
    await house.reconciled(seconds=1)
    assert [AttemptState.RETRYABLE, AttemptState.UNPROVED] == states(await house.case(name))
    for _ in range(3):
        await house.reconciled(seconds=3600)
    assert CaseState.MANUAL == (await house.case(name)).case.state
    assert CaseState.CERTIFIED == (await adopt(house, name, proof=proof_of(fake))).case.state
    for _ in range(3):
        await house.reconciled(seconds=3600)
    assert {"FAKE-1": CertificateStatus.ACTIVE} == fake.statuses
    assert (await house.case(name)).attempts[0].due_at is None


async def test_unproved_stays_with_a_person(house: House, fake: Faulty) -> None:
    """What does not prove itself waits for a person; until that is settled a late certificate of the order is not voided."""
    name = await given_up(house, fake)
    fake.spoils_proof = True
    await house.reconciled(seconds=60)
    await house.reconciled(seconds=1)
    assert [AttemptState.RETRYABLE, AttemptState.UNPROVED] == states(await house.case(name))
    fake.issue(fake.submissions[0])
    for _ in range(3):
        await house.reconciled(seconds=3600)
    assert {"FAKE-1": CertificateStatus.ACTIVE, "FAKE-2": CertificateStatus.ACTIVE} == fake.statuses
    assert CaseState.MANUAL == (await house.case(name)).case.state
    await mark_void(house, name)
    for _ in range(2):
        await house.reconciled(seconds=3600)
    assert {"FAKE-1": CertificateStatus.ACTIVE, "FAKE-2": CertificateStatus.REVOKED} == fake.statuses


async def certified_beside_a_stuck_void(house: House, fake: Faulty) -> str:
    """The name of a certified case of which the void of a late certificate, FAKE-2, is stuck."""
    name = await given_up(house, fake)
    await house.reconciled(seconds=60)
    await house.reconciled(seconds=1)
    fake.issue(fake.submissions[0])
    fake.scripted_voids.append(NotFound())
    await house.reconciled(seconds=600)
    await house.reconciled(seconds=1)
    assert ["FAKE-2"] == [one.e_cert_id for one, _ in await waiting(house)]
    return name


async def test_cancelled_beside_a_stuck_void(house: House, fake: Faulty) -> None:
    """An order whose last wait is for a stuck void is an operator's, and cancelled once he has seen to that."""
    name = await certified_beside_a_stuck_void(house, fake)
    await house.cancel(name, wait=0)
    await house.quiet()
    assert CaseState.MANUAL == (await house.case(name)).case.state
    assert CaseState.CANCELLED == (await mark_void(house, name)).case.state


async def test_an_operator_says_nothing_of_what_is_under_way(house: House, fake: Faulty) -> None:
    """What an operator says of a stuck void is not said of the void that the platform is being asked for."""
    name = await certified_beside_a_stuck_void(house, fake)
    fake.awake_to_void.clear()
    await house.cancel(name, wait=0)
    await fake.asked_to_void.wait()
    assert CaseState.CANCELLING == (await mark_void(house, name)).case.state
    fake.awake_to_void.set()
    await house.quiet()
    assert CertificateStatus.REVOKED == fake.statuses[ECertId("FAKE-1")]
    assert CaseState.CANCELLED == (await house.case(name)).case.state


async def test_what_is_being_voided_is_not_adopted(house: House, fake: Faulty) -> None:
    """A certificate that is to be voided, or is voided, certifies nothing: a person's turn."""
    name = await given_up(house, fake)
    for _ in range(5):
        fake.scripted.append(Unknown("the connection was lost"))
        await house.reconciled(seconds=60)
    fake.scripted.clear()
    assert CaseState.DECLARED == (await house.case(name)).case.state
    fake.issue(fake.submissions[0])
    fake.scripted_voids.append(Unknown("no answer"))
    await house.reconciled(seconds=3600)
    await house.reconciled(seconds=1)
    answer = await house.certify(name)
    assert (CaseState.MANUAL, None) == (answer.view.case.state, answer.e_cert_id)
    assert "is voided" in answer.view.attempts[-1].because
    with pytest.raises(CertificateUnproved, match="is voided"):
        await adopt(house, name, proof=proof_of(fake))
    await house.reconciled(seconds=60)
    assert {"FAKE-1": CertificateStatus.REVOKED} == fake.statuses
    await mark_void(house, name)
    assert "FAKE-2" == (await house.certify(name, "certify-2")).e_cert_id


async def test_sweep_without_its_platform(house: House, fake: Faulty) -> None:
    """A reference whose platform is not set up here is looked up again once it is, and no more when its window is over."""
    name = await given_up(house, fake)
    await house.reconciled(seconds=60)
    elsewhere = House(house.store, house.deciding.rulebook, house.clock, ())
    await elsewhere.reconciled(seconds=3600)
    assert (await house.case(name)).attempts[0].due_at is not None
    await elsewhere.reconciled(seconds=86400)
    assert (await house.case(name)).attempts[0].due_at is None
