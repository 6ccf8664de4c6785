"""The pre-review of a case, decided again from its records once something is known of its certificate."""

from datetime import date

from sqlalchemy import Connection

from server.our_records import OurRecords
from server.store import Store, Transaction, cases
from server.store.records import AttemptRecord, NewCertificate
from server.wire.texts import Texts, facts_of
from server.workflow.certificate_facts import NOT_ISSUED, certificate_facts
from server.workflow.covering import own_uncovered
from server.workflow.deciding import Deciding, Facts, Made
from server.workflow.shelf import Shelf

PREREVIEW = "prereview"


class CaseDecisions:
    """Decides and records what follows from an attempt's outcome."""

    def __init__(self, store: Store, deciding: Deciding, shelf: Shelf, records: OurRecords) -> None:
        self._store = store
        self._shelf = shelf
        self._deciding = deciding
        self._records = records

    async def with_certificate(self, attempt: AttemptRecord, new: NewCertificate | None) -> Made | None:
        """The pre-review of the attempt's declaration with the certificate issued for it, for the declaration's day and
        by its rulebook.

        None stands for a platform that issued none. What was certified is what is declared, so nothing differs.
        """
        found = self._at_hand(attempt) or await self._store.read(lambda c: self._read(c, attempt))
        if found is None:
            return None
        facts, on, digest = found
        book = await self._shelf.pinned(digest)
        told = NOT_ISSUED
        if new is not None:
            issued_on = book.day_of(new.issued_at)
            told = certificate_facts(new, issued_on, (), own_uncovered(facts))
        case = (attempt.tenant, attempt.case_name)
        return self._deciding.make(book, PREREVIEW, {**facts, "certificate": told}, on, case)

    def _at_hand(self, attempt: AttemptRecord) -> tuple[Facts, date, str] | None:
        """The facts, the day and the rulebook of a declaration that this process decided about a moment ago.

        What our records add is added again, for they may have changed since. Whether the case still has that declaration is
        seen when the decision is recorded.
        """
        lately = self._deciding.lately(attempt.tenant, attempt.case_name)
        if lately is None or lately.declaration_version != attempt.declaration_version:
            return None
        last = lately.made[-1]
        now = self._records.added_again(lately.said, attempt.tenant)
        # What was written of the facts is known by the facts themselves.
        about = last.about if now == last.about else now
        return about, last.decision.on, last.decision.rulebook_digest

    def _read(self, connection: Connection, attempt: AttemptRecord) -> tuple[Facts, date, str] | None:
        """The same from the records; None where the case has another declaration by now."""
        declared = cases.find_present_declaration(connection, attempt.tenant, attempt.case_name)
        if declared is None or declared.version != attempt.declaration_version:
            return None
        said = facts_of(Texts(declared.site, declared.order, declared.declaration))
        return self._records.added_again(said, attempt.tenant), declared.on_day, declared.rulebook_digest

    def record(self, tx: Transaction, attempt: AttemptRecord, made: Made) -> None:
        """Records it as the case's latest."""
        self._deciding.keep(
            tx,
            (made,),
            attempt.tenant,
            attempt.digest,
            case_name=attempt.case_name,
            declaration_version=attempt.declaration_version,
        )
