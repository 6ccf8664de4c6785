"""What each answer of a platform makes of the attempt and of the case, in every state that a case can wait in."""

import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.case import AttemptState, CaseState
from engine.platform import (
    LookupAnswer,
    Misconfigured,
    NotFound,
    NotSent,
    Outcome,
    Pending,
    Rejected,
    Rejection,
    Retryable,
    Review,
    Unknown,
)
from engine.rulebook import Rulebook
from server.store import Store, attempts, decisions
from server.workflow.casework import CaseView
from server.workflow.patience import HoldLost, Patience
from tests.server.store.samples import MASTER
from tests.server.workflow.faulty import Faulty
from tests.server.workflow.house import PATIENCE, TENANT, Clock, House, order, outcome_of, states

LATER = 600.0

REJECTED = Rejected((Rejection("HS_DOUBTFUL", "2", "the HS code is doubtful"), Rejection("X-1", "", "")))
PENDING = Pending(timedelta(seconds=30))
REVIEW = Review("an officer looks at it")
RETRYABLE = Retryable("too many requests", None)
NOT_SENT = NotSent("no connection")
UNKNOWN = Unknown("the connection was lost")
MISCONFIGURED = Misconfigured("HTTP status 401")

OF_SUBMISSION = [
    (PENDING, CaseState.VERIFYING, AttemptState.PENDING),
    (REVIEW, CaseState.IN_REVIEW, AttemptState.REVIEW),
    (UNKNOWN, CaseState.RECONCILING, AttemptState.UNKNOWN),
    (REJECTED, CaseState.REJECTED, AttemptState.REJECTED),
    (RETRYABLE, CaseState.DECLARED, AttemptState.RETRYABLE),
    (NOT_SENT, CaseState.DECLARED, AttemptState.NOT_SENT),
    (MISCONFIGURED, CaseState.MANUAL, AttemptState.MISCONFIGURED),
]

# First what the platform answers to the submission, then what it answers to the look-up.
OF_LOOKUP = [
    (PENDING, PENDING, CaseState.VERIFYING, AttemptState.PENDING),
    (PENDING, REVIEW, CaseState.IN_REVIEW, AttemptState.REVIEW),
    (PENDING, REJECTED, CaseState.REJECTED, AttemptState.REJECTED),
    (PENDING, UNKNOWN, CaseState.VERIFYING, AttemptState.PENDING),
    (PENDING, RETRYABLE, CaseState.VERIFYING, AttemptState.PENDING),
    (PENDING, NOT_SENT, CaseState.VERIFYING, AttemptState.PENDING),
    (PENDING, MISCONFIGURED, CaseState.VERIFYING, AttemptState.PENDING),
    (REVIEW, PENDING, CaseState.IN_REVIEW, AttemptState.PENDING),
    (REVIEW, REVIEW, CaseState.IN_REVIEW, AttemptState.REVIEW),
    (REVIEW, REJECTED, CaseState.REJECTED, AttemptState.REJECTED),
    (REVIEW, UNKNOWN, CaseState.IN_REVIEW, AttemptState.REVIEW),
    (REVIEW, RETRYABLE, CaseState.IN_REVIEW, AttemptState.REVIEW),
    (REVIEW, NOT_SENT, CaseState.IN_REVIEW, AttemptState.REVIEW),
    (REVIEW, MISCONFIGURED, CaseState.IN_REVIEW, AttemptState.REVIEW),
    (UNKNOWN, PENDING, CaseState.RECONCILING, AttemptState.PENDING),
    (UNKNOWN, REVIEW, CaseState.IN_REVIEW, AttemptState.REVIEW),
    (UNKNOWN, REJECTED, CaseState.REJECTED, AttemptState.REJECTED),
    (UNKNOWN, UNKNOWN, CaseState.RECONCILING, AttemptState.UNKNOWN),
    (UNKNOWN, RETRYABLE, CaseState.RECONCILING, AttemptState.UNKNOWN),
    (UNKNOWN, NOT_SENT, CaseState.RECONCILING, AttemptState.UNKNOWN),
    (UNKNOWN, MISCONFIGURED, CaseState.RECONCILING, AttemptState.UNKNOWN),
]


def name_of(value: object) -> str:
    return type(value).__name__ if not isinstance(value, str) else value


async def submitted(house: House, fake: Faulty, *answers: Outcome) -> CaseView:
    """A case whose submissions were answered so."""
    fake.scripted.extend(answers)
    return await house.begun(order())


@pytest.mark.parametrize(("outcome", "state", "attempt"), OF_SUBMISSION, ids=name_of)
async def test_submission(
    house: House, fake: Faulty, outcome: Outcome, state: CaseState, attempt: AttemptState
) -> None:
    """What the platform answers to the submission."""
    view = await submitted(house, fake, outcome)
    assert (state, [attempt]) == (view.case.state, states(view))
    assert view.certificate is None
    assert view.attempts[0].because


@pytest.mark.parametrize(("first", "then", "state", "attempt"), OF_LOOKUP, ids=name_of)
async def test_lookup(
    house: House,
    fake: Faulty,
    first: Outcome,
    then: LookupAnswer,
    state: CaseState,
    attempt: AttemptState,
) -> None:
    """What the platform answers to a look-up; where it could not be asked, nothing is learnt."""
    view = await submitted(house, fake, first)
    fake.scripted_lookups.append(then)
    await house.reconciled(LATER)
    view = await house.case(view.case.name)
    assert (state, [attempt]) == (view.case.state, states(view))


@pytest.mark.parametrize("first", [PENDING, REVIEW, UNKNOWN], ids=name_of)
async def test_issued_later(house: House, fake: Faulty, first: Outcome) -> None:
    """Whatever the case waits for, a certificate that turns up and proves itself is adopted."""
    view = await submitted(house, fake, first)
    fake.issue(fake.submissions[0])
    await house.reconciled(LATER)
    view = await house.case(view.case.name)
    assert (CaseState.CERTIFIED, [AttemptState.ISSUED]) == (view.case.state, states(view))
    assert view.certificate is not None
    latest = view.decisions["prereview"].decision_id
    recorded = await house.store.read(lambda connection: decisions.find(connection, TENANT, latest))
    assert recorded is not None
    assert f'"{view.certificate.e_cert_id}"' in recorded.facts


@pytest.mark.parametrize("first", [PENDING, REVIEW, UNKNOWN], ids=name_of)
async def test_issued_later_and_false(house: House, fake: Faulty, first: Outcome) -> None:
    """A certificate that turns up and does not prove itself is for a person, and is no certificate here."""
    view = await submitted(house, fake, first)
    fake.issue(fake.submissions[0])
    fake.spoils_proof = True
    await house.reconciled(LATER)
    view = await house.case(view.case.name)
    assert (CaseState.MANUAL, [AttemptState.UNPROVED]) == (view.case.state, states(view))
    assert view.certificate is None


async def test_issued_and_false(house: House, fake: Faulty) -> None:
    """A certificate whose proof does not hold is for a person; its e-Cert ID is never answered."""
    fake.spoils_proof = True
    answer = await house.process(order())
    assert (CaseState.MANUAL, None) == (answer.view.case.state, answer.e_cert_id)
    assert ["certificate.status"] == _missing(answer.decisions["prereview"])


async def test_lost_reply(house: House, fake: Faulty) -> None:
    """Where the reply was lost, the look-up finds the certificate, and nothing is submitted twice."""
    fake.loses_reply = True
    view = await submitted(house, fake)
    assert CaseState.RECONCILING == view.case.state
    await house.reconciled(LATER)
    assert CaseState.CERTIFIED == (await house.case(view.case.name)).case.state
    assert 1 == len(fake.submissions)


async def test_keys_unknown(house: House, fake: Faulty) -> None:
    """A certificate that cannot be examined just now is neither good nor bad; it is looked up again."""
    fake.keys_known = False
    view = await submitted(house, fake)
    assert (CaseState.VERIFYING, [AttemptState.PENDING]) == (view.case.state, states(view))
    assert "the proof of FAKE-1 could not be examined" in view.attempts[0].because
    fake.keys_known = True
    await house.reconciled(LATER)
    assert CaseState.CERTIFIED == (await house.case(view.case.name)).case.state


async def test_no_answer_in_time(house: House, fake: Faulty) -> None:
    """A submission that is not answered in its time is unknown, and is looked up."""
    fake.awake.clear()
    house.attempting.patience = _quick()
    view = await submitted(house, fake)
    assert (CaseState.RECONCILING, [AttemptState.UNKNOWN]) == (view.case.state, states(view))
    assert "no answer came within 0.05 s" in view.attempts[0].because


async def test_lookup_not_answered_in_time(house: House, fake: Faulty) -> None:
    """A look-up that is not answered in its time teaches nothing."""
    view = await submitted(house, fake, REVIEW)
    house.attempting.patience = _quick()
    fake.awake.clear()
    await house.reconciled(LATER)
    view = await house.case(view.case.name)
    assert (CaseState.IN_REVIEW, [AttemptState.REVIEW]) == (view.case.state, states(view))


async def test_platform_without_lookup(house: House, fake: Faulty) -> None:
    """What a platform without look-up by our reference left unclear is for a person, and it is not asked on and on."""
    fake.without_lookup()
    view = await submitted(house, fake, UNKNOWN)
    await house.reconciled(LATER)
    view = await house.case(view.case.name)
    assert (CaseState.MANUAL, [AttemptState.UNKNOWN]) == (view.case.state, states(view))
    assert ([], 0) == (fake.looked_up, await house.reconciled(LATER))


async def test_poll_soon(house: House, fake: Faulty) -> None:
    """However soon a platform wants to be asked again, a second passes first."""
    await submitted(house, fake, Pending(timedelta(0)))
    assert (0, 1) == (await house.reconciled(0.9), await house.reconciled(0.2))


async def test_too_little_lease(house: House, fake: Faulty) -> None:
    """An attempt whose lease would end before its sending is not sent."""
    house.attempting.patience = replace(PATIENCE, attempt=timedelta(seconds=9.5))
    view = await submitted(house, fake)
    assert (CaseState.VERIFYING, [AttemptState.PLANNED]) == (view.case.state, states(view))
    assert [] == fake.submissions


async def test_lease_lost(house: House, fake: Faulty) -> None:
    """Who lost an attempt to somebody else writes nothing, though the platform answered."""
    fake.awake.clear()
    answer = await house.process(order(), wait=0)
    await fake.asked.wait()
    house.clock.passes(11)
    taken = await house.store.write(lambda tx: attempts.take_due(tx, house.attempting.lease, 10))
    fake.awake.set()
    await house.quiet()
    view = await house.case(answer.view.case.name)
    assert (CaseState.VERIFYING, [AttemptState.UNKNOWN]) == (view.case.state, states(view))
    assert (None, 2) == (view.certificate, taken[0].fence)


async def test_lease_lost_is_said(house: House, fake: Faulty) -> None:
    """Whoever writes without the hold is told, so that no caller takes it for written."""
    view = await submitted(house, fake, UNKNOWN)
    old = view.attempts[0]
    house.clock.passes(LATER)
    await house.store.write(lambda tx: attempts.take_due(tx, house.attempting.lease, 10))
    fake.issue(fake.submissions[0])
    with pytest.raises(HoldLost):
        await house.attempting.look_up(old, fake)
    assert (await house.case(view.case.name)).certificate is None


async def test_not_found_too_early(house: House, fake: Faulty) -> None:
    """Before the settle time has passed, a platform's "not found" is not believed."""
    view = await submitted(house, fake, UNKNOWN)
    assert 1 == await house.reconciled(5)
    view = await house.case(view.case.name)
    assert (CaseState.RECONCILING, [AttemptState.UNKNOWN]) == (view.case.state, states(view))
    assert 1 == len(fake.looked_up)


async def test_asked_too_early(house: House, fake: Faulty) -> None:
    """What counts is when the platform was asked: it may have got the submission before its answer is here."""
    view = await submitted(house, fake, UNKNOWN)
    fake.answering = lambda: house.clock.passes(2)
    await house.reconciled(14)
    view = await house.case(view.case.name)
    assert (CaseState.RECONCILING, [AttemptState.UNKNOWN]) == (view.case.state, states(view))


async def test_found_absent_by_the_clock_of_the_leases(
    upgraded_postgresql: str, rulebook: Rulebook, fake: Faulty, clock: Clock
) -> None:
    """Where the database has a clock, a process whose own one is ahead believes no "not found" before its time either."""
    with closing(Store.open(upgraded_postgresql, clock, MASTER)) as store:
        house = House(store, rulebook, clock, (fake,))
        view = await submitted(house, fake, UNKNOWN)
        clock.now = datetime.now(UTC) + timedelta(hours=1)
        await store.write(lambda tx: attempts.look_up_now(tx, view.attempts[0]))
        await house.reconciled()
        view = await house.case(view.case.name)
    assert (CaseState.RECONCILING, [AttemptState.UNKNOWN]) == (view.case.state, states(view))
    assert 1 == len(fake.looked_up)


@pytest.mark.parametrize("first", [PENDING, REVIEW], ids=name_of)
async def test_forgotten_by_the_platform(house: House, fake: Faulty, first: Outcome) -> None:
    """What a platform took and then does not know goes to a person, also after look-ups that told nothing."""
    view = await submitted(house, fake, first)
    fake.scripted_lookups.append(UNKNOWN)
    await house.reconciled(LATER)
    fake.scripted_lookups.append(NotFound())
    await house.reconciled(LATER)
    view = await house.case(view.case.name)
    assert (CaseState.MANUAL, [AttemptState.UNPROVED]) == (view.case.state, states(view))
    assert 1 == len(fake.submissions)


def _quick() -> Patience:
    return replace(PATIENCE, attempt=timedelta(seconds=0.05))


def _missing(body: str) -> list[str]:
    assert "UNDETERMINED" == outcome_of(body)
    missing: list[str] = json.loads(body)["missing"]
    return missing
