"""The stages of an order, one call each: inquiry, order, declaration, certificate. ProcessOrder takes all in one."""

import asyncio
import time
from typing import Final

from engine.case import TABLE, CaseState, Event
from server.errors import (
    CaseStateForbids,
    DeclarationConflicts,
    RequestInvalid,
    Violation,
)
from server.our_records import OurRecords
from server.store import Store, Transaction, cases
from server.store.records import AttemptRecord, RequestRecord
from server.wire.texts import Texts, facts_of
from server.workflow.answering import Answer, Answering, active_e_cert_id
from server.workflow.casework import CaseView, named, view_by_order
from server.workflow.clearing import void_all, wind_down
from server.workflow.deciding import Deciding
from server.workflow.intake import Intake, Use, came_with, changed_since, take_in, take_in_under
from server.workflow.planning import next_generation
from server.workflow.processing import OPEN_TO_DECLARE, Processing
from server.workflow.recording import Recording
from server.workflow.replacing import SUPERSEDED, in_force, only_one
from server.workflow.requesting import Request, Requesting
from server.workflow.shelf import Shelf
from server.workflow.voiding import Voiding

# A certificate that ended is superseded even by the same content.
_ENDED: Final = frozenset({CaseState.REVOKED, CaseState.EXPIRED})
_GIVEN_UP: Final = frozenset({CaseState.CANCELLING, CaseState.CANCELLED})


class Stages:
    """Takes cases on by one stage."""

    def __init__(
        self,
        store: Store,
        deciding: Deciding,
        shelf: Shelf,
        records: OurRecords,
        processing: Processing,
        recording: Recording,
        requesting: Requesting,
        answering: Answering,
        voiding: Voiding,
    ) -> None:
        self._store = store
        self._deciding = deciding
        self._shelf = shelf
        self._records = records
        self._processing = processing
        self._recording = recording
        self._requesting = requesting
        self._answering = answering
        self._voiding = voiding

    async def open_inquiry(self, intake: Intake) -> Answer:
        """Opens a case with an inquiry, or replaces what it said. Raises CaseStateForbids where it is an order already."""
        request = intake.request("OpenInquiry")

        async def act() -> None:
            view = await self._by_order(intake)
            if view is not None and view.case.state is not CaseState.INQUIRY:
                raise CaseStateForbids(view.case.name, view.case.state, "it is past its inquiry")
            book = self._deciding.book
            made = self._processing.decided(book, intake.facts, book.today(), intake.written)

            def work(tx: Transaction) -> None:
                if view is None:
                    case = self._recording.open(tx, request, intake, Event.INQUIRE)
                else:
                    case = self._recording.replace(tx, request, intake, view.case, Event.INQUIRE)
                self._requesting.record(tx, request, case, made, declared=False)

            await self._store.write(work)

        return await self._answering.answer(await self._requesting.once(request, act))

    async def place_order(self, intake: Intake) -> Answer:
        """Places an order, of an inquiry or by itself. Nothing is asked of a platform.

        Raises CaseStateForbids, and DeclarationConflicts where another content is at a platform.
        """
        request = intake.request("PlaceOrder")

        async def act() -> None:
            view = await self._by_order(intake)
            if view is None or view.case.state in OPEN_TO_DECLARE - {CaseState.REJECTED}:
                await self._place(request, intake, view)
                return
            if view.case.state is CaseState.REJECTED:
                mend = "declare its origin anew, with the order as it is now"
                raise CaseStateForbids(view.case.name, view.case.state, mend)
            _hold_wanted(view)
            _hold_content(view, intake)
            await self._processing.compare(request, intake, view)

        return await self._answering.answer(await self._requesting.once(request, act))

    async def _place(self, request: Request, intake: Intake, view: CaseView | None) -> None:
        book = self._deciding.book
        made = self._processing.decided(book, intake.facts, book.today(), intake.written)
        same = (
            view is not None
            and view.case.state is not CaseState.INQUIRY
            and (view.case.site, view.case.order) == (intake.texts.site, intake.texts.order)
        )

        def work(tx: Transaction) -> None:
            if view is None:
                case = self._recording.open(tx, request, intake, Event.PLACE)
            elif same:
                # The order that is there came again: what was declared for it stays.
                cases.hold(tx, view.case)
                case = view.case
            else:
                case = self._recording.replace(tx, request, intake, view.case, Event.PLACE)
            self._requesting.record(tx, request, case, made, of_case=not same, declared=False)

        await self._store.write(work)

    async def declare(
        self,
        request: Request,
        name: str,
        declaration: str,
        order: str | None,
        supersede: bool,
        wait: float,
    ) -> Answer:
        """Declares the origin of a case's order, by the next version of its declaration.

        `declaration` and `order` are proto JSON; `order` is None for the one that the case has.
        Raises CaseNotFound, CaseStateForbids, DeclarationConflicts, RequestInvalid.
        """
        end = time.monotonic() + wait

        async def act() -> None:
            view = await self._store.read(lambda c: named(c, request.tenant, name))
            texts = Texts(view.case.site, order or view.case.order, declaration)
            intake = self._intake(request, texts, view)
            await self._declare(request, intake, view, supersede)

        recorded = await self._requesting.once(request, act)
        return await self._answering.when_decided(recorded, end)

    async def _declare(self, request: Request, intake: Intake, view: CaseView, supersede: bool) -> None:
        state = view.case.state
        if state is CaseState.INQUIRY:
            raise CaseStateForbids(view.case.name, state, "place its order first")
        _hold_wanted(view)
        declared = view.declaration
        same = declared is not None and declared.digest == intake.content_digest
        # Also what is not certified is decided on: only what came with the very same facts is no other declaration.
        nothing_new = state is CaseState.DECLARED and declared is not None and came_with(declared, intake)
        if state in OPEN_TO_DECLARE and not nothing_new:
            await self._next_version(request, intake, view)
        elif supersede and (not same or state in _ENDED):
            if Event.SUPERSEDE not in TABLE[state]:
                raise CaseStateForbids(view.case.name, state, "what it waits for has to end first")
            # A caller that goes away between the commit and the sending stops neither.
            await asyncio.shield(self._supersede(request, intake, view))
        else:
            _hold_content(view, intake)
            await self._processing.compare(request, intake, view)

    async def _next_version(self, request: Request, intake: Intake, view: CaseView) -> None:
        book = self._deciding.book
        made = self._processing.decided(book, intake.facts, book.today(), intake.written)

        def work(tx: Transaction) -> None:
            case = self._recording.declare(tx, request, intake, view.case, Event.DECLARE, made)
            self._requesting.record(tx, request, case, made, declaration_digest=intake.content_digest)

        await self._store.write(work)

    async def _supersede(self, request: Request, intake: Intake, view: CaseView) -> None:
        """Adds the next version in the place of what a platform has of the last one.

        Where the platform replaces in one step, and the pre-review waits for nothing else, the new one's certificate takes
        the place of the old one's; else that is voided.
        """
        book = self._deciding.book
        made = self._processing.decided(book, intake.facts, book.today(), intake.written)
        standing = in_force(view)
        platform = self._processing.platform_to_replace(book, intake, made, standing) if standing else None

        def work(tx: Transaction) -> AttemptRecord | None:
            case = self._recording.declare(tx, request, intake, view.case, Event.SUPERSEDE, made)
            self._requesting.record(tx, request, case, made, declaration_digest=intake.content_digest)
            if platform is not None and standing is not None and only_one(tx.connection, standing):
                return self._recording.replacing(tx, case, platform, intake.content_digest, standing)
            void_all(tx, case, SUPERSEDED)
            wind_down(tx, case, actor=request.actor, reason=request.reason)
            return None

        began = self._processing.began()
        attempt = await self._store.write(work)
        if attempt is not None and platform is not None and intake.content is not None:
            self._processing.send(attempt, platform, intake.content, began)
        else:
            self._voiding.begin(view.case.name)

    async def certify(self, request: Request, name: str, wait: float) -> Answer:
        """Asks a platform for a certificate for the declaration that the case has, if the pre-review waits for nothing else.

        Raises CaseNotFound, CaseStateForbids where nothing is declared, NoPlatform.
        """
        end = time.monotonic() + wait

        async def act() -> None:
            view = await self._store.read(lambda c: named(c, request.tenant, name))
            declared = view.declaration
            if declared is None or not view.declares:
                raise CaseStateForbids(name, view.case.state, "declare the origin of its order first")
            texts = Texts(declared.site, declared.order, declared.declaration)
            intake = self._intake(request, texts, view)
            if view.case.state is CaseState.DECLARED:
                # A caller that goes away between the commit and the sending stops neither.
                await asyncio.shield(self._certify(request, intake, view))
            else:
                await self._processing.compare(request, intake, view)

        recorded = await self._requesting.once(request, act)
        return await self._answering.when_decided(recorded, end)

    async def certify_under(self, request: Request, name: str, use: Use, wait: float) -> Answer:
        """Has a case's order stand under a certificate that is there, whose declaration becomes the case's next version.

        Raises CaseNotFound, CaseStateForbids, DeclarationConflicts where another content is at a platform.
        """
        end = time.monotonic() + wait

        async def act() -> RequestRecord | None:
            view = await self._store.read(lambda c: named(c, request.tenant, name))
            if view.case.state is CaseState.INQUIRY:
                raise CaseStateForbids(name, view.case.state, "place its order first")
            _hold_wanted(view)
            texts = Texts(view.case.site, view.case.order, None)
            intake = take_in_under(
                request.tenant, request.actor, request.request_id, texts, facts_of(texts), self._records, use
            )
            if view.case.state not in OPEN_TO_DECLARE:
                _hold_content(view, intake)
            return await self._processing.take_on(request, intake, view)

        recorded = await self._requesting.once(request, act)
        return await self._answering.when_decided(recorded, end)

    async def _certify(self, request: Request, intake: Intake, view: CaseView) -> None:
        declared, content = view.declaration, intake.content
        assert declared is not None
        assert content is not None
        book = await self._shelf.pinned(declared.rulebook_digest)
        made = self._processing.decided(book, intake.facts, declared.on_day, intake.written)
        platform = self._processing.platform_for(book, intake, made)

        def work(tx: Transaction) -> AttemptRecord | None:
            cases.hold(tx, view.case)
            self._requesting.record(tx, request, view.case, made, declaration_digest=declared.digest)
            if platform is not None:
                generation = next_generation(view.attempts, declared.version, platform.name)
                return self._recording.attempt(tx, view.case, platform, declared.digest, generation)
            return None

        began = self._processing.began()
        attempt = await self._store.write(work)
        if attempt is not None and platform is not None:
            self._processing.send(attempt, platform, content, began)

    def _intake(self, request: Request, texts: Texts, view: CaseView) -> Intake:
        facts = facts_of(texts)
        order_id = facts["order"].get("order_id")
        if order_id != view.case.order_id:
            text = (
                f"the case is that of the order {view.case.order_id!r}; give that id, or leave the order out"
            )
            raise RequestInvalid([Violation("order.order_id", "declare.order_id", text)])
        return take_in(request.tenant, request.actor, request.request_id, texts, facts, self._records)

    async def _by_order(self, intake: Intake) -> CaseView | None:
        return await self._store.read(
            lambda c: view_by_order(c, intake.tenant, intake.site_id, intake.order_id)
        )


def _hold_wanted(view: CaseView) -> None:
    """Raises CaseStateForbids where the order is given up."""
    if view.case.state in _GIVEN_UP:
        raise CaseStateForbids(view.case.name, view.case.state, "what is wanted after all is another order")


def _hold_content(view: CaseView, intake: Intake) -> None:
    """Raises DeclarationConflicts where another content is, or may be, at a platform."""
    differences = changed_since(view.content, intake)
    if differences:
        raise DeclarationConflicts(view.case.name, view.case.state, active_e_cert_id(view), differences)
