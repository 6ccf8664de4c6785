"""Reads tables: their columns from rulebook.yaml, their rows from CSV files beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from engine.expression.types import (
    BOOL,
    DATE,
    INT,
    STRING,
    EnumType,
    ListType,
    MapType,
    OptionalType,
    RecordType,
    Type,
)
from engine.expression.values import key_of
from engine.rulebook.dictionary import Dictionary
from engine.rulebook.model import Citation
from engine.rulebook.problems import Problems, instead
from engine.rulebook.reading.dictionary import read_type
from engine.rulebook.reading.header import Citations, standing_of
from engine.rulebook.tables import Row, Table
from engine.rulebook.text.csv_text import CsvFile
from engine.rulebook.text.fields import IDENTIFIER, Fields, open_fields, read_date, said, scalar_of, shaped
from engine.rulebook.text.files import Span
from engine.rulebook.text.nodes import Node, Scalar
from engine.rulebook.typed import Mistake, read_value

TABLE_REQUIRED = ("meaning", "key", "columns", "cites")
_RESERVED = ("cites", "from", "until")


@dataclass(frozen=True, slots=True)
class _Columns:
    """The declared columns of a table, its key, and what rows without citations of their own rest on."""

    table: str
    types: Mapping[str, Type]
    key: str
    cites: tuple[Citation, ...]


def read_tables(
    top: Fields, files: Mapping[str, CsvFile], dictionary: Dictionary, citations: Citations
) -> dict[str, tuple[Scalar, Table]]:
    """The tables by name, with their keys; a CSV file that no table reads is noted."""
    problems = top.problems
    tables: dict[str, tuple[Scalar, Table]] = {}
    for key, node in top.entries("tables"):
        csv = files.get(f"{key.text}.csv")
        if not shaped(key, IDENTIFIER, "a table", problems):
            continue
        if csv is None:
            problems.add(
                key.span, "missing-file", f"there is no file `{key.text}.csv` beside this one", "add it"
            )
            continue
        table = _table(key, node, csv, dictionary, citations)
        if table is not None:
            tables[key.text] = (key, table)
    declared = {f"{key.text}.csv" for key, _ in top.entries("tables")}
    for name, csv in files.items():
        if name not in declared:
            problems.add(
                Span(csv.file, 0, 1),
                "stray-file",
                f"no table reads `{name}`",
                f"declare `{name.removesuffix('.csv')}` under `tables` in rulebook.yaml, or delete the file",
            )
    return tables


def _table(
    key: Scalar, node: Node, csv: CsvFile, dictionary: Dictionary, citations: Citations
) -> Table | None:
    problems = citations.problems
    fields = open_fields(node, f"the table `{key.text}`", problems, TABLE_REQUIRED)
    if fields is None:
        return None
    types: dict[str, Type] = {}
    for column, written in fields.entries("columns"):
        name = scalar_of(written, f"the type of `{column.text}`", problems)
        if column.text in _RESERVED:
            problems.add(
                column.span,
                "name-taken",
                f"`{column.text}` has its meaning already and is not declared",
                "choose another name",
            )
        elif name is not None and shaped(column, IDENTIFIER, "a column", problems):
            types[column.text] = read_type(name, dictionary, problems)
    found = fields.choice("key", types, "unknown-column")
    cites = citations.read(fields.texts("cites"))
    if found is None:
        return None
    if types[found.text] not in {STRING, INT, BOOL, DATE} and not isinstance(types[found.text], EnumType):
        problems.add(
            found.span,
            "bad-key",
            f"a {types[found.text]} cannot be a table's key",
            "use a text, a whole number, a date or an enum",
        )
        return None
    return _rows(_Columns(key.text, types, found.text, cites), said(fields.prose("meaning")), csv, citations)


def _rows(columns: _Columns, meaning: str, csv: CsvFile, citations: Citations) -> Table | None:
    problems = citations.problems
    file, cells = csv.file, csv.rows
    if not cells and file.text.strip():
        return None
    if not cells:
        problems.add(
            Span(file, 0, 1), "empty-file", "the table has no header", "write the names of its columns"
        )
        return None
    header = _header(cells[0], columns, problems)
    if header is None:
        return None
    rows: list[Row] = []
    seen: dict[object, list[tuple[Row, Scalar]]] = {}
    for line in cells[1:]:
        row = _row(line, header, columns, citations)
        if row is not None:
            place = line[header.index(columns.key)]
            for other, first in seen.setdefault(key_of(row.key), []):
                if _overlap(row, other):
                    at = file.position(first.start)[0]
                    problems.add(
                        place.span,
                        "duplicate-row",
                        f"`{place.text}` is in force twice; first on line {at}",
                        "delete one, or end one with `until` before the other begins",
                    )
                    break
            seen[key_of(row.key)].append((row, place))
            rows.append(row)
    return Table(columns.table, meaning, columns.key, _type(columns), tuple(rows), _days(rows))


def _type(columns: _Columns) -> MapType:
    return MapType(columns.types[columns.key], RecordType(f"row of {columns.table}", dict(columns.types)))


def _header(cells: tuple[Scalar, ...], columns: _Columns, problems: Problems) -> list[str] | None:
    known = [*columns.types, *_RESERVED]
    sound = True
    for position, cell in enumerate(cells):
        if cell.text not in known:
            problems.add(
                cell.span,
                "unknown-column",
                f"the table `{columns.table}` has no column `{cell.text}`",
                instead(cell.text, known, "its columns are"),
            )
            sound = False
        elif any(cell.text == other.text for other in cells[:position]):
            problems.add(
                cell.span, "duplicate-column", f"the column `{cell.text}` is there twice", "delete one"
            )
            sound = False
    for name in columns.types:
        if all(cell.text != name for cell in cells):
            problems.add(
                cells[0].span, "missing-column", f"the column `{name}` is missing", "add it to every row"
            )
            sound = False
    return [cell.text for cell in cells] if sound else None


def _row(cells: tuple[Scalar, ...], header: list[str], columns: _Columns, citations: Citations) -> Row | None:
    problems = citations.problems
    if len(cells) != len(header):
        problems.add(
            cells[0].span,
            "row-length",
            f"the row has {len(cells)} cells; the header has {len(header)}",
            "put a cell with a comma in quotes",
        )
        return None
    by_column = dict(zip(header, cells, strict=True))
    before = len(problems.found)
    values = {name: _cell(by_column[name], type_, problems) for name, type_ in columns.types.items()}
    cites_cell = by_column.get("cites")
    cites = citations.read_cell(cites_cell) if cites_cell is not None and cites_cell.text else columns.cites
    start, end = _day(by_column.get("from"), problems), _day(by_column.get("until"), problems)
    if start is not None and end is not None and end < start:
        problems.add(
            by_column["until"].span,
            "bad-period",
            f"it ends on {end}, before it begins on {start}",
            "`until` is the last day in force",
        )
    if len(problems.found) > before:
        return None
    return Row(values[columns.key], values, tuple(map(str, cites)), standing_of(cites), start, end)


def _cell(cell: Scalar, type_: Type, problems: Problems) -> object:
    optional = isinstance(type_, OptionalType)
    inner = type_.inner if isinstance(type_, OptionalType) else type_
    if not cell.text and not cell.style:
        if not optional:
            problems.add(
                cell.span,
                "empty-cell",
                f"an empty cell where a {type_} belongs",
                f"fill it; a column of type `{type_}?` may be empty",
            )
        return None
    if isinstance(inner, ListType | RecordType):
        problems.add(cell.span, "wrong-type", f"a cell cannot hold a {inner}", "use a simple type")
        return None
    mistakes: list[Mistake] = []
    value = read_value(cell.text, inner, cell.text, mistakes)
    for mistake in mistakes:
        problems.add(cell.span, mistake.code, mistake.message, mistake.mend)
    return value


def _day(cell: Scalar | None, problems: Problems) -> date | None:
    return read_date(cell, problems) if cell is not None and cell.text else None


def _overlap(one: Row, other: Row) -> bool:
    first, last = date.min, date.max
    return (one.start or first) <= (other.end or last) and (other.start or first) <= (one.end or last)


def _days(rows: list[Row]) -> tuple[date, ...]:
    begun = {row.start for row in rows if row.start is not None}
    ended = {row.end + timedelta(days=1) for row in rows if row.end is not None and row.end < date.max}
    return tuple(sorted(begun | ended))
