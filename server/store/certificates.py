"""Certificates that were adopted: their proof and their binding held."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select, update

from engine.certificate import CertificateStatus
from server.store import log
from server.store.records import CertificateRecord, NewCertificate
from server.store.schema import certificates
from server.store.transaction import Transaction, columns_of, insert_new


def adopt(tx: Transaction, new: NewCertificate) -> tuple[CertificateRecord, bool]:
    """Adopt a certificate for a case.

    Where the e-Cert ID was adopted before, or the declaration version has another active certificate, nothing
    is written: the certificate that is there and False. The caller sees by its case whose it is.
    """
    adopted = CertificateRecord(**columns_of(new), adopted_at=tx.now)
    if not insert_new(tx.connection, certificates, columns_of(adopted)):
        there = find(tx.connection, new.tenant, new.e_cert_id, new.platform)
        return there or _active(tx.connection, new), False
    _tell(tx, adopted)
    return adopted, True


def find(
    connection: Connection, tenant: str, e_cert_id: str, platform: str | None = None
) -> CertificateRecord | None:
    """The certificate of this e-Cert ID; where several platforms use the id, the one adopted last."""
    query = select(certificates).where(certificates.c.tenant == tenant, certificates.c.e_cert_id == e_cert_id)
    if platform is not None:
        query = query.where(certificates.c.platform == platform)
    newest = query.order_by(certificates.c.adopted_at.desc(), certificates.c.platform).limit(1)
    row = connection.execute(newest).mappings().first()
    return None if row is None else CertificateRecord(**row)


def of_case(connection: Connection, tenant: str, case_name: str) -> list[CertificateRecord]:
    """The case's certificates, newest first."""
    query = (
        select(certificates)
        .where(certificates.c.tenant == tenant, certificates.c.case_name == case_name)
        .order_by(
            certificates.c.declaration_version.desc(),
            certificates.c.adopted_at.desc(),
            certificates.c.e_cert_id,
        )
    )
    return [CertificateRecord(**row) for row in connection.execute(query).mappings()]


def set_status(
    tx: Transaction, certificate: CertificateRecord, status: CertificateStatus, told_at: datetime
) -> CertificateRecord | None:
    """Record the status as the platform told it at a moment. None where a later word is recorded already."""
    newer = update(certificates).where(
        certificates.c.tenant == certificate.tenant,
        certificates.c.platform == certificate.platform,
        certificates.c.e_cert_id == certificate.e_cert_id,
        certificates.c.status_at <= told_at,
    )
    told = replace(certificate, status=status, status_at=told_at)
    changed = newer.where(certificates.c.status != status).values(status=status, status_at=told_at)
    if tx.connection.execute(changed).rowcount:
        _tell(tx, told)
        return told
    confirmed = newer.where(certificates.c.status == status).values(status_at=told_at)
    return told if tx.connection.execute(confirmed).rowcount else None


def _active(connection: Connection, new: NewCertificate) -> CertificateRecord:
    query = select(certificates).where(
        certificates.c.tenant == new.tenant,
        certificates.c.case_name == new.case_name,
        certificates.c.declaration_version == new.declaration_version,
        certificates.c.status == CertificateStatus.ACTIVE,
    )
    return CertificateRecord(**connection.execute(query).mappings().one())


def _tell(tx: Transaction, certificate: CertificateRecord) -> None:
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
        },
        body=certificate.proof,
    )
