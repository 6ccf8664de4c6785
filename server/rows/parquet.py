"""Rows of a Parquet file, by pyarrow, which comes with the extra `census`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.census import Row
from server.rows.model import Group, RowsUnreadable, refuse_twice

if TYPE_CHECKING:
    from pyarrow import RecordBatch
    from pyarrow.parquet import ParquetFile as Opened

BATCH: Final = 65_536
LACKING: Final = (
    "Parquet is read by a library that is not installed. Run `pip install 'origin-gate[census]'`, or give the rows"
    " as CSV or JSON lines."
)


@dataclass(frozen=True, slots=True)
class ParquetFile:
    """See Rows. Its parts are row groups: a file that has one is read by one process."""

    path: Path
    header: tuple[str, ...]
    groups: tuple[int, ...]
    place: str = "row"
    loose: bool = False

    @classmethod
    def opened(cls, path: Path) -> ParquetFile:
        """The file with what it says of its columns and row groups. Raises RowsUnreadable."""
        file = _opened(path)
        names = tuple(file.schema_arrow.names)
        refuse_twice(path, names)
        counts = tuple(file.metadata.row_group(number).num_rows for number in range(file.num_row_groups))
        return cls(path, names, counts)

    def parts(self) -> Iterator[Group]:
        """See Rows."""
        first = 1
        for number, rows in enumerate(self.groups):
            yield Group(number, first)
            first += rows

    def about(self) -> int | None:
        """See Rows."""
        return len(self.groups)

    def read(self, part: Group, columns: Sequence[str]) -> Iterator[Row]:
        """See Rows."""
        number = part.first
        for batch in _batches(self.path, part, columns):
            yield from enumerate(_rows(batch, columns), number)
            number += batch.num_rows


def _batches(path: Path, part: Group, columns: Sequence[str]) -> Iterator[RecordBatch]:
    file = _opened(path)
    from pyarrow import ArrowException

    try:
        yield from file.iter_batches(BATCH, row_groups=[part.number], columns=list(columns))
    except (OSError, ArrowException) as error:
        raise RowsUnreadable(f"{path}: cannot be read ({' '.join(str(error).split())}).") from error


def _rows(batch: RecordBatch, columns: Sequence[str]) -> Iterable[Sequence[object] | str]:
    """The rows of a batch: all at once, and one by one only where some value cannot be read."""
    try:
        cells = [batch.column(name).to_pylist() for name in columns]
    except (ValueError, OverflowError):
        return (_row(batch, place, columns) for place in range(batch.num_rows))
    return zip(*cells, strict=True) if cells else repeat((), batch.num_rows)


def _row(batch: RecordBatch, place: int, columns: Sequence[str]) -> Sequence[object] | str:
    cells = []
    for name in columns:
        try:
            cells.append(batch.column(name)[place].as_py())
        except (ValueError, OverflowError) as error:
            return f"`{name}` {_why(error)}"
    return cells


def _why(error: ValueError | OverflowError) -> str:
    from pyarrow import ArrowException

    if isinstance(error, UnicodeDecodeError):
        return "is not UTF-8"
    if isinstance(error, OverflowError):
        return "is a day that does not exist: years are 1 to 9999"
    if isinstance(error, ArrowException):
        return f"cannot be read ({error})"
    return "is a time that is finer than microseconds: write it in microseconds"


def _opened(path: Path) -> Opened:
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile as Reader
    except ImportError as error:
        raise RowsUnreadable(LACKING) from error
    try:
        return Reader(path)
    except (OSError, ArrowException) as error:
        raise RowsUnreadable(f"{path}: is no Parquet file that can be read ({error}).") from error
