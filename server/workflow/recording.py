"""Transaction 1: an order, its declaration and decisions, and the attempt, all committed before the first byte leaves."""

import json
import secrets
from datetime import date
from typing import Final

from engine.case import CaseState, Event
from engine.platform import Platform
from server.store import Transaction, attempts, cases, requests
from server.store.errors import CaseChanged
from server.store.records import AttemptRecord, CaseRecord, NewDeclaration, NewRequest
from server.workflow.attempting import ACTOR, Attempting, new_attempt
from server.workflow.casework import CaseView
from server.workflow.deciding import Deciding, Made
from server.workflow.intake import Intake

METHOD: Final = "ProcessOrder"


class RequestRaced(Exception):
    """Another call with the same request_id was recorded first."""


class Recording:
    """Writes down what a request brought; each method is the work of one transaction."""

    def __init__(self, deciding: Deciding, attempting: Attempting) -> None:
        self._deciding = deciding
        self._attempting = attempting

    def order(
        self,
        tx: Transaction,
        intake: Intake,
        view: CaseView | None,
        made: tuple[Made, ...],
        on: date,
        platform: Platform | None,
    ) -> AttemptRecord | None:
        """The case, its declaration, the request with its decisions, and an attempt where a platform is to be asked."""
        case = view.case if view else self._open(tx, intake)
        reason = f"request {intake.request_id}"
        if case.state is CaseState.INQUIRY:
            case = cases.transition(tx, case, Event.PLACE, actor=intake.actor, reason=reason)
        if intake.content is not None and intake.texts.declaration is not None:
            new = NewDeclaration(
                digest=intake.content_digest,
                content=json.dumps(dict(intake.content), ensure_ascii=False, sort_keys=True),
                site=intake.texts.site,
                order=intake.texts.order,
                declaration=intake.texts.declaration,
                on_day=on,
                rulebook_digest=self._deciding.rulebook.digest,
            )
            self._deciding.keep_rulebook(tx)
            case = cases.declare(tx, case, Event.DECLARE, new, actor=intake.actor, reason=reason)
        elif view is not None:
            case = cases.transition(
                tx,
                case,
                Event.PLACE,
                actor=intake.actor,
                reason=reason,
                site=intake.texts.site,
                order=intake.texts.order,
            )
        self._request(tx, intake, case, made, of_case=True)
        if platform is None:
            return None
        patience = self._attempting.patience
        attempt = attempts.plan(
            tx,
            new_attempt(
                intake.tenant,
                case.name,
                case.declaration_version,
                platform.name,
                platform.manifest_digest,
                intake.content_digest,
                tx.now + patience.attempt,
            ),
            self._attempting.lease,
        )
        cases.transition(tx, case, Event.SUBMIT, actor=ACTOR, reason=f"asked {platform.name}")
        return attempt

    def compared(
        self, tx: Transaction, intake: Intake, case: CaseRecord, made: tuple[Made, ...], of_case: bool
    ) -> None:
        """Records decisions about a case that has not moved since it was read; else they might hide later ones."""
        cases.hold(tx, case)
        self._request(tx, intake, case, made, of_case)

    def _open(self, tx: Transaction, intake: Intake) -> CaseRecord:
        case, ours = cases.create(
            tx,
            tenant=intake.tenant,
            name=f"cases/{secrets.token_hex(16)}",
            site_id=intake.site_id,
            order_id=intake.order_id,
            site=intake.texts.site,
            order=intake.texts.order,
            event=Event.PLACE,
            actor=intake.actor,
            reason=f"request {intake.request_id}",
        )
        if not ours:
            raise CaseChanged(f"{case.name} was opened meanwhile")
        return case

    def _request(
        self, tx: Transaction, intake: Intake, case: CaseRecord, made: tuple[Made, ...], of_case: bool
    ) -> None:
        _, ours = requests.record(
            tx,
            NewRequest(
                intake.tenant,
                intake.request_id,
                METHOD,
                intake.body_digest,
                case.name,
                tuple(each.decision_id for each in made),
            ),
        )
        if not ours:
            raise RequestRaced
        self._deciding.keep(
            tx,
            made,
            intake.tenant,
            case_name=case.name if of_case else None,
            declaration_version=case.declaration_version if of_case and intake.content else None,
            request_id=intake.request_id,
        )
