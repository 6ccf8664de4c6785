"""Attempts at platforms: planned before the first byte leaves, held by lease, ended under a fence.

Whoever sends or looks up holds a lease; taking an attempt over raises its fence, and what carries an older
fence writes nothing. Leases run by the database's clock on PostgreSQL, by the transaction's moment on SQLite.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    Insert,
    Integer,
    Select,
    Update,
    and_,
    bindparam,
    case,
    func,
    insert,
    select,
    update,
)

from engine.case import OPEN_ATTEMPT, AttemptState, before
from server.store.moments import after, moment
from server.store.prepared import every, first, write
from server.store.records import AttemptRecord, Hold, NewAttempt
from server.store.rows import among, columns_of, keyed, keys, rows_of
from server.store.schema import attempts
from server.store.sealing import opened, sealed_row
from server.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Lease:
    """Who works on an attempt, and for how long."""

    owner: str
    length: timedelta


_ROWS = rows_of(attempts, AttemptRecord)
_BY_REFERENCE = _ROWS.where(keyed(attempts, "tenant", "reference"))
_OF_CASE = _ROWS.where(keyed(attempts, "tenant", "case_name")).order_by(
    attempts.c.planned_at, attempts.c.declaration_version, attempts.c.generation, attempts.c.reference
)
_TAKE_OVER = (
    update(attempts)
    .where(keyed(attempts, "tenant", "reference"))
    .values(fence=attempts.c.fence + 1, lease_owner=None, lease_until=None, due_at=None)
    .returning(*_ROWS.selected_columns)
)
# Of all tenants: what is due is few, and has an index of its own.
_DUE_SOME_TIME = _ROWS.where(attempts.c.due_at.is_not(None))
_OF_PLATFORM_REFERENCE = _DUE_SOME_TIME.where(keyed(attempts, "platform", "reference"))
_OF_PLATFORM_ID = _DUE_SOME_TIME.where(keyed(attempts, "platform", "platform_id"))
_HELD = update(attempts).where(keyed(attempts, "tenant", "reference", "fence"))


def plan(tx: Transaction, new: NewAttempt, lease: Lease | None, *, sends: bool = False) -> AttemptRecord:
    """Plan an attempt: with a lease, for its owner to send; without one, for the reconciler to take at once.

    `sends`: its owner sends it at once, and bytes may leave from the commit on; the lease leaves the time for that. The
    schema refuses a second one while the case has an open attempt.
    """
    assert lease is not None or not sends, "who sends holds the lease"
    row = {
        **columns_of(new),
        "deadline": _after(tx, new.deadline_at - tx.now),
        "state": AttemptState.SENDING if sends else AttemptState.PLANNED,
        "because": "",
        "detail": "",
        "planned_at": tx.now,
        "sent_at": tx.now if sends else None,
        "fence": 0 if lease is None else 1,
        "lease_owner": None if lease is None else lease.owner,
        "until": _after(tx, timedelta() if lease is None else lease.length),
    }
    del row["deadline_at"]
    row = sealed_row(tx.connection, attempts, new.case_name, row)
    [planned] = every(
        tx.connection, _plan(tx.connection.dialect.name, lease is not None), _attempt(tx.connection), row
    )
    return planned


def begin_sending(tx: Transaction, hold: Hold, needs: timedelta) -> bool:
    """Mark that bytes may leave from now on: the first holder may, once.

    False, and nothing may be sent, where the hold was lost, the lease leaves less time than sending needs, or the
    attempt's deadline has passed.
    """
    now = _after(tx, timedelta())
    mark = {"state": AttemptState.SENDING, "sent_at": tx.now, "needed": _after(tx, needs), "now": now}
    return _written(tx, _begin_sending(tx.connection.dialect.name), hold, mark)


def overdue(tx: Transaction, hold: Hold) -> bool:
    """Whether an attempt that is held was not sent by its deadline, and so never is."""
    values = {"now": _after(tx, timedelta())} | _key(hold)
    return first(tx.connection, _overdue(tx.connection.dialect.name), lambda *_: True, values) is not None


def record_outcome(
    tx: Transaction,
    hold: Hold,
    state: AttemptState,
    *,
    because: str,
    detail: str = "",
    due_in: timedelta | None = None,
    platform_id: str = "",
) -> bool:
    """Record what became of an attempt, and let go of it. False, nothing written, where the hold was lost.

    `because` is for people, `detail` is the outcome as JSON. An outcome that stays open is due again after
    `due_in`; without one it waits for an operator.
    """
    open_still = state in OPEN_ATTEMPT
    outcome: dict[str, Any] = {
        "state": state,
        "because": because,
        "detail": detail,
        "ended_at": None if open_still else tx.now,
        "lease_owner": None,
        "lease_until": None,
    }
    if platform_id:
        # One that was given before stays.
        outcome["platform_id"] = platform_id
    if not open_still or due_in is None:
        return _written(tx, _outcome(state), hold, outcome | {"due_at": None})
    outcome["due"] = _after(tx, due_in)
    return _written(tx, _open_outcome(tx.connection.dialect.name, state), hold, outcome)


def plan_sweep(tx: Transaction, reference: AttemptRecord, until: datetime, due_in: timedelta) -> None:
    """Have an attempt that came to nothing looked up again: the platform may come up with it until then."""
    values = {"due": _after(tx, due_in), "sweep_until": until}
    hold = keys(tenant=reference.tenant, reference=reference.reference)
    tx.connection.execute(_plan_sweep(tx.connection.dialect.name), values | hold)


def swept(tx: Transaction, hold: Hold, due_in: timedelta | None) -> bool:
    """Record that an attempt that had ended was looked up; it is again after `due_in`, or never without one.

    False, nothing written, where the hold was lost.
    """
    freed: dict[str, Any] = {"lease_owner": None, "lease_until": None}
    if due_in is None:
        return _written(tx, _HELD, hold, freed | {"due_at": None})
    return _written(tx, _swept(tx.connection.dialect.name), hold, freed | {"due": _after(tx, due_in)})


def take_over(tx: Transaction, attempt: AttemptRecord) -> AttemptRecord:
    """Take an attempt out of whoever's hands for an operator: what they would write is written no more."""
    held = keys(tenant=attempt.tenant, reference=attempt.reference)
    return _attempt(tx.connection)(*tx.connection.execute(_TAKE_OVER, held).one())


def look_up_now(tx: Transaction, attempt: AttemptRecord) -> None:
    """Have an open attempt, which waits for a person, looked up by the reconciler at once."""
    held = keys(tenant=attempt.tenant, reference=attempt.reference)
    tx.connection.execute(_due_now(tx.connection.dialect.name), held | {"due": _after(tx, timedelta())})


def of_platform_reference(connection: Connection, platform: str, reference: str) -> list[AttemptRecord]:
    """The attempts at a platform that are due some time, of this reference, whosever they are."""
    key = keys(platform=platform, reference=reference)
    return every(connection, _OF_PLATFORM_REFERENCE, _attempt(connection), key)


def of_platform_id(connection: Connection, platform: str, platform_id: str) -> list[AttemptRecord]:
    """The attempts that are due some time, of which the platform gave this id, whosever they are."""
    key = keys(platform=platform, platform_id=platform_id)
    return every(connection, _OF_PLATFORM_ID, _attempt(connection), key)


def wake(tx: Transaction, attempt: AttemptRecord) -> bool:
    """Have an attempt looked up at once that is due later anyway, and that nobody has in hand. False where it is not so."""
    held = keys(tenant=attempt.tenant, reference=attempt.reference)
    now = _after(tx, timedelta())
    return tx.connection.execute(_wake(tx.connection.dialect.name), held | {"due": now}).rowcount == 1


def renew(tx: Transaction, hold: Hold, length: timedelta) -> bool:
    """Make a lease last longer, for looking up only: what may be sent is bound by the first lease."""
    return _written(tx, _renew(tx.connection.dialect.name), hold, {"until": _after(tx, length)})


def take_due(tx: Transaction, lease: Lease, limit: int) -> list[AttemptRecord]:
    """Take over open attempts that are due, the longest due first: each gets the lease and the next fence.

    One that nobody held before is still PLANNED, and may be sent while the lease lasts: its deadline is that. One that
    somebody was to send, or was sending, is UNKNOWN now: it may only be looked up.
    """
    dialect = tx.connection.dialect.name
    now = _after(tx, timedelta())
    due = every(tx.connection, _due(dialect), Hold, {"now": now, "limit": limit})
    values = {"lease_owner": lease.owner, "until": _after(tx, lease.length)}
    record = _attempt(tx.connection)
    taken = (every(tx.connection, _take(dialect), record, values | _key(hold)) for hold in due)
    return [attempt for [attempt] in taken]


def find(connection: Connection, tenant: str, reference: str) -> AttemptRecord | None:
    """The attempt of this reference."""
    return first(connection, _BY_REFERENCE, _attempt(connection), keys(tenant=tenant, reference=reference))


def of_case(connection: Connection, tenant: str, case_name: str) -> list[AttemptRecord]:
    """The case's attempts, oldest first."""
    return every(connection, _OF_CASE, _attempt(connection), keys(tenant=tenant, case_name=case_name))


def _written(tx: Transaction, statement: Update, hold: Hold, values: dict[str, Any]) -> bool:
    row = sealed_row(tx.connection, attempts, hold.case_name, values, columns_of(hold))
    return write(tx.connection, statement, row | _key(hold)) == 1


def _key(hold: Hold) -> dict[str, Any]:
    return keys(tenant=hold.tenant, reference=hold.reference, fence=hold.fence)


def _attempt(connection: Connection) -> Callable[..., AttemptRecord]:
    return opened(connection, attempts, AttemptRecord)


def _after(tx: Transaction, length: timedelta) -> timedelta | datetime:
    return after(tx.connection.dialect.name, tx.now, length)


@cache
def _plan(dialect: str, held: bool) -> Insert:
    until = moment(dialect, "until")
    leased = {"lease_until": until, "send_lease_until": until} if held else {}
    return (
        insert(attempts)
        .values(deadline_at=moment(dialect, "deadline"), due_at=until, **leased)
        .returning(*_ROWS.selected_columns)
    )


@cache
def _begin_sending(dialect: str) -> Update:
    # Whoever took it over from somebody else may not send: bytes may have left already.
    return _outcome(AttemptState.SENDING).where(
        attempts.c.fence == 1,
        attempts.c.lease_until >= moment(dialect, "needed"),
        attempts.c.deadline_at >= moment(dialect, "now"),
    )


@cache
def _overdue(dialect: str) -> Select[Any]:
    return select(attempts.c.reference).where(
        keyed(attempts, "tenant", "reference", "fence"),
        attempts.c.state == AttemptState.PLANNED,
        attempts.c.deadline_at < moment(dialect, "now"),
    )


@cache
def _outcome(state: AttemptState) -> Update:
    return _HELD.where(among(attempts.c.state, before(state)))


@cache
def _open_outcome(dialect: str, state: AttemptState) -> Update:
    return _outcome(state).values(due_at=moment(dialect, "due"))


@cache
def _plan_sweep(dialect: str) -> Update:
    return (
        update(attempts).where(keyed(attempts, "tenant", "reference")).values(due_at=moment(dialect, "due"))
    )


@cache
def _due_now(dialect: str) -> Update:
    return _plan_sweep(dialect).where(attempts.c.state.in_(sorted(OPEN_ATTEMPT)))


@cache
def _wake(dialect: str) -> Update:
    return _plan_sweep(dialect).where(
        attempts.c.due_at > moment(dialect, "due"), attempts.c.lease_owner.is_(None)
    )


@cache
def _swept(dialect: str) -> Update:
    return _HELD.values(due_at=moment(dialect, "due"))


@cache
def _renew(dialect: str) -> Update:
    until = moment(dialect, "until")
    return _HELD.where(attempts.c.lease_owner.is_not(None)).values(lease_until=until, due_at=until)


@cache
def _due(dialect: str) -> Select[Any]:
    return (
        rows_of(attempts, Hold)
        .where(attempts.c.due_at <= moment(dialect, "now"))
        .order_by(attempts.c.due_at)
        .limit(bindparam("limit", type_=Integer))
        .with_for_update(skip_locked=True)
    )


@cache
def _take(dialect: str) -> Update:
    until = moment(dialect, "until")
    # Who held it may have sent it.
    lost = and_(attempts.c.fence > 0, among(attempts.c.state, (AttemptState.PLANNED, AttemptState.SENDING)))
    return _HELD.values(
        state=case((lost, AttemptState.UNKNOWN), else_=attempts.c.state),
        fence=attempts.c.fence + 1,
        lease_until=until,
        send_lease_until=func.coalesce(attempts.c.send_lease_until, until),
        due_at=until,
        # Whoever plans without a lease does not know when somebody will be there to send.
        deadline_at=case((attempts.c.fence == 0, until), else_=attempts.c.deadline_at),
    ).returning(*_ROWS.selected_columns)
