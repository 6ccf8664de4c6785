"""Figures over all tenants' records, for those who run servers: how many wait for what, and since when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, literal_column, select

from engine.case import CaseState
from engine.void import VoidState
from server.store import cursors, dead_letters
from server.store.columns import Instant
from server.store.schema import attempts, cases, log, log_head, voids

# States in which somebody else, or a person, has the next word.
WAITING: Final = tuple(
    sorted(
        {
            CaseState.VERIFYING,
            CaseState.IN_REVIEW,
            CaseState.RECONCILING,
            CaseState.MANUAL,
            CaseState.SUPERSEDING,
            CaseState.CANCELLING,
        }
    )
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What stands in the database at one moment. A moment is None where there is nothing that it could be of."""

    log_entries: int
    log_at: datetime | None
    cases: Mapping[CaseState, int]
    manual_since: datetime | None
    stuck_voids: int
    due_attempts: int
    due_since: datetime | None
    pending: Mapping[tuple[str, str], int]
    dead_letters: Mapping[tuple[str, str], int]


def figures(connection: Connection, now: datetime) -> Figures:
    """The figures as they are; each comes from an index, however many records there are."""
    rows = connection.execute(_WAITING).all()
    waiting = {CaseState(row[0]): (int(row[1]), row[2]) for row in rows}
    [(due, due_since)] = connection.execute(_DUE, {"now": now}).all()
    entries = connection.execute(_SIZE).scalar_one()
    return Figures(
        log_entries=int(entries),
        log_at=connection.execute(_AT, {"position": entries - 1}).scalar(),
        cases={state: waiting.get(state, (0, None))[0] for state in WAITING},
        manual_since=waiting.get(CaseState.MANUAL, (0, None))[1],
        stuck_voids=int(connection.execute(_STUCK).scalar_one()),
        due_attempts=due,
        due_since=due_since,
        pending={
            (cursor.tenant, cursor.endpoint): cursors.ahead(connection, cursor)
            for cursor in cursors.listed(connection)
        },
        dead_letters=dead_letters.counted(connection),
    )


def _of_each_tenant() -> Select[Any]:
    """Cases by state. Tenants are found by stepping from one to the next: the indexes of cases begin with the tenant."""
    first: ColumnElement[str] = func.min(cases.c.tenant)
    tenants = select(first.label("tenant")).cte("tenants_of_cases", recursive=True)
    following = select(func.min(cases.c.tenant)).where(cases.c.tenant > tenants.c.tenant).scalar_subquery()
    tenants = tenants.union_all(select(following).where(tenants.c.tenant.is_not(None)))
    return (
        select(cases.c.state, func.count(literal_column("*")), func.min(cases.c.updated_at, type_=Instant))
        .select_from(tenants.join(cases, cases.c.tenant == tenants.c.tenant))
        .where(cases.c.state.in_(WAITING))
        .group_by(cases.c.state)
    )


_WAITING = _of_each_tenant()
_SIZE = select(log_head.c.size)
_AT = select(log.c.at).where(log.c.position == bindparam("position"))
_STUCK = select(func.count()).select_from(voids).where(voids.c.state == VoidState.STUCK)
_DUE = select(func.count(), func.min(attempts.c.due_at, type_=Instant)).where(
    attempts.c.due_at <= bindparam("now", type_=Instant)
)
