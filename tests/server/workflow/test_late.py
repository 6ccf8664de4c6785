"""Certificates that a platform comes up with late, beside what goes on with their order meanwhile."""

from engine.case import AttemptState, CaseState
from engine.certificate import CertificateStatus
from engine.platform import Unknown
from tests.server.workflow.faulty import Faulty
from tests.server.workflow.house import House, order, states


async def given_up(house: House, fake: Faulty) -> str:
    """The name of a case whose platform does not know the first submission, and issues it late all the same."""
    fake.scripted.append(Unknown("the connection was lost"))
    return (await house.begun(order())).case.name


async def test_unproved_stays_with_a_person(house: House, fake: Faulty) -> None:
    """What does not prove itself waits for a person, also after a late certificate of the same order is voided."""
    name = await given_up(house, fake)
    fake.spoils_proof = True
    await house.reconciled(seconds=60)
    await house.reconciled(seconds=1)
    assert [AttemptState.RETRYABLE, AttemptState.UNPROVED] == states(await house.case(name))
    fake.issue(fake.submissions[0])
    for _ in range(3):
        await house.reconciled(seconds=3600)
    assert {"FAKE-1": CertificateStatus.ACTIVE, "FAKE-2": CertificateStatus.REVOKED} == fake.statuses
    assert CaseState.MANUAL == (await house.case(name)).case.state
