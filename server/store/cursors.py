"""Cursors of webhook endpoints: up to where in the log each was told, and which process tells it now.

Whoever delivers holds a lease on the cursor; taking it over raises its fence, and what carries an older fence
writes nothing. Leases run by the database's clock on PostgreSQL, by the transaction's moment on SQLite.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Connection, Select, Update, bindparam, func, or_, select, update

from server.store.attempts import Lease
from server.store.log import size
from server.store.moments import after, moment
from server.store.prepared import first
from server.store.rows import columns_of, every, insert_new, keyed, keys, rows_of
from server.store.schema import log, webhook_cursors
from server.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class CursorHold:
    """The right to move a cursor. It ends when somebody else takes the cursor over."""

    tenant: str
    endpoint: str
    fence: int


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where an endpoint stands: every event before `read_to` was delivered, is a dead letter, or is none of its,
    but for those that are open; `open_positions` lists them as JSON, and `position` is the first, else `read_to`.

    `tries`, `faults` and `failing_since` are about the event at the position, where its delivery failed; `because`
    says why, for people. Nothing is delivered before `due_at`, where it is set.
    """

    tenant: str
    endpoint: str
    position: int
    read_to: int
    open_positions: str
    fence: int
    lease_owner: str | None
    lease_until: datetime | None
    tries: int
    faults: int
    failing_since: datetime | None
    due_at: datetime | None
    because: str
    delivered_at: datetime | None
    updated_at: datetime

    @property
    def hold(self) -> CursorHold:
        """The hold that the present fence stands for."""
        return CursorHold(self.tenant, self.endpoint, self.fence)

    @property
    def place(self) -> "CursorPlace":
        """Up to where the endpoint was told."""
        return CursorPlace(self.read_to, tuple(json.loads(self.open_positions)))


@dataclass(frozen=True, slots=True)
class CursorPlace:
    """Up to where the log was read, and the positions before that whose events are still to be delivered, in order."""

    read_to: int
    open: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """What became of the deliveries since the last record. `pause`: nobody delivers for that long."""

    place: CursorPlace
    delivered: bool
    tries: int = 0
    faults: int = 0
    failing_since: datetime | None = None
    because: str = ""
    pause: timedelta | None = None


_ROWS = rows_of(webhook_cursors, Cursor)
_BY_KEY = _ROWS.where(keyed(webhook_cursors, "tenant", "endpoint"))
_ALL = _ROWS.order_by(webhook_cursors.c.tenant, webhook_cursors.c.endpoint)
_HELD = update(webhook_cursors).where(keyed(webhook_cursors, "tenant", "endpoint", "fence"))
_RELEASE = _HELD.values(lease_owner=None, lease_until=None)
_AHEAD = (
    select(func.count())
    .select_from(log)
    .where(
        keyed(log, "tenant"),
        log.c.kind == "transition",
        log.c.position >= bindparam("start", type_=BigInteger),
    )
)


def open_cursor(tx: Transaction, tenant: str, endpoint: str, *, beginning: bool) -> bool:
    """Make the endpoint's cursor where it has none: at the log's beginning or its end. False where it has one."""
    position = 0 if beginning else size(tx.connection)
    row = {
        "tenant": tenant,
        "endpoint": endpoint,
        "position": position,
        "read_to": position,
        "open_positions": "[]",
        "fence": 0,
        "tries": 0,
        "faults": 0,
        "because": "",
        "updated_at": tx.now,
    }
    return insert_new(tx.connection, webhook_cursors, row)


def find(connection: Connection, tenant: str, endpoint: str) -> Cursor | None:
    """The endpoint's cursor."""
    return first(connection, _BY_KEY, Cursor, keys(tenant=tenant, endpoint=endpoint))


def listed(connection: Connection) -> list[Cursor]:
    """Every cursor, by tenant and endpoint."""
    return every(connection, _ALL, Cursor, {})


def ahead(connection: Connection, cursor: Cursor) -> int:
    """How many events are open, or were not read yet; among these are some that the endpoint does not want."""
    start = keys(tenant=cursor.tenant) | {"start": cursor.read_to}
    return len(cursor.place.open) + int(connection.execute(_AHEAD, start).scalar_one())


def take(tx: Transaction, tenant: str, endpoint: str, lease: Lease) -> Cursor | None:
    """Take a cursor, with the next fence. None where somebody else holds it, or it is not due."""
    dialect = tx.connection.dialect.name
    asked = {"now": after(dialect, tx.now), "owner": lease.owner} | keys(tenant=tenant, endpoint=endpoint)
    fence = tx.connection.execute(_free(dialect), asked).scalar()
    if fence is None:
        return None
    values = {"lease_owner": lease.owner, "until": after(dialect, tx.now, lease.length)}
    key = keys(tenant=tenant, endpoint=endpoint, fence=fence)
    return Cursor(*tx.connection.execute(_take(dialect), values | key).one())


def record(tx: Transaction, hold: CursorHold, lease: Lease, progress: Progress) -> bool:
    """Move a held cursor, and make its lease last longer. False, nothing written, where the hold was lost."""
    dialect = tx.connection.dialect.name
    values: dict[str, Any] = {
        "position": progress.place.open[0] if progress.place.open else progress.place.read_to,
        "read_to": progress.place.read_to,
        "open_positions": json.dumps(progress.place.open),
        "tries": progress.tries,
        "faults": progress.faults,
        "failing_since": progress.failing_since,
        "because": progress.because,
        "updated_at": tx.now,
        "until": after(dialect, tx.now, lease.length),
    }
    if progress.delivered:
        values["delivered_at"] = tx.now
    if progress.pause is None:
        values["due_at"] = None
    else:
        values["due"] = after(dialect, tx.now, progress.pause)
    statement = _record(dialect, progress.pause is not None)
    return tx.connection.execute(statement, values | keys(**columns_of(hold))).rowcount == 1


def release(tx: Transaction, hold: CursorHold) -> bool:
    """Let go of a cursor, so that another process need not wait for the lease's end."""
    return tx.connection.execute(_RELEASE, keys(**columns_of(hold))).rowcount == 1


@cache
def _free(dialect: str) -> Select[Any]:
    now = moment(dialect, "now")
    cursor = webhook_cursors.c
    return (
        select(cursor.fence)
        .where(
            keyed(webhook_cursors, "tenant", "endpoint"),
            or_(
                cursor.lease_until.is_(None),
                cursor.lease_until <= now,
                cursor.lease_owner == bindparam("owner"),
            ),
            or_(cursor.due_at.is_(None), cursor.due_at <= now),
        )
        .with_for_update(skip_locked=True)
    )


@cache
def _take(dialect: str) -> Update:
    until = moment(dialect, "until")
    taken = _HELD.values(fence=webhook_cursors.c.fence + 1, lease_until=until)
    return taken.returning(*_ROWS.selected_columns)


@cache
def _record(dialect: str, paused: bool) -> Update:
    kept = _HELD.values(lease_until=moment(dialect, "until"))
    return kept.values(due_at=moment(dialect, "due")) if paused else kept
