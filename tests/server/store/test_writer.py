"""The writer: what is gathered into a commit, whom a failure concerns, and commits whose answer is lost."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from sqlalchemy import event, text

from server.store import CaseRecord, Transaction, log
from server.store.database import Database, open_database
from server.store.errors import CaseChanged, CommitUnknown
from server.store.sealing import Keyring
from server.store.writer import Writer

from .cutting import Cutting
from .postgresql import Server
from .samples import MASTER, START, case_name, place


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    """An opened database that has its schema, of each kind in turn."""
    opened = open_database(address, 1, Keyring(MASTER))
    yield opened
    opened.dispose()


def writer_of(database: Database, gather: float = 0.2, settle: float = 10.0) -> Writer:
    """A writer that gathers for long enough to be sure."""
    return Writer(database.writing, lambda connection: Transaction(connection, START), gather, settle)


def commits_of(database: Database) -> list[object]:
    """A list that grows with every commit."""
    seen: list[object] = []
    event.listen(database.writing, "commit", seen.append)
    return seen


def placing(number: int) -> Callable[[Transaction], CaseRecord]:
    """Work that opens a case."""
    return lambda tx: place(tx, number)[0]


def entries(database: Database) -> list[str]:
    """The subjects of the log, in order."""
    with database.reading.connect() as connection, connection.begin():
        return [entry.subject for entry in log.read(connection, 0, 100)]


def test_one_commit(database: Database) -> None:
    """What comes within the gathering time is one commit, in the order in which it came, positions dense."""
    commits, writer = commits_of(database), writer_of(database)
    futures = [writer.submit(placing(number)) for number in range(1, 9)]
    names = [future.result(10).name for future in futures]
    writer.close()
    assert 1 == len(commits)
    assert [case_name(number) for number in range(1, 9)] == names == entries(database)


def test_failure_concerns_its_own(database: Database) -> None:
    """A piece of work that fails is told so; all others of its group are there."""

    def failing(tx: Transaction) -> None:
        place(tx, 2)
        raise CaseChanged("somebody else was quicker")

    writer = writer_of(database)
    before, failed, after = writer.submit(placing(1)), writer.submit(failing), writer.submit(placing(3))
    assert [case_name(1), case_name(3)] == [before.result(10).name, after.result(10).name]
    with pytest.raises(CaseChanged, match="quicker"):
        failed.result(10)
    writer.close()
    assert [case_name(1), case_name(3)] == entries(database)


def test_refused_by_the_database(database: Database) -> None:
    """What the database refuses concerns its own piece too, though it ends the transaction."""

    def refused(tx: Transaction) -> None:
        tx.connection.execute(text("INSERT INTO log_head (id, size) VALUES (NULL, NULL)"))

    writer = writer_of(database)
    first, failed, last = writer.submit(placing(1)), writer.submit(refused), writer.submit(placing(2))
    assert [case_name(1), case_name(2)] == [first.result(10).name, last.result(10).name]
    assert isinstance(failed.exception(10), Exception)
    writer.close()


def test_cancelled_before_it_began(database: Database) -> None:
    """Work whose caller went away before it began is not run."""
    began, go_on = threading.Event(), threading.Event()

    def slow(tx: Transaction) -> None:
        began.set()
        go_on.wait(10)

    writer = writer_of(database, gather=0.0)
    writer.submit(slow)
    began.wait(10)
    cancelled, kept = writer.submit(placing(1)), writer.submit(placing(2))
    assert cancelled.cancel()
    go_on.set()
    assert case_name(2) == kept.result(10).name
    writer.close()
    assert [case_name(2)] == entries(database)


def test_more_than_a_group(database: Database) -> None:
    """More than fits into a group is several of them; nothing is lost and the order holds."""
    commits, writer = commits_of(database), writer_of(database)
    futures = [writer.submit(placing(number)) for number in range(1, 100)]
    writer.close()
    assert [case_name(number) for number in range(1, 100)] == [future.result(0).name for future in futures]
    assert 2 == len(commits)


@pytest.fixture
def cut(upgraded_postgresql: str, postgresql: Server, short_folder: Path) -> Iterator[Database]:
    """A PostgreSQL database whose answer to the first commit is lost."""
    between = Cutting(postgresql.folder, short_folder)
    opened = open_database(
        upgraded_postgresql.partition("?")[0] + f"?host={short_folder}", 1, Keyring(MASTER)
    )
    yield opened
    opened.dispose()
    between.close()


def test_commit_whose_answer_is_lost(cut: Database) -> None:
    """A commit that is there though its answer was lost is told as done, and is there once."""
    writer = writer_of(cut)
    futures: list[Future[CaseRecord]] = [writer.submit(placing(number)) for number in (1, 2)]
    assert [case_name(1), case_name(2)] == [future.result(20).name for future in futures]
    writer.close()
    assert [case_name(1), case_name(2)] == entries(cut)


def test_lost_commit_that_left_no_trace(cut: Database) -> None:
    """Where nothing of the work is in the log, it cannot be told whether it is there, and is not done again."""
    runs: list[int] = []

    def traceless(tx: Transaction) -> None:
        tx.connection.execute(text("SELECT 1"))
        runs.append(1)

    writer = writer_of(cut)
    with pytest.raises(CommitUnknown, match="wholly or not at all"):
        writer.submit(traceless).result(20)
    writer.close()
    assert 1 == len(runs)


async def test_commit_that_did_not_happen(upgraded_postgresql: str, postgresql: Server) -> None:
    """A connection that is lost while committing, with nothing committed: the work is done again."""
    runs: list[int] = []

    def lose_the_first_commit(tx: Transaction) -> CaseRecord:
        runs.append(1)
        if len(runs) == 1:
            for statement in (
                "CREATE TEMPORARY TABLE last (x int)",
                "CREATE FUNCTION pg_temp.lose() RETURNS trigger LANGUAGE plpgsql AS "
                "'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NULL; END'",
                "CREATE CONSTRAINT TRIGGER lose AFTER INSERT ON last DEFERRABLE INITIALLY DEFERRED "
                "FOR EACH ROW EXECUTE FUNCTION pg_temp.lose()",
                "INSERT INTO last VALUES (1)",
            ):
                tx.connection.execute(text(statement))
        return place(tx)[0]

    opened = open_database(upgraded_postgresql, 1, Keyring(MASTER))
    writer = writer_of(opened)
    assert case_name() == (await asyncio.wrap_future(writer.submit(lose_the_first_commit))).name
    writer.close()
    assert (2, [case_name()]) == (len(runs), entries(opened))
    opened.dispose()


def test_database_that_stays_away(upgraded_postgresql: str, short_folder: Path, postgresql: Server) -> None:
    """A commit whose answer is lost, with the database away for longer than can be waited for, is unknown."""
    between = Cutting(postgresql.folder, short_folder)
    opened = open_database(
        upgraded_postgresql.partition("?")[0] + f"?host={short_folder}", 1, Keyring(MASTER)
    )

    def last(tx: Transaction) -> None:
        place(tx)
        between.refuse()

    writer = writer_of(opened, settle=0.5)
    with pytest.raises(CommitUnknown):
        writer.submit(last).result(20)
    writer.close()
    opened.dispose()
    between.close()
