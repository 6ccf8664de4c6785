"""Work spread over processes: results in order, and never more of it in memory than the processes can take."""

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from os import _exit, cpu_count
from threading import Thread
from typing import Any, Final, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_WAITING_EACH: Final = 4


def all_cores() -> int:
    """As many processes as the machine has cores."""
    return cpu_count() or 1


def spread(
    work: Callable[[Item], Result],
    items: Iterable[Item],
    processes: int,
    begin: Callable[..., None] | None = None,
    arguments: tuple[Any, ...] = (),
) -> Iterator[Result]:
    """The results of `work` in the order of the items, which may be endless.

    Each process calls `begin(*arguments)` once, before its first item; what it sets up stays in that process.
    With one process everything happens in this one. `work`, `begin` and what goes through them are pickled.
    An exception of `work` is raised here, and ends the others. So does an interrupt, of which they take no notice.
    """
    if processes <= 1:
        if begin is not None:
            begin(*arguments)
        yield from map(work, items)
        return
    coming = iter(items)
    first = list(islice(coming, processes * _WAITING_EACH))
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin, (begin, arguments)) as pool:
        with _interrupts_held():
            waiting: deque[Future[Result]] = deque(pool.submit(work, item) for item in first)
        try:
            while waiting:
                yield waiting.popleft().result()
                waiting.extend(pool.submit(work, item) for item in islice(coming, 1))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _begin(begin: Callable[..., None] | None, arguments: tuple[Any, ...]) -> None:
    """A terminal sends an interrupt to all its processes; the one that started the others ends them.

    Where that one is killed, nobody does: so each waits for its end, and ends too.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with, args=(parent_process(),), daemon=True).start()
    if begin is not None:
        begin(*arguments)


def _end_with(parent: BaseProcess | None) -> None:
    if parent is not None:
        parent.join()
        _exit(1)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Lets interrupts wait; processes that are started meanwhile begin with them held, and print no traceback."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
