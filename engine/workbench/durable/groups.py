"""Groups of rules that go over the same lists: each row of them is put to durable-rules as one flat fact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.expression import Unknown
from engine.workbench.durable.columns import POSSIBLE_END, TRUE_END, Cells, Column
from engine.workbench.durable.conditions import Condition, Three
from engine.workbench.durable.rows import Computed, Known, Place, Row


@dataclass(frozen=True, slots=True)
class Turn:
    """One loop: the list that is gone over. An `open` one has a row for the elements of an unknown list."""

    source: Place | Computed
    open: bool


@dataclass(slots=True, eq=False)
class Group:
    """Rules over the same loops, and the columns that they read. `key` tells it from the other groups."""

    number: int
    turns: tuple[Turn, ...]
    columns: dict[Column, str] = field(default_factory=dict)
    rules: dict[str, Condition] = field(default_factory=dict)

    def column(self, column: Column) -> str:
        """The name of a column, the same for the same column."""
        return self.columns.setdefault(column, f"c{len(self.columns)}")

    def add(self, name: str, formula: Three) -> None:
        """Two rules: one fires where the formula is true, one where it is not false."""
        self.rules[name + TRUE_END] = formula.true
        self.rules[name + POSSIBLE_END] = formula.possible

    def rows(self, known: Known) -> Iterator[Row]:
        """The rows of one case."""
        return _rows(Row(known), self.turns)


def cells(columns: tuple[tuple[str, Column], ...], row: Row) -> Cells:
    """The flat fact of a row."""
    made: Cells = {}
    for name, column in columns:
        made.update(column.cells(name, row))
    return made


def _rows(row: Row, turns: tuple[Turn, ...]) -> Iterator[Row]:
    if not turns:
        yield row
        return
    turn, rest = turns[0], turns[1:]
    value = row.value(turn.source)
    path = row.path(turn.source) if isinstance(turn.source, Place) else ""
    if isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _rows(_deeper(row, item, f"{path}[{number}]", number), rest)
    elif isinstance(value, Unknown) and turn.open:
        yield from _rows(_deeper(row, value, path, -1), rest)


def _deeper(row: Row, item: object, path: str, number: int) -> Row:
    return Row(
        row.known,
        (*row.elements, item),
        (*row.paths, path),
        (*row.numbers, number),
        row.whole and number >= 0,
    )
