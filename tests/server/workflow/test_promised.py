"""What a platform said that it has, or that it issued: a later "not found" frees nothing to be sent again."""

from dataclasses import replace
from datetime import timedelta

from engine.case import AttemptState, CaseState
from engine.certificate import CertificateStatus, ECertId
from engine.platform import Duplicate, NotFound, Pending, Reference, Unknown
from tests.server.workflow.faulty import Faulty
from tests.server.workflow.house import House, more_of_it, order, states
from tests.server.workflow.test_operating import adopt, mark_void, retry

FIRST = ECertId("FAKE-1")
LATER = 600.0


async def issued_without_keys(house: House, fake: Faulty) -> str:
    """The name of a case whose certificate was issued, and cannot be examined: the platform's keys are not to be had."""
    fake.keys_known = False
    return (await house.begun(order())).case.name


async def not_known_any_more(house: House, fake: Faulty) -> str:
    """Such a case whose platform then says that it does not know the submission."""
    name = await issued_without_keys(house, fake)
    fake.scripted_lookups.append(NotFound())
    await house.reconciled(LATER)
    return name


async def test_not_found_too_early(house: House, fake: Faulty) -> None:
    """Before the settle time has passed, "not found" says nothing of what the platform took."""
    fake.scripted.append(Pending(timedelta(seconds=1)))
    begun = await house.begun(order())
    await house.reconciled(2)
    view = await house.case(begun.case.name)
    assert (1, CaseState.VERIFYING, [AttemptState.PENDING]) == (
        len(fake.looked_up),
        view.case.state,
        states(view),
    )


async def test_issued_and_not_known(house: House, fake: Faulty) -> None:
    """A person is asked, with the e-Cert ID that the platform told, and nothing is sent again."""
    name = await not_known_any_more(house, fake)
    view = await house.case(name)
    assert (CaseState.MANUAL, [AttemptState.UNPROVED]) == (view.case.state, states(view))
    assert "the proof of FAKE-1 could not be examined" in view.attempts[0].because
    assert "now the platform says that it does not know it" in view.attempts[0].because
    assert 1 == len(fake.submissions)
    fake.keys_known = True
    await adopt(house, name)
    await house.reconciled(LATER)
    view = await house.case(name)
    assert (CaseState.CERTIFIED, CertificateStatus.ACTIVE) == (view.case.state, fake.statuses[FIRST])


async def test_marked_void_and_found(house: House, fake: Faulty) -> None:
    """What turns up at the platform after a person said that it has nothing is voided."""
    name = await not_known_any_more(house, fake)
    await house.reconciled(LATER)
    assert CertificateStatus.ACTIVE == fake.statuses[FIRST]
    await mark_void(house, name)
    await house.reconciled(2 * 3600)
    await house.reconciled(LATER)
    assert CertificateStatus.REVOKED == fake.statuses[FIRST]


async def test_platform_not_set_up_for_long(house: House, fake: Faulty) -> None:
    """That nobody could ask for an hour is no reason to send again what was issued."""
    name = await issued_without_keys(house, fake)
    elsewhere = House(house.store, house.deciding.rulebook, house.clock, ())
    await elsewhere.reconciled(LATER)
    await elsewhere.reconciled(3700)
    view = await house.case(name)
    assert (CaseState.MANUAL, [AttemptState.PENDING]) == (view.case.state, states(view))
    assert ("FAKE-1" in view.attempts[0].because, "not set up" in view.attempts[0].because) == (True, True)
    fake.scripted_lookups.append(NotFound())
    await retry(house, name)
    await house.reconciled(LATER)
    assert (1, [AttemptState.UNPROVED]) == (len(fake.submissions), states(await house.case(name)))


async def test_duplicate_of_an_earlier_reference(house: House, fake: Faulty) -> None:
    """A duplicate is known by the earlier attempt's reference: that ours is not says nothing, and it is asked again."""
    fake.scripted.append(Unknown("the connection was lost"))
    name = (await house.begun(order())).case.name
    late = iter(fake.submissions[:1])
    # It is issued just after the platform said that it does not know it.
    fake.answering = lambda: [fake.issue(one) for one in late].clear()
    fake.keys_known = False
    await house.reconciled(LATER)
    await house.reconciled()
    assert [AttemptState.RETRYABLE, AttemptState.UNKNOWN] == states(await house.case(name))
    fake.keys_known = True
    await house.reconciled(LATER)
    await house.reconciled()
    view = await house.case(name)
    assert (CaseState.CERTIFIED, 3, CertificateStatus.ACTIVE) == (
        view.case.state,
        len(fake.submissions),
        fake.statuses[FIRST],
    )


async def test_duplicate_of_what_is_pending(house: House, fake: Faulty) -> None:
    """What the platform took it still has, though a look-up tells of another's certificate that cannot be examined."""
    fake.scripted.append(Pending(timedelta(seconds=1)))
    name = (await house.begun(order())).case.name
    other = fake.issue(replace(fake.submissions[0], reference=Reference("og-other")))
    fake.keys_known = False
    fake.scripted_lookups.extend([Duplicate(other.e_cert_id, other.proof, Reference("og-other")), NotFound()])
    await house.reconciled(LATER)
    assert [AttemptState.PENDING] == states(await house.case(name))
    await house.reconciled(LATER)
    view = await house.case(name)
    assert (CaseState.MANUAL, [AttemptState.UNPROVED], 1) == (
        view.case.state,
        states(view),
        len(fake.submissions),
    )


async def test_cancelled_meanwhile(house: House, fake: Faulty) -> None:
    """A case that is not wanted any more waits for what was issued; once it can be examined, it is voided."""
    name = await issued_without_keys(house, fake)
    await house.cancel(name, "cancel-001", wait=0)
    await house.reconciled(LATER)
    assert CaseState.CANCELLING == (await house.case(name)).case.state
    fake.keys_known = True
    await house.reconciled(LATER)
    await house.reconciled(LATER)
    assert CaseState.CANCELLED == (await house.case(name)).case.state
    assert CertificateStatus.REVOKED == fake.statuses[FIRST]


async def test_cancelled_and_not_known(house: House, fake: Faulty) -> None:
    """Where the platform does not know it then, a person is asked."""
    name = await issued_without_keys(house, fake)
    await house.cancel(name, "cancel-001", wait=0)
    fake.scripted_lookups.append(NotFound())
    await house.reconciled(LATER)
    assert CaseState.MANUAL == (await house.case(name)).case.state


async def test_what_replaces_it_cannot_be_examined(house: House, fake: Faulty) -> None:
    """A certificate that is to replace another is waited for, and adopted once it can be examined."""
    fake.that_replaces()
    name = (await house.begun(order())).case.name
    fake.keys_known = False
    asked = order("order-2", change=more_of_it)
    await house.declare(name, asked, with_order=True, supersede=True, wait=0)
    await house.reconciled(LATER)
    view = await house.case(name)
    assert (CaseState.SUPERSEDING, AttemptState.PENDING) == (view.case.state, states(view)[-1])
    fake.keys_known = True
    await house.reconciled(LATER)
    view = await house.case(name)
    assert (CaseState.CERTIFIED, "FAKE-2") == (
        view.case.state,
        view.certificate and view.certificate.e_cert_id,
    )
