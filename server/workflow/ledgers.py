"""The ledgers of blanket certificates as callers and operators are told of them."""

from sqlalchemy import Connection

from engine.certificate import normalise_e_cert_id
from engine.coverage import is_blanket
from server.errors import CertificateNotFound
from server.store import Store, cases, certificates, ledger, ledger_ends
from server.store.ledger_records import GoodRecord, LedgerRecord, LedgerView
from server.store.records import CertificateRecord
from server.workflow.covering import declared_facts, new_ledger


class Ledgers:
    """Reads ledgers."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def of(self, tenant: str, e_cert_id: str, platform: str) -> LedgerView:
        """The ledger of a certificate. Raises CertificateNotFound where our records have no blanket one of that id."""
        wanted = normalise_e_cert_id(e_cert_id)
        found = await self._store.read(lambda c: _of(c, tenant, wanted, platform or None))
        if found is None:
            raise CertificateNotFound(wanted, platform)
        return found

    async def in_force(self, tenant: str, limit: int) -> tuple[list[LedgerView], int]:
        """The ledgers in force, the period first that ends first, and how many there are."""

        def read(connection: Connection) -> tuple[list[LedgerView], int]:
            found, total = ledger_ends.in_force(connection, tenant, limit)
            views = [_of(connection, tenant, e_cert_id, platform) for platform, e_cert_id in found]
            return [view for view in views if view is not None], total

        return await self._store.read(read)


def _of(connection: Connection, tenant: str, e_cert_id: str, platform: str | None) -> LedgerView | None:
    certificate = certificates.find(connection, tenant, e_cert_id, platform)
    if certificate is None:
        return None
    found = ledger.find(connection, certificate) or _unopened(connection, certificate)
    if found is None:
        return None
    there, goods = found
    return LedgerView(there, tuple(goods), certificate.status, ledger_ends.cases_of(connection, there))


def _unopened(
    connection: Connection, certificate: CertificateRecord
) -> tuple[LedgerRecord, list[GoodRecord]] | None:
    """The ledger of a blanket certificate that a version without ledgers adopted, as the first order will open it."""
    declared = cases.find_declaration(
        connection, certificate.tenant, certificate.case_name, certificate.declaration_version
    )
    if declared is None or not is_blanket(declared_facts(declared)["declaration"]):
        return None
    return ledger.as_opened(certificate, new_ledger(declared_facts(declared)), certificate.adopted_at)
