"""Where cells of CSV stand in quotes, as csv reads them: a quote opens a cell at its beginning, and nowhere else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

QUOTE: Final = b'"'


@dataclass(frozen=True, slots=True)
class Quotes:
    """Tells whether a cell is open at the end of lines. `_closed` matches up to a cell that is not closed."""

    _closed: re.Pattern[bytes]

    @classmethod
    def between(cls, delimiters: bytes) -> Quotes:
        """Those of files in which one of these bytes divides cells."""
        edge = re.escape(delimiters) + rb"\r\n"
        # What follows a cell at once, before its edge, makes no row of its line: quotes in the rest of it open nothing.
        cell = rb'(?<![^%b])"[^"]*+(?:""[^"]*+)*+"(?:[^"%b][^\r\n]*+)?+' % (edge, edge)
        within_text = rb'(?<=[^%b])"' % edge
        return cls(re.compile(rb'[^"]*+(?:(?:%b|%b)[^"]*+)*+' % (cell, within_text)))

    def open_at(self, lines: bytes) -> int | None:
        """The place of the quote that is open at the end of whole lines, the first of which begins a row."""
        last = lines.rfind(QUOTE)
        if last < 0:
            return None
        line = lines[lines.rfind(b"\n", 0, last) + 1 : lines.find(b"\n", last) + 1 or len(lines)]
        # Most lines end outside quotes, whether they begin inside or not; what is before them need not be read then.
        if self._closed.fullmatch(line) and self._closed.fullmatch(QUOTE + line):
            return None
        closed = self._closed.match(lines)
        assert closed is not None
        return closed.end() if closed.end() < len(lines) else None
