"""All records as lines of text, and back: one form for both databases, so that a backup also moves from one to the other.

    {"origingate_backup": 1, "revision": "0001"}
    {"table": "cases", "columns": ["tenant", "name", ...]}
    ["acme", "cases/0123...", ...]                               one line a row, in the order of the key
    ...
    {"end": {"cases": 1, ...}}                                   how many rows each table had

Moments and days are ISO 8601, bytes are hex. The lines of one backup are of one moment.
"""

import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Date,
    Enum,
    LargeBinary,
    Table,
    delete,
    func,
    insert,
    select,
    text,
)

from server.store.columns import Instant
from server.store.errors import StoreError
from server.store.revision import revision_of
from server.store.schema import REVISIONS, log_head, metadata

FORM: Final = 1
ROWS_AT_ONCE: Final = 500

Value = str | int | bool | None


class BackupUnreadable(StoreError):
    """The file is no backup, or not a whole one; nothing was restored."""


class DatabaseNotEmpty(StoreError):
    """The database has records already; a backup is restored into an empty one."""


def rows_in(connection: Connection) -> int:
    """How many rows a backup of the database has."""
    return sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table in _tables())


def backup(connection: Connection) -> Iterator[str]:
    """The lines of a backup, without their ends. The connection's transaction must see one moment throughout."""
    yield json.dumps({"origingate_backup": FORM, "revision": revision_of(connection)})
    counts: dict[str, int] = {}
    for table in _tables():
        yield json.dumps({"table": table.name, "columns": [column.name for column in table.columns]})
        tellers = [_teller(column) for column in table.columns]
        rows = connection.execution_options(stream_results=True, yield_per=ROWS_AT_ONCE).execute(
            select(table).order_by(*table.primary_key)
        )
        counts[table.name] = 0
        for row in rows:
            counts[table.name] += 1
            told = [None if value is None else tell(value) for tell, value in zip(tellers, row, strict=True)]
            yield json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    yield json.dumps({"end": counts})


def restore(connection: Connection, lines: Iterable[str]) -> dict[str, int]:
    """Puts the lines into a database that has the schema of their revision and no records; rows by table.

    Raises BackupUnreadable and DatabaseNotEmpty; the caller's transaction is then to be undone.
    """
    if any(
        connection.execute(select(table).limit(1)).first() for table in _tables() if table is not log_head
    ):
        raise DatabaseNotEmpty(
            "the database has records already; restore into an empty one, so that nothing is mixed"
        )
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(delete(log_head))
    coming = _parsed(lines)
    head = next(coming, None)
    if not isinstance(head, dict) or head.get("origingate_backup") != FORM:
        raise BackupUnreadable(
            "this is no backup of `origingate db backup`, or of a version that is not known here"
        )
    if head.get("revision") != revision_of(connection):
        raise BackupUnreadable(
            f"the backup is of revision {head.get('revision')}, the database of {revision_of(connection)}; restore it "
            "with the version that made it, then upgrade"
            if head.get("revision") in REVISIONS
            else f"the backup is of revision {head.get('revision')}, which this version does not know"
        )
    return _restored(connection, coming)


def _restored(connection: Connection, coming: Iterator[Any]) -> dict[str, int]:
    counts: dict[str, int] = {}
    table: Table | None = None
    readers: list[tuple[str, Callable[[Any], Any]]] = []
    waiting: list[dict[str, Any]] = []
    for one in coming:
        if isinstance(one, list) and table is not None and len(one) == len(readers):
            waiting.append({name: read(value) for (name, read), value in zip(readers, one, strict=True)})
            counts[table.name] += 1
            if len(waiting) < ROWS_AT_ONCE:
                continue
        if table is not None and waiting:
            connection.execute(insert(table), waiting)
            waiting = []
        if isinstance(one, dict) and "end" in one:
            if one["end"] != counts:
                raise BackupUnreadable("rows are missing from the backup, or there are too many")
            return counts
        if isinstance(one, dict) and one.get("table") in metadata.tables:
            table = metadata.tables[one["table"]]
            counts[table.name] = 0
            readers = [(name, _reader(table.columns[name])) for name in one["columns"]]
        elif not isinstance(one, list) or table is None or len(one) != len(readers):
            raise BackupUnreadable(f"a line of the backup is no row: {json.dumps(one)[:80]}")
    raise BackupUnreadable("the backup ends in the middle")


def _parsed(lines: Iterable[str]) -> Iterator[Any]:
    try:
        for line in lines:
            yield json.loads(line)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise BackupUnreadable(f"the backup cannot be read: {error}") from error


def _tables() -> list[Table]:
    """Every table, after those that it refers to."""
    return list(metadata.sorted_tables)


def _teller(column: Column[Any]) -> Callable[[Any], Value]:
    match column.type:
        case Instant() | Date():
            return _iso
        case LargeBinary():
            return bytes.hex
        case Enum():
            return str
    return _same


def _reader(column: Column[Any]) -> Callable[[Any], Any]:
    match column.type:
        case Instant():
            return lambda value: None if value is None else datetime.fromisoformat(value)
        case Date():
            return lambda value: None if value is None else date.fromisoformat(value)
        case LargeBinary():
            return lambda value: None if value is None else bytes.fromhex(value)
        case Enum():
            kind = column.type.enum_class
            return lambda value: value if value is None or kind is None else kind(value)
    return _same


def _iso(value: date) -> str:
    return value.isoformat()


def _same(value: Any) -> Any:
    return value
