"""Superseding at a platform that replaces certificates in one step: the new one takes the old one's place, or nothing has
changed there and the old one is voided."""

from dataclasses import replace
from datetime import timedelta

import pytest
from origingate.v1 import case_service_pb2

from engine.case import AttemptState, CaseState
from engine.certificate import CertificateStatus, ECertId
from engine.platform import (
    Binding,
    Duplicate,
    Issued,
    Misconfigured,
    NotSent,
    Outcome,
    Pending,
    Rejected,
    Rejection,
    Retryable,
    Review,
    Unknown,
)
from server.store import certificates
from server.workflow.casework import CaseView
from server.workflow.claiming import Claimed
from server.workflow.manual import Step
from tests.server.workflow.faulty import Faulty
from tests.server.workflow.house import TENANT, House, more_of_it, order, sites, states, to_canada
from tests.server.workflow.test_operating import mark_void, retry, waiting

ACTIVE, REPLACED, REVOKED = CertificateStatus.ACTIVE, CertificateStatus.REPLACED, CertificateStatus.REVOKED


@pytest.fixture
def fake(fake: Faulty) -> Faulty:
    """A platform in memory that replaces certificates."""
    return fake.that_replaces()


async def superseded(house: House, *answers: Outcome, wait: float = 0) -> CaseView:
    """A certified case once its declaration was superseded, and the platform's first answers to that are recorded."""
    name = (await house.process(order())).view.case.name
    [platform] = house.platforms.among(house.platforms.names)
    assert isinstance(platform, Faulty)
    platform.scripted += answers
    await house.declare(
        name, order("declare-2", change=more_of_it), with_order=True, supersede=True, wait=wait
    )
    await house.quiet()
    return await house.case(name)


async def held(house: House, view: CaseView) -> dict[str, tuple[int, str]]:
    """Version and status of each certificate of the case in our records."""
    found = await house.store.read(lambda c: certificates.of_case(c, TENANT, view.case.name))
    return {one.e_cert_id: (one.declaration_version, str(one.status)) for one in found}


async def test_in_one_step(house: House, fake: Faulty) -> None:
    """The platform certifies the new declaration in the place of the old one's certificate; nothing is voided."""
    view = await superseded(house)
    assert (CaseState.CERTIFIED, 2, ["FAKE-1"]) == (
        view.case.state,
        view.case.declaration_version,
        fake.to_replace,
    )
    assert {"FAKE-1": REPLACED, "FAKE-2": ACTIVE} == fake.statuses
    assert {"FAKE-2": (2, ACTIVE), "FAKE-1": (1, REPLACED)} == await held(house, view)
    assert not fake.asked_to_void.is_set()


async def test_answered(house: House, fake: Faulty) -> None:
    """Who supersedes and waits is answered with the new e-Cert ID, and a decision about the new declaration."""
    name = (await house.process(order())).view.case.name
    asked = order("declare-2", change=more_of_it)
    answer = await house.declare(name, asked, with_order=True, supersede=True)
    assert ("FAKE-2", CaseState.CERTIFIED) == (answer.e_cert_id, answer.view.case.state)
    assert 2 == answer.view.decisions["prereview"].declaration_version
    again = await house.declare(name, asked, with_order=True, supersede=True)
    assert ("FAKE-2", 2) == (again.e_cert_id, len(fake.submissions))


async def test_again(house: House, fake: Faulty) -> None:
    """What replaced a certificate can be replaced itself."""
    name = (await superseded(house)).case.name
    await house.declare(name, order("declare-3"), with_order=True, supersede=True)
    assert {"FAKE-1": REPLACED, "FAKE-2": REPLACED, "FAKE-3": ACTIVE} == fake.statuses


@pytest.mark.parametrize(
    "answer",
    [
        Rejected((Rejection("X-1", "", "no"),)),
        Retryable("busy", None),
        NotSent("no connection"),
        Misconfigured("it knows no such operation"),
    ],
)
async def test_nothing_replaced(house: House, fake: Faulty, answer: Outcome) -> None:
    """Where the platform surely did not replace it, the certificate is voided, and the new declaration certified anew."""
    view = await superseded(house, answer)
    assert (CaseState.SUPERSEDING, ACTIVE) == (view.case.state, fake.statuses[ECertId("FAKE-1")])
    await house.reconciled(seconds=1)
    assert (CaseState.DECLARED, REVOKED) == (
        (await house.case(view.case.name)).case.state,
        fake.statuses[ECertId("FAKE-1")],
    )
    await house.certify(view.case.name)
    assert {"FAKE-1": REVOKED, "FAKE-2": ACTIVE} == fake.statuses


async def test_reply_lost(house: House, fake: Faulty) -> None:
    """After an unclear answer the case waits, and only a look-up decides; nothing is asked for a second time."""
    fake.loses_reply = False
    name = (await house.process(order())).view.case.name
    fake.loses_reply = True
    await house.declare(name, order("declare-2", change=more_of_it), with_order=True, supersede=True, wait=0)
    await house.quiet()
    view = await house.case(name)
    assert (CaseState.SUPERSEDING, AttemptState.UNKNOWN) == (view.case.state, states(view)[-1])
    await house.reconciled(seconds=20)
    view = await house.case(name)
    assert (CaseState.CERTIFIED, 1) == (view.case.state, len(fake.to_replace))
    assert {"FAKE-2": (2, ACTIVE), "FAKE-1": (1, REPLACED)} == await held(house, view)


async def test_never_arrived(house: House, fake: Faulty) -> None:
    """What the platform never had is asked for again by the next generation, in the same place."""
    view = await superseded(house, Unknown("the connection was lost"))
    await house.reconciled(seconds=20)
    await house.reconciled(seconds=1)
    view = await house.case(view.case.name)
    assert (CaseState.CERTIFIED, ["FAKE-1", "FAKE-1"]) == (view.case.state, fake.to_replace)
    assert [AttemptState.ISSUED, AttemptState.RETRYABLE, AttemptState.ISSUED] == states(view)


async def test_never_arrives(house: House, fake: Faulty) -> None:
    """After three generations that never arrived the certificate is voided."""
    view = await superseded(house, *[Unknown("the connection was lost")] * 3)
    for _ in range(3):
        await house.reconciled(seconds=20)
        await house.reconciled(seconds=1)
    assert (CaseState.DECLARED, REVOKED, 3) == (
        (await house.case(view.case.name)).case.state,
        fake.statuses[ECertId("FAKE-1")],
        len(fake.to_replace),
    )


async def test_arrived_late(house: House, fake: Faulty) -> None:
    """What replaced a certificate after all, when that was to be voided already, is voided itself."""
    view = await superseded(house, *[Unknown("the connection was lost")] * 3)
    for _ in range(2):
        await house.reconciled(seconds=20)
        await house.reconciled(seconds=1)
    fake.statuses[ECertId("FAKE-1")] = REPLACED
    fake.issue(fake.submissions[1])
    for _ in range(4):
        await house.reconciled(seconds=20)
        await house.reconciled(seconds=1)
    view = await house.case(view.case.name)
    assert CaseState.DECLARED == view.case.state
    assert {"FAKE-1": REPLACED, "FAKE-2": REVOKED} == fake.statuses


@pytest.mark.parametrize("answer", [Pending(timedelta(seconds=2)), Review("a person looks at it")])
async def test_decided_later(house: House, fake: Faulty, answer: Outcome) -> None:
    """While the platform decides, the case waits and the old certificate stands."""
    view = await superseded(house, answer)
    assert (CaseState.SUPERSEDING, ACTIVE) == (view.case.state, fake.statuses[ECertId("FAKE-1")])
    fake.statuses[ECertId("FAKE-1")] = REPLACED
    fake.issue(fake.submissions[-1])
    await house.reconciled(seconds=600)
    assert CaseState.CERTIFIED == (await house.case(view.case.name)).case.state


async def test_platform_does_not_say_so(house: House, fake: Faulty) -> None:
    """That the old one is out of force is not taken for granted: where the platform does not tell it, it is voided, and what
    the platform says to that counts."""
    name = (await house.process(order())).view.case.name
    fake.scripted_statuses.append(Unknown("no answer"))
    await house.declare(name, order("declare-2", change=more_of_it), with_order=True, supersede=True, wait=0)
    await house.quiet()
    view = await house.case(name)
    assert CaseState.CERTIFIED == view.case.state
    assert {"FAKE-2": (2, ACTIVE), "FAKE-1": (1, ACTIVE)} == await held(house, view)
    await house.reconciled(seconds=1)
    assert {"FAKE-2": (2, ACTIVE), "FAKE-1": (1, REPLACED)} == await held(house, view)
    assert [] == await waiting(house)


async def test_revoked_while_the_old_one_waits(house: House, fake: Faulty) -> None:
    """A new certificate that is revoked before the void of the old one is confirmed is told and recorded as revoked."""
    fake.awake_to_void.clear()
    fake.scripted_statuses.append(Unknown("no answer"))
    view = await superseded(house)
    assert {"FAKE-2": (2, ACTIVE), "FAKE-1": (1, ACTIVE)} == await held(house, view)
    fake.statuses[ECertId("FAKE-2")] = REVOKED
    answer = await house.decide(view.case.name)
    assert (CaseState.REVOKED, "INELIGIBLE") == (
        answer.view.case.state,
        answer.view.decisions["prereview"].outcome,
    )
    fake.awake_to_void.set()
    await house.reconciled(seconds=60)
    view = await house.case(view.case.name)
    assert {"FAKE-2": (2, REVOKED), "FAKE-1": (1, REPLACED)} == await held(house, view)
    assert CaseState.REVOKED == view.case.state


async def test_duplicate(house: House, fake: Faulty) -> None:
    """A certificate that was there for the content already replaced nothing: the old one is voided."""
    name = (await house.process(order())).view.case.name
    asked = order("declare-2", change=more_of_it)
    content = house.intake(asked).content
    assert content is not None
    submission = replace(fake.submissions[0], content=content, digest=house.intake(asked).content_digest)
    issued = fake.issue(replace(submission, reference=fake.submissions[0].reference))
    assert isinstance(issued, Issued)
    fake.scripted.append(Duplicate(issued.e_cert_id, issued.proof, submission.reference))
    await house.declare(name, asked, with_order=True, supersede=True, wait=0)
    await house.quiet()
    await house.reconciled(seconds=1)
    assert CaseState.CERTIFIED == (await house.case(name)).case.state
    assert {"FAKE-1": REVOKED, issued.e_cert_id: ACTIVE} == fake.statuses


async def test_cancelled_meanwhile(house: House, fake: Faulty) -> None:
    """Of an order that is cancelled while its certificate is being replaced nothing stands in the end."""
    view = await superseded(house, Pending(timedelta(seconds=2)))
    await house.cancel(view.case.name, wait=0)
    fake.statuses[ECertId("FAKE-1")] = REPLACED
    fake.issue(fake.submissions[-1])
    for _ in range(3):
        await house.reconciled(seconds=20)
    assert CaseState.CANCELLED == (await house.case(view.case.name)).case.state
    assert {"FAKE-1": REPLACED, "FAKE-2": REVOKED} == fake.statuses


async def test_revoked_meanwhile(house: House, fake: Faulty) -> None:
    """A certificate that the platform revoked cannot be replaced: the new declaration is certified anew."""
    name = (await house.process(order())).view.case.name
    fake.statuses[ECertId("FAKE-1")] = REVOKED
    await house.declare(name, order("declare-2", change=more_of_it), with_order=True, supersede=True, wait=0)
    await house.quiet()
    await house.reconciled(seconds=1)
    assert CaseState.DECLARED == (await house.case(name)).case.state


async def test_unproved(house: House, fake: Faulty) -> None:
    """What does not prove itself is for a person, who adopts it once it does; the old one is over by the platform's word."""
    name = (await house.process(order())).view.case.name
    fake.spoils_proof = True
    await house.declare(name, order("declare-2", change=more_of_it), with_order=True, supersede=True, wait=0)
    await house.quiet()
    [(one, steps)] = await waiting(house)
    assert (CaseState.MANUAL, (Step.ADOPT, Step.MARK_VOID)) == (one.view.case.state, steps)
    fake.spoils_proof = False
    asked = house.asked("AdoptCertificate", "adopt-1", name)
    view = await house.operating.adopt(asked, name, Claimed("FAKE-2", ""), "it is proved now")
    assert CaseState.CERTIFIED == view.case.state
    assert {"FAKE-2": (2, ACTIVE), "FAKE-1": (1, REPLACED)} == await held(house, view)


async def test_unproved_and_void(house: House, fake: Faulty) -> None:
    """Or has all of it voided, and the new declaration goes on."""
    name = (await house.process(order())).view.case.name
    fake.spoils_proof = True
    await house.declare(name, order("declare-2", change=more_of_it), with_order=True, supersede=True, wait=0)
    await house.quiet()
    view = await mark_void(house, name)
    assert CaseState.DECLARED == view.case.state
    assert {"FAKE-1": (1, REVOKED)} == await held(house, view)


async def test_cannot_be_looked_up(house: House, fake: Faulty) -> None:
    """Where the platform cannot be asked by our reference a person has it asked, and what it found replaces."""
    fake.without_lookup()
    view = await superseded(house, Unknown("the connection was lost"))
    await house.reconciled(seconds=20)
    view = await house.case(view.case.name)
    assert CaseState.MANUAL == view.case.state
    fake.statuses[ECertId("FAKE-1")] = REPLACED
    fake.issue(fake.submissions[-1])
    fake.capabilities = replace(fake.capabilities, lookup_by_reference=True)
    await retry(house, view.case.name)
    await house.reconciled(seconds=1)
    view = await house.case(view.case.name)
    assert CaseState.CERTIFIED == view.case.state
    assert {"FAKE-2": (2, ACTIVE), "FAKE-1": (1, REPLACED)} == await held(house, view)


async def test_dies_before_it_is_sent(house: House, fake: Faulty) -> None:
    """After a crash another process looks up what was to be sent, and sends the next generation."""
    name = (await house.process(order())).view.case.name
    fake.awake.clear()
    await house.declare(name, order("declare-2", change=more_of_it), with_order=True, supersede=True, wait=0)
    house = await house.restarted()
    fake.awake.set()
    for _ in range(3):
        await house.reconciled(seconds=20)
    assert CaseState.CERTIFIED == (await house.case(name)).case.state
    assert {"FAKE-1": REPLACED, "FAKE-2": ACTIVE} == fake.statuses
    await house.tasks.finish(0)


def more_to_canada(request: case_service_pb2.ProcessOrderRequest) -> None:
    """A change of what is certified, of an order that needs no certificate."""
    more_of_it(request)
    to_canada(request)


async def test_nothing_to_certify(house: House, fake: Faulty) -> None:
    """A declaration that the pre-review does not want certified replaces nothing: the certificate is voided."""
    name = (await house.process(order())).view.case.name
    await house.declare(name, order("declare-2", change=more_to_canada), with_order=True, supersede=True)
    assert ([], {"FAKE-1": REVOKED}) == (fake.to_replace, fake.statuses)


async def test_a_person_would_adopt_it(house: House, fake: Faulty) -> None:
    """A platform whose certificates only a person adopts is asked to void the old one first."""
    name = (await house.process(order())).view.case.name
    fake.capabilities = replace(fake.capabilities, binding=Binding.NONE)
    await house.declare(name, order("declare-2", change=more_of_it), with_order=True, supersede=True)
    assert ([], {"FAKE-1": REVOKED}) == (fake.to_replace, fake.statuses)


async def test_not_connected_any_more(house: House, fake: Faulty) -> None:
    """Nor does a platform replace anything that the site is not connected to any more."""
    name = (await house.process(order())).view.case.name
    house = await house.restarted(records=sites("another"))
    await house.declare(name, order("declare-2", change=more_of_it), with_order=True, supersede=True)
    assert ([], {"FAKE-1": REVOKED}) == (fake.to_replace, fake.statuses)
    await house.tasks.finish(0)
