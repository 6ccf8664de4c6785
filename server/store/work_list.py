"""Cases that wait for a person: those in MANUAL, and those of which a void is stuck."""

from sqlalchemy import ColumnElement, Connection, Integer, bindparam, or_, select

from engine.case import CaseState
from engine.void import VoidState
from server.store.columns import Instant
from server.store.listing import Place
from server.store.records import CaseRecord
from server.store.rows import every, keyed, keys, rows_of
from server.store.schema import cases, voids
from server.store.sealing import opened

_AT = bindparam("at", type_=Instant)
_AFTER: ColumnElement[bool] = or_(
    bindparam("first", type_=Integer) == 1,
    cases.c.updated_at > _AT,
    (cases.c.updated_at == _AT) & (cases.c.name > bindparam("name", type_=cases.c.name.type)),
)
_PAGE = (
    rows_of(cases, CaseRecord)
    .where(keyed(cases, "tenant"), _AFTER)
    .order_by(cases.c.updated_at, cases.c.name)
    .limit(bindparam("limit", type_=Integer))
)
_MANUAL = _PAGE.where(cases.c.state == CaseState.MANUAL)
_STUCK = _PAGE.where(
    cases.c.state != CaseState.MANUAL,
    cases.c.name.in_(
        select(voids.c.case_name).where(keyed(voids, "tenant"), voids.c.state == VoidState.STUCK)
    ),
)


def page(connection: Connection, tenant: str, after: Place | None, limit: int) -> list[CaseRecord]:
    """The tenant's cases that wait for a person, the one first that has not changed for longest."""
    values = {
        "first": int(after is None),
        "at": after.at if after else None,
        "name": after.name if after else "",
        "limit": limit,
    } | keys(tenant=tenant)
    record = opened(connection, cases, CaseRecord)
    found = every(connection, _MANUAL, record, values) + every(connection, _STUCK, record, values)
    return sorted(found, key=lambda case: (case.updated_at, case.name))[:limit]
