"""What is answered of a case: read from the records, so that the same request gets the same answer on any process."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from engine.case import UNDER_WAY
from engine.certificate import CertificateStatus, Difference
from server.errors import StoreUnavailable
from server.store import Store, cases, decisions
from server.store.receipts import Receipt, receipt_of_decision
from server.store.records import DecisionRecord, RequestRecord
from server.workflow.casework import CaseView, view_by_name
from server.workflow.deciding import WORKFLOW
from server.workflow.tasks import Tasks

LOOK_FIRST: Final = 0.05
LOOK_LAST: Final = 0.5


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: the case, each question's decision as it is kept, and the e-Cert ID if it is this order's.

    `receipt` is that of the decisive decision, the last of the workflow's questions that was decided.
    """

    view: CaseView
    decisions: Mapping[str, str]
    e_cert_id: str | None
    receipt: Receipt | None = None
    differences: tuple[Difference, ...] = ()


class Answering:
    """Waits for work on cases, and reads what is answered."""

    def __init__(self, store: Store, tasks: Tasks) -> None:
        self._store = store
        self._tasks = tasks

    async def until_decided(self, tenant: str, name: str, end: float) -> None:
        """Waits while a platform is at work on the case, here or in another process, but not past `end`."""
        await self._tasks.wait(name, end - time.monotonic())
        pause = LOOK_FIRST
        while (left := end - time.monotonic()) > 0:
            case = await self._store.read(lambda c: cases.find(c, tenant, name))
            if case is None or case.state not in UNDER_WAY:
                return
            await asyncio.sleep(min(pause, left))
            pause = min(2 * pause, LOOK_LAST)

    async def when_decided(self, recorded: RequestRecord, end: float) -> Answer:
        """What is answered once no platform is at work on the request's case, but at `end` at the latest."""
        await self._tasks.wait(recorded.case_name or "", end - time.monotonic())
        pause = LOOK_FIRST
        while True:
            answer = await self.answer(recorded)
            left = end - time.monotonic()
            if left <= 0 or answer.view.case.state not in UNDER_WAY:
                return answer
            await asyncio.sleep(min(pause, left))
            pause = min(2 * pause, LOOK_LAST)

    async def view(self, tenant: str, name: str) -> CaseView:
        """The case as it is now."""
        view = await self._store.read(lambda c: view_by_name(c, tenant, name))
        if view is None:
            raise StoreUnavailable
        return view

    async def answer(self, recorded: RequestRecord) -> Answer:
        """What is answered to a request about the declaration that its case has: the request's decisions, or the case's
        later ones about the same declaration."""
        answer = await self._store.read(lambda c: self._read(c, recorded))
        if answer is None:
            raise StoreUnavailable
        return answer

    def _read(self, connection: Connection, recorded: RequestRecord) -> Answer | None:
        view = view_by_name(connection, recorded.tenant, recorded.case_name or "")
        if view is None:
            return None
        answered = _answered(connection, recorded, view)
        newest = [_newest(each, view.decisions.get(each.question)) for each in answered]
        by_question = {each.question: each for each in newest}
        decisive = [by_question[question] for question in WORKFLOW if question in by_question][-1:]
        return Answer(
            view,
            {each.question: each.body for each in newest},
            active_e_cert_id(view),
            next((self._receipt(connection, each) for each in decisive), None),
        )

    def _receipt(self, connection: Connection, decision: DecisionRecord) -> Receipt | None:
        """What proves a decision: at hand where this process recorded it lately, else read."""
        at_hand = self._store.at_hand.receipt(decision.tenant, decision.decision_id)
        return at_hand or receipt_of_decision(
            connection, decision.tenant, decision.case_name, decision.decision_id
        )


def active_e_cert_id(view: CaseView) -> str | None:
    """The e-Cert ID of the certificate that the case's declaration has in force."""
    held = view.held
    return held.e_cert_id if held is not None and held.status == CertificateStatus.ACTIVE else None


def _answered(connection: Connection, recorded: RequestRecord, view: CaseView) -> list[DecisionRecord]:
    """The request's decisions in their order; those that are still the case's latest are read once."""
    there = {one.decision_id: one for one in view.decisions.values()}
    others = [one for one in recorded.decisions if one not in there]
    there |= {one.decision_id: one for one in decisions.find_all(connection, recorded.tenant, others)}
    return [there[one] for one in recorded.decisions if one in there]


def _newest(answered: DecisionRecord, latest: DecisionRecord | None) -> DecisionRecord:
    """The case's latest decision where it is about the same declaration, else the one that was answered."""
    same = (
        latest is not None
        and answered.case_name is not None
        and answered.declaration_version is not None
        and answered.declaration_version == latest.declaration_version
    )
    return latest if same and latest is not None else answered
