"""The one thread that writes. It gathers pieces of work and commits them in groups; who waits is told after the commit."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from server.store.errors import CommitUnknown, StoreClosed, StoreError, StoreUnavailable
from server.store.failures import translated
from server.store.growth import Signer, Written, was_committed, write_entries
from server.store.sealing import begin_keys, commit_keys
from server.store.transaction import Transaction, write_last_rows

T = TypeVar("T")

# Something to write. It may be run again after a failure, so it does nothing but use its transaction.
Work = Callable[[Transaction], T]

GATHER_SECONDS: Final = 0.002
MOST_TOGETHER: Final = 64
# For how long the database may stay away before a commit whose answer was lost is given up as unknown.
SETTLE_SECONDS: Final = 15.0
_LOOK_AGAIN: Final = 0.2

_Item = tuple[Work[Any], "Future[Any]"]


class Group(NamedTuple):
    """Pieces of work that were put to the database together, and in how many seconds. `lost`: why they did not get there."""

    size: int
    seconds: float
    lost: StoreError | None


def _nobody(_: Group) -> None:
    """Nobody counts."""


class _CommitLost(StoreUnavailable):
    """The connection was lost while committing, and nothing of it is there."""


class Writer:
    """Runs work in the order in which it came, several pieces to a commit.

    Where one piece of a group fails, nothing of the group is kept, and each piece is run again by itself: a
    failure is told to the one that it belongs to, and to nobody else.
    """

    def __init__(
        self,
        engine: Engine,
        begin: Callable[[Connection], Transaction],
        gather: float = GATHER_SECONDS,
        settle: float = SETTLE_SECONDS,
    ) -> None:
        self._engine = engine
        self._begin = begin
        self._grown: Callable[[Written], None] | None = None
        self._signer: Signer | None = None
        self._told: Callable[[Group], None] = _nobody
        self._gather = gather
        self._settle = settle
        self._queue: SimpleQueue[_Item | None] = SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def on_growth(self, told: Callable[[Written], None]) -> None:
        """Call `told` after each commit that added to the log, on the writer's thread. It must not raise."""
        self._grown = told

    def sign_with(self, signer: Signer) -> None:
        """Have the log's head signed in each commit from now on."""
        self._signer = signer

    def on_group(self, told: Callable[[Group], None]) -> None:
        """Call `told`, which must not raise, on the writer's thread with each group that was committed, or lost."""
        self._told = told

    @property
    def queued(self) -> int:
        """How many pieces of work wait, about."""
        return self._queue.qsize()

    def submit(self, work: Work[T]) -> "Future[T]":
        """Queue work; the future is done after its commit. Cancelled before it began, it is not run."""
        future: Future[T] = Future()
        with self._closing:
            if self._closed:
                raise StoreClosed("the store is closed; nothing was written")
            self._queue.put((work, future))
        return future

    @property
    def waiting(self) -> int:
        """How much is queued, about."""
        return self._queue.qsize()

    def close(self) -> None:
        """Finish what is queued and stop."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        closed = False
        while not closed and (first := self._queue.get()) is not None:
            group, closed = self._gathered(first)
            self._commit([item for item in group if item[1].set_running_or_notify_cancel()])

    def _gathered(self, first: _Item) -> tuple[list[_Item], bool]:
        """The group that begins with an item, and whether the writer is to stop after it."""
        group, end = [first], time.monotonic() + self._gather
        while len(group) < MOST_TOGETHER:
            try:
                item = self._queue.get_nowait()
            except Empty:
                left = end - time.monotonic()
                if left <= 0:
                    break
                # Not a get with a timeout: where the thread is held up beyond it, CPython's may wait for ever.
                time.sleep(left)
                continue
            if item is None:
                return group, True
            group.append(item)
        return group, False

    def _commit(self, group: Sequence[_Item]) -> None:
        """Commits the group, or each of its pieces, and tells those who wait."""
        if not group:
            return
        try:
            results = self._transact([work for work, _ in group])
        except CommitUnknown as error:
            # What may be there already is not to be written twice.
            for _, future in group:
                future.set_exception(error)
        except BaseException as error:
            if len(group) == 1 and not isinstance(error, _CommitLost):
                group[0][1].set_exception(error)
            else:
                for item in group:
                    self._alone(*item)
        else:
            for (_, future), result in zip(group, results, strict=True):
                future.set_result(result)

    def _alone(self, work: Work[Any], future: "Future[Any]") -> None:
        try:
            [result] = self._transact([work])
        except BaseException as error:
            future.set_exception(error)
        else:
            future.set_result(result)

    def _transact(self, works: Sequence[Work[Any]]) -> list[Any]:
        """The results of all pieces after their commit. Raises what a piece raises; then nothing is kept."""
        began = time.monotonic()
        try:
            results = self._written(works)
        except (StoreUnavailable, CommitUnknown) as error:
            self._told(Group(len(works), time.monotonic() - began, error))
            raise
        self._told(Group(len(works), time.monotonic() - began, None))
        return results

    def _written(self, works: Sequence[Work[Any]]) -> list[Any]:
        lost: SQLAlchemyError | None = None
        with translated(), self._engine.connect() as connection:
            transaction = connection.begin()
            try:
                begun = [self._begin(connection) for _ in works]
                begin_keys(connection, begun[0].now)
                results = [work(tx) for work, tx in zip(works, begun, strict=True)]
                write_last_rows(connection, begun)
                entries = [entry for tx in begun for entry in tx.entries]
                written = write_entries(connection, entries, self._signer)
            except BaseException:
                transaction.rollback()
                raise
            try:
                transaction.commit()
            except SQLAlchemyError as error:
                lost = error
            else:
                commit_keys(connection)
        if lost is not None:
            self._find_out(written, lost)
        if written is not None and self._grown is not None:
            self._grown(written)
        return results

    def _find_out(self, written: Written | None, lost: SQLAlchemyError) -> None:
        """Returns where a commit whose answer was lost is there all the same.

        Raises _CommitLost where it is not, CommitUnknown where that cannot be found out: nothing of it is in the
        log, or the database stays away.
        """
        end = time.monotonic() + self._settle
        while written is not None:
            try:
                with self._engine.connect() as connection, connection.begin():
                    there = was_committed(connection, written)
            except SQLAlchemyError:
                if time.monotonic() > end:
                    break
                time.sleep(_LOOK_AGAIN)
                continue
            if there:
                return
            raise _CommitLost(
                "the database was lost while committing; nothing was written, try again"
            ) from lost
        raise CommitUnknown(
            "the database was lost while committing: the change is there wholly or not at all; read it again"
        ) from lost
