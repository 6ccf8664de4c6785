"""All that our records hold of one case, read at once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from engine.case import AttemptState, CaseState
from engine.declaration import Content
from server.errors import CaseErased, CaseNotFound
from server.store import attempts, cases, certificates, decisions, ledger
from server.store.records import (
    AttemptRecord,
    CaseRecord,
    CertificateRecord,
    DecisionRecord,
    DeclarationRecord,
)

# The states that a certificate of the present declaration, adopted before, stands under, in force or not.
ONCE_CERTIFIED = frozenset({CaseState.CERTIFIED, CaseState.HANDED_OFF, CaseState.REVOKED, CaseState.EXPIRED})


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with its declaration, its latest decisions by question, its newest certificate and its attempts.

    `certificate` is another case's where that covers this one.
    """

    case: CaseRecord
    declaration: DeclarationRecord | None
    decisions: Mapping[str, DecisionRecord]
    certificate: CertificateRecord | None
    attempts: tuple[AttemptRecord, ...]

    @property
    def held(self) -> CertificateRecord | None:
        """The certificate that the declaration the case has now stands under, its own or one that covers it, whatever its
        status."""
        certificate = self.certificate
        if certificate is None or self.case.state not in ONCE_CERTIFIED:
            return None
        ours = certificate.case_name == self.case.name
        if ours and certificate.declaration_version != self.case.declaration_version:
            return None
        return certificate

    @property
    def declares(self) -> bool:
        """Whether the declaration that the case has is for the order that it has."""
        return self.declaration is not None and self.case.state not in (CaseState.INQUIRY, CaseState.ORDERED)

    @property
    def unproved(self) -> bool:
        """Whether the platform issued something that does not prove itself, and no person has settled it yet."""
        last = self.attempts[-1] if self.attempts else None
        return (
            self.case.state is CaseState.MANUAL and last is not None and last.state is AttemptState.UNPROVED
        )

    @property
    def content(self) -> Content | None:
        """What the declaration that the case has now certifies; None where it has none, or is erased."""
        declared = self.declaration
        return None if declared is None or not declared.content else _content(declared)


def content_of_case(connection: Connection, of: CertificateRecord | AttemptRecord) -> Content | None:
    """What the certificate certifies, or the attempt submits, as we declared it; None where it is erased."""
    declared = cases.find_declaration(connection, of.tenant, of.case_name, of.declaration_version)
    return None if declared is None or not declared.content else _content(declared)


def _content(declared: DeclarationRecord) -> Content:
    content: dict[str, Any] = json.loads(declared.content)
    return content


def view(connection: Connection, case: CaseRecord | None) -> CaseView | None:
    """All that our records hold of the case."""
    if case is None:
        return None
    return CaseView(
        case,
        cases.find_declaration(connection, case.tenant, case.name, case.declaration_version),
        decisions.latest(connection, case.tenant, case.name),
        _certificate(connection, case),
        tuple(attempts.of_case(connection, case.tenant, case.name)),
    )


def _certificate(connection: Connection, case: CaseRecord) -> CertificateRecord | None:
    """The newest certificate of the case; where its present declaration has none, the one that covers it, if any."""
    own = next(iter(certificates.of_case(connection, case.tenant, case.name)), None)
    if case.state not in ONCE_CERTIFIED or (own and own.declaration_version == case.declaration_version):
        return own
    key = ledger.covering(connection, case.tenant, case.name, case.declaration_version)
    if key is None:
        return own
    platform, e_cert_id = key
    return certificates.find(connection, case.tenant, e_cert_id, platform)


def view_by_name(connection: Connection, tenant: str, name: str) -> CaseView | None:
    """The case of this name."""
    return view(connection, cases.find(connection, tenant, name))


def named(connection: Connection, tenant: str, name: str) -> CaseView:
    """The case that a caller names. Raises CaseNotFound where the tenant has none of that name, CaseErased."""
    found = view_by_name(connection, tenant, name)
    if found is None:
        raise CaseNotFound(name)
    return _kept(found)


def view_by_order(connection: Connection, tenant: str, site_id: str, order_id: str) -> CaseView | None:
    """The case of a site's order. Raises CaseErased."""
    found = view(connection, cases.find_by_order(connection, tenant, site_id, order_id))
    return None if found is None else _kept(found)


def _kept(found: CaseView) -> CaseView:
    if found.case.erased_at is not None:
        raise CaseErased(found.case.name, found.case.erased_at)
    return found
