"""Rows of evidence for which no entry of the log vouches."""

from collections.abc import Iterator, Sequence
from typing import Final

from server.audit.entries import Said, parsed
from server.audit.raw import Raw, Row, names
from server.audit.rows import PLACES, Key, Place, covered_by

_AT_ONCE: Final = 1000


def unvouched(raw: Raw, table: str) -> Iterator[Key]:
    """The rows of a table, by their keys, that no entry of the log is about."""
    place = PLACES[table]
    columns = names(place.evidence.table, (*place.key, place.subject))
    order = names(place.evidence.table, place.key)
    marks = ", ".join("?" * len(place.key))
    page = f'SELECT {columns} FROM "{table}"'
    more = f" ORDER BY {order} LIMIT {_AT_ONCE}"
    rows = raw.ask(page + more, [])
    while rows:
        yield from _of_page(raw, place, rows)
        rows = raw.ask(f"{page} WHERE ({order}) > ({marks}){more}", rows[-1][: len(place.key)])


def _of_page(raw: Raw, place: Place, rows: Sequence[Row]) -> Iterator[Key]:
    wanted: dict[str, dict[str, list[Key]]] = {}
    for *key, about in rows:
        tenant = str(key[0]) if place.key[0] == "tenant" else ""
        subject = place.prefix + str(key[-1]) if about is None or not tenant else place.of + str(about)
        wanted.setdefault(tenant, {}).setdefault(subject, []).append(tuple(key))
    # The kind is a word of ours.
    sql = f"SELECT subject, event FROM log WHERE tenant = ? AND kind = '{place.kind}' AND subject IN ({{}})"
    for tenant, by_subject in wanted.items():
        told = set()
        for subject, event in raw.among(sql, [tenant], list(by_subject)):
            said = Said(0, tenant, place.kind, subject, 2, {}, parsed(event) or {})
            if (of := covered_by(said)) is not None:
                told.add(of[1])
        yield from (key for keys in by_subject.values() for key in keys if key not in told)
