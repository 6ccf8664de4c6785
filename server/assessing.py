"""Orders of a folder looked at by a rulebook, without a server: what a process does with a batch of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from engine.census.counting import TOO_DEEP
from engine.census.reading import no_day, read_day
from engine.readiness.looked_at import Looking, Orders
from engine.rulebook import Rulebook, Standing
from server.mapping.finding import facts_in, value_of
from server.mapping.reading import mapping_of
from server.our_records import OurRecords
from server.recorded.orders import Line
from server.rows.json_lines import document
from server.rulebooks import as_shown, loaded_again
from server.sites import Sites


@dataclass(frozen=True, slots=True)
class Task:
    """What to look at: orders, by a rulebook's files and a mapping's, the standings, and the day where orders have none."""

    orders: Path
    files: Mapping[str, str]
    mapping: tuple[Path, str]
    enforce: tuple[Standing, ...]
    on: date


class Assessor:
    """What a process looks with. Raises MappingRefused."""

    def __init__(self, task: Task, rulebook: Rulebook) -> None:
        self._on = task.on
        self._above = f"{as_shown(task.orders)}/"
        self._mapping = mapping_of(*task.mapping, rulebook.facts)
        records = OurRecords(Sites({}))
        self._looking = Looking(rulebook, task.enforce, lambda facts: records.added_to(facts, ""))

    @classmethod
    def begin(cls, task: Task) -> Assessor:
        """What a process sets up from a task alone."""
        return cls(task, loaded_again(task.files))

    def close(self) -> None:
        """There is nothing to let go of."""

    def tally(self, batch: Sequence[Line]) -> Orders:
        """What a batch of files or lines comes to."""
        found = Orders()
        for path, source in batch:
            label = path.removeprefix(self._above)
            try:
                if isinstance(source, str):
                    raise ValueError(source)
                said = document(source)
            except ValueError as error:
                found.unreadable(label, str(error))
                continue
            for place, order in _orders(label, said):
                try:
                    self._look(place, order, found)
                except ValueError as error:
                    found.unreadable(place, str(error))
                except RecursionError:
                    found.unreadable(place, TOO_DEEP)
        return found

    def _look(self, place: str, order: object, found: Orders) -> None:
        if not isinstance(order, dict):
            raise ValueError("it is no object in braces")
        on = self._on if self._mapping.day is None else read_day(value_of(self._mapping.day, order))
        if on is None:
            raise no_day()
        self._looking.look(place, facts_in(self._mapping, self._mapping.facts, order), on, found)


def _orders(label: str, said: object) -> Iterator[tuple[str, object]]:
    """The order that a file or line is, or those of the list that it is; each with its place."""
    if isinstance(said, list):
        yield from ((f"{label}[{number}]", one) for number, one in enumerate(said))
    else:
        yield label, said
