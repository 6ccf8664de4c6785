"""Transaction 1: an order, its declaration and decisions, and the attempt, all committed before the first byte leaves."""

import json
import secrets

from engine.case import CaseState, Event
from engine.platform import Platform
from server.store import Transaction, cases, requests
from server.store.errors import CaseChanged
from server.store.records import (
    AttemptRecord,
    CaseRecord,
    CertificateRecord,
    NewDeclaration,
    RequestRecord,
)
from server.workflow.attempting import Attempting
from server.workflow.casework import CaseView
from server.workflow.covering import Weighed, draw
from server.workflow.deciding import Deciding, Made
from server.workflow.intake import Intake
from server.workflow.patience import ACTOR
from server.workflow.planning import new_attempt
from server.workflow.requesting import Request, Requesting


class Recording:
    """Writes down what a request brought; each method is work of one transaction."""

    def __init__(self, deciding: Deciding, attempting: Attempting, requesting: Requesting) -> None:
        self._deciding = deciding
        self._attempting = attempting
        self._requesting = requesting

    def order(
        self,
        tx: Transaction,
        request: Request,
        intake: Intake,
        view: CaseView | None,
        made: tuple[Made, ...],
        platform: Platform | None,
        weighed: Weighed | None = None,
    ) -> tuple[RequestRecord, AttemptRecord | None] | None:
        """The case, its declaration, the request with its decisions, and an attempt where a platform is to be asked.

        Where a certificate that is there covers the order, the order draws on its ledger instead. None, nothing written,
        where the order was to be new, as there is no view of it, and the request or the order is known already. Nothing is
        raised then, for what else is committed together would have to be written again.
        """
        if view is None and requests.met(
            tx.connection, intake.tenant, intake.request_id, intake.site_id, intake.order_id
        ):
            return None
        case = view.case if view else self.open(tx, request, intake, Event.PLACE)
        if case.state is CaseState.INQUIRY:
            case = cases.transition(tx, case, Event.PLACE, actor=request.actor, reason=request.reason)
        if intake.content is not None:
            case = self.declare(tx, request, intake, case, Event.DECLARE, made)
        elif view is not None:
            case = self.replace(tx, request, intake, case, Event.PLACE)
        recorded = self._requesting.record(
            tx,
            request,
            case,
            made,
            declared=intake.content is not None,
            declaration_digest=intake.content_digest or None,
        )
        if weighed is not None and weighed.draws is not None:
            draw(tx, case, weighed)
            reason = f"{weighed.certificate.e_cert_id} covers it: {request.reason}"
            cases.transition(tx, case, Event.COVER, actor=request.actor, reason=reason)
        if platform is None:
            return recorded, None
        return recorded, self.attempt(tx, case, platform, intake.content_digest)

    def open(self, tx: Transaction, request: Request, intake: Intake, event: Event) -> CaseRecord:
        """Opens the order's case. Raises CaseChanged where it has one meanwhile."""
        case, ours = cases.create(
            tx,
            tenant=intake.tenant,
            name=f"cases/{secrets.token_hex(16)}",
            site_id=intake.site_id,
            order_id=intake.order_id,
            site=intake.texts.site,
            order=intake.texts.order,
            event=event,
            actor=request.actor,
            reason=request.reason,
        )
        if not ours:
            raise CaseChanged(f"{case.name} was opened meanwhile")
        return case

    def replace(
        self, tx: Transaction, request: Request, intake: Intake, case: CaseRecord, event: Event
    ) -> CaseRecord:
        """Moves the case on by an event that brings the order anew."""
        return cases.transition(
            tx,
            case,
            event,
            actor=request.actor,
            reason=request.reason,
            site=intake.texts.site,
            order=intake.texts.order,
        )

    def declare(
        self,
        tx: Transaction,
        request: Request,
        intake: Intake,
        case: CaseRecord,
        event: Event,
        made: tuple[Made, ...],
    ) -> CaseRecord:
        """Adds the declaration that the request brought as the case's next version, bound to what decided it first."""
        assert intake.content is not None
        assert intake.texts.declaration is not None
        new = NewDeclaration(
            digest=intake.content_digest,
            content=json.dumps(dict(intake.content), ensure_ascii=False, sort_keys=True),
            site=intake.texts.site,
            order=intake.texts.order,
            declaration=intake.texts.declaration,
            on_day=made[-1].decision.on,
            rulebook_digest=made[-1].decision.rulebook_digest,
        )
        self._deciding.keep_rulebook(tx)
        return cases.declare(tx, case, event, new, actor=request.actor, reason=request.reason)

    def attempt(
        self, tx: Transaction, case: CaseRecord, platform: Platform, digest: str, generation: int = 1
    ) -> AttemptRecord:
        """Plans an attempt for the case's declaration, which this process sends, and moves the case on."""
        attempt = self._planned(tx, case, platform, digest, generation, None)
        cases.transition(tx, case, Event.SUBMIT, actor=ACTOR, reason=f"asked {platform.name}")
        return attempt

    def replacing(
        self, tx: Transaction, case: CaseRecord, platform: Platform, digest: str, replaces: CertificateRecord
    ) -> AttemptRecord:
        """Plans the attempt that replaces a certificate of a case that is SUPERSEDING, which this process sends."""
        return self._planned(tx, case, platform, digest, 1, replaces.e_cert_id)

    def _planned(
        self,
        tx: Transaction,
        case: CaseRecord,
        platform: Platform,
        digest: str,
        generation: int,
        replaces: str | None,
    ) -> AttemptRecord:
        return self._attempting.plan(
            tx,
            new_attempt(
                case.tenant,
                case.name,
                case.declaration_version,
                platform.name,
                platform.manifest_digest,
                digest,
                tx.now + self._attempting.patience.attempt,
                generation=generation,
                replaces=replaces,
            ),
        )

    def compared(
        self,
        tx: Transaction,
        request: Request,
        case: CaseRecord,
        made: tuple[Made, ...],
        of_case: bool,
        declaration_digest: str | None,
    ) -> None:
        """Records decisions about a case that has not moved since it was read; else they might hide later ones."""
        cases.hold(tx, case)
        self._requesting.record(
            tx, request, case, made, of_case=of_case, declaration_digest=declaration_digest
        )
