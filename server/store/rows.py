"""Statements that are built once and run often: building one costs several times what running it does."""

from collections.abc import Callable, Iterable
from dataclasses import fields
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Select,
    Table,
    and_,
    bindparam,
    literal_column,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from server.store.prepared import Statement, first

R = TypeVar("R")

_NAMES: dict[type, tuple[str, ...]] = {}
Insert = postgresql.Insert | sqlite.Insert


def keyed(table: Table, *names: str) -> ColumnElement[bool]:
    """The condition that columns have the values that `keys` gives for them."""
    return and_(*(table.c[name] == bindparam(f"key_{name}", type_=table.c[name].type) for name in names))


def keys(**values: Any) -> dict[str, Any]:
    """Values for the conditions of `keyed`, under names that no column has."""
    return {f"key_{name}": value for name, value in values.items()}


def among(column: ColumnElement[Any], words: Iterable[StrEnum]) -> ColumnElement[bool]:
    """The condition that a column holds one of some words, written out: a list of values is expanded at each run."""
    return column.in_([literal_column(f"'{word}'", column.type) for word in sorted(words)])


def rows_of(table: Table, kind: type[Any]) -> Select[Any]:
    """A query of a table's rows in the order of a record's fields."""
    return select(*(table.c[field.name] for field in fields(kind)))


def every(
    connection: Connection, query: Executable, kind: Callable[..., R], values: dict[str, Any]
) -> list[R]:
    """All rows as records, in the query's order. For queries with lists; others are better prepared."""
    return [kind(*row) for row in connection.execute(query, values)]


def columns_of(record: Any) -> dict[str, Any]:
    """A record's fields by name, as a row's columns."""
    kind = type(record)
    names = _NAMES.get(kind)
    if names is None:
        names = _NAMES[kind] = tuple(field.name for field in fields(kind))
    return {name: getattr(record, name) for name in names}


def insert_into(table: Table, dialect: str) -> Insert:
    """An insert that can say what happens on a conflict, in the database's own dialect."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def insert_new(connection: Connection, table: Table, row: dict[str, Any]) -> bool:
    """Insert a row; False where a row of the same key, or one that excludes it, is there already."""
    # The count of rows is not told for such an insert by every driver; a returned row is.
    return first(connection, _insert_new(table, connection.dialect.name), lambda *_: True, row) is not None


@cache
def _insert_new(table: Table, dialect: str) -> Statement:
    return insert_into(table, dialect).on_conflict_do_nothing().returning(*table.primary_key)
