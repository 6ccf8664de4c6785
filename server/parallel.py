"""Work spread over processes: results in order, and never more of it in memory than the processes can take."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from os import cpu_count
from signal import SIG_IGN, SIGINT, signal
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
    An exception of `work` is raised here, and ends the others; so does Ctrl-C, of which only this process takes notice.
    """
    if processes <= 1:
        if begin is not None:
            begin(*arguments)
        yield from map(work, items)
        return
    coming = iter(items)
    with ProcessPoolExecutor(processes, get_context("spawn"), _started, (begin, arguments)) as pool:
        waiting: deque[Future[Result]] = deque(
            pool.submit(work, item) for item in islice(coming, processes * _WAITING_EACH)
        )
        try:
            while waiting:
                yield waiting.popleft().result()
                waiting.extend(pool.submit(work, item) for item in islice(coming, 1))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _started(begin: Callable[..., None] | None, arguments: tuple[Any, ...]) -> None:
    """Begins a process, which leaves Ctrl-C to the one that ends it."""
    signal(SIGINT, SIG_IGN)
    if begin is not None:
        begin(*arguments)
