"""What work writes with: a connection, one moment for all that it records, the log entries that it adds."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


class Entry(NamedTuple):
    """An addition to the log that has no position yet."""

    tenant: str
    kind: str
    subject: str
    at: datetime
    event: str
    body: str | None


@dataclass(frozen=True, slots=True)
class Transaction:
    """One transaction. Functions that write take it, functions that only read take its `connection`."""

    connection: Connection
    now: datetime
    entries: list[Entry] = field(default_factory=list)


def columns_of(record: Any) -> dict[str, Any]:
    """A record's fields by name, as a row's columns."""
    return {name: getattr(record, name) for name in record.__slots__}


def insert_into(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An insert that can say what happens on a conflict, in the database's own dialect."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def insert_new(connection: Connection, table: Table, values: dict[str, Any]) -> bool:
    """Insert a row; False where a row of the same key, or one that excludes it, is there already."""
    statement = insert_into(connection, table).values(values).on_conflict_do_nothing()
    # The count of rows is not told for such an insert by every driver; the returned row is.
    return connection.execute(statement.returning(*table.primary_key)).first() is not None
