"""The one thread that writes. A piece of work is a transaction; who waits for it is told after the commit."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from server.store.errors import CommitUnknown, StoreClosed
from server.store.failures import translated
from server.store.log import write_entries
from server.store.transaction import Transaction

T = TypeVar("T")

# Something to write. It may be run again after a failure, so it does nothing but use its transaction.
Work = Callable[[Transaction], T]


class Writer:
    """Runs work one piece after the other, in the order in which it came."""

    def __init__(self, engine: Engine, begin: Callable[[Connection], Transaction]) -> None:
        self._engine = engine
        self._begin = begin
        self._queue: SimpleQueue[tuple[Work[Any], Future[Any]] | None] = SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Work[T]) -> "Future[T]":
        """Queue work; the future is done after its commit. Cancelled before it began, it is not run."""
        future: Future[T] = Future()
        with self._closing:
            if self._closed:
                raise StoreClosed("the store is closed; nothing was written")
            self._queue.put((work, future))
        return future

    def close(self) -> None:
        """Finish what is queued and stop."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (item := self._queue.get()) is not None:
            work, future = item
            if not future.set_running_or_notify_cancel():
                continue
            try:
                result = self._transact(work)
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)

    def _transact(self, work: Work[T]) -> T:
        with translated(), self._engine.connect() as connection:
            with connection.begin() as transaction:
                tx = self._begin(connection)
                result = work(tx)
                write_entries(connection, tx.entries)
                try:
                    transaction.commit()
                except SQLAlchemyError as error:
                    raise CommitUnknown(
                        "the database was lost while committing: the change is there wholly or not at all; "
                        "read it again"
                    ) from error
            return result
