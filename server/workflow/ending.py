"""How a case is decided again, handed off, and cancelled."""

import time
from collections.abc import Mapping

from engine.case import TERMINAL, CaseState, Event
from server.errors import CaseStateForbids
from server.our_records import OurRecords
from server.store import Store, Transaction, cases
from server.wire.texts import Texts, facts_of
from server.workflow.answering import Answer, Answering
from server.workflow.casework import CaseView, named
from server.workflow.certificate_facts import NOT_ISSUED, Statuses
from server.workflow.clearing import void_all, wind_down
from server.workflow.covering import held_facts
from server.workflow.deciding import Deciding, Made
from server.workflow.patience import ACTOR
from server.workflow.requesting import Request, Requesting
from server.workflow.voiding import Voiding


class Ending:
    """Takes cases to their ends."""

    def __init__(
        self,
        store: Store,
        deciding: Deciding,
        records: OurRecords,
        statuses: Statuses,
        requesting: Requesting,
        answering: Answering,
        voiding: Voiding,
    ) -> None:
        self._store = store
        self._deciding = deciding
        self._records = records
        self._statuses = statuses
        self._requesting = requesting
        self._answering = answering
        self._voiding = voiding

    async def decide(self, request: Request, name: str) -> Answer:
        """Decides a case for today, with its certificate's status as the platform tells it now. Raises CaseNotFound."""

        async def act() -> None:
            view = await self._store.read(lambda c: named(c, request.tenant, name))
            view, made = await self._decided(view)

            def work(tx: Transaction) -> None:
                cases.hold(tx, view.case)
                self._requesting.record(
                    tx,
                    request,
                    view.case,
                    made,
                    declared=view.declares,
                    declaration_digest=_declared(view),
                )

            await self._store.write(work)

        return await self._answering.answer(await self._requesting.once(request, act))

    async def hand_off(self, request: Request, name: str) -> tuple[Answer, bool]:
        """Hands a certified order off, where its pre-review is favourable today; whether it is handed off.

        Raises CaseNotFound, CaseStateForbids where it has no certificate in force.
        """

        async def act() -> None:
            view = await self._store.read(lambda c: named(c, request.tenant, name))
            view, made = await self._decided(view)
            if view.case.state not in (CaseState.CERTIFIED, CaseState.HANDED_OFF):
                raise CaseStateForbids(name, view.case.state, "only a certified order is handed off")
            favourable = made[-1].decision.favourable == "YES"

            def work(tx: Transaction) -> None:
                case = view.case
                if favourable and case.state is CaseState.CERTIFIED:
                    case = cases.transition(
                        tx, case, Event.HAND_OFF, actor=request.actor, reason=request.reason
                    )
                else:
                    cases.hold(tx, case)
                self._requesting.record(tx, request, case, made, declaration_digest=_declared(view))

            await self._store.write(work)

        answer = await self._answering.answer(await self._requesting.once(request, act))
        return answer, answer.view.case.state is CaseState.HANDED_OFF

    async def cancel(self, request: Request, name: str, reason: str, wait: float) -> CaseView:
        """Cancels a case; what stands at a platform is voided first. Raises CaseNotFound, CaseStateForbids."""
        end = time.monotonic() + wait

        async def act() -> None:
            view = await self._store.read(lambda c: named(c, request.tenant, name))
            if view.case.state in TERMINAL:
                raise CaseStateForbids(name, view.case.state, "nothing is left to cancel")

            def work(tx: Transaction) -> None:
                case = cases.transition(tx, view.case, Event.CANCEL, actor=request.actor, reason=reason)
                self._requesting.record(tx, request, case)
                if view.unproved:
                    doubt = "what the platform issued does not prove itself: a person has to see to it"
                    cases.transition(tx, case, Event.ESCALATE, actor=ACTOR, reason=doubt)
                    return
                void_all(tx, case, reason)
                wind_down(tx, case, actor=request.actor, reason=reason)

            await self._store.write(work)
            self._voiding.begin(name)

        await self._requesting.once(request, act)
        await self._answering.until_decided(request.tenant, name, end)
        return await self._answering.view(request.tenant, name)

    async def _decided(self, view: CaseView) -> tuple[CaseView, tuple[Made, ...]]:
        """The case, which its certificate's status may have moved, and what is decided of it now."""
        told: Mapping[str, object] = {}
        book = self._deciding.book
        if view.case.state is CaseState.REJECTED:
            told = NOT_ISSUED
        elif view.held is not None and (fresh := await self._statuses.asked(view.held)) is not None:
            told = held_facts(view, fresh, book.day_of(fresh.issued_at))
            if fresh.status != view.held.status:
                view = await self._store.read(lambda c: named(c, view.case.tenant, view.case.name))
        declared = view.declaration
        if declared is not None and view.declares:
            texts = Texts(declared.site, declared.order, declared.declaration)
        else:
            texts = Texts(view.case.site, view.case.order, None)
        facts = {**self._records.added_again(facts_of(texts), view.case.tenant), "certificate": told}
        decisions = book.decide_workflow(facts, book.today())
        return view, self._deciding.made(decisions, facts)


def _declared(view: CaseView) -> str | None:
    """The digest of the declaration that the case's decisions are about."""
    return view.declaration.digest if view.declaration is not None and view.declares else None
