"""Metrics of processes that serve under a parent: each answers over a pipe, and the parent adds up what they say.

What a process had counted that ended stays in the sums, as of when it was last asked: a sum that fell would be taken for a
restart of the whole server.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Final

from prometheus_client.metrics_core import Metric

from server.telemetry.metrics import ParentMetrics
from server.telemetry.together import counted, together

# For so many seconds all processes together are waited for; who does not answer is told of as it last was.
PATIENCE: Final = 2.0


@dataclass(slots=True)
class _Process:
    asked: Connection
    said: list[Metric] = field(default_factory=list)


class Gathering:
    """The parent's side. `joins` and `collect` may be called on different threads."""

    def __init__(self) -> None:
        self.parent = ParentMetrics()
        self._lock = threading.Lock()
        self._processes: dict[int, _Process] = {}
        self._gone: list[Metric] = []
        self._turn = 0

    def joins(self, number: int, asked: Connection) -> None:
        """A process serves under this number from now on; where there was one before, it is gone."""
        with self._lock:
            before = self._processes.get(number)
            if before is not None:
                before.asked.close()
                self._gone = together({"": counted(before.said)}, self._gone)
                self.parent.replaced.inc()
            self._processes[number] = _Process(asked)
            self.parent.workers.set(len(self._processes))

    def collect(self) -> list[Metric]:
        """The metrics of all processes as one server's, the parent's own among them."""
        with self._lock:
            self._turn += 1
            asked = [process for process in self._processes.values() if self._ask(process)]
            end = time.monotonic() + PATIENCE
            for process in asked:
                self._hear(process, end)
            said: dict[str, Iterable[Metric]] = {str(n): each.said for n, each in self._processes.items()}
            return together({"parent": self.parent.collect(), **said}, self._gone)

    def _ask(self, process: _Process) -> bool:
        try:
            process.asked.send(self._turn)
        except OSError:
            return False
        return True

    def _hear(self, process: _Process, end: float) -> None:
        """Takes what the process says in this turn; what it says to an earlier one comes before."""
        turn = 0
        try:
            while turn != self._turn and process.asked.poll(max(end - time.monotonic(), 0)):
                turn, process.said = process.asked.recv()
        except (OSError, EOFError):
            return


def answer(asked: Connection, collect: Callable[[], list[Metric]]) -> None:
    """Answers the parent, on a thread of its own, until one of them ends."""

    def answering() -> None:
        try:
            while True:
                turn = asked.recv()
                asked.send((turn, collect()))
        except (OSError, EOFError):
            return

    threading.Thread(target=answering, name="metrics", daemon=True).start()
