"""Rows of a CSV file: a header, then a row a line; commas, or what the header has instead."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Final

from engine.census import Row
from server.rows.model import Chunk, RowsUnreadable, refuse_twice
from server.rows.quotes import Quotes
from server.rows.text import about, chunks, first_row

DELIMITERS: Final = ",;\t|"
_FOREIGN: Final = re.compile("[\udc80-\udcff]")
"""What stands in a text for bytes that are not UTF-8."""


@dataclass(frozen=True, slots=True)
class CsvFile:
    """See Rows. An empty cell says nothing."""

    path: Path
    header: tuple[str, ...]
    delimiter: str
    lines: int
    place: str = "line"
    loose: bool = False

    @classmethod
    def opened(cls, path: Path) -> CsvFile:
        """The file with what its header says. Raises RowsUnreadable."""
        first, lines = first_row(path, Quotes.between(DELIMITERS.encode()))
        try:
            text = first.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise RowsUnreadable(f"{path}: is not UTF-8 (byte {error.start}). Save it as UTF-8.") from error
        delimiter = max(DELIMITERS, key=text.count)
        names = tuple(name.strip() for name in next(csv.reader([text], delimiter=delimiter), ()))
        if not any(names):
            raise RowsUnreadable(f"{path}: has no header. Its first line names the columns.")
        refuse_twice(path, names)
        return cls(path, names, delimiter, lines)

    def parts(self) -> Iterator[Chunk]:
        """See Rows."""
        return chunks(self.path, Quotes.between(self.delimiter.encode()), skip=self.lines)

    def about(self) -> int | None:
        """See Rows."""
        return about(self.path)

    def read(self, part: Chunk, columns: Sequence[str]) -> Iterator[Row]:
        """See Rows."""
        text = part.data.decode("utf-8", "surrogateescape")
        sound = text.isascii() or not _FOREIGN.search(text)
        width, pick = len(self.header), _picker([self.header.index(column) for column in columns])
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter, strict=True)
        before = part.first
        while True:
            number = before
            try:
                cells = next(lines)
            except StopIteration:
                return
            except csv.Error as error:
                before = part.first + lines.line_num
                yield number, f"it is no row of CSV ({error})"
                continue
            before = part.first + lines.line_num
            if not sound and any(map(_FOREIGN.search, cells)):
                yield number, "it is not UTF-8"
            elif len(cells) == width:
                yield number, pick(cells)
            elif cells:
                yield number, f"it has {len(cells)} cells, the header has {width}"


def _picker(places: Sequence[int]) -> Callable[[list[str]], Sequence[str]]:
    """The cells of some places, also where there is one or none."""
    return itemgetter(*places) if len(places) > 1 else lambda cells: [cells[place] for place in places]
