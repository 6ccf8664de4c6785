"""One order's way through: scope, declaration, platform, pre-review."""

from typing import Any

import pytest

from engine.case import AttemptState, CaseState
from engine.platform import NotSent, Rejected, Rejection
from server.errors import NoPlatform
from tests.server.workflow.faulty import Faulty
from tests.server.workflow.house import (
    House,
    more_of_it,
    order,
    outcomes,
    sites,
    states,
    to_canada,
    without_declaration,
)

REJECTION = Rejected((Rejection("HS_DOUBTFUL", "2", "the HS code is doubtful"),))


async def test_eligible(rehearsal: House) -> None:
    """An order with a complete declaration gets its certificate and its pre-review in one call."""
    answer = await rehearsal.process(order())
    assert {
        "scope": "IN_SCOPE",
        "certification": "VALID",
        "origin": "ORIGINATING",
        "prereview": "ELIGIBLE",
    } == outcomes(answer)
    assert answer.view.certificate is not None
    assert ("CERTIFIED", answer.view.certificate.e_cert_id) == (answer.view.case.state, answer.e_cert_id)


async def test_not_bought(house: House, fake: Faulty) -> None:
    """Where the order is out of scope no platform is called, and the law's questions are answered."""
    answer = await house.process(order(change=to_canada))
    assert ("OUT_OF_SCOPE", "VALID", "NOT_APPLICABLE") == (
        outcomes(answer)["scope"],
        outcomes(answer)["certification"],
        outcomes(answer)["prereview"],
    )
    assert [] == fake.submissions
    assert CaseState.DECLARED == answer.view.case.state


async def test_site_not_connected(house: House, fake: Faulty) -> None:
    """A suspended order is answered without buying a certificate."""
    house = await house.restarted(records=sites("fake", integration="NONE"))
    answer = await house.process(order())
    assert ("SUSPENDED", []) == (outcomes(answer)["prereview"], fake.submissions)


async def test_no_platform(house: House) -> None:
    """A site without a platform that is set up here is refused, and nothing is recorded."""
    house = await house.restarted(records=sites("another"))
    with pytest.raises(NoPlatform):
        await house.process(order())
    house = await house.restarted(records=sites("fake"))
    assert CaseState.CERTIFIED == (await house.process(order())).view.case.state


async def test_rejected(house: House, fake: Faulty) -> None:
    """What the platform rejected is ineligible for want of a certificate, and each reason is told with its line."""
    fake.scripted.append(REJECTION)
    answer = await house.process(order())
    assert (CaseState.REJECTED, "INELIGIBLE") == (answer.view.case.state, outcomes(answer)["prereview"])
    assert "line 2: the HS code is doubtful" in answer.view.attempts[0].because


async def test_rejected_again(house: House, fake: Faulty) -> None:
    """What was rejected is not sent again as it is; a changed declaration is a new version."""
    fake.scripted.append(REJECTION)
    await house.process(order())
    again = await house.process(order("request-2"))
    assert ("INELIGIBLE", 1) == (outcomes(again)["prereview"], len(fake.submissions))
    mended = await house.process(order("request-3", change=more_of_it))
    assert (CaseState.CERTIFIED, 2) == (mended.view.case.state, mended.view.case.declaration_version)


async def test_not_sent(house: House, fake: Faulty) -> None:
    """Where no byte left, the same order in another request is sent again."""
    fake.scripted.append(NotSent("no connection"))
    first = await house.process(order())
    assert (CaseState.DECLARED, "UNDETERMINED") == (first.view.case.state, outcomes(first)["prereview"])
    house.clock.passes(1)
    second = await house.process(order("request-2"))
    assert [AttemptState.NOT_SENT, AttemptState.ISSUED] == states(second.view)


async def test_case_follows(house: House, fake: Faulty) -> None:
    """The case keeps the order that was last accepted."""
    fake.scripted.append(NotSent("no connection"))
    await house.process(order())
    answer = await house.process(order("request-2", change=to_canada))
    assert '"destination": "CA"' in answer.view.case.order
    assert (CaseState.DECLARED, 2) == (answer.view.case.state, answer.view.case.declaration_version)


async def test_orders_without_declaration(house: House) -> None:
    """Two requests about an order that is not declared yet are each answered for what they said."""
    first = await house.process(order(change=without_declaration))

    def change(request: Any) -> None:
        without_declaration(request)
        to_canada(request)

    second = await house.process(order("request-2", change=change))
    assert ("IN_SCOPE", "OUT_OF_SCOPE") == (outcomes(first)["scope"], outcomes(second)["scope"])
    assert "IN_SCOPE" == outcomes(await house.process(order(change=without_declaration)))["scope"]
    assert CaseState.ORDERED == second.view.case.state


async def test_changed_after_issue(rehearsal: House) -> None:
    """A line that was changed after the issue is named, the e-Cert ID is not returned, and nothing is bought."""
    first = await rehearsal.process(order())
    second = await rehearsal.process(order("request-2", change=more_of_it))
    assert ["line 2, quantity: was 4, is 40"] == [str(difference) for difference in second.differences]
    assert (None, "INELIGIBLE") == (second.e_cert_id, outcomes(second)["prereview"])
    assert first.view.case == second.view.case


async def test_changed_after_issue_without_declaration(house: House) -> None:
    """A changed line is a difference also where the declaration is not sent again."""

    def change(request: Any) -> None:
        more_of_it(request)
        without_declaration(request)

    await house.process(order())
    second = await house.process(order("request-2", change=change))
    assert ["line 2, quantity: was 4, is 40"] == [str(difference) for difference in second.differences]
    assert second.e_cert_id is None


async def test_lines_not_sent_again(house: House) -> None:
    """An order that is asked about by its id alone has the certificate that it has."""

    def change(request: Any) -> None:
        without_declaration(request)
        request.order.ClearField("lines")

    first = await house.process(order())
    second = await house.process(order("request-2", change=change))
    assert (first.e_cert_id, ()) == (second.e_cert_id, second.differences)
