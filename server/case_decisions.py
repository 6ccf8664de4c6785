"""The pre-review of a case, decided again from its records once something is known of its certificate."""

from collections.abc import Mapping

from server.casework import view_by_name
from server.deciding import Deciding, Made
from server.intake import with_site_record
from server.sites import Sites
from server.store import Store, Transaction
from server.store.records import AttemptRecord
from server.wire.texts import Texts, facts_of

PREREVIEW = "prereview"


class CaseDecisions:
    """Decides and records what follows from an attempt's outcome."""

    def __init__(self, store: Store, deciding: Deciding, sites: Sites) -> None:
        self._store = store
        self._deciding = deciding
        self._sites = sites

    async def with_certificate(self, attempt: AttemptRecord, told: Mapping[str, object]) -> Made | None:
        """The pre-review of the attempt's declaration with these facts of its certificate, for the declaration's day."""
        case = await self._store.read(lambda c: view_by_name(c, attempt.tenant, attempt.case_name))
        declared = case.declaration if case else None
        if declared is None or declared.version != attempt.declaration_version:
            return None
        said = facts_of(Texts(declared.site, declared.order, declared.declaration))
        facts, _ = with_site_record(said, self._sites, attempt.tenant)
        return self._deciding.make(PREREVIEW, {**facts, "certificate": told}, declared.on_day)

    def record(self, tx: Transaction, attempt: AttemptRecord, made: Made) -> None:
        """Records it as the case's latest."""
        self._deciding.keep(
            tx,
            made,
            attempt.tenant,
            case_name=attempt.case_name,
            declaration_version=attempt.declaration_version,
        )
