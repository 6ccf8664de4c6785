"""The threads that read. Each keeps a connection: taking one from a pool and trying it costs more than most reads do."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from server.store.failures import translated

T = TypeVar("T")

READERS: Final = 4


class Readers:
    """Runs queries on threads, each on one consistent view of the database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="store-reader")
        self._own = threading.local()
        self._counting = threading.Lock()
        self._unfinished = 0
        self._opened: list[Connection] = []

    def submit(self, query: Callable[[Connection], T]) -> "Future[T]":
        """Queue a query. It reads only, so it may be run again where a connection was lost while nothing was asked of it."""
        future = self._threads.submit(self._run, query)
        self._count(1)
        future.add_done_callback(lambda _: self._count(-1))
        return future

    @property
    def waiting(self) -> int:
        """How many queries wait for a thread, about."""
        return max(self._unfinished - READERS, 0)

    def close(self) -> None:
        """Finish what is queued, and close every connection."""
        self._threads.shutdown()
        for connection in self._opened:
            connection.close()

    def _count(self, more: int) -> None:
        with self._counting:
            self._unfinished += more

    def _run(self, query: Callable[[Connection], T]) -> T:
        with translated():
            try:
                return self._read(query)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
            # The database went away and may be back: the connection is made anew.
            return self._read(query)

    def _read(self, query: Callable[[Connection], T]) -> T:
        connection: Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = self._engine.connect()
            self._opened.append(connection)
        with connection.begin():
            return query(connection)
