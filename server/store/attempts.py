"""Attempts at platforms: planned before the first byte leaves, held by lease, ended under a fence.

Whoever sends or looks up holds a lease; taking an attempt over raises its fence, and what carries an older
fence writes nothing. Leases run by the database's clock on PostgreSQL, by the transaction's moment on SQLite.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Interval, and_, func, insert, literal, or_, select, update

from engine.case import OPEN_ATTEMPT, AttemptState, before
from server.store.columns import Instant
from server.store.records import AttemptRecord, Hold, NewAttempt
from server.store.schema import attempts
from server.store.transaction import Transaction, columns_of


@dataclass(frozen=True, slots=True)
class Lease:
    """Who works on an attempt, and for how long."""

    owner: str
    length: timedelta


def plan(tx: Transaction, new: NewAttempt, lease: Lease | None) -> AttemptRecord:
    """Plan an attempt: with a lease, for its owner to send; without one, for the reconciler to take at once.

    The schema refuses a second one while the case has an open attempt.
    """
    until = None if lease is None else _moment(tx, lease.length)
    row: dict[str, Any] = {
        **columns_of(new),
        "state": AttemptState.PLANNED,
        "because": "",
        "detail": "",
        "planned_at": tx.now,
        "fence": 0 if lease is None else 1,
        "lease_owner": None if lease is None else lease.owner,
        "lease_until": until,
        "send_lease_until": until,
        "due_at": _moment(tx) if until is None else until,
    }
    written = tx.connection.execute(insert(attempts).values(row).returning(attempts))
    return AttemptRecord(**written.mappings().one())


def begin_sending(tx: Transaction, hold: Hold, needs: timedelta) -> bool:
    """Mark that bytes may leave from now on: the first holder may, once.

    False, and nothing may be sent, where the hold was lost or the lease leaves less time than sending needs.
    """
    return _write(
        tx,
        hold,
        AttemptState.SENDING,
        {"sent_at": tx.now},
        attempts.c.fence == 1,
        attempts.c.lease_until >= _moment(tx, needs),
    )


def record_outcome(
    tx: Transaction,
    hold: Hold,
    state: AttemptState,
    *,
    because: str,
    detail: str = "",
    due_in: timedelta | None = None,
) -> bool:
    """Record what became of an attempt, and let go of it. False, nothing written, where the hold was lost.

    `because` is for people, `detail` is the outcome as JSON. An outcome that stays open is due again after
    `due_in`; without one it waits for an operator.
    """
    stays_open = state in OPEN_ATTEMPT
    values: dict[str, Any] = {
        "because": because,
        "detail": detail,
        "ended_at": None if stays_open else tx.now,
        "lease_owner": None,
        "lease_until": None,
        "due_at": _moment(tx, due_in) if stays_open and due_in is not None else None,
    }
    return _write(tx, hold, state, values)


def renew(tx: Transaction, hold: Hold, length: timedelta) -> bool:
    """Make a lease last longer, for looking up only: what may be sent is bound by the first lease."""
    until = _moment(tx, length)
    written = tx.connection.execute(
        update(attempts)
        .where(_held(hold), attempts.c.lease_owner.is_not(None))
        .values(lease_until=until, due_at=until)
    )
    return written.rowcount == 1


def take_due(tx: Transaction, lease: Lease, limit: int) -> list[AttemptRecord]:
    """Take over open attempts that are due, the longest due first: each gets the lease and the next fence.

    A PLANNED attempt that nobody held before (its fence is 1 now) may be sent; any other only looked up.
    """
    due = (
        select(attempts.c.tenant, attempts.c.reference)
        .where(attempts.c.due_at <= _moment(tx))
        .order_by(attempts.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    keys = [(row.tenant, row.reference) for row in tx.connection.execute(due)]
    if not keys:
        return []
    until = _moment(tx, lease.length)
    taken = (
        update(attempts)
        .where(or_(*(_is(tenant, reference) for tenant, reference in keys)))
        .values(
            fence=attempts.c.fence + 1,
            lease_owner=lease.owner,
            lease_until=until,
            send_lease_until=func.coalesce(attempts.c.send_lease_until, until),
            due_at=until,
        )
        .returning(attempts)
    )
    records = [AttemptRecord(**row) for row in tx.connection.execute(taken).mappings()]
    return sorted(records, key=lambda record: keys.index((record.tenant, record.reference)))


def find(connection: Connection, tenant: str, reference: str) -> AttemptRecord | None:
    """The attempt of this reference."""
    row = connection.execute(select(attempts).where(_is(tenant, reference))).mappings().first()
    return None if row is None else AttemptRecord(**row)


def of_case(connection: Connection, tenant: str, case_name: str) -> list[AttemptRecord]:
    """The case's attempts, oldest first."""
    query = (
        select(attempts)
        .where(attempts.c.tenant == tenant, attempts.c.case_name == case_name)
        .order_by(attempts.c.planned_at, attempts.c.generation, attempts.c.reference)
    )
    return [AttemptRecord(**row) for row in connection.execute(query).mappings()]


def _moment(tx: Transaction, plus: timedelta = timedelta()) -> ColumnElement[datetime]:
    if tx.connection.dialect.name == "postgresql":
        return func.statement_timestamp(type_=Instant) + literal(plus, Interval)
    return literal(tx.now + plus, Instant)


def _is(tenant: str, reference: str) -> ColumnElement[bool]:
    return and_(attempts.c.tenant == tenant, attempts.c.reference == reference)


def _held(hold: Hold) -> ColumnElement[bool]:
    return and_(_is(hold.tenant, hold.reference), attempts.c.fence == hold.fence)


def _write(
    tx: Transaction,
    hold: Hold,
    state: AttemptState,
    values: dict[str, Any],
    *conditions: ColumnElement[bool],
) -> bool:
    came_from: Sequence[AttemptState] = sorted(before(state))
    written = tx.connection.execute(
        update(attempts)
        .where(_held(hold), attempts.c.state.in_(came_from), *conditions)
        .values(state=state, **values)
    )
    return written.rowcount == 1
