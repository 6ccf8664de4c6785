"""Which columns are sealed, and how rows are sealed on their way in and opened on their way out.

A column is sealed where a personal value can be in it, also in words of a platform or a person, or a digest by which one
could be guessed. What finds and orders records stays as it is: names, ids, states, outcomes and moments.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Select, Table, select

from server.store.rows import keyed
from server.store.schema import (
    attempts,
    cases,
    certificates,
    dead_letters,
    decisions,
    declarations,
    requests,
    voids,
)
from server.store.sealing.envelope import MARK
from server.store.sealing.keyring import keys_of

R = TypeVar("R")

SEALED: Final[Mapping[Table, tuple[str, ...]]] = {
    cases: ("site", "order"),
    declarations: ("digest", "content", "site", "order", "declaration"),
    attempts: ("digest", "because", "detail"),
    certificates: ("declaration_digest", "proof"),
    voids: ("reason", "because"),
    decisions: ("body", "facts_digest", "facts"),
    requests: ("body_digest",),
    dead_letters: ("body",),
}
# Of an event of the log these are words of a person or a platform; the rest is told to auditors for ever.
SEALED_WORDS: Final = ("reason", "because")


def sealed_row(
    connection: Connection,
    table: Table,
    subject: str,
    values: Mapping[str, Any],
    row: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Values as the table keeps them, sealed under the subject's key. `row` has tenant and key where `values` lack them."""
    named = values if row is None else row
    made = dict(values)
    key, end = None, ""
    for column in SEALED[table]:
        text = made.get(column)
        if text:
            if key is None:
                key = keys_of(connection).to_seal(connection, named["tenant"], subject)
                end = _row_place(named[name] for name in _key_names(table))
            made[column] = key.seal(text, f"{table.name}.{column}{end}")
    return made


def opened(connection: Connection, table: Table, kind: type[R]) -> Callable[..., R]:
    """Makes records of a table's rows in plain; a sealed value whose key was erased is empty.

    A row has the columns that the record has fields for, in their order.
    """
    return opened_by(connection, table, kind, kind)


def opened_by(
    connection: Connection, table: Table, kind: type[Any], make: Callable[..., R]
) -> Callable[..., R]:
    """As `opened`, for a record that `make` makes of the columns."""
    layout = _layout(table, kind)
    at_hand = keys_of(connection)

    def record(*row: Any) -> R:
        values: list[Any] | None = None
        for number, name in layout.sealed:
            text = row[number]
            if text and text.startswith(MARK):
                if values is None:
                    values = list(row)
                    end = _row_place(row[at] for at in layout.key)
                place = f"{name}{end}"
                values[number] = at_hand.open(connection, row[layout.tenant], text, place)
        return make(*(row if values is None else values))

    return record


def opened_texts(connection: Connection, table: Table, row: Mapping[str, Any]) -> dict[str, str]:
    """What the sealed columns of a whole row, as the table keeps it, say; those that say nothing any more are left out."""
    place = _row_place(row[name] for name in _key_names(table))
    said = {}
    for name in SEALED.get(table, ()):
        text = row[name]
        if text and text.startswith(MARK):
            text = keys_of(connection).open(connection, row["tenant"], text, f"{table.name}.{name}{place}")
        if text:
            said[name] = text
    return said


def stored(connection: Connection, table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as the table keeps it: its sealed columns as they are."""
    found = connection.execute(_as_kept(table), {f"key_{name}": row[name] for name in _key_names(table)})
    return dict(found.mappings().one())


def sealed_words(
    connection: Connection, tenant: str, subject: str, event: Mapping[str, Any]
) -> dict[str, Any]:
    """An event as the log keeps it."""
    said = dict(event)
    for name in SEALED_WORDS:
        if said.get(name):
            key = keys_of(connection).to_seal(connection, tenant, subject)
            said[name] = key.seal(said[name], _words_place(name, tenant, subject))
    return said


def opened_words(connection: Connection, tenant: str, subject: str, event: str) -> str:
    """An event's text in plain; words whose key was erased are empty."""
    if MARK not in event:
        return event
    said = json.loads(event)
    for name in SEALED_WORDS:
        text = said.get(name)
        if isinstance(text, str) and text.startswith(MARK):
            place = _words_place(name, tenant, subject)
            said[name] = keys_of(connection).open(connection, tenant, text, place)
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where in a row is what opening it needs."""

    tenant: int
    key: tuple[int, ...]
    sealed: tuple[tuple[int, str], ...]


_LAYOUTS: dict[tuple[Table, type[Any]], _Layout] = {}


def _layout(table: Table, kind: type[Any]) -> _Layout:
    known = _LAYOUTS.get((table, kind))
    if known is not None:
        return known
    names = [field.name for field in fields(kind)]
    made = _LAYOUTS[table, kind] = _Layout(
        names.index("tenant"),
        tuple(names.index(name) for name in _key_names(table)),
        tuple((names.index(name), f"{table.name}.{name}") for name in SEALED[table] if name in names),
    )
    return made


@cache
def _key_names(table: Table) -> tuple[str, ...]:
    """The columns of the key, the tenant first."""
    return tuple(column.name for column in table.primary_key)


@cache
def _as_kept(table: Table) -> Select[Any]:
    return select(table).where(keyed(table, *_key_names(table)))


def _row_place(values: Any) -> str:
    return "".join(f"\x1f{value}" for value in values)


def _words_place(name: str, tenant: str, subject: str) -> str:
    return f"log.event.{name}\x1f{tenant}\x1f{subject}"
