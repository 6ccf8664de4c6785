"""ProcessOrder: one order's way through, from what the caller said to what is answered."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from engine.case import CaseState
from engine.declaration import Content
from engine.platform import Platform
from engine.written_facts import Written
from server.errors import NoPlatform
from server.store import Store
from server.store.errors import CaseChanged
from server.store.records import AttemptRecord, CertificateRecord, RequestRecord
from server.workflow.answering import Answer, Answering
from server.workflow.attempting import Attempting
from server.workflow.casework import CaseView, view_by_order
from server.workflow.certificate_facts import NOT_ISSUED, Statuses
from server.workflow.choosing import Choosing
from server.workflow.covering import Covering, Weighed, held_facts
from server.workflow.deciding import Book, Deciding, Facts, Lately, Made
from server.workflow.intake import Intake, came_with, changed_since
from server.workflow.patience import HoldLost
from server.workflow.recording import Recording
from server.workflow.requesting import Request, Requesting, RequestRaced
from server.workflow.shelf import Shelf
from server.workflow.tasks import Tasks

METHOD: Final = "ProcessOrder"

# States in which a version of the declaration may come without replacing anything at a platform.
OPEN_TO_DECLARE: Final = frozenset(
    {CaseState.INQUIRY, CaseState.ORDERED, CaseState.DECLARED, CaseState.REJECTED}
)


class Processing:
    """Takes orders through all stages."""

    def __init__(
        self,
        store: Store,
        deciding: Deciding,
        shelf: Shelf,
        choosing: Choosing,
        attempting: Attempting,
        statuses: Statuses,
        tasks: Tasks,
        recording: Recording,
        requesting: Requesting,
        answering: Answering,
        covering: Covering,
    ) -> None:
        self._store = store
        self._deciding = deciding
        self._shelf = shelf
        self._choosing = choosing
        self._attempting = attempting
        self._statuses = statuses
        self._tasks = tasks
        self._requesting = requesting
        self._answering = answering
        self._recording = recording
        self._covering = covering

    async def process(self, intake: Intake, wait: float) -> Answer:
        """Answers one order, after at most about `wait` seconds of waiting for a platform.

        Raises RequestIdReused, NoPlatform, LimitExceeded, StoreUnavailable.
        """
        end = time.monotonic() + wait
        request = intake.request(METHOD)
        recorded = await self._taken_as_new(request, intake) or await self._requesting.once_seen(
            request,
            lambda c: view_by_order(c, intake.tenant, intake.site_id, intake.order_id),
            lambda view: self.take_on(request, intake, view),
        )
        answer = await self._answering.when_decided(recorded, end)
        declared = answer.view.declaration
        same = declared is not None and declared.digest == intake.content_digest
        differences = () if same else changed_since(answer.view.content, intake)
        # A certificate that is in force, and for another content, is not this order's.
        return replace(answer, e_cert_id=None if differences else answer.e_cert_id, differences=differences)

    async def _taken_as_new(self, request: Request, intake: Intake) -> RequestRecord | None:
        """The record of a request that nothing was known of; None where something is, and has to be looked at first.

        Most orders are new, and the transaction that writes them sees whether they are.
        """
        try:
            return await self._declare(request, intake, None)
        except (CaseChanged, NoPlatform, RequestRaced):
            return None

    async def take_on(self, request: Request, intake: Intake, view: CaseView | None) -> RequestRecord | None:
        """Declares an order where that is open, and decides it; elsewhere only decides. The request's record, if at hand."""
        if view is None or (view.case.state in OPEN_TO_DECLARE and not _rejected_before(view, intake)):
            return await self._declare(request, intake, view)
        await self.compare(request, intake, view)
        return None

    async def _declare(self, request: Request, intake: Intake, view: CaseView | None) -> RequestRecord:
        """Transaction 1: what is decided so far, and an attempt if the pre-review waits for nothing but a platform."""
        book = self._deciding.book
        on = book.today()
        made = self.decided(book, intake.facts, on, intake.written)
        if intake.use is not None and book.waits_for_platform(made[-1].decision):
            weighed = await self._covering.weigh(intake)
            made = self.decided(book, {**intake.facts, "certificate": weighed.facts}, on, intake.written)
            return await self._begin(request, intake, view, made, None, weighed)
        platform = self.platform_for(book, intake, made)
        # A caller that goes away between the commit and the sending stops neither.
        return await asyncio.shield(self._begin(request, intake, view, made, platform))

    async def _begin(
        self,
        request: Request,
        intake: Intake,
        view: CaseView | None,
        made: tuple[Made, ...],
        platform: Platform | None,
        weighed: Weighed | None = None,
    ) -> RequestRecord:
        began = self.began()
        begun = await self._store.write(
            lambda tx: self._recording.order(tx, request, intake, view, made, platform, weighed)
        )
        if begun is None:
            raise RequestRaced
        recorded, attempt = begun
        if attempt is not None and platform is not None and intake.content is not None:
            lately = Lately(attempt.declaration_version, intake.said, made)
            self._deciding.note(attempt.tenant, attempt.case_name, lately)
            self.send(attempt, platform, intake.content, began)
        return recorded

    async def compare(self, request: Request, intake: Intake, view: CaseView) -> None:
        """Decides an order whose case is with a platform, or was: nothing is changed or bought.

        A decision about what the case's declaration came with is the case's; one about anything else is only the
        request's.
        """
        differences = changed_since(view.content, intake)
        told: Mapping[str, object] = {}
        declared = view.declaration
        of_case = declared is not None and came_with(declared, intake)
        book = self._deciding.book
        on = book.today()
        if declared is not None and of_case:
            book, on = await self._shelf.pinned(declared.rulebook_digest), declared.on_day
        if view.case.state is CaseState.REJECTED:
            told = NOT_ISSUED
        elif view.held is not None and (fresh := await self._statuses.fresh(view.held)) is not None:
            told = held_facts(view, fresh, book.day_of(fresh.issued_at), differences)
        made = self.decided(book, {**intake.facts, "certificate": told}, on, intake.written)
        digest = intake.content_digest or None
        await self._store.write(
            lambda tx: self._recording.compared(tx, request, view.case, made, of_case, digest)
        )

    def decided(self, book: Book, facts: Facts, on: date, written: Written) -> tuple[Made, ...]:
        """The book's answers to the questions of the workflow, to be recorded."""
        return self._deciding.made(book.decide_workflow(facts, on, written=written), facts, written)

    def platform_for(self, book: Book, intake: Intake, made: tuple[Made, ...]) -> Platform | None:
        """The platform to ask, where the pre-review waits for nothing but a platform. Raises NoPlatform.

        None for an order that is to stand under a certificate that is there.
        """
        if intake.use is not None or intake.content is None or not book.waits_for_platform(made[-1].decision):
            return None
        platform = self._choosing.first(intake.platforms, intake.content)
        if platform is None:
            raise NoPlatform(intake.site_id)
        return platform

    def platform_to_replace(
        self, book: Book, intake: Intake, made: tuple[Made, ...], certificate: CertificateRecord
    ) -> Platform | None:
        """The platform that replaces the certificate in one step, where the pre-review waits for nothing but a platform."""
        if intake.content is None or not book.waits_for_platform(made[-1].decision):
            return None
        return self._choosing.to_replace(intake.platforms, certificate, intake.content)

    def began(self) -> float:
        """The moment now, for `send`: before the transaction that plans an attempt."""
        return self._attempting.monotonic()

    def send(self, attempt: AttemptRecord, platform: Platform, content: Content, began: float) -> None:
        """Sends a planned attempt that this process holds, in the background; see Attempting.send for `began`."""
        self._tasks.start(
            self._sent(attempt, platform, content, began), name=attempt.case_name, tenant=attempt.tenant
        )

    async def _sent(self, attempt: AttemptRecord, platform: Platform, content: Content, began: float) -> None:
        try:
            await self._attempting.send(attempt, platform, content, began)
        except HoldLost:
            return


def _rejected_before(view: CaseView, intake: Intake) -> bool:
    """Whether the platform rejected just this content, or there is nothing new: asking again would change nothing."""
    return view.case.state is CaseState.REJECTED and (
        intake.content is None
        or (view.declaration is not None and view.declaration.digest == intake.content_digest)
    )
