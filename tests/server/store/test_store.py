"""The store as a whole: opening, one transaction for a piece of work, what readers see, closing."""

import asyncio
import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, text

from server.store import Store, Transaction, cases, log, requests, rulebooks
from server.store.database import open_database
from server.store.errors import (
    CommitUnknown,
    StoreAddressInvalid,
    StoreClosed,
    StoreError,
    StoreInUse,
    StoreRefused,
    StoreUnavailable,
)

from .postgresql import Server
from .samples import MASTER, TENANT, Clock, case_name, place, placed


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "cannot be read"),
        ("store.db", "cannot be read"),
        ("postgresql://host:port/database", "cannot be read"),
        ("sqlite://", "needs a file and nothing else"),
        ("sqlite:///:memory:", "needs a file and nothing else"),
        ("sqlite:////tmp/store.db?mode=ro", "needs a file and nothing else"),
        ("sqlite:////nowhere/at/all/store.db", "the folder /nowhere/at/all of the database does not exist"),
        ("mysql://host/database", "the database 'mysql' is not supported"),
        ("postgresql+asyncpg://host/database", r"the database 'postgresql\+asyncpg' is not supported"),
    ],
)
def test_bad_address(address: str, words: str) -> None:
    """An address that cannot be opened is refused, with what to write."""
    with pytest.raises(StoreAddressInvalid, match=words):
        Store.open(address, Clock(), MASTER)


def test_unreachable_server() -> None:
    """A server that is not there is told in its own words, without the password."""
    with pytest.raises(StoreUnavailable, match="cannot be opened: connection failed") as caught:
        Store.open("postgresql://user:secret@127.0.0.1:1/database", Clock(), MASTER)
    assert "secret" not in str(caught.value)


def test_not_a_database(tmp_path: Path) -> None:
    """A file that is something else is refused, and can be opened by nobody else meanwhile."""
    file = tmp_path / "letter.txt"
    file.write_text("Dear Sir or Madam, " * 100)
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match="cannot be opened: file is not a database"):
            Store.open(f"sqlite:///{file}", Clock(), MASTER)


def test_folder_instead_of_a_file(tmp_path: Path) -> None:
    """A folder is no database."""
    with pytest.raises(StoreUnavailable, match="unable to open database file"):
        Store.open(f"sqlite:///{tmp_path}", Clock(), MASTER)


def test_one_process_serves_a_file(upgraded_sqlite: str) -> None:
    """A second one that opens the same SQLite file is told who has it; after it closed, the file is free."""
    first = Store.open(upgraded_sqlite, Clock(), MASTER)
    with pytest.raises(StoreInUse, match=r"is served by another process \(process \d+\); stop it first"):
        Store.open(upgraded_sqlite, Clock(), MASTER)
    first.close()
    Store.open(upgraded_sqlite, Clock(), MASTER).close()


async def test_durable_settings(upgraded_sqlite: str) -> None:
    """SQLite is set to survive a power cut: a write-ahead log, and every commit on the disk."""
    store = Store.open(upgraded_sqlite, Clock(), MASTER)
    settings = await store.write(
        lambda tx: [
            tx.connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    )
    store.close()
    assert ["wal", 2, 1] == settings


async def test_readers_cannot_write(store: Store) -> None:
    """A query that writes is refused."""

    def write(connection: Connection) -> None:
        connection.execute(text("UPDATE log_head SET size = 7"))

    with pytest.raises(StoreError):
        await store.read(write)
    assert 0 == await store.read(log.size)


async def test_readers_see_one_moment(store: Store) -> None:
    """What is committed while a query runs is not seen by it."""
    began, committed = threading.Event(), threading.Event()

    def twice(connection: Connection) -> tuple[int, int]:
        before = log.size(connection)
        began.set()
        committed.wait(10)
        return before, log.size(connection)

    reading = asyncio.create_task(store.read(twice))
    await asyncio.to_thread(began.wait, 10)
    await placed(store)
    committed.set()
    assert (0, 0) == await reading
    assert 1 == await store.read(log.size)


async def test_moments(address: str) -> None:
    """A moment is kept to the microsecond and read back in UTC, whatever zone it was told in."""
    told = datetime(2026, 7, 1, 9, 30, 0, 1, tzinfo=timezone(timedelta(hours=-4)))
    store = Store.open(address, lambda: told, MASTER)
    await placed(store)
    found = await store.read(lambda connection: cases.find(connection, TENANT, case_name()))
    store.close()
    assert found is not None
    assert datetime(2026, 7, 1, 13, 30, 0, 1, tzinfo=UTC) == found.created_at
    assert UTC == found.created_at.tzinfo


async def test_text_that_a_database_cannot_hold(upgraded_postgresql: str) -> None:
    """A NUL in a text, which PostgreSQL cannot hold, is refused as a value, not as a fault of the store."""
    store = Store.open(upgraded_postgresql, Clock(), MASTER)
    with pytest.raises(StoreRefused):
        await store.read(lambda connection: requests.find(connection, TENANT, "request\x00"))
    store.close()


@pytest.mark.parametrize("words", ["", "日本 ñ 🚢", "' OR 1=1 --", "a\nb\tc", "x" * 200_000])
async def test_any_text(store: Store, words: str) -> None:
    """Texts come back as they went in."""
    await store.write(lambda tx: rulebooks.keep(tx, "sha256:1", words, words))
    kept = await store.read(lambda connection: rulebooks.find(connection, "sha256:1"))
    assert kept is not None
    assert (words, words) == (kept.name, kept.files)


async def test_cancelled_caller(store: Store) -> None:
    """A caller that goes away stops nothing that began."""
    began, gone = threading.Event(), threading.Event()

    def slow(tx: Transaction) -> None:
        place(tx)
        began.set()
        gone.wait(10)

    writing = asyncio.create_task(store.write(slow))
    await asyncio.to_thread(began.wait, 10)
    writing.cancel()
    gone.set()
    with pytest.raises(asyncio.CancelledError):
        await writing
    await placed(store, 2)
    assert await store.read(lambda connection: cases.find(connection, TENANT, case_name(1))) is not None


async def test_close_finishes_what_is_queued(address: str) -> None:
    """Closing waits for the work that was given before."""
    store = Store.open(address, Clock(), MASTER)
    queued = [asyncio.create_task(placed(store, number)) for number in range(1, 6)]
    await asyncio.sleep(0)
    store.close()
    assert [case_name(number) for number in range(1, 6)] == [
        case.name for case in await asyncio.gather(*queued)
    ]


async def test_closed(address: str) -> None:
    """A closed store says so; closing it twice is nothing."""
    store = Store.open(address, Clock(), MASTER)
    store.close()
    store.close()
    with pytest.raises(StoreClosed, match="nothing was written"):
        await placed(store)
    with pytest.raises(StoreClosed):
        await store.read(log.size)


async def test_reopened(address: str) -> None:
    """What was committed is there after the store was closed and opened again."""
    store = Store.open(address, Clock(), MASTER)
    case = await placed(store)
    store.close()
    again = Store.open(address, Clock(), MASTER)
    found = await again.read(lambda connection: cases.find(connection, TENANT, case.name))
    again.close()
    assert case == found


async def test_waits_for_another_writer(upgraded_sqlite: str, tmp_path: Path) -> None:
    """While a tool holds the SQLite file's write lock, work waits."""
    store = Store.open(upgraded_sqlite, Clock(), MASTER)
    tool = sqlite3.connect(tmp_path / "store.db", isolation_level=None, check_same_thread=False)
    tool.execute("BEGIN IMMEDIATE")
    writing = asyncio.create_task(placed(store))
    await asyncio.sleep(0.2)
    assert not writing.done()
    tool.execute("COMMIT")
    assert case_name() == (await writing).name
    tool.close()
    store.close()


async def test_connection_lost_at_rest(upgraded_postgresql: str, postgresql: Server) -> None:
    """A server that crashed and came back is used again without a word."""
    store = Store.open(upgraded_postgresql, Clock(), MASTER)
    await placed(store, 1)
    # Every thread that reads has met the server before it crashed.
    assert [1] * 16 == await asyncio.gather(*(store.read(log.size) for _ in range(16)))
    await asyncio.to_thread(postgresql.restart)
    await placed(store, 2)
    assert [2] * 16 == await asyncio.gather(*(store.read(log.size) for _ in range(16)))
    store.close()


def told(address: str) -> list[dict[str, str]]:
    """What the driver is told of connections, those that write and those that read."""
    database = open_database(address, 1)
    found = []
    for engine in (database.writing, database.reading):
        with engine.connect() as connection:
            of_driver = connection.connection.driver_connection
            assert isinstance(of_driver, psycopg.Connection)
            found.append(of_driver.info.get_parameters())
    database.dispose()
    return found


def test_silent_database(upgraded_postgresql: str) -> None:
    """A database that goes without a word is given up after 15 s, or as the address says."""
    for parameters in told(upgraded_postgresql):
        assert ("15000", "5", "5", "2") == (
            parameters["tcp_user_timeout"],
            parameters["keepalives_idle"],
            parameters["keepalives_interval"],
            parameters["keepalives_count"],
        )
    for parameters in told(f"{upgraded_postgresql}&tcp_user_timeout=60000"):
        assert "60000" == parameters["tcp_user_timeout"]


async def test_connection_lost_in_work(upgraded_postgresql: str) -> None:
    """Work whose connection was lost is undone and may be tried again."""
    store = Store.open(upgraded_postgresql, Clock(), MASTER)

    def lose(tx: Transaction) -> None:
        place(tx)
        tx.connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(StoreUnavailable, match="try again") as caught:
        await store.write(lose)
    assert not isinstance(caught.value, CommitUnknown)
    assert 0 == await store.read(log.size)
    await placed(store)
    store.close()


async def test_connection_lost_in_commit(upgraded_postgresql: str) -> None:
    """A connection lost while committing is told apart: the change may be there."""
    store = Store.open(upgraded_postgresql, Clock(), MASTER)

    def lose_at_commit(tx: Transaction) -> None:
        for statement in (
            "CREATE TEMPORARY TABLE last (x int)",
            "CREATE FUNCTION pg_temp.lose() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NULL; END'",
            "CREATE CONSTRAINT TRIGGER lose AFTER INSERT ON last DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION pg_temp.lose()",
            "INSERT INTO last VALUES (1)",
        ):
            tx.connection.execute(text(statement))

    with pytest.raises(CommitUnknown, match="there wholly or not at all; read it again"):
        await store.write(lose_at_commit)
    await placed(store)
    store.close()
