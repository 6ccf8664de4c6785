"""CSV text (RFC 4180, commas) to cells with places."""

from __future__ import annotations

from dataclasses import dataclass

from engine.rulebook.problems import Problems
from engine.rulebook.text.characters import readable
from engine.rulebook.text.files import Span, TextFile
from engine.rulebook.text.nodes import Scalar

MAX_ROWS = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class CsvFile:
    """A CSV file and its rows, the header among them."""

    file: TextFile
    rows: tuple[tuple[Scalar, ...], ...]


def read_csv(file: TextFile, problems: Problems) -> CsvFile:
    """The rows of a CSV file as cells without the white space around them; empty lines are no rows."""
    if not readable(file, problems):
        return CsvFile(file, ())
    rows: list[tuple[Scalar, ...]] = []
    at, end = 1 if file.text.startswith("\ufeff") else 0, len(file.text)
    while at < end:
        if len(rows) > MAX_ROWS:
            problems.add(
                Span(file, at, at + 1), "too-many-rows", f"a table has at most {MAX_ROWS} rows", "split it"
            )
            break
        cells, at = _row(file, at, problems)
        if len(cells) > 1 or cells[0].text:
            rows.append(cells)
    return CsvFile(file, tuple(rows))


def _row(file: TextFile, start: int, problems: Problems) -> tuple[tuple[Scalar, ...], int]:
    text = file.text
    line_end = text.find("\n", start)
    line_end = len(text) if line_end < 0 else line_end
    if text.find('"', start, line_end) < 0:
        cells, at = [], start
        for piece in text[start:line_end].split(","):
            cells.append(_bare(file, at, piece))
            at += len(piece) + 1
        return tuple(cells), line_end + 1
    return _quoted_row(file, start, problems)


def _quoted_row(file: TextFile, start: int, problems: Problems) -> tuple[tuple[Scalar, ...], int]:
    text, cells, at = file.text, [], start
    while True:
        cell, at = _cell(file, at, problems)
        cells.append(cell)
        if at >= len(text) or text[at] == "\n":
            return tuple(cells), at + 1
        at += 1


def _cell(file: TextFile, start: int, problems: Problems) -> tuple[Scalar, int]:
    """The cell that begins here, and where the comma or line end after it stands."""
    text = file.text
    while start < len(text) and text[start] in " \t":
        start += 1
    if start < len(text) and text[start] == '"':
        return _quoted(file, start, problems)
    stop = _stop(text, start)
    return _bare(file, start, text[start:stop]), stop


def _quoted(file: TextFile, start: int, problems: Problems) -> tuple[Scalar, int]:
    text, pieces, at = file.text, [], start + 1
    while True:
        close = text.find('"', at)
        if close < 0:
            problems.add(
                Span(file, start, start + 1), "csv-quote", "these quotes are not closed", "close them"
            )
            return Scalar(file, start, len(text), text[start + 1 :].strip(), '"'), len(text)
        pieces.append(text[at:close])
        if text.startswith('""', close):
            pieces.append('"')
            at = close + 2
            continue
        after = close + 1
        while after < len(text) and text[after] in " \t\r":
            after += 1
        if after < len(text) and text[after] not in ",\n":
            problems.add(
                Span(file, after, after + 1),
                "csv-quote",
                "a comma or the line's end belongs after the quotes",
                'double the quotes inside a quoted cell, as `"a ""good"" one"`',
            )
            after = _stop(text, after)
        return Scalar(file, start, close + 1, "".join(pieces).strip(), '"'), after


def _bare(file: TextFile, start: int, piece: str) -> Scalar:
    bare = piece.strip()
    begin = start + (len(piece) - len(piece.lstrip()) if bare else 0)
    return Scalar(file, begin, begin + max(1, len(bare)), bare, "")


def _stop(text: str, start: int) -> int:
    """Where the next comma or line end stands."""
    line_end = text.find("\n", start)
    line_end = len(text) if line_end < 0 else line_end
    comma = text.find(",", start, line_end)
    return line_end if comma < 0 else comma
