"""What an endpoint is still to be told, of all that was read of the log.

Pure: what happens to an event is told to it, and time comes in as a number of seconds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from server.store.events import EventRecord

# So many events may wait behind such as are not taken, or for their own next try.
MOST_OPEN: Final = 200


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
    """Events in the log's order, read up to `next`. Within a case none is ready before the one before it is settled."""

    def __init__(self, following: int, records: Iterable[EventRecord] = ()) -> None:
        self.next = following
        self._open = {record.position: Waiting(record) for record in records}

    @property
    def open(self) -> tuple[int, ...]:
        """The positions of what is not settled."""
        return tuple(self._open)

    @property
    def head(self) -> Waiting | None:
        """The first event that is not settled."""
        return next(iter(self._open.values()), None)

    @property
    def full(self) -> bool:
        """Whether nothing more may be read for now."""
        return len(self._open) >= MOST_OPEN

    def add(self, records: Iterable[EventRecord], following: int) -> None:
        """Takes in events that were read, and from where to read on."""
        self._open |= {record.position: Waiting(record) for record in records}
        self.next = following

    def renew(self, records: Iterable[EventRecord]) -> None:
        """Takes events that are not settled as they were read again; what became of them so far stays."""
        for record in records:
            self._open[record.position].record = record

    def settle(self, waiting: Waiting) -> None:
        """The event is delivered, or is given up."""
        del self._open[waiting.record.position]

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
