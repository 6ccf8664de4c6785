"""The decision that follows on an attempt's outcome."""

from dataclasses import replace

from server.workflow.case_decisions import CaseDecisions
from server.workflow.deciding import Deciding
from server.workflow.shelf import Shelf
from tests.server.workflow.house import TENANT, House, order


async def test_at_hand_or_read(rehearsal: House) -> None:
    """What was decided a moment ago need not be read: the process that has it at hand and one that reads decide the same."""
    answer = await rehearsal.process(order())
    attempt = answer.view.attempts[0]
    other = Deciding(rehearsal.deciding.rulebook, rehearsal.clock)
    found = [
        await CaseDecisions(
            rehearsal.store, deciding, Shelf(rehearsal.store, deciding), rehearsal.records
        ).with_certificate(attempt, None)
        for deciding in (rehearsal.deciding, other)
    ]
    [here, read] = [made for made in found if made is not None]
    assert (here.decision, here.body, here.facts) == (read.decision, read.body, read.facts)
    assert rehearsal.deciding.lately(TENANT, attempt.case_name) is not None
    assert other.lately(TENANT, attempt.case_name) is None


async def test_another_version(rehearsal: House) -> None:
    """Nothing is decided about a version of the declaration that the case does not have, at hand or not."""
    answer = await rehearsal.process(order())
    attempt = replace(answer.view.attempts[0], declaration_version=2)
    shelf = Shelf(rehearsal.store, rehearsal.deciding)
    decisions = CaseDecisions(rehearsal.store, rehearsal.deciding, shelf, rehearsal.records)
    assert await decisions.with_certificate(attempt, None) is None
