"""The stretch of the log between an endpoint's cursor and where it was read to: what of it is still to be delivered.

Pure: what happens to an event is told to it, and time comes in as a number of seconds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from server.store.events import EventRecord

MOST_OPEN: Final = 200
# How many events behind one that is not taken may be delivered before it, and again after a crash.
MOST_AHEAD: Final = 10_000


@dataclass(slots=True)
class Waiting:
    """An event that is to be delivered, with what became of it so far."""

    record: EventRecord
    tries: int = 0
    faults: int = 0
    failing_since: datetime | None = None
    because: str = ""
    due: float = 0.0
    under_way: bool = False


class Window:
    """Events in the log's order from a position on. Within a case none is ready before the one before it is settled."""

    def __init__(self, position: int, settled: Iterable[int] = ()) -> None:
        self.next = position
        self._open: dict[int, Waiting] = {}
        self._settled = set(settled)

    @property
    def position(self) -> int:
        """Everything before it is settled, or is nothing to be delivered."""
        return next(iter(self._open), self.next)

    @property
    def head(self) -> Waiting | None:
        """The first event that is not settled."""
        return next(iter(self._open.values()), None)

    @property
    def full(self) -> bool:
        """Whether nothing more may be read for now."""
        return len(self._open) >= MOST_OPEN or len(self._settled) >= MOST_AHEAD

    def add(self, records: Iterable[EventRecord], following: int) -> None:
        """Takes in events that were read, and from where to read on. What was settled before is passed."""
        for record in records:
            if record.position not in self._settled:
                self._open[record.position] = Waiting(record)
        self.next = following
        if not self._open:
            self._forget()

    def settle(self, waiting: Waiting) -> None:
        """The event is delivered, or is given up."""
        first = waiting.record.position == self.position
        del self._open[waiting.record.position]
        self._settled.add(waiting.record.position)
        if first:
            self._forget()

    def ready(self, now: float) -> Waiting | None:
        """The first event that may be delivered now."""
        return next(
            (waiting for waiting in self._first() if waiting.due <= now and not waiting.under_way), None
        )

    def rest(self, now: float) -> float | None:
        """Seconds until an event may be delivered; None where none waits for its time."""
        return min((max(waiting.due - now, 0.0) for waiting in self._first()), default=None)

    def _first(self) -> Iterator[Waiting]:
        """Of each case the first event that is not settled."""
        cases = set()
        for waiting in self._open.values():
            if waiting.record.case_name not in cases:
                cases.add(waiting.record.case_name)
                yield waiting

    def _forget(self) -> None:
        position = self.position
        self._settled = {settled for settled in self._settled if settled >= position}
