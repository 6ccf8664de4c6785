"""A certificate's status counts as known for a while; then its platform is asked again, and believed."""

import pytest

from engine.case import CaseState
from engine.certificate import CertificateStatus, ECertId
from engine.platform import NotFound, StatusAnswer, Unknown
from server.platforms import Platforms
from server.store.records import CertificateRecord
from server.workflow.casework import CaseView
from server.workflow.certificate_facts import Statuses
from tests.server.workflow.faulty import Faulty
from tests.server.workflow.house import STATUS_AGE, House, order, outcomes

STALE = STATUS_AGE.total_seconds() + 1


async def certified(house: House) -> tuple[CaseView, CertificateRecord]:
    """A case with an active certificate."""
    view = await house.begun(order())
    assert view.certificate is not None
    return view, view.certificate


async def as_told(house: House, fake: Faulty, status: CertificateStatus, seconds: float) -> None:
    """The platform changes the status, and some time passes."""
    _, certificate = await certified(house)
    fake.statuses[ECertId(certificate.e_cert_id)] = status
    house.clock.passes(seconds)
    fake.now = house.clock.now


async def test_fresh(house: House, fake: Faulty) -> None:
    """A status that was told a moment ago is not asked for again."""
    await as_told(house, fake, CertificateStatus.REVOKED, STALE - 2)
    answer = await house.process(order("request-2"))
    assert (CaseState.CERTIFIED, "FAKE-1") == (answer.view.case.state, answer.e_cert_id)


async def test_stale_and_active(house: House, fake: Faulty) -> None:
    """A status that is too old is asked for again, and counts from then."""
    await as_told(house, fake, CertificateStatus.ACTIVE, STALE)
    answer = await house.process(order("request-2"))
    assert answer.view.certificate is not None
    assert ("FAKE-1", house.clock.now) == (answer.e_cert_id, answer.view.certificate.status_at)


@pytest.mark.parametrize(
    ("status", "state", "reason"),
    [
        (CertificateStatus.REVOKED, CaseState.REVOKED, "CERTIFICATE_REVOKED"),
        (CertificateStatus.REPLACED, CaseState.REVOKED, "CERTIFICATE_REPLACED"),
        (CertificateStatus.EXPIRED, CaseState.EXPIRED, "CERTIFICATE_EXPIRED"),
    ],
)
async def test_no_longer_in_force(
    house: House, fake: Faulty, status: CertificateStatus, state: CaseState, reason: str
) -> None:
    """A certificate that is no longer in force ends the case, and the order is ineligible."""
    await as_told(house, fake, status, STALE)
    answer = await house.process(order("request-2"))
    assert (state, None) == (answer.view.case.state, answer.e_cert_id)
    assert "INELIGIBLE" == outcomes(answer)["prereview"]
    assert f'"reason": "{reason}"' in answer.decisions["prereview"]


async def test_ended_for_good(house: House, fake: Faulty) -> None:
    """A certificate that ended is not asked for again: its case is over."""
    await as_told(house, fake, CertificateStatus.REVOKED, STALE)
    await house.process(order("request-2"))
    fake.statuses[ECertId("FAKE-1")] = CertificateStatus.ACTIVE
    house.clock.passes(STALE)
    answer = await house.process(order("request-3"))
    assert (CaseState.REVOKED, "INELIGIBLE") == (answer.view.case.state, outcomes(answer)["prereview"])


@pytest.mark.parametrize("told", [NotFound(), Unknown("lost")], ids=["not found", "no answer"])
async def test_not_told(house: House, fake: Faulty, told: StatusAnswer) -> None:
    """A status that is too old, and is not told, is unknown: the pre-review waits for it."""
    await certified(house)
    house.clock.passes(STALE)
    fake.scripted_statuses.append(told)
    answer = await house.process(order("request-2"))
    assert ("UNDETERMINED", CaseState.CERTIFIED) == (
        outcomes(answer)["prereview"],
        answer.view.case.state,
    )
    assert '"missing": ["certificate.status"]' in answer.decisions["prereview"]


async def test_platform_silent(house: House, fake: Faulty) -> None:
    """A platform that does not answer in time has told nothing."""
    _, certificate = await certified(house)
    house.clock.passes(STALE)
    fake.awake.clear()
    assert await house.statuses.fresh(certificate) is None
    fake.awake.set()


async def test_platform_not_set_up(house: House) -> None:
    """Nor has one that is not set up here any more."""
    _, certificate = await certified(house)
    house.clock.passes(STALE)
    statuses = Statuses(house.store, Platforms(()), house.clock, STATUS_AGE, patience=0.5)
    assert await statuses.fresh(certificate) is None


async def test_older_word(house: House, fake: Faulty) -> None:
    """What was told earlier never replaces what was told later."""
    _, certificate = await certified(house)
    await as_told(house, fake, CertificateStatus.REVOKED, STALE)
    ended = await house.statuses.asked(certificate)
    fake.statuses[ECertId(certificate.e_cert_id)] = CertificateStatus.ACTIVE
    fake.now = certificate.status_at
    assert ended == await house.statuses.asked(certificate)
