"""The decision that follows on an attempt's outcome."""

from dataclasses import replace

import pytest

from server.our_records import OurRecords
from server.store.records import AttemptRecord
from server.workflow.case_decisions import CaseDecisions
from server.workflow.deciding import Deciding, Made
from server.workflow.shelf import Shelf
from tests.server.workflow.house import TENANT, House, order, sites


async def decided(house: House, attempt: AttemptRecord, deciding: Deciding, records: OurRecords) -> Made:
    """What is decided once the platform has issued nothing."""
    shelf = Shelf(house.store, deciding)
    made = await CaseDecisions(house.store, deciding, shelf, records).with_certificate(attempt, None)
    assert made is not None
    return made


async def test_at_hand_or_read(rehearsal: House) -> None:
    """What was decided a moment ago need not be read: the process that has it at hand and one that reads decide the same."""
    answer = await rehearsal.process(order())
    attempt = answer.view.attempts[0]
    other = Deciding(rehearsal.deciding.rulebook, rehearsal.clock)
    here = await decided(rehearsal, attempt, rehearsal.deciding, rehearsal.records)
    read = await decided(rehearsal, attempt, other, rehearsal.records)
    assert (here.decision, here.body, here.facts) == (read.decision, read.body, read.facts)
    lately = rehearsal.deciding.lately(TENANT, attempt.case_name)
    assert lately is not None
    assert here.written is lately.made[-1].written
    assert here.about["site"] is lately.made[-1].about["site"]
    assert other.lately(TENANT, attempt.case_name) is None


@pytest.mark.parametrize(
    ("integration", "outcome"), [("NONE", "SUSPENDED"), (None, "UNDETERMINED")], ids=["none", "unknown"]
)
async def test_our_records_changed(rehearsal: House, integration: str | None, outcome: str) -> None:
    """Our record of the site counts as it is now, for the process that has the order at hand and for one that reads it."""
    attempt = (await rehearsal.process(order())).view.attempts[0]
    other = Deciding(rehearsal.deciding.rulebook, rehearsal.clock)
    now = OurRecords(sites("sandbox", integration=integration))
    here = await decided(rehearsal, attempt, rehearsal.deciding, now)
    read = await decided(rehearsal, attempt, other, now)
    assert (outcome, outcome) == (here.decision.outcome, read.decision.outcome)
    assert (here.decision, here.body, here.facts) == (read.decision, read.body, read.facts)


async def test_another_version(rehearsal: House) -> None:
    """Nothing is decided about a version of the declaration that the case does not have, at hand or not."""
    answer = await rehearsal.process(order())
    attempt = replace(answer.view.attempts[0], declaration_version=2)
    shelf = Shelf(rehearsal.store, rehearsal.deciding)
    decisions = CaseDecisions(rehearsal.store, rehearsal.deciding, shelf, rehearsal.records)
    assert await decisions.with_certificate(attempt, None) is None
