"""Answers without a case: nothing is bought, and nothing is kept but the decision."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.certificate import normalise_e_cert_id
from engine.decision import Decision
from engine.rulebook import DEFAULT_ENFORCE, Standing
from server.auth import Principal
from server.errors import CertificateNotFound
from server.our_records import OurRecords
from server.store import Store, Transaction
from server.wire.requests import Asked
from server.workflow.certificate_facts import Statuses
from server.workflow.covering import examined, examined_facts, use_of
from server.workflow.deciding import Book, Deciding, Facts
from server.workflow.intake import content_of
from server.workflow.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Screened:
    """What was asked, the facts with those of our records, and the decisions that answer it."""

    asked: Asked
    facts: Facts
    answered: tuple[Decision, ...]


class Screening:
    """Decides for order systems that only want to know."""

    def __init__(
        self,
        store: Store,
        deciding: Deciding,
        shelf: Shelf,
        records: OurRecords,
        statuses: Statuses,
        record: bool,
    ) -> None:
        self._store = store
        self._deciding = deciding
        self._shelf = shelf
        self._records = records
        self._statuses = statuses
        self._record = record

    async def scope(self, principal: Principal, asked: Asked) -> Decision:
        """Whether the site and order are within the rule. Raises RulebookNotAccepted for a pin that cannot be asked."""
        screened = await self.screen_scope(principal, asked)
        await self.keep(principal, [screened])
        return screened.answered[0]

    async def screen_scope(self, principal: Principal, asked: Asked) -> Screened:
        """The same, not kept yet: who answers many at once keeps them together."""
        book = self._deciding.book if asked.pin is None else await self._shelf.named(asked.pin)
        facts: Facts = self._records.added_to(asked.facts, principal.tenant)
        decision = book.decide("scope", facts, asked.on, _enforced(asked))
        return Screened(asked, facts, (decision,))

    async def prereview(self, principal: Principal, asked: Asked, e_cert_id: str) -> tuple[Decision, ...]:
        """Scope, certification and pre-review. Raises CertificateNotFound where our records lack the e-Cert ID,
        and RulebookNotAccepted for a pin that cannot be asked.
        """
        screened = await self.screen_prereview(principal, asked, e_cert_id)
        await self.keep(principal, [screened])
        return screened.answered

    async def screen_prereview(self, principal: Principal, asked: Asked, e_cert_id: str) -> Screened:
        """The same, not kept yet."""
        facts: Facts = self._records.added_to(asked.facts, principal.tenant)
        book = self._deciding.book if asked.pin is None else await self._shelf.named(asked.pin)
        if e_cert_id:
            facts = {**facts, "certificate": await self._told(book, principal, asked.facts, e_cert_id)}
        answered = book.decide_workflow(facts, asked.on, _enforced(asked))
        return Screened(asked, facts, answered)

    async def _told(
        self, book: Book, principal: Principal, facts: Facts, e_cert_id: str
    ) -> dict[str, object]:
        """The facts of a certificate of our records: its status now, and how the order differs from what it certifies."""
        wanted = normalise_e_cert_id(e_cert_id)
        use = await self._store.read(lambda c: use_of(c, principal.tenant, wanted))
        if use is None:
            raise CertificateNotFound(wanted)
        seen = await self._store.read(lambda c: examined(c, use, facts))
        fresh = await self._statuses.fresh(use.certificate)
        if fresh is None:
            return {}
        issued_on = book.day_of(fresh.issued_at)
        return examined_facts(fresh, issued_on, seen, content_of(principal.tenant, facts))

    async def keep(self, principal: Principal, all_screened: Sequence[Screened]) -> None:
        """Records what was screened in one commit, but for what was asked under assumptions of the caller's."""
        kept = [screened for screened in all_screened if not screened.asked.hypothetical]
        if not self._record or not kept:
            return
        all_made = [self._deciding.made(screened.answered, screened.facts) for screened in kept]

        def write(tx: Transaction) -> None:
            for made in all_made:
                self._deciding.keep(tx, made, principal.tenant)

        await self._store.write(write)


def _enforced(asked: Asked) -> tuple[Standing, ...]:
    return DEFAULT_ENFORCE if asked.enforce is None else tuple(map(Standing, asked.enforce))
