"""The census of a file of orders: what a process does with a part of it. What parts come to adds up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from engine.census import Census, Counting
from engine.rulebook import Rulebook, Standing
from server.mapping.model import Mapping as OrderMapping
from server.mapping.reading import mapping_of
from server.mapping.rows import by_names, form_of
from server.rows.model import Chunk, Group, RowsUnreadable
from server.rows.opening import AnyRows
from server.rows.parquet import ParquetFile
from server.rulebooks import loaded_again

QUESTION = "scope"


@dataclass(frozen=True, slots=True)
class Task:
    """What to count: rows, by a rulebook's files, a mapping's file if there is one, the standings and the day."""

    rows: AnyRows
    files: Mapping[str, str]
    mapping: tuple[Path, str] | None
    enforce: tuple[Standing, ...]
    on: date | None


class CensusTaker:
    """What a process counts with. Raises MappingRefused, and RowsUnreadable where rows lack a column that is mapped."""

    def __init__(self, task: Task, rulebook: Rulebook) -> None:
        self._rows = task.rows
        mapping = mapping_for(task, rulebook)
        question = rulebook.questions[QUESTION]
        form, self._columns = form_of(mapping, question, rulebook.facts, task.rows.loose)
        self._counting = Counting(rulebook, QUESTION, form, task.enforce, task.on)
        self.asked = self._counting.asked

    @classmethod
    def begin(cls, task: Task) -> CensusTaker:
        """What a process sets up from a task alone."""
        return cls(task, loaded_again(task.files))

    def close(self) -> None:
        """There is nothing to let go of."""

    def tally(self, part: Chunk | Group) -> Census:
        """The census of a part."""
        if isinstance(self._rows, ParquetFile):
            assert isinstance(part, Group)
            return self._counting.census(self._rows.read(part, self._columns))
        assert isinstance(part, Chunk)
        return self._counting.census(self._rows.read(part, self._columns))


def mapping_for(task: Task, rulebook: Rulebook) -> OrderMapping:
    """The mapping of a task; by the names of the columns where there is none. Every column that it reads is there."""
    if task.mapping is None:
        return by_names(rulebook.facts, task.rows.header)
    path, text = task.mapping
    mapping = mapping_of(path, text, rulebook.facts)
    if task.rows.header is not None:
        lacking = sorted(mapping.columns - set(task.rows.header))
        if lacking:
            raise RowsUnreadable(
                f"{task.rows.path}: has no column `{lacking[0]}`, which {path} reads."
                f" It has {', '.join(task.rows.header)}."
            )
    return mapping
