"""Erasing: the data key goes, and with it all that was sealed under it. Sealed texts stay, so that the log still verifies.

What stands in plain, because it was written before values were sealed, is written over. The log says when, by whom and why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Table,
    and_,
    bindparam,
    case,
    or_,
    select,
    tuple_,
    update,
)

from engine.void import OPEN_VOID
from server.store import cases as case_records
from server.store import log
from server.store.columns import Instant
from server.store.listing import Place as Listed
from server.store.prepared import every, first, write
from server.store.records import CaseRecord
from server.store.rows import among, keyed, keys, rows_of
from server.store.schema import (
    attempts,
    cases,
    certificates,
    data_keys,
    dead_letters,
    decisions,
    declarations,
    requests,
    voids,
)
from server.store.sealing import SEALED, forget_key
from server.store.sealing import keys as data_key_rows
from server.store.sealing.envelope import MARK
from server.store.sealing.keys import DataKeyRecord
from server.store.transaction import Transaction

KIND: Final = "erasure"
LETTER_ERASED: Final = "its case is erased"

_ERASE_CASE = update(cases).where(keyed(cases, "tenant", "name"), cases.c.erased_at.is_(None))
_SETTLE_LETTERS = update(dead_letters).where(
    keyed(dead_letters, "tenant", "case_name"), dead_letters.c.settled_at.is_(None)
)
_SWEPT = select(attempts.c.reference).where(
    keyed(attempts, "tenant", "case_name"), attempts.c.due_at.is_not(None)
)
_OPEN_VOID = select(voids.c.e_cert_id).where(
    keyed(voids, "tenant", "case_name"), among(voids.c.state, OPEN_VOID)
)
_DUE = (
    rows_of(data_keys, DataKeyRecord)
    .where(
        data_keys.c.erased_at.is_(None),
        data_keys.c.created_at < bindparam("before", type_=Instant),
        tuple_(data_keys.c.created_at, data_keys.c.tenant, data_keys.c.subject)
        > tuple_(
            bindparam("at", type_=Instant),
            bindparam("tenant", type_=data_keys.c.tenant.type),
            bindparam("subject", type_=data_keys.c.subject.type),
        ),
    )
    .order_by(data_keys.c.created_at, data_keys.c.tenant, data_keys.c.subject)
    .limit(bindparam("limit", type_=Integer))
)


_BEGINNING: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_SINCE = bindparam("since", type_=Instant)
_HELD = (
    rows_of(data_keys, DataKeyRecord)
    .where(
        keyed(data_keys, "tenant"),
        data_keys.c.held_at.is_not(None),
        data_keys.c.erased_at.is_(None),
        or_(
            bindparam("first", type_=Integer) == 1,
            data_keys.c.held_at > _SINCE,
            and_(
                data_keys.c.held_at == _SINCE,
                data_keys.c.subject > bindparam("name", type_=data_keys.c.subject.type),
            ),
        ),
    )
    .order_by(data_keys.c.held_at, data_keys.c.subject)
    .limit(bindparam("limit", type_=Integer))
)


@dataclass(frozen=True, slots=True)
class HeldCase:
    """A case that is held: why, by whom and since when, as it was last said."""

    case: CaseRecord
    because: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """How far retention has looked: the moment, tenant and subject of the last key."""

    at: datetime
    tenant: str
    subject: str


def waits_for_platform(connection: Connection, tenant: str, case_name: str) -> bool:
    """Whether a platform may still come up with something of the case: a look-up is due, or a void is open."""
    key = keys(tenant=tenant, case_name=case_name)
    return any(first(connection, each, str, key) is not None for each in (_SWEPT, _OPEN_VOID))


def held(tx: Transaction, tenant: str, subject: str) -> DataKeyRecord | None:
    """The subject's key, which nobody else holds, releases or erases until the transaction ends."""
    return data_key_rows.take(tx.connection, tenant, subject)


def hold(tx: Transaction, tenant: str, subject: str, *, actor: str, reason: str) -> None:
    """Put a legal hold on a subject, which stands in the log."""
    values = {"held_because": reason, "held_by": actor, "held_at": tx.now}
    data_key_rows.change(tx.connection, tenant, subject, **values)
    log.append(tx, tenant, "hold", subject, {"actor": actor, "reason": reason}, plain=True)


def release(tx: Transaction, tenant: str, subject: str, *, actor: str, reason: str) -> None:
    """End a legal hold."""
    values = {"held_because": None, "held_by": None, "held_at": None}
    data_key_rows.change(tx.connection, tenant, subject, **values)
    log.append(tx, tenant, "release", subject, {"actor": actor, "reason": reason}, plain=True)


def held_cases(connection: Connection, tenant: str, after: Listed | None, limit: int) -> list[HeldCase]:
    """The tenant's cases that are held, the one first that was held first. They are few, and found by a scan of the keys."""
    values = {
        "first": int(after is None),
        "since": after.at if after else _BEGINNING,
        "name": after.name if after else "",
        "limit": limit,
    } | keys(tenant=tenant)
    found = []
    for held_key in every(connection, _HELD, DataKeyRecord, values):
        record = case_records.find(connection, tenant, held_key.subject)
        if record is not None and held_key.held_at is not None:
            found.append(
                HeldCase(record, held_key.held_because or "", held_key.held_by or "", held_key.held_at)
            )
    return found


def erase_case(tx: Transaction, record: CaseRecord, key: DataKeyRecord, *, actor: str, reason: str) -> None:
    """Erase a case. The caller has seen that nothing stands against it, with the case and its key in hand."""
    write(tx.connection, _ERASE_CASE, {"erased_at": tx.now} | keys(tenant=record.tenant, name=record.name))
    settled = {"settled_at": tx.now, "due_at": None, "because": LETTER_ERASED}
    write(tx.connection, _SETTLE_LETTERS, settled | keys(tenant=record.tenant, case_name=record.name))
    _erase(tx, key, _of_case(record.tenant, record.name), actor, reason)


def erase_screenings(tx: Transaction, key: DataKeyRecord, day: date, *, actor: str, reason: str) -> None:
    """Erase the screenings of a day."""
    begin = datetime.fromisoformat(f"{day.isoformat()}T00:00:00+00:00")
    screened = and_(
        decisions.c.tenant == key.tenant,
        decisions.c.case_name.is_(None),
        decisions.c.request_id.is_(None),
        decisions.c.decided_at >= begin,
        decisions.c.decided_at < begin + timedelta(days=1),
    )
    _erase(tx, key, [(decisions, screened)], actor, reason)


def past(connection: Connection, before: datetime, after: Place | None, limit: int) -> list[DataKeyRecord]:
    """Keys made before a moment and not erased, in the order of their making, from a place on."""
    place = after or Place(_BEGINNING, "", "")
    values = {
        "before": before,
        "at": place.at,
        "tenant": place.tenant,
        "subject": place.subject,
        "limit": limit,
    }
    return [DataKeyRecord(*row) for row in connection.execute(_DUE, values)]


def _erase(
    tx: Transaction,
    key: DataKeyRecord,
    plain: Sequence[tuple[Table, ColumnElement[bool]]],
    actor: str,
    reason: str,
) -> None:
    data_key_rows.change(tx.connection, key.tenant, key.subject, wrapped=None, erased_at=tx.now)
    forget_key(tx.connection, key.tenant, key.subject)
    if key.plain:
        for table, rows in plain:
            _write_over(tx.connection, table, rows)
    log.append(tx, key.tenant, KIND, key.subject, {"actor": actor, "reason": reason}, plain=True)


def _of_case(tenant: str, name: str) -> list[tuple[Table, ColumnElement[bool]]]:
    """The rows of a case in each table that has sealed columns."""
    asked = select(requests.c.request_id).where(requests.c.tenant == tenant, requests.c.case_name == name)
    tables: list[tuple[Table, ColumnElement[bool]]] = [
        (table, and_(table.c.tenant == tenant, table.c.case_name == name))
        for table in (declarations, attempts, certificates, voids, dead_letters)
    ]
    of_case = and_(
        decisions.c.tenant == tenant,
        or_(decisions.c.case_name == name, decisions.c.request_id.in_(asked)),
    )
    return [
        (cases, and_(cases.c.tenant == tenant, cases.c.name == name)),
        *tables,
        (decisions, of_case),
        (requests, and_(requests.c.tenant == tenant, requests.c.case_name == name)),
    ]


def _write_over(connection: Connection, table: Table, rows: ColumnElement[bool]) -> None:
    """Empties what stands in plain in the columns that are sealed now."""
    emptied: dict[str, Any] = {
        name: case((table.c[name].like(f"{MARK}%"), table.c[name]), else_="") for name in SEALED[table]
    }
    connection.execute(update(table).where(rows).values(emptied))
