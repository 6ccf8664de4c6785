"""Answers without a case: nothing is bought, and nothing is kept but the decision."""

from engine.certificate import normalise_e_cert_id
from engine.decision import Decision
from engine.rulebook import DEFAULT_ENFORCE, Standing
from server.auth import Principal
from server.errors import CertificateNotFound
from server.our_records import OurRecords
from server.store import Store
from server.wire.requests import Asked
from server.workflow.certificate_facts import Statuses
from server.workflow.covering import examined, examined_facts, use_of
from server.workflow.deciding import Deciding, Facts
from server.workflow.intake import content_of


class Screening:
    """Decides for order systems that only want to know."""

    def __init__(
        self, store: Store, deciding: Deciding, records: OurRecords, statuses: Statuses, record: bool
    ) -> None:
        self._store = store
        self._deciding = deciding
        self._records = records
        self._statuses = statuses
        self._record = record

    async def scope(self, principal: Principal, asked: Asked) -> Decision:
        """Whether the site and order are within the rule."""
        facts: Facts = self._records.added_to(asked.facts, principal.tenant)
        decision = self._deciding.decide("scope", facts, asked.on, _enforced(asked))
        await self._keep(principal, facts, asked, (decision,))
        return decision

    async def prereview(self, principal: Principal, asked: Asked, e_cert_id: str) -> tuple[Decision, ...]:
        """Scope, certification and pre-review. Raises CertificateNotFound where our records lack the e-Cert ID."""
        facts: Facts = self._records.added_to(asked.facts, principal.tenant)
        if e_cert_id:
            facts = {**facts, "certificate": await self._told(principal, asked.facts, e_cert_id)}
        answered = self._deciding.decide_workflow(facts, asked.on, _enforced(asked))
        await self._keep(principal, facts, asked, answered)
        return answered

    async def _told(self, principal: Principal, facts: Facts, e_cert_id: str) -> dict[str, object]:
        """The facts of a certificate of our records: its status now, and how the order differs from what it certifies."""
        wanted = normalise_e_cert_id(e_cert_id)
        use = await self._store.read(lambda c: use_of(c, principal.tenant, wanted))
        if use is None:
            raise CertificateNotFound(wanted)
        seen = await self._store.read(lambda c: examined(c, use, facts))
        fresh = await self._statuses.fresh(use.certificate)
        if fresh is None:
            return {}
        issued_on = self._deciding.day_of(fresh.issued_at)
        return examined_facts(fresh, issued_on, seen, content_of(principal.tenant, facts))

    async def _keep(
        self, principal: Principal, facts: Facts, asked: Asked, answered: tuple[Decision, ...]
    ) -> None:
        if not self._record or asked.hypothetical:
            return
        made = self._deciding.made(answered, facts)

        await self._store.write(lambda tx: self._deciding.keep(tx, made, principal.tenant))


def _enforced(asked: Asked) -> tuple[Standing, ...]:
    return DEFAULT_ENFORCE if asked.enforce is None else tuple(map(Standing, asked.enforce))
