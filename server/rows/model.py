"""What every file of rows offers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from engine.census import Row

P = TypeVar("P")


class RowsUnreadable(Exception):
    """There are no such rows; the text says why, and what would help."""


def refuse_twice(path: Path, names: Sequence[str]) -> None:
    """Raises RowsUnreadable where two columns have one name."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise RowsUnreadable(f"{path}: has two columns `{twice[0]}`. Give each a name of its own.")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some whole lines of a text file; `first` is the number of the first one, from 1."""

    first: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Group:
    """A row group of a Parquet file; `first` is the number of its first row, from 1."""

    number: int
    first: int


class Rows(Protocol[P]):
    """A file of rows. It can be sent to other processes; each opens the file itself where it has to."""

    @property
    def place(self) -> str:
        """What a row's number counts: `line` or `row`."""

    @property
    def loose(self) -> bool:
        """Whether cells of one column can be of several types."""

    @property
    def header(self) -> tuple[str, ...] | None:
        """The names of the columns; None where each row has its own."""

    def parts(self) -> Iterator[P]:
        """The file in parts, in its order. Raises RowsUnreadable where it breaks off."""

    def about(self) -> int | None:
        """About how many parts there will be; None where that cannot be told."""

    def read(self, part: P, columns: Sequence[str]) -> Iterator[Row]:
        """The rows of a part, with the cells of these columns."""
