"""ProcessOrder: one order's way through, from what the caller said to what is answered.

What is answered is read from the records, so that the same request again, on any process, gets the same answer.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.case import UNDER_WAY, CaseState
from engine.certificate import CertificateStatus, Difference
from engine.declaration import Content
from engine.platform import Platform
from server.errors import NoPlatform, RequestIdReused, StoreUnavailable
from server.platforms import Platforms
from server.store import Store, cases, decisions, requests
from server.store.errors import CaseChanged
from server.store.records import AttemptRecord, DecisionRecord, RequestRecord
from server.workflow.attempting import Attempting, HoldLost
from server.workflow.casework import CaseView, view_by_name, view_by_order
from server.workflow.certificate_facts import NOT_ISSUED, Statuses, certificate_facts
from server.workflow.deciding import Deciding, Facts, Made
from server.workflow.intake import Intake, came_with, changed_since
from server.workflow.recording import METHOD, Recording, RequestRaced
from server.workflow.tasks import Tasks

MOST_TRIES: Final = 5
LOOK_FIRST: Final = 0.05
LOOK_LAST: Final = 0.5

# States in which a version of the declaration may come without replacing anything at a platform.
OPEN_TO_DECLARE: Final = frozenset(
    {CaseState.INQUIRY, CaseState.ORDERED, CaseState.DECLARED, CaseState.REJECTED}
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: the case, each question's decision as it is kept, and the e-Cert ID if it is this order's."""

    view: CaseView
    decisions: Mapping[str, str]
    e_cert_id: str | None
    differences: tuple[Difference, ...]


class Processing:
    """Takes orders through all stages."""

    def __init__(
        self,
        store: Store,
        deciding: Deciding,
        platforms: Platforms,
        attempting: Attempting,
        statuses: Statuses,
        tasks: Tasks,
    ) -> None:
        self._store = store
        self._deciding = deciding
        self._platforms = platforms
        self._attempting = attempting
        self._statuses = statuses
        self._tasks = tasks
        self._recording = Recording(deciding, attempting)

    async def process(self, intake: Intake, wait: float) -> Answer:
        """Answers one order, after at most about `wait` seconds of waiting for a platform.

        Raises RequestIdReused, NoPlatform, StoreUnavailable.
        """
        end = time.monotonic() + wait
        recorded = await self._recorded(intake)
        if recorded.method != METHOD or recorded.body_digest != intake.body_digest:
            raise RequestIdReused(intake.request_id)
        name = recorded.case_name or ""
        await self._until_decided(intake.tenant, name, end)
        return await self._answer(intake, recorded, name)

    async def _recorded(self, intake: Intake) -> RequestRecord:
        """The record of this request, made now where there is none yet."""
        for _ in range(MOST_TRIES):
            there = await self._store.read(lambda c: requests.find(c, intake.tenant, intake.request_id))
            if there is not None:
                return there
            view = await self._store.read(
                lambda c: view_by_order(c, intake.tenant, intake.site_id, intake.order_id)
            )
            try:
                if view is None or (
                    view.case.state in OPEN_TO_DECLARE and not _rejected_before(view, intake)
                ):
                    await self._declare(intake, view)
                else:
                    await self._compare(intake, view)
            except (CaseChanged, RequestRaced):
                # Somebody else was quicker; what they recorded is read now.
                continue
        raise StoreUnavailable

    async def _declare(self, intake: Intake, view: CaseView | None) -> None:
        """Transaction 1: what is decided so far, and an attempt if the pre-review waits for nothing but a platform."""
        on = self._deciding.today()
        made = self._decided(intake.facts, on)
        platform = None
        if intake.content is not None and self._deciding.waits_for_platform(made[-1].decision):
            platform = self._platform(intake)
        # A caller that goes away between the commit and the sending stops neither.
        await asyncio.shield(self._begin(intake, view, made, on, platform))

    async def _begin(
        self,
        intake: Intake,
        view: CaseView | None,
        made: tuple[Made, ...],
        on: date,
        platform: Platform | None,
    ) -> None:
        attempt = await self._store.write(
            lambda tx: self._recording.order(tx, intake, view, made, on, platform)
        )
        if attempt is not None and platform is not None and intake.content is not None:
            self._tasks.start(self._send(attempt, platform, intake.content), name=attempt.case_name)

    async def _compare(self, intake: Intake, view: CaseView) -> None:
        """Decides an order whose case is with a platform, or was: nothing is changed or bought.

        A decision about what the case's declaration came with is the case's; one about anything else is only the
        request's.
        """
        differences = changed_since(view.content, intake)
        told: Mapping[str, object] = {}
        if view.case.state is CaseState.REJECTED:
            told = NOT_ISSUED
        elif view.held is not None and (fresh := await self._statuses.fresh(view.held)) is not None:
            told = certificate_facts(fresh, self._deciding.day_of(fresh.issued_at), differences)
        declared = view.declaration
        of_case = declared is not None and came_with(declared, intake)
        on = declared.on_day if declared is not None and of_case else self._deciding.today()
        made = self._decided({**intake.facts, "certificate": told}, on)
        await self._store.write(lambda tx: self._recording.compared(tx, intake, view.case, made, of_case))

    def _decided(self, facts: Facts, on: date) -> tuple[Made, ...]:
        return self._deciding.made(self._deciding.decide_workflow(facts, on), facts)

    def _platform(self, intake: Intake) -> Platform:
        among = self._platforms.among(intake.platforms)
        if not among:
            raise NoPlatform(intake.site_id)
        return among[0]

    async def _send(self, attempt: AttemptRecord, platform: Platform, content: Content) -> None:
        try:
            await self._attempting.send(attempt, platform, content)
        except HoldLost:
            return

    async def _until_decided(self, tenant: str, name: str, end: float) -> None:
        """Waits while a platform is at work on the case, here or in another process, but not past `end`."""
        await self._tasks.wait(name, end - time.monotonic())
        pause = LOOK_FIRST
        while (left := end - time.monotonic()) > 0:
            case = await self._store.read(lambda c: cases.find(c, tenant, name))
            if case is None or case.state not in UNDER_WAY:
                return
            await asyncio.sleep(min(pause, left))
            pause = min(2 * pause, LOOK_LAST)

    async def _answer(self, intake: Intake, recorded: RequestRecord, name: str) -> Answer:
        """The request's decisions, or the case's later ones about the same declaration."""
        view, answered = await self._store.read(
            lambda c: (
                view_by_name(c, intake.tenant, name),
                decisions.find_all(c, intake.tenant, recorded.decisions),
            )
        )
        if view is None:
            raise StoreUnavailable
        bodies = {each.question: _newest(each, view.decisions.get(each.question)).body for each in answered}
        differences = changed_since(view.content, intake)
        held = view.held
        ours = held is not None and held.status == CertificateStatus.ACTIVE and not differences
        return Answer(view, bodies, held.e_cert_id if ours and held else None, differences)


def _rejected_before(view: CaseView, intake: Intake) -> bool:
    """Whether the platform rejected just this content, or there is nothing new: asking again would change nothing."""
    return view.case.state is CaseState.REJECTED and (
        intake.content is None
        or (view.declaration is not None and view.declaration.digest == intake.content_digest)
    )


def _newest(answered: DecisionRecord, latest: DecisionRecord | None) -> DecisionRecord:
    """The case's latest decision where it is about the same declaration, else the one that was answered."""
    same = (
        latest is not None
        and answered.case_name is not None
        and answered.declaration_version is not None
        and answered.declaration_version == latest.declaration_version
    )
    return latest if same and latest is not None else answered
