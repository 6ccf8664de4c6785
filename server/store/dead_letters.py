"""Dead letters: events that an endpoint did not take, kept until an operator has them delivered again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Integer, Select, Update, bindparam, func, select, update

from server.store.moments import after, moment
from server.store.prepared import first
from server.store.rows import columns_of, every, insert_new, keyed, keys, rows_of
from server.store.schema import cases, dead_letters
from server.store.sealing import opened, sealed_row
from server.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class NewDeadLetter:
    """An event that is given up: the text that was sent, how often, and why it was not taken, for people."""

    tenant: str
    endpoint: str
    position: int
    case_name: str
    body: str
    tries: int
    because: str


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A dead letter. `due_at` is set while it is to be delivered again, `settled_at` once it was delivered."""

    tenant: str
    endpoint: str
    position: int
    case_name: str
    body: str
    tries: int
    because: str
    dead_at: datetime
    due_at: datetime | None
    settled_at: datetime | None


_TABLE = dead_letters.c
_ERASED = select(cases.c.name).where(keyed(cases, "tenant", "name"), cases.c.erased_at.is_not(None))
_ROWS = rows_of(dead_letters, DeadLetter)
_ONE = update(dead_letters).where(
    keyed(dead_letters, "tenant", "endpoint", "position"), _TABLE.settled_at.is_(None)
)
_SETTLE = _ONE.values(tries=_TABLE.tries + 1, due_at=None)
_KEEP = _ONE.values(tries=_TABLE.tries + 1)


def bury(tx: Transaction, new: NewDeadLetter) -> bool:
    """Keep an event that is given up. False where it is a dead letter already, or its case is erased."""
    if first(tx.connection, _ERASED, str, keys(tenant=new.tenant, name=new.case_name)) is not None:
        return False
    row = sealed_row(tx.connection, dead_letters, new.case_name, columns_of(new) | {"dead_at": tx.now})
    return insert_new(tx.connection, dead_letters, row)


def due(connection: Connection, tenant: str, endpoint: str, now: datetime, limit: int) -> list[DeadLetter]:
    """The endpoint's dead letters that are to be delivered again now, the earliest event first."""
    dialect = connection.dialect.name
    asked = keys(tenant=tenant, endpoint=endpoint) | {"now": after(dialect, now), "limit": limit}
    return every(connection, _due(dialect), opened(connection, dead_letters, DeadLetter), asked)


def settle(tx: Transaction, letter: DeadLetter) -> None:
    """A dead letter was delivered."""
    tx.connection.execute(_SETTLE, {"settled_at": tx.now} | _key(letter))


def keep(tx: Transaction, letter: DeadLetter, because: str, again_in: timedelta | None) -> None:
    """A dead letter was not taken: it is due again after a while, or without one waits for an operator."""
    if again_in is None:
        tx.connection.execute(_KEEP, {"because": because, "due_at": None} | _key(letter))
    else:
        dialect = tx.connection.dialect.name
        values = {"because": because, "due": after(dialect, tx.now, again_in)}
        tx.connection.execute(_keep_due(dialect), values | _key(letter))


def retry(
    tx: Transaction, tenant: str | None, endpoint: str | None, chosen: Sequence[int] = ()
) -> list[tuple[str, str, int]]:
    """Mark dead letters as due now: those at the positions, or all; tenant, endpoint and position of each."""
    dialect = tx.connection.dialect.name
    statement = (
        update(dead_letters).where(_TABLE.settled_at.is_(None)).values(due_at=moment(dialect, "now"))
    ).returning(_TABLE.tenant, _TABLE.endpoint, _TABLE.position)
    if tenant is not None:
        statement = statement.where(_TABLE.tenant == tenant)
    if endpoint is not None:
        statement = statement.where(_TABLE.endpoint == endpoint)
    if chosen:
        statement = statement.where(_TABLE.position.in_(chosen))
    marked = tx.connection.execute(statement, {"now": after(dialect, tx.now)})
    return sorted((row.tenant, row.endpoint, row.position) for row in marked)


def listed(
    connection: Connection,
    tenant: str | None = None,
    endpoint: str | None = None,
    *,
    settled: bool = False,
    limit: int = 1000,
) -> list[DeadLetter]:
    """Dead letters in the order of their events; those that were delivered since only where asked for."""
    query = _ROWS.order_by(_TABLE.tenant, _TABLE.endpoint, _TABLE.position).limit(limit)
    if not settled:
        query = query.where(_TABLE.settled_at.is_(None))
    if tenant is not None:
        query = query.where(_TABLE.tenant == tenant)
    if endpoint is not None:
        query = query.where(_TABLE.endpoint == endpoint)
    return every(connection, query, opened(connection, dead_letters, DeadLetter), {})


def counted(connection: Connection) -> dict[tuple[str, str], int]:
    """How many dead letters wait, by tenant and endpoint."""
    query = (
        select(_TABLE.tenant, _TABLE.endpoint, func.count())
        .where(_TABLE.settled_at.is_(None))
        .group_by(_TABLE.tenant, _TABLE.endpoint)
    )
    return {(tenant, endpoint): count for tenant, endpoint, count in connection.execute(query)}


def _key(letter: DeadLetter) -> dict[str, Any]:
    return keys(tenant=letter.tenant, endpoint=letter.endpoint, position=letter.position)


@cache
def _due(dialect: str) -> Select[Any]:
    return (
        _ROWS.where(keyed(dead_letters, "tenant", "endpoint"), _TABLE.due_at <= moment(dialect, "now"))
        .order_by(_TABLE.position)
        .limit(bindparam("limit", type_=Integer))
    )


@cache
def _keep_due(dialect: str) -> Update:
    return _KEEP.values(due_at=moment(dialect, "due"))
