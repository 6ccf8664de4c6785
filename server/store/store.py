"""The store: one place to read and write everything that outlives a process."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from server.spans import span
from server.store.database import Database, emptied, open_database
from server.store.errors import StoreClosed, StoreUnavailable
from server.store.failures import said, translated
from server.store.growth import Signer, Written
from server.store.lock import FileLock
from server.store.reading import READERS, Readers
from server.store.receipts import AtHand
from server.store.revision import check_revision, revision_of
from server.store.schema import REVISIONS
from server.store.sealing import Keyring, MasterKeys, newest_wrapped
from server.store.transaction import Transaction
from server.store.upgrade import upgrade
from server.store.writer import Group, Work, Writer

if TYPE_CHECKING:
    from server.store.listener import Listener

T = TypeVar("T")
Clock = Callable[[], datetime]


class Store:
    """Reads and writes on threads of its own, never on the caller's loop.

    Open it, upgrade or check it, use it, close it. An SQLite file is served by one process at a time;
    PostgreSQL by any number.
    """

    def __init__(self, database: Database, lock: FileLock | None, clock: Clock) -> None:
        self._database = database
        self._lock = lock
        self._clock = clock
        self._writer = Writer(database.writing, self._begin)
        self._readers = Readers(database.reading)
        self._listener: Listener | None = None
        self._told: Callable[[], None] = _nobody
        self.at_hand = AtHand()
        self._writer.on_growth(self._grown)
        self._closed = False

    @classmethod
    def open(
        cls, address: str, clock: Clock, master: MasterKeys | Callable[[], MasterKeys] | None = None
    ) -> Self:
        """Open a database by its address, e.g. `sqlite:///origingate.db`. `clock` tells moments with a zone.
        Without master keys records can be neither read nor written, but the schema can be upgraded; a function is asked
        for them once nobody else serves an SQLite file.

        Raises StoreAddressInvalid, StoreInUse where another process serves the SQLite file, StoreUnavailable
        where the database cannot be reached.
        """
        # One besides those that the readers keep, to look at the schema.
        keys = Keyring(None if callable(master) else master)
        database = open_database(address, READERS + 1, keys)
        lock = FileLock(database.file) if database.file else None
        try:
            if callable(master):
                keys.give(master())
        except BaseException:
            database.dispose()
            if lock:
                lock.release()
            raise
        try:
            with database.reading.connect():
                pass
        except SQLAlchemyError as error:
            database.dispose()
            if lock:
                lock.release()
            raise StoreUnavailable(f"{database.address} cannot be opened: {said(error)}") from error
        return cls(database, lock, clock)

    @property
    def address(self) -> str:
        """The database's address, for people: without its password."""
        return self._database.address

    @property
    def waiting(self) -> int:
        """How many pieces of work wait for the thread that writes or for those that read, about."""
        return self._writer.waiting + self._readers.waiting

    def upgrade(self) -> None:
        """Bring the schema to what this version knows. Raises StoreTooNew where a newer version was here."""
        with translated():
            with self._database.reading.connect() as connection:
                if revision_of(connection) == REVISIONS[-1]:
                    return
            upgrade(self._database.writing)

    def check(self) -> None:
        """Raise StoreTooOld or StoreTooNew where the schema is not the one that this version knows."""
        with translated(), self._database.reading.connect() as connection:
            check_revision(connection)

    def check_keys(self) -> None:
        """Raise KeyMissing where the master key that sealed last is not at hand."""
        with translated(), self._database.reading.connect() as connection:
            wrapped = newest_wrapped(connection)
        if wrapped is not None:
            self._database.keys.master.hold(wrapped)

    def restore(self, lines: Iterable[str]) -> dict[str, int]:
        """Put the lines of a backup into the database, all or nothing; rows by table. Raises what `backup` says."""
        from server.store.backup import restore

        with translated(), self._database.writing.begin() as connection:
            return restore(connection, lines)

    def look(self, query: Callable[[Connection], T]) -> T:
        """Run a query on one view of the database, on the caller's thread: for before it is served."""
        with translated(), self._database.reading.connect() as connection, connection.begin():
            return query(connection)

    def on_growth(self, told: Callable[[], None]) -> None:
        """Call `told`, which must not raise, on a thread of the store whenever the log may have grown.

        Of what this process commits it is called always; of what others commit mostly: look now and then all the same.
        """
        self._told = told
        if self._database.listening is not None:
            # Its driver is not loaded where nobody else writes.
            from server.store.listener import Listener

            self._listener = Listener(self._database.listening, told)

    def sign_with(self, signer: Signer) -> None:
        """Have every commit sign the log's head from now on; `signing.begin_key` signs what is there."""
        self._writer.sign_with(signer)

    def on_group(self, told: Callable[[Group], None]) -> None:
        """Call `told`, which must not raise, on a thread of the store with each group that was committed, or lost."""
        self._writer.on_group(told)

    @property
    def queued(self) -> int:
        """How many pieces of work wait to be written, about."""
        return self._writer.queued

    async def write(self, work: Work[T]) -> T:
        """Run work in one transaction and return its result after the commit; an exception undoes all of it.

        Work may be run more than once, so it does nothing but use its transaction. A caller that is cancelled
        after the work began stops nothing.
        """
        with span("commit"):
            return await asyncio.wrap_future(self._writer.submit(work))

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run a query on one consistent view of the database; it cannot write."""
        if self._closed:
            raise StoreClosed("the store is closed")
        return await asyncio.wrap_future(self._readers.submit(query))

    def read_waiting(self, query: Callable[[Connection], T]) -> T:
        """Run a query as `read` does, for a thread that waits for it."""
        if self._closed:
            raise StoreClosed("the store is closed")
        return self._readers.submit(query).result()

    async def scrub(self) -> None:
        """Have what was erased leave an SQLite file's log of writes too; PostgreSQL does so by itself, in time."""
        if self._database.file is not None:
            await asyncio.to_thread(emptied, self._database.file)

    def close(self) -> None:
        """Finish what is queued, close every connection, and let another process serve the file."""
        if self._closed:
            return
        self._closed = True
        if self._listener is not None:
            self._listener.close()
        self._writer.close()
        self._readers.close()
        self._database.dispose()
        if self._lock:
            self._lock.release()

    def _grown(self, written: Written) -> None:
        self.at_hand.note(written)
        self._told()

    def _begin(self, connection: Connection) -> Transaction:
        return Transaction(connection, self._clock().astimezone(UTC))


def _nobody() -> None:
    """Tells nobody."""
