"""Mutants of tables: a row left out, its period moved by a day, a cell that rules read moved by its smallest step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from engine.expression import tree as t
from engine.expression.render import render
from engine.expression.types import RecordType, Type, strip
from engine.rulebook.model import Rulebook
from engine.rulebook.tables import Table
from engine.rulebook.text.csv_text import CsvFile
from engine.rulebook.text.nodes import Scalar
from engine.rulebook.typed import Mistake, read_value
from engine.workbench.mutation.edits import Edit
from engine.workbench.mutation.model import DROPPED, Change, Kind, Mutant
from engine.workbench.mutation.reading import columns_read, readers
from engine.workbench.mutation.steps import date_steps, literal_steps, other_text


def table_mutants(rulebook: Rulebook, table: Table, csv: CsvFile) -> Iterator[Mutant]:
    """The mutants of a table's rows. Cells that nothing reads, and keys, are left as they are."""
    touched = readers(rulebook, table.name)
    header = [cell.text for cell in csv.rows[0]]
    row_type = table.type.value
    types = row_type.fields if isinstance(row_type, RecordType) else {}
    read = columns_read(rulebook, table)
    for number, row in enumerate(csv.rows[1:], start=1):
        key = row[header.index(table.key)]

        def mutant(cell: Scalar, change: Change, steps: tuple[int, ...], text: str | None) -> Mutant:
            return Mutant(
                "", "table", table.name, cell.span, change, Edit(csv.file.path, steps, text), touched
            )

        hint = f"no test in which the row {key.text} matters"
        yield mutant(key, Change(Kind.ROW, key.text, DROPPED, hint), (number,), None)
        for column, cell in enumerate(row):
            name = header[column]
            if name in ("from", "until") and cell.text:
                for day in date_steps(date.fromisoformat(cell.text)):
                    on = (max if name == "until" else min)(day.isoformat(), cell.text)
                    change = Change(
                        Kind.PERIOD, f"{name} {cell.text}", f"{name} {day}", f"no test on {on} that tells"
                    )
                    yield mutant(cell, change, (number, column), day.isoformat())
            elif name in types and name != table.key and name in read and cell.text:
                for text in _others(cell.text, strip(types[name])):
                    change = Change(
                        Kind.CELL, cell.text, text, f"no test in which `{name}` of {key.text} decides"
                    )
                    yield mutant(cell, change, (number, column), text)


def _others(text: str, type_: Type) -> Iterator[str]:
    mistakes: list[Mistake] = []
    value = read_value(text, type_, "", mistakes)
    literal = t.Literal(value, text, start=0, end=len(text), type=type_)
    if isinstance(value, bool):
        yield "false" if value else "true"
    elif isinstance(value, str):
        yield str(other_text(literal, type_).value)
    else:
        yield from (render(step.value) for step in literal_steps(literal))
