"""Opening a database: one engine that writes and one that reads, set up alike for SQLite and PostgreSQL."""

from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from sqlite3 import OperationalError, connect
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from server.store.errors import StoreAddressInvalid
from server.store.sealing import Keyring, lend

BUSY_SECONDS = 5
CONNECT_SECONDS = 5
# A database whose machine or network went without a word is given up after so long, not when TCP does, a quarter of an hour
# later: what was sent is acknowledged by its system within this time, however long its answer takes.
SILENCE_SECONDS = 15
POSTGRESQL_OPTIONS = "-c timezone=UTC -c statement_timeout=30s -c lock_timeout=10s"
# A process that stands still in the middle of a transaction holds the log's head: others wait for it no longer than this.
WRITER_OPTIONS = f"{POSTGRESQL_OPTIONS} -c idle_in_transaction_session_timeout=5s"
EXAMPLES = "sqlite:///origingate.db or postgresql+psycopg://user@host/database"


@dataclass(frozen=True, slots=True)
class Database:
    """An opened database. `file` is set where it is an SQLite file, `listening` where other processes may write to it."""

    address: str
    file: Path | None
    writing: Engine
    reading: Engine
    listening: Engine | None = None
    keys: Keyring = field(default_factory=lambda: Keyring(None))

    def __post_init__(self) -> None:
        lend(self.keys, self.writing, writing=True)
        lend(self.keys, self.reading, writing=False)

    def dispose(self) -> None:
        """Close every connection."""
        self.reading.dispose()
        self.writing.dispose()


def open_database(address: str, readers: int, keys: Keyring | None = None) -> Database:
    """Set up engines for an address. Nothing is connected yet; an SQLite file's folder must exist.

    Without keys nothing that is sealed can be read, and nothing be sealed.
    """
    keys = keys or Keyring(None)
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise StoreAddressInvalid(f"the database's address cannot be read; write {EXAMPLES}") from None
    match url.drivername:
        case "sqlite" | "sqlite+pysqlite":
            return _open_sqlite(url, readers, keys)
        case "postgresql" | "postgresql+psycopg":
            return _open_postgresql(url.set(drivername="postgresql+psycopg"), readers, keys)
        case other:
            raise StoreAddressInvalid(f"the database {other!r} is not supported; write {EXAMPLES}")


def _open_sqlite(url: URL, readers: int, keys: Keyring) -> Database:
    if not url.database or url.database == ":memory:" or url.query:
        raise StoreAddressInvalid(f"an SQLite database needs a file and nothing else; write {EXAMPLES}")
    file = Path(url.database)
    if not file.parent.is_dir():
        raise StoreAddressInvalid(f"the folder {file.parent} of the database does not exist; create it first")
    writing = create_engine(url, pool_size=1, max_overflow=0)
    reading = create_engine(url, pool_size=readers, max_overflow=0)
    _set_up_sqlite(writing, begin="BEGIN IMMEDIATE", query_only=False)
    _set_up_sqlite(reading, begin="BEGIN", query_only=True)
    return Database(url.render_as_string(), file, writing, reading, keys=keys)


def emptied(file: Path) -> None:
    """Writes an SQLite file's log of writes back and cuts it off, so that it keeps no page as it was before.

    While somebody reads an old view that waits; what cannot be cut off now is at the next time.
    """
    with (
        suppress(OperationalError),
        closing(connect(file, timeout=BUSY_SECONDS, isolation_level=None)) as connection,
    ):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


def _set_up_sqlite(engine: Engine, begin: str, query_only: bool) -> None:
    pragmas = (
        f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}",
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "PRAGMA foreign_keys = ON",
        # What is deleted or written over is filled with zeros: an erased key is not to be found in the file.
        "PRAGMA secure_delete = ON",
        f"PRAGMA query_only = {'ON' if query_only else 'OFF'}",
    )

    def on_connect(connection: SqliteConnection, record: object) -> None:
        # The driver's own transactions begin late and not before DDL; ours begin where they are asked for.
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(pragma).close()

    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)


def _open_postgresql(url: URL, readers: int, keys: Keyring) -> Database:
    def arguments(options: str) -> dict[str, Any]:
        defaults = {
            "connect_timeout": CONNECT_SECONDS,
            "tcp_user_timeout": SILENCE_SECONDS * 1000,
            "keepalives_idle": SILENCE_SECONDS // 3,
            "keepalives_interval": SILENCE_SECONDS // 3,
            "keepalives_count": 2,
            "options": options,
            "application_name": "origingate",
        }
        return {name: value for name, value in defaults.items() if name not in url.query}

    shared: dict[str, Any] = {"max_overflow": 0, "pool_pre_ping": True}
    writing = create_engine(url, pool_size=1, connect_args=arguments(WRITER_OPTIONS), **shared)
    reading = create_engine(
        url,
        pool_size=readers,
        isolation_level="REPEATABLE READ",
        connect_args=arguments(POSTGRESQL_OPTIONS),
        **shared,
    )
    return Database(
        url.render_as_string(hide_password=True),
        None,
        writing,
        reading.execution_options(postgresql_readonly=True),
        create_engine(
            url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args=arguments(POSTGRESQL_OPTIONS),
        ),
        keys,
    )
