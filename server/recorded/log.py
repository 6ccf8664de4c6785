"""The decisions that a server recorded, read page by page beside it. Nothing is ever written."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from server.recorded.orders import BATCH
from server.store import decisions
from server.store.database import Database, open_database
from server.store.errors import StoreError, StoreUnavailable
from server.store.failures import said
from server.store.records import RecordedDecision
from server.store.revision import check_revision
from server.store.sealing import Keyring, MasterKeys

Item = tuple[str, RecordedDecision]

_PREFIX = "sqlite:///"


def address_of(named: str) -> str:
    """The address of a database that is named by it, or by its file."""
    return named if "://" in named else f"{_PREFIX}{named}"


class Log:
    """A database of the server, opened for reading with its master keys. Raises StoreError where it cannot be."""

    def __init__(self, address: str, master: MasterKeys | None = None) -> None:
        self._database: Database = open_database(address_of(address), 1, Keyring(master))
        if self._database.file is not None and not self._database.file.is_file():
            # SQLite would make the file.
            raise StoreUnavailable(
                f"{self._database.file}: there is no such file. Name the server's database."
            )
        try:
            with self._reading() as connection:
                check_revision(connection)
                self._count = decisions.count(connection)
        except StoreError:
            self.close()
            raise

    def close(self) -> None:
        """Closes every connection."""
        self._database.dispose()

    def about(self) -> int:
        """About how many batches there will be."""
        return self._count // BATCH + 1

    def batches(self, questions: Collection[str]) -> Iterator[Sequence[Item]]:
        """The decisions of these questions, some at a time, each with its id."""
        last: tuple[str, str] | None = None
        while True:
            with self._reading() as connection:
                page = decisions.after(connection, last, BATCH, questions)
            if not page:
                return
            yield [(one.decision_id, one) for one in page]
            last = page[-1].tenant, page[-1].decision_id

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._database.reading.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise StoreUnavailable(f"{self._database.address} cannot be read: {said(error)}") from error
