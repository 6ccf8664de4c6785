"""Voids: certificates that are not wanted any more, until their platforms have confirmed that they are out of force.

Asking twice is the same as once, so no lease keeps others away for long; a fence keeps late outcomes out.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, update

from engine.void import OPEN_VOID, VoidState
from server.store import log
from server.store.columns import Instant
from server.store.prepared import every, first
from server.store.records import VoidRecord
from server.store.rows import among, columns_of, insert_new, keyed, keys, rows_of
from server.store.schema import voids
from server.store.sealing import opened, sealed_row
from server.store.transaction import Transaction

_ROWS = rows_of(voids, VoidRecord)
_KEY = keyed(voids, "tenant", "platform", "e_cert_id")
_BY_KEY = _ROWS.where(_KEY)
_OPEN_OF_CASE = _ROWS.where(keyed(voids, "tenant", "case_name"), among(voids.c.state, OPEN_VOID)).order_by(
    voids.c.planned_at, voids.c.e_cert_id
)
_DUE = (
    _ROWS.where(voids.c.due_at <= bindparam("now", type_=Instant))
    .order_by(voids.c.due_at)
    .limit(bindparam("limit", type_=Integer))
    .with_for_update(skip_locked=True)
)
_TAKE = (
    update(voids)
    .where(_KEY)
    .values(fence=voids.c.fence + 1, due_at=bindparam("again", type_=Instant))
    .returning(*_ROWS.selected_columns)
)
# What is confirmed stays so.
_RECORD = update(voids).where(_KEY, keyed(voids, "fence"), voids.c.state.in_(sorted(OPEN_VOID)))


def plan(
    tx: Transaction, *, tenant: str, platform: str, e_cert_id: str, case_name: str, reason: str
) -> VoidRecord:
    """Plan to void a certificate: it is due at once. Where one is planned already, that one."""
    new = VoidRecord(
        tenant, platform, e_cert_id, case_name, reason,
        VoidState.PLANNED, "", 0, planned_at=tx.now, ended_at=None, fence=0, due_at=tx.now,
    )  # fmt: skip
    if insert_new(tx.connection, voids, sealed_row(tx.connection, voids, case_name, columns_of(new))):
        _tell(tx, new)
        return new
    there = find(tx.connection, tenant, platform, e_cert_id)
    assert there is not None, "voids are never removed"
    return there


def find(connection: Connection, tenant: str, platform: str, e_cert_id: str) -> VoidRecord | None:
    """The void of a certificate."""
    key = keys(tenant=tenant, platform=platform, e_cert_id=e_cert_id)
    return first(connection, _BY_KEY, _void(connection), key)


def open_of_case(connection: Connection, tenant: str, case_name: str) -> list[VoidRecord]:
    """The case's voids that are not confirmed, oldest first."""
    return every(connection, _OPEN_OF_CASE, _void(connection), keys(tenant=tenant, case_name=case_name))


def take_due(tx: Transaction, again_in: timedelta, limit: int) -> list[VoidRecord]:
    """Take voids that are due in hand, the longest due first; nobody else takes them before `again_in`."""
    record_of = _void(tx.connection)
    found = every(tx.connection, _DUE, record_of, {"now": tx.now, "limit": limit})
    again = {"again": tx.now + again_in}
    return [record_of(*tx.connection.execute(_TAKE, again | _key(void)).one()) for void in found]


def record(
    tx: Transaction, void: VoidRecord, state: VoidState, because: str, due_in: timedelta | None = None
) -> bool:
    """Record what came of a try. False, nothing written, where somebody else has it in hand since, or it is confirmed.

    One that stays planned is due again after `due_in`.
    """
    row: dict[str, Any] = {
        "state": state,
        "because": because,
        "tries": void.tries + 1,
        "ended_at": tx.now if state is VoidState.CONFIRMED else None,
        "due_at": tx.now + due_in if due_in is not None else None,
    }
    key = _key(void) | keys(fence=void.fence)
    row = sealed_row(tx.connection, voids, void.case_name, row, columns_of(void))
    if tx.connection.execute(_RECORD, row | key).rowcount == 0:
        return False
    if state is not VoidState.PLANNED:
        _tell(tx, void, state, because)
    return True


def retry(tx: Transaction, void: VoidRecord) -> None:
    """Have a void that was stuck tried again at once, from its first try on."""
    again = {"state": VoidState.PLANNED, "tries": 0, "due_at": tx.now, "because": void.because}
    row = sealed_row(tx.connection, voids, void.case_name, again, columns_of(void))
    tx.connection.execute(_RECORD, row | _key(void) | keys(fence=void.fence))


def _void(connection: Connection) -> Callable[..., VoidRecord]:
    return opened(connection, voids, VoidRecord)


def _key(void: VoidRecord) -> dict[str, Any]:
    return keys(tenant=void.tenant, platform=void.platform, e_cert_id=void.e_cert_id)


def _tell(tx: Transaction, void: VoidRecord, state: VoidState = VoidState.PLANNED, because: str = "") -> None:
    said = {"platform": void.platform, "e_cert_id": void.e_cert_id, "reason": void.reason}
    log.append(tx, void.tenant, "void", void.case_name, {**said, "state": state, "because": because})
