"""Certificates that were adopted: their proof and their binding held."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, union, update

from engine.certificate import CertificateStatus
from server.store import log
from server.store.covered import CERTIFICATES, covered
from server.store.prepared import every, first, write
from server.store.records import CertificateRecord, NewCertificate
from server.store.rows import columns_of, insert_new, keyed, keys, rows_of
from server.store.schema import certificates, tenants
from server.store.sealing import opened, sealed_row, stored
from server.store.transaction import Transaction

_ROWS = rows_of(certificates, CertificateRecord)
_NEWEST = (
    _ROWS.where(keyed(certificates, "tenant", "e_cert_id"))
    .order_by(certificates.c.adopted_at.desc(), certificates.c.platform)
    .limit(1)
)
_BY_KEY = _ROWS.where(keyed(certificates, "tenant", "platform", "e_cert_id"))
# A tenant at a time, by the table's key, instead of all certificates that there are.
_OF_ANY_TENANT = _ROWS.where(
    keyed(certificates, "platform", "e_cert_id"),
    certificates.c.tenant.in_(
        union(select(tenants.c.tenant), select(bindparam("besides", type_=tenants.c.tenant.type)))
    ),
)
_OF_CASE = _ROWS.where(keyed(certificates, "tenant", "case_name")).order_by(
    certificates.c.declaration_version.desc(),
    certificates.c.adopted_at.desc(),
    certificates.c.e_cert_id,
)
_ACTIVE = _ROWS.where(
    keyed(certificates, "tenant", "case_name", "declaration_version"),
    certificates.c.status == CertificateStatus.ACTIVE,
)

_TOLD = bindparam("told", type_=certificates.c.status.type)
_NEWER = (
    update(certificates)
    .where(keyed(certificates, "tenant", "platform", "e_cert_id"))
    .where(certificates.c.status_at <= bindparam("told_at", type_=certificates.c.status_at.type))
)
_CHANGE = _NEWER.where(certificates.c.status != _TOLD)
_CONFIRM = _NEWER.where(certificates.c.status == _TOLD)


def adopt(tx: Transaction, new: NewCertificate) -> tuple[CertificateRecord, bool]:
    """Adopt a certificate for a case.

    Where the e-Cert ID was adopted before, or the declaration version has another active certificate, nothing
    is written: the certificate that is there and False. The caller sees by its case whose it is.
    """
    adopted = CertificateRecord(**columns_of(new), adopted_at=tx.now)
    row = sealed_row(tx.connection, certificates, new.case_name, columns_of(adopted))
    if insert_new(tx.connection, certificates, row):
        _tell(tx, adopted, row)
        return adopted, True
    there = find(tx.connection, new.tenant, new.e_cert_id, new.platform) or _active(tx.connection, new)
    assert there is not None, "certificates are never removed"
    return there, False


def find(
    connection: Connection, tenant: str, e_cert_id: str, platform: str | None = None
) -> CertificateRecord | None:
    """The certificate of this e-Cert ID; where several platforms use the id, the one adopted last."""
    if platform is None:
        return first(connection, _NEWEST, _certificate(connection), keys(tenant=tenant, e_cert_id=e_cert_id))
    key = keys(tenant=tenant, platform=platform, e_cert_id=e_cert_id)
    return first(connection, _BY_KEY, _certificate(connection), key)


def of_any_tenant(
    connection: Connection, platform: str, e_cert_id: str, besides: str
) -> list[CertificateRecord]:
    """The certificates that a platform means by an e-Cert ID, of every tenant that there is, and of one besides."""
    key = keys(platform=platform, e_cert_id=e_cert_id)
    return every(connection, _OF_ANY_TENANT, _certificate(connection), key | {"besides": besides})


def of_case(connection: Connection, tenant: str, case_name: str) -> list[CertificateRecord]:
    """The case's certificates, newest first."""
    return every(connection, _OF_CASE, _certificate(connection), keys(tenant=tenant, case_name=case_name))


def set_status(
    tx: Transaction, certificate: CertificateRecord, status: CertificateStatus, told_at: datetime
) -> CertificateRecord | None:
    """Record the status as the platform told it at a moment. None where a later word is recorded already."""
    told = replace(certificate, status=status, status_at=told_at)
    key = keys(tenant=certificate.tenant, platform=certificate.platform, e_cert_id=certificate.e_cert_id)
    word = {"told": status, "told_at": told_at, "status": status, "status_at": told_at}
    if write(tx.connection, _CHANGE, key | word):
        _tell(tx, told, stored(tx.connection, certificates, columns_of(told)))
        return told
    if not write(tx.connection, _CONFIRM, key | word):
        return None
    # The log vouches for the row as it stands, and a decision rests on when the word was.
    _tell(tx, told, stored(tx.connection, certificates, columns_of(told)))
    return told


def end(
    tx: Transaction, certificate: CertificateRecord, status: CertificateStatus = CertificateStatus.REVOKED
) -> None:
    """Record that the certificate is out of force for good: the last word, though another clock ran ahead of ours."""
    set_status(tx, certificate, status, max(tx.now, certificate.status_at))


def _active(connection: Connection, new: NewCertificate) -> CertificateRecord | None:
    key = keys(tenant=new.tenant, case_name=new.case_name, declaration_version=new.declaration_version)
    return first(connection, _ACTIVE, _certificate(connection), key)


def _certificate(connection: Connection) -> Callable[..., CertificateRecord]:
    return opened(connection, certificates, CertificateRecord)


def _tell(tx: Transaction, certificate: CertificateRecord, row: Mapping[str, Any]) -> None:
    """Has the log vouch for the certificate, by its row as the table keeps it."""
    log.append(
        tx,
        certificate.tenant,
        "certificate",
        certificate.case_name,
        {
            "platform": certificate.platform,
            "e_cert_id": certificate.e_cert_id,
            "status": certificate.status,
            "declaration_version": certificate.declaration_version,
            "declaration_digest": certificate.declaration_digest,
            "sandbox": certificate.sandbox,
            **({"compared": json.loads(certificate.compared)} if certificate.compared else {}),
        },
        covered(CERTIFICATES, row),
    )
