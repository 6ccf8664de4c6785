"""Lists of cases, page by page, whose cost does not grow with what is stored.

A page is one range of an index for each state, merged; only the first rows of each range are looked at. An index without
the state would serve a list of all states too, but PostgreSQL would also take it for a list of a frequent state, and then
read past all others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    bindparam,
    literal_column,
    select,
    tuple_,
    union,
    union_all,
)

from engine.case import CaseState
from engine.debit import DebitState
from server.store.rows import every, keyed, keys
from server.store.schema import cases, certificates, debits


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """What a list tells of a case."""

    name: str
    state: CaseState
    site_id: str
    order_id: str
    version: int
    declaration_version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """Which cases of a tenant, and in which order: by `updated_at` or by `created_at`, and by name for the same moment.

    Empty `states` stand for any; bounds hold for `updated_at`, and need the order by it.
    """

    tenant: str
    states: tuple[CaseState, ...] = ()
    site_id: str | None = None
    order_id: str | None = None
    updated_since: datetime | None = None
    updated_before: datetime | None = None
    by_update: bool = False
    descending: bool = True
    e_cert_id: str | None = None


class Place(NamedTuple):
    """Where a page ended: the moment and the name of its last case."""

    at: datetime
    name: str


def page(connection: Connection, query: CaseQuery, after: Place | None, limit: int) -> list[CaseSummary]:
    """The first cases of the query behind a place, at most `limit`."""
    low, high = query.updated_since, query.updated_before
    ends: dict[str, Any] = {"low": low, "high": high}
    if after is not None:
        ends |= {"after_at": after.at, "after_name": after.name}
    # An order's id has few cases, at whatever sites, and so has a certificate: they are sorted.
    merged = query.order_id is None and query.e_cert_id is None
    states = query.states or tuple(CaseState)
    shape = _Shape(
        ranges=len(states) if merged else 0,
        site=query.site_id is not None,
        order=query.order_id is not None,
        # Where a page goes on, its place is the nearer bound.
        low=low is not None and (after is None or query.descending),
        high=high is not None and (after is None or not query.descending),
        after=after is not None,
        by_update=query.by_update,
        descending=query.descending,
        certificate=query.e_cert_id is not None,
    )
    values = ends | keys(tenant=query.tenant, site_id=query.site_id, order_id=query.order_id)
    values |= keys(e_cert_id=query.e_cert_id)
    values |= {"limit": limit, "states": list(states)} | {f"state_{n}": word for n, word in enumerate(states)}
    found: Sequence[str] = connection.scalars(_names(shape), values).all()
    if not found:
        return []
    there = every(connection, _BY_NAMES, CaseSummary, {"names": list(found)} | keys(tenant=query.tenant))
    by_name = {case.name: case for case in there}
    return [by_name[name] for name in found]


_BY_NAMES = select(*(cases.c[field.name] for field in fields(CaseSummary))).where(
    keyed(cases, "tenant"), cases.c.name.in_(bindparam("names", expanding=True))
)


# The cases under a certificate: the one that it was issued for, and those that draw on its ledger.
_UNDER = union(
    select(certificates.c.case_name).where(keyed(certificates, "tenant", "e_cert_id")),
    select(debits.c.case_name).where(
        keyed(debits, "tenant", "e_cert_id"), debits.c.state == literal_column(f"'{DebitState.HELD}'")
    ),
)


class _Shape(NamedTuple):
    """What makes two queries different statements."""

    ranges: int
    site: bool
    order: bool
    low: bool
    high: bool
    after: bool
    by_update: bool
    descending: bool
    certificate: bool

    @property
    def column(self) -> ColumnElement[Any]:
        return cases.c.updated_at if self.by_update else cases.c.created_at


@lru_cache(maxsize=512)
def _names(shape: _Shape) -> Select[Any]:
    """The names of the page's cases, in order."""
    if not shape.ranges:
        return _range(shape, cases.c.state.in_(bindparam("states", expanding=True))).with_only_columns(
            cases.c.name
        )
    ranges = [
        _range(shape, cases.c.state == bindparam(f"state_{n}", type_=cases.c.state.type)).subquery()
        for n in range(shape.ranges)
    ]
    merged = union_all(*(select(each) for each in ranges)).subquery()
    order = (merged.c.at, merged.c.name)
    return (
        select(merged.c.name)
        .order_by(*(each.desc() if shape.descending else each for each in order))
        .limit(bindparam("limit", type_=Integer))
    )


def _range(shape: _Shape, state: ColumnElement[bool]) -> Select[Any]:
    at = shape.column
    wanted = [keyed(cases, "tenant"), state]
    if shape.site:
        wanted.append(keyed(cases, "site_id"))
    if shape.order:
        wanted.append(keyed(cases, "order_id"))
    if shape.certificate:
        wanted.append(cases.c.name.in_(_UNDER))
    if shape.low:
        wanted.append(at >= bindparam("low", type_=at.type))
    if shape.high:
        wanted.append(at < bindparam("high", type_=at.type))
    if shape.after:
        row = tuple_(at, cases.c.name)
        place = tuple_(bindparam("after_at", type_=at.type), bindparam("after_name", type_=cases.c.name.type))
        wanted.append(row < place if shape.descending else row > place)
    order = (at, cases.c.name)
    return (
        select(at.label("at"), cases.c.name)
        .where(*wanted)
        .order_by(*(each.desc() if shape.descending else each for each in order))
        .limit(bindparam("limit", type_=Integer))
    )
