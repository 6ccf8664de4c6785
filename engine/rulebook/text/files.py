"""A file's text as people see it: lines, columns, and the span of a thing in it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class TextFile:
    """One file of a rulebook: the path shown to people, and its text."""

    path: str
    text: str
    line_starts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        starts = accumulate((len(line) + 1 for line in self.text.split("\n")[:-1]), initial=0)
        object.__setattr__(self, "line_starts", tuple(starts))

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of a code point, both counted from 1."""
        line = bisect_right(self.line_starts, max(0, offset))
        return line, max(0, offset) - self.line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line counted from 1, without its end; empty past the last line."""
        return line_of(self.text, number)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a file, as code point offsets; `end` is the first one after it."""

    file: TextFile
    start: int
    end: int


def line_of(text: str, number: int) -> str:
    """The text of a line counted from 1, without its end; empty past the last line."""
    lines = text.split("\n")
    return lines[number - 1].removesuffix("\r") if 0 < number <= len(lines) else ""
