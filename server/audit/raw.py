"""Rows as the database holds them, with nothing made right on the way.

What the server reads with passes over differences that do not matter to it, such as another form of the same moment. An
audit must not: so values are read by the driver alone, and written as the covered form has them.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import Boolean, Column, Date, Table
from sqlalchemy.engine import make_url

from server.store.columns import Instant
from server.store.database import open_database

Plain: TypeAlias = str | int | bool | None
Row: TypeAlias = Sequence[Any]
Ask: TypeAlias = Callable[[str, Sequence[Any]], list[Row]]

# No stored text is this: what cannot be read never equals what was logged.
UNREADABLE: Final = "\x00unreadable"


class Raw:
    """A view of one moment of a database, by the driver alone. Its statements have `?` for their values."""

    def __init__(self, ask: Ask, octets: str) -> None:
        self.ask = ask
        # How a statement asks for a text's octets, so that a large one is not decoded to be hashed.
        self.octets = octets

    def among(self, sql: str, before: Sequence[Any], values: Sequence[Any]) -> list[Row]:
        """Rows by a statement that ends in `IN ({})`, for any number of values."""
        rows: list[Row] = []
        for start in range(0, len(values), 500):
            some = values[start : start + 500]
            rows += self.ask(sql.format(", ".join("?" * len(some))), [*before, *some])
        return rows

    def large(self, table: Table, columns: Sequence[str]) -> str:
        """Columns of large texts, as a statement names them to get their octets."""
        return ", ".join(self.octets.format(f'"{table.name}"."{name}"') for name in columns)


def reader(column: Column[Any]) -> Callable[[Any], Plain] | None:
    """What writes a column's value as the covered form has it; None where it is so already."""
    if isinstance(column.type, Instant):
        return moment
    if isinstance(column.type, Date):
        return _day
    return _truth if isinstance(column.type, Boolean) else None


def octets_of(value: Any) -> bytes:
    """The octets of a text, also of one that holds what is no UTF-8."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogateescape")


@contextmanager
def opened_raw(address: str) -> Iterator[Raw]:
    """A view of one moment of the database, which a server may serve meanwhile."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        with _sqlite(str(url.database)) as raw:
            yield raw
        return
    database = open_database(address, 1)
    try:
        with database.reading.connect() as connection, connection.begin():
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")

            def ask(sql: str, values: Sequence[Any]) -> list[Row]:
                return list(connection.exec_driver_sql(sql.replace("?", "%s"), tuple(values)))

            yield Raw(ask, "{}")
    finally:
        database.dispose()


@contextmanager
def _sqlite(file: str) -> Iterator[Raw]:
    connection = sqlite3.connect(file, isolation_level=None)
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("BEGIN")

        def ask(sql: str, values: Sequence[Any]) -> list[Row]:
            try:
                return connection.execute(sql, values).fetchall()
            except sqlite3.OperationalError as error:
                if "decode" not in str(error):
                    raise
            except UnicodeEncodeError:
                # A text that cannot be is not found.
                return []
            # Somewhere stands what is no UTF-8: that is slower to read, and seldom.
            connection.text_factory = lambda octets: octets.decode("utf-8", "surrogateescape")
            try:
                return connection.execute(sql, values).fetchall()
            finally:
                connection.text_factory = str

        yield Raw(ask, "CAST({} AS BLOB)")
    finally:
        connection.close()


def names(table: Table, columns: Sequence[str]) -> str:
    """Columns of a table, as a statement names them."""
    return ", ".join(f'"{table.name}"."{name}"' for name in columns)


def moment(value: Any) -> Plain:
    """A moment as envelopes have it."""
    if isinstance(value, str):
        # No other text becomes the same: nothing is lost.
        return f"{value[:10]}T{value[11:]}Z" if value[10:11] == " " else UNREADABLE
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return None if value is None else UNREADABLE


def _day(value: Any) -> Plain:
    return value.isoformat() if isinstance(value, date) else value


def _truth(value: Any) -> Plain:
    # SQLite has no truth values: any other number is not what was stored.
    return {0: False, 1: True}.get(value, UNREADABLE) if value is not None else None
