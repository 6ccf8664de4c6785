"""The events of cases as the log has them, read in pages for those who watch."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Integer, and_, bindparam, func, literal_column, select

from engine.case import CaseState, Event
from server.store.log import size
from server.store.rows import every, keyed, keys
from server.store.schema import cases, log
from server.store.sealing import opened_words


@dataclass(frozen=True, slots=True)
class EventRecord:
    """An event of a case, at its position in the log. `event` is what the log says, in plain.

    `kept` is its text as the log keeps it: that stays the same, also when words of it are erased.
    """

    position: int
    case_name: str
    site_id: str
    order_id: str
    at: datetime
    event: str
    kept: str


class EventPage(NamedTuple):
    """Events in the log's order, where to go on after them, and whether there may be more already."""

    events: list[EventRecord]
    next: int
    more: bool


class Grown(NamedTuple):
    """An entry that came to the log: what it is about."""

    position: int
    tenant: str
    kind: str
    subject: str


TRANSITION = "transition"

# Written out, because only then do databases know that the partial index holds what is asked for.
_TRANSITIONS: ColumnElement[bool] = literal_column(f"log.kind = '{TRANSITION}'")
_START = log.c.position >= bindparam("start")
_LIMIT = bindparam("limit", type_=Integer)
_ALL = (
    # An outer join, though every event has its case: so the log is read first, and in its order.
    select(
        log.c.position,
        log.c.subject,
        func.coalesce(cases.c.site_id, ""),
        func.coalesce(cases.c.order_id, ""),
        log.c.at,
        log.c.event,
    )
    .outerjoin(cases, and_(cases.c.tenant == log.c.tenant, cases.c.name == log.c.subject))
    .where(keyed(log, "tenant"), _TRANSITIONS, _START)
    .order_by(log.c.position)
    .limit(_LIMIT)
)
_AT = _ALL.where(log.c.position.in_(bindparam("positions", expanding=True)))
# Sorted by an expression, so that no index in the log's order is taken: it would be read to its end.
_OF_SOME = (
    _ALL.where(log.c.subject.in_(bindparam("names", expanding=True)))
    .order_by(None)
    .order_by(log.c.position + 0)
)
_NEWEST_OF_CASE = (
    select(log.c.event)
    .where(keyed(log, "tenant", "subject"), _TRANSITIONS)
    .order_by((log.c.position + 0).desc())
)
_GROWN = (
    select(log.c.position, log.c.tenant, log.c.kind, log.c.subject)
    .where(_START)
    .order_by(log.c.position)
    .limit(_LIMIT)
)


def read(connection: Connection, tenant: str, names: Sequence[str], start: int, limit: int) -> EventPage:
    """A tenant's events from a position on, of the cases named or, where none is, of all."""
    end = size(connection)
    values: dict[str, Any] = {"start": start, "limit": limit} | keys(tenant=tenant)
    record = _event(connection, tenant)
    if names:
        found = every(connection, _OF_SOME, record, values | {"names": list(names)})
    else:
        found = every(connection, _ALL, record, values)
    more = len(found) == limit
    return EventPage(found, found[-1].position + 1 if more else max(end, start), more)


def at(connection: Connection, tenant: str, positions: Sequence[int]) -> list[EventRecord]:
    """A tenant's events at these positions, in the log's order."""
    bounds = {"start": 0, "limit": len(positions), "positions": list(positions)}
    return every(connection, _AT, _event(connection, tenant), bounds | keys(tenant=tenant))


def grown(connection: Connection, start: int, limit: int) -> list[Grown]:
    """What the log's entries from a position on are about, of all tenants."""
    return every(connection, _GROWN, Grown, {"start": start, "limit": limit})


def _event(connection: Connection, tenant: str) -> Callable[..., EventRecord]:
    def record(
        position: int, case_name: str, site_id: str, order_id: str, at: datetime, event: str
    ) -> EventRecord:
        said = opened_words(connection, tenant, case_name, event)
        return EventRecord(position, case_name, site_id, order_id, at, said, event)

    return record


def escalated_from(connection: Connection, tenant: str, case_name: str) -> CaseState | None:
    """The state from which the case last went to a person; None where it never did."""
    for [text] in connection.execute(_NEWEST_OF_CASE, keys(tenant=tenant, subject=case_name)):
        event = json.loads(text)
        if event["event"] == Event.ESCALATE:
            return CaseState(event["from"])
    return None
