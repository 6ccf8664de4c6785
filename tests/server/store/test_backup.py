"""A backup holds every record of one moment and restores into either database; anything else is refused whole."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.store import Store, cursors, dead_letters, log
from server.store.backup import BackupUnreadable, DatabaseNotEmpty, backup
from server.store.database import Database, open_database
from server.store.dead_letters import NewDeadLetter
from server.store.schema import REVISIONS, metadata

from .samples import MASTER, TENANT, Clock, certified, declare, placed


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    """An opened database that has its schema, of each kind in turn."""
    opened = open_database(address, 1)
    yield opened
    opened.dispose()


async def filled(address: str) -> list[str]:
    """A backup of a database with two orders, one of them certified, and a dead letter of an endpoint."""
    store = Store.open(address, Clock(), MASTER)
    await certified(store, 1)
    case = await placed(store, 2)
    await store.write(lambda tx: declare(tx, case))
    await store.write(lambda tx: cursors.open_cursor(tx, TENANT, "orders", beginning=False))
    letter = NewDeadLetter(TENANT, "orders", 0, case.name, "{}", 1, "it answered 410")
    await store.write(lambda tx: dead_letters.bury(tx, letter))
    lines = await store.read(lambda connection: list(backup(connection)))
    store.close()
    return lines


def lines_of(database: Database) -> list[str]:
    """A backup of what the database holds now."""
    with database.reading.connect() as connection, connection.begin():
        return list(backup(connection))


async def test_round_trip(address: str, tmp_path: Path) -> None:
    """What is restored into an empty SQLite file is backed up again as the same lines, from either database."""
    lines = await filled(address)
    other = Store.open(f"sqlite:///{tmp_path}/other.db", Clock(), MASTER)
    other.upgrade()
    counts = other.restore(lines)
    assert lines == await other.read(lambda connection: list(backup(connection)))
    assert sum(counts.values()) == len(lines) - 2 - len(metadata.sorted_tables)
    other.close()


async def test_sqlite_to_postgresql(upgraded_sqlite: str, empty_postgresql: str) -> None:
    """A backup moves a server from SQLite to PostgreSQL, and it goes on there: the log's next position is the next."""
    lines = await filled(upgraded_sqlite)
    other = Store.open(empty_postgresql, Clock(), MASTER)
    other.upgrade()
    other.restore(lines)
    size = await other.read(log.size)
    await placed(other, 3)
    entries = await other.read(lambda connection: log.read(connection, 0, 100))
    other.close()
    assert list(range(size + 1)) == [entry.position for entry in entries]


async def test_not_empty(address: str) -> None:
    """Nothing is restored over records that are there."""
    lines = await filled(address)
    store = Store.open(address, Clock(), MASTER)
    with pytest.raises(DatabaseNotEmpty, match="restore into an empty one"):
        store.restore(lines)
    assert lines == await store.read(lambda connection: list(backup(connection)))
    store.close()


@pytest.mark.parametrize("kept", [0, 1, 2, 5, -1])
async def test_cut_off(upgraded_sqlite: str, tmp_path: Path, kept: int) -> None:
    """A backup that ends early, wherever that is, is refused and leaves the database as empty as it was."""
    lines = await filled(upgraded_sqlite)
    other = Store.open(f"sqlite:///{tmp_path}/other.db", Clock(), MASTER)
    other.upgrade()
    before = await other.read(lambda connection: list(backup(connection)))
    with pytest.raises(BackupUnreadable):
        other.restore(lines[:kept])
    assert before == await other.read(lambda connection: list(backup(connection)))
    other.close()


@pytest.mark.parametrize(
    ("number", "line", "words"),
    [
        (0, "{}", "no backup"),
        (0, "[]", "no backup"),
        (0, '{"origingate_backup": 2, "revision": "0001"}', "not known here"),
        (0, '{"origingate_backup": 1, "revision": "0000"}', "which this version does not know"),
        (1, '{"table": "nonsense", "columns": []}', "no row"),
        (2, "[1]", "no row"),
        (2, "{", "cannot be read"),
        (-1, '{"end": {}}', "rows are missing"),
    ],
)
async def test_damaged(upgraded_sqlite: str, tmp_path: Path, number: int, line: str, words: str) -> None:
    """A line that is not what it should be refuses the whole, in words."""
    lines = await filled(upgraded_sqlite)
    lines[number] = line
    other = Store.open(f"sqlite:///{tmp_path}/other.db", Clock(), MASTER)
    other.upgrade()
    with pytest.raises(BackupUnreadable, match=words):
        other.restore(lines)
    other.close()


def test_empty(database: Database) -> None:
    """A backup of a database without records has its tables and the log's head."""
    lines = [json.loads(line) for line in lines_of(database)]
    assert {"origingate_backup": 1, "revision": REVISIONS[-1]} == lines[0]
    assert 1 == sum(lines[-1]["end"].values())
