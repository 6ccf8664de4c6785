"""The ends of blanket certificates: the cases under one that is no longer in force, and periods that end soon."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Date, Integer, and_, bindparam, func, or_, select, update

from engine.case import CaseState
from engine.certificate import CertificateStatus
from engine.debit import DebitState
from server.store.columns import Instant
from server.store.ledger_records import LedgerRecord
from server.store.prepared import every, first, write
from server.store.records import CertificateRecord
from server.store.rows import among, keyed, keys, rows_of
from server.store.schema import cases, certificates, debits, ledgers
from server.store.sealing import opened
from server.store.transaction import Transaction


class Ended(NamedTuple):
    """A ledger whose certificate is no longer in force."""

    tenant: str
    platform: str
    e_cert_id: str
    case_name: str
    status: CertificateStatus


_CERTIFICATE = and_(
    certificates.c.tenant == ledgers.c.tenant,
    certificates.c.platform == ledgers.c.platform,
    certificates.c.e_cert_id == ledgers.c.e_cert_id,
)
_ACTIVE: ColumnElement[bool] = certificates.c.status == CertificateStatus.ACTIVE
_LIMIT = bindparam("limit", type_=Integer)
_KEY = ("tenant", "platform", "e_cert_id")
_ENDED = (
    select(*(ledgers.c[name] for name in (*_KEY, "case_name")), certificates.c.status)
    .join(certificates, _CERTIFICATE)
    .where(
        certificates.c.status != CertificateStatus.ACTIVE,
        or_(ledgers.c.told_as.is_(None), ledgers.c.told_as != certificates.c.status),
    )
    .order_by(ledgers.c.opened_at)
    .limit(_LIMIT)
)
_HELD = rows_of(ledgers, LedgerRecord).where(keyed(ledgers, *_KEY)).with_for_update()
_DRAWING = and_(
    cases.c.tenant == debits.c.tenant,
    cases.c.name == debits.c.case_name,
    cases.c.declaration_version == debits.c.declaration_version,
)
_HIT = (
    select(cases.c.name)
    .join(debits, _DRAWING)
    .where(
        keyed(debits, *_KEY),
        debits.c.state == DebitState.HELD,
        # What is erased is moved no more.
        cases.c.erased_at.is_(None),
        cases.c.name != bindparam("own", type_=cases.c.name.type),
    )
    .distinct()
    .order_by(cases.c.name)
    .limit(_LIMIT)
)
_HIT_BY_ITS_END = _HIT.where(cases.c.state == CaseState.CERTIFIED)
_HIT_BY_OTHERS = _HIT.where(among(cases.c.state, (CaseState.CERTIFIED, CaseState.HANDED_OFF)))
_TOLD = update(ledgers).where(keyed(ledgers, *_KEY))
_ENDING = (
    rows_of(ledgers, LedgerRecord)
    .join(certificates, _CERTIFICATE)
    .where(ledgers.c.warned_at.is_(None), ledgers.c.last_day <= bindparam("until", type_=Date), _ACTIVE)
    .order_by(ledgers.c.last_day)
    .limit(_LIMIT)
)
# By chance, so that those of a platform which does not answer keep none of another's waiting.
_UNTOLD = (
    rows_of(certificates, CertificateRecord)
    .join(ledgers, _CERTIFICATE)
    .where(_ACTIVE, certificates.c.status_at < bindparam("before", type_=Instant))
    .order_by(func.random())
    .limit(_LIMIT)
)
_WARNED = _TOLD.where(ledgers.c.warned_at.is_(None))
_IN_FORCE = (
    select(*(ledgers.c[name] for name in _KEY))
    .join(certificates, _CERTIFICATE)
    .where(keyed(ledgers, "tenant"), _ACTIVE)
)
_FIRST_TO_END = _IN_FORCE.order_by(
    ledgers.c.last_day.is_(None), ledgers.c.last_day, ledgers.c.platform, ledgers.c.e_cert_id
).limit(_LIMIT)
_HOW_MANY = select(func.count()).select_from(_IN_FORCE.subquery())
_CASES = select(func.count(debits.c.case_name.distinct())).where(
    keyed(debits, *_KEY), debits.c.state == DebitState.HELD
)


def ended(connection: Connection, limit: int) -> list[Ended]:
    """Ledgers of certificates that are no longer in force, as long as not every case was told of it, of all tenants."""
    return every(connection, _ENDED, Ended, {"limit": limit})


def hold(tx: Transaction, one: Ended) -> None:
    """Let nobody draw on the ledger until the transaction ends."""
    first(tx.connection, _HELD, LedgerRecord, _key(one))


def hit(connection: Connection, one: Ended, limit: int) -> list[str]:
    """Names of the cases that the end of a blanket certificate hits, and that were not told of it yet.

    Its expiry hits no order that was handed off: its importation was within the period.
    """
    query = _HIT_BY_ITS_END if one.status is CertificateStatus.EXPIRED else _HIT_BY_OTHERS
    return every(connection, query, str, _key(one) | {"own": one.case_name, "limit": limit})


def told(tx: Transaction, one: Ended) -> None:
    """Record that every case was told."""
    write(tx.connection, _TOLD, _key(one) | {"told_as": one.status})


def ending(connection: Connection, until: date, limit: int) -> list[LedgerRecord]:
    """Ledgers in force whose period ends by that day, and of which nobody was warned yet, of all tenants."""
    return every(connection, _ENDING, LedgerRecord, {"until": until, "limit": limit})


def untold(connection: Connection, before: datetime, limit: int) -> list[CertificateRecord]:
    """Certificates in force that have a ledger and of which a status was last told before a moment, some by chance."""
    record = opened(connection, certificates, CertificateRecord)
    return every(connection, _UNTOLD, record, {"before": before, "limit": limit})


def warn(tx: Transaction, ledger: LedgerRecord) -> bool:
    """Record that a warning was given. False where one was given before."""
    return write(tx.connection, _WARNED, _key(ledger) | {"warned_at": tx.now}) > 0


def in_force(connection: Connection, tenant: str, limit: int) -> tuple[list[tuple[str, str]], int]:
    """Platform and e-Cert ID of the tenant's ledgers in force, the period first that ends first; and how many there are."""
    found = every(connection, _FIRST_TO_END, lambda _, *names: names, {"limit": limit} | keys(tenant=tenant))
    [total] = every(connection, _HOW_MANY, int, keys(tenant=tenant))
    return found, total


def cases_of(connection: Connection, ledger: LedgerRecord) -> int:
    """How many cases draw on the ledger."""
    [counted] = every(connection, _CASES, int, _key(ledger))
    return counted


def _key(one: Ended | LedgerRecord) -> dict[str, str]:
    return keys(tenant=one.tenant, platform=one.platform, e_cert_id=one.e_cert_id)
