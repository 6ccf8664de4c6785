"""The decisions that a server recorded, read beside it in the order of its log. Nothing is ever written."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from engine.rulebook import Rulebook
from server.errors import RulebookNotFound
from server.master_keys import SETTING, keys_at_hand
from server.recent import Recent
from server.recorded.again import rulebook_kept
from server.store import log, rulebooks
from server.store.database import Database, open_database
from server.store.errors import StoreError, StoreUnavailable
from server.store.failures import said
from server.store.logged import EVERYTHING, Choice, Logged, logged
from server.store.revision import check_revision
from server.store.sealing import Keyring, MasterKeys

STRETCH: Final = 512
"""Entries of the log that are read at once."""
_RULEBOOKS: Final = 4
_PREFIX: Final = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Entries of the log, from one position to before another."""

    start: int
    end: int


def address_of(named: str) -> str:
    """The address of a database that is named by it, or by its file."""
    return named if "://" in named else f"{_PREFIX}{named}"


def by_environment(address: str) -> MasterKeys | None:
    """The master keys of a database, as each process finds them for itself. Raises KeyUnusable."""
    return keys_at_hand(address, os.environ.get(SETTING))


@dataclass(frozen=True, slots=True)
class Source:
    """Which decisions of which database are read. It can be sent to other processes; each opens the database itself."""

    address: str
    choice: Choice = EVERYTHING
    keys: Callable[[str], MasterKeys | None] = by_environment


class Log:
    """A database of the server, opened for reading. Raises StoreError where it cannot be, KeyUnusable.

    `size` is how many entries its log had then.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        address = address_of(source.address)
        self._database: Database = open_database(address, 1, Keyring(source.keys(address)))
        self._rulebooks: Recent[str, Rulebook] = Recent(_RULEBOOKS)
        self._lost: set[str] = set()
        if self._database.file is not None and not self._database.file.is_file():
            # SQLite would make the file.
            raise StoreUnavailable(
                f"{self._database.file}: there is no such file; name the server's database"
            )
        try:
            with self._reading() as connection:
                check_revision(connection)
                self.size = log.size(connection)
        except StoreError:
            self.close()
            raise

    def close(self) -> None:
        """Closes every connection."""
        self._database.dispose()

    def decisions(self, stretch: Stretch) -> list[Logged]:
        """The chosen decisions of a stretch, in its order."""
        with self._reading() as connection:
            return logged(connection, stretch.start, stretch.end, self._source.choice)

    def rulebook(self, digest: str) -> Rulebook | None:
        """The rulebook that is kept under a digest; None where there is none, or it cannot be read any more."""
        if digest in self._lost:
            return None
        found = self._rulebooks.get(digest)
        if found is not None:
            return found
        with self._reading() as connection:
            kept = rulebooks.find(connection, digest)
        try:
            return self._rulebooks.keep(digest, rulebook_kept(kept, digest))
        except RulebookNotFound:
            self._lost.add(digest)
            return None

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._database.reading.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise StoreUnavailable(f"{self._database.address} cannot be read: {said(error)}") from error


def log_size(source: Source) -> int:
    """How many entries the log has now. Raises what opening it raises."""
    with closing(Log(source)) as opened:
        return opened.size


def stretches(size: int) -> list[Stretch]:
    """A log of so many entries, in its order."""
    return [Stretch(start, min(start + STRETCH, size)) for start in range(0, size, STRETCH)]
