"""What the database holds of a case: records as their tables keep them, and the entries of the log that vouch for them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, and_, or_, select

from engine.checkpoint import read_checkpoint
from server.audit.entries import Said
from server.audit.rows import covered_by
from server.errors import CaseErased, CaseNotFound, StoreUnavailable
from server.store.covered import plain
from server.store.records import LogEntry
from server.store.rows import rows_of
from server.store.schema import (
    attempts,
    cases,
    certificates,
    data_keys,
    debits,
    decisions,
    ledger_goods,
    ledgers,
    log,
    log_head,
    log_heads,
    metadata,
    requests,
    rulebooks,
    voids,
)
from server.store.sealing import SEALED, handed_over, opened_texts, opened_words
from server.store.signing import KeyRecord, keys_known
from server.store.tree import Tree

# Entries on a page: with what they vouch for some hundred kilobytes.
PAGE: Final = 8
_NEWEST = select(log_head.c.head)
_KEPT = select(log_heads.c.head).order_by(log_heads.c.size.desc(), log_heads.c.at.desc()).limit(1)
_ENTRIES = rows_of(log, LogEntry).order_by(log.c.position)


@dataclass(frozen=True, slots=True)
class Kept:
    """A row as its table keeps it, and what its sealed columns say, as far as their key is there.

    `key` names the columns that the row is known by, to which its sealed texts are bound.
    """

    table: str
    key: tuple[str, ...]
    columns: Mapping[str, str | int | bool | None]
    said: Mapping[str, str]

    @property
    def plain(self) -> dict[str, str | int | bool | None]:
        """The row with what its sealed columns say; one that cannot be opened any more is empty."""
        sealed = SEALED.get(metadata.tables[self.table], ())
        return {**self.columns, **dict.fromkeys(sealed, ""), **self.said}


@dataclass(frozen=True, slots=True)
class Whole:
    """A case at one moment: all that does not grow with its log.

    `size` is how many entries of the log the head is signed over; what came later is left out. `beside` are the rows of
    tables that the log does not vouch for, by table. `others` are certificates of other cases that cover this one; `beyond`
    names those of the other cases whose site is out of the caller's reach.
    """

    tenant: str
    name: str
    case: Kept
    head: str
    size: int
    keys: tuple[KeyRecord, ...]
    data_key: tuple[str, bytes] | None
    erased_at: datetime | None
    certificates: tuple[Kept, ...]
    others: tuple[Kept, ...]
    beyond: frozenset[str]
    beside: Mapping[str, tuple[Mapping[str, Any], ...]]


@dataclass(frozen=True, slots=True)
class Vouched:
    """An entry with its path to the head, the words in it that are sealed, in plain, and the row that it vouches for."""

    entry: LogEntry
    path: tuple[bytes, ...]
    event: Mapping[str, Any]
    words: Mapping[str, str]
    row: Kept | None


def whole_of(connection: Connection, tenant: str, name: str, sites: frozenset[str] | None = None) -> Whole:
    """A case as it stands, for who may ask about these sites, or about any.

    Raises CaseNotFound, StoreUnavailable where no signed head stands over the log yet.
    """
    found = _rows(connection, cases, and_(cases.c.tenant == tenant, cases.c.name == name))
    if not found:
        raise CaseNotFound(name)
    head = connection.execute(_NEWEST).scalar() or connection.execute(_KEPT).scalar()
    if head is None:
        raise StoreUnavailable
    of_case = {table: and_(table.c.tenant == tenant, table.c.case_name == name)
               for table in (attempts, certificates, debits, ledgers, requests, voids)}  # fmt: skip
    own = _rows(connection, certificates, of_case[certificates])
    drawn = _rows(connection, debits, of_case[debits])
    opened = _rows(connection, ledgers, of_case[ledgers])
    under = {(row.columns["platform"], row.columns["e_cert_id"]) for row in drawn}
    under -= {(row.columns["platform"], row.columns["e_cert_id"]) for row in own}
    others = _rows(connection, certificates, _named(certificates, tenant, under))
    goods = {(row.columns["platform"], row.columns["e_cert_id"]) for row in opened}
    beside = {
        "attempts": _rows(connection, attempts, of_case[attempts]),
        "debits": drawn,
        "ledger_goods": _rows(connection, ledger_goods, _named(ledger_goods, tenant, goods)),
        "ledgers": opened,
        "requests": _rows(connection, requests, of_case[requests]),
        "voids": _rows(connection, voids, of_case[voids]),
        "data_keys": _holds(connection, tenant, name),
    }
    return Whole(
        tenant,
        name,
        found[0],
        head,
        read_checkpoint(head).head.size,
        tuple(keys_known(connection)),
        handed_over(connection, tenant, name),
        _erased_at(connection, tenant, name),
        own,
        others,
        frozenset() if sites is None else _beyond(connection, tenant, others, sites),
        {table: tuple(row.plain for row in rows) for table, rows in beside.items()},
    )


def entries_of_case(connection: Connection, whole: Whole, start: int) -> list[Vouched]:
    """The next entries about the case, from a position on. Raises CaseErased where it was erased meanwhile."""
    _unless_erased(connection, whole)
    query = _ENTRIES.where(log.c.tenant == whole.tenant, log.c.subject == whole.name)
    return _vouched(connection, whole, query.where(log.c.position >= start).limit(PAGE))


def entries_about(
    connection: Connection, whole: Whole, tenant: str, subjects: Sequence[str]
) -> list[Vouched]:
    """The entries about some other subjects. Raises CaseErased where the case was erased meanwhile."""
    _unless_erased(connection, whole)
    return _vouched(connection, whole, _ENTRIES.where(log.c.tenant == tenant, log.c.subject.in_(subjects)))


def entry_about(connection: Connection, whole: Whole, certificate: Kept) -> Vouched | None:
    """The last entry about another case's certificate, which vouches for its row as it stands."""
    said = certificate.columns
    query = _ENTRIES.where(
        log.c.tenant == whole.tenant, log.c.subject == said["case_name"], log.c.kind == "certificate"
    )
    for vouched in reversed(_vouched(connection, whole, query)):
        if (vouched.event["platform"], vouched.event["e_cert_id"]) == (said["platform"], said["e_cert_id"]):
            return vouched
    return None


def decided_beside(connection: Connection, whole: Whole, decision_ids: Iterable[str]) -> list[str]:
    """Of the decisions that requests brought about, those that are no case's: what a conflict was answered with."""
    return [
        decision_id
        for decision_id in decision_ids
        if connection.execute(
            select(decisions.c.tenant).where(
                decisions.c.tenant == whole.tenant,
                decisions.c.decision_id == decision_id,
                decisions.c.case_name.is_(None),
            )
        ).first()
    ]


def rulebook_of(connection: Connection, digest: str) -> Kept | None:
    """A stored rulebook."""
    return next(iter(_rows(connection, rulebooks, rulebooks.c.digest == digest)), None)


def _vouched(connection: Connection, whole: Whole, query: Any) -> list[Vouched]:
    tree, made = Tree(connection), []
    for row in connection.execute(query.where(log.c.position < whole.size)):
        entry = LogEntry(*row)
        event: dict[str, Any] = json.loads(opened_words(connection, entry.tenant, entry.subject, entry.event))
        sealed = json.loads(entry.event)
        words = {name: text for name, text in event.items() if text != sealed[name] and text}
        path = tree.inclusion(entry.position, whole.size)
        made.append(Vouched(entry, path, event, words, _row_of(connection, entry, event)))
    return made


def _row_of(connection: Connection, entry: LogEntry, event: Mapping[str, Any]) -> Kept | None:
    """The row that an entry vouches for. Certificates are read with the case: several entries are about one."""
    found = covered_by(Said(entry.position, entry.tenant, entry.kind, entry.subject, 2, {}, dict(event)))
    if found is None or found[0] == certificates.name:
        return None
    table = metadata.tables[found[0]]
    named = [column == value for column, value in zip(table.primary_key, found[1], strict=True)]
    return next(iter(_rows(connection, table, and_(*named))), None)


def _rows(connection: Connection, table: Table, which: ColumnElement[bool]) -> tuple[Kept, ...]:
    """Rows as the table keeps them, in the order of their key."""
    key = tuple(column.name for column in table.primary_key)
    query = select(table).where(which).order_by(*table.primary_key)
    return tuple(
        Kept(
            table.name,
            key,
            {name: plain(value) for name, value in row.items()},
            opened_texts(connection, table, row),
        )
        for row in (dict(found) for found in connection.execute(query).mappings())
    )


def _named(table: Table, tenant: str, certificates_: Iterable[tuple[Any, Any]]) -> ColumnElement[bool]:
    each = [
        and_(table.c.platform == platform, table.c.e_cert_id == e_cert_id)
        for platform, e_cert_id in sorted(certificates_)
    ]
    return and_(table.c.tenant == tenant, or_(*each) if each else table.c.tenant.is_(None))


def _beyond(
    connection: Connection, tenant: str, others: Iterable[Kept], sites: frozenset[str]
) -> frozenset[str]:
    """Of the cases of some certificates those whose site is none of these."""
    names = {str(row.columns["case_name"]) for row in others}
    asked = select(cases.c.name, cases.c.site_id).where(cases.c.tenant == tenant, cases.c.name.in_(names))
    return frozenset(name for name, site_id in connection.execute(asked) if site_id not in sites)


def _holds(connection: Connection, tenant: str, name: str) -> tuple[Kept, ...]:
    """Whether the case is held from being erased, or was erased; never the key."""
    rows = _rows(connection, data_keys, and_(data_keys.c.tenant == tenant, data_keys.c.subject == name))
    return tuple(
        Kept(row.table, row.key, {n: v for n, v in row.columns.items() if n != "wrapped"}, row.said)
        for row in rows
    )


def _erased_at(connection: Connection, tenant: str, name: str) -> datetime | None:
    asked = select(data_keys.c.erased_at).where(data_keys.c.tenant == tenant, data_keys.c.subject == name)
    return connection.execute(asked).scalar()


def _unless_erased(connection: Connection, whole: Whole) -> None:
    erased_at = _erased_at(connection, whole.tenant, whole.name)
    if erased_at is not None and whole.erased_at is None:
        raise CaseErased(whole.name, erased_at)
