"""Rows of a Parquet file, by pyarrow, which comes with the extra `census`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.census import Row
from server.rows.model import Group, RowsUnreadable

if TYPE_CHECKING:
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
        counts = tuple(file.metadata.row_group(number).num_rows for number in range(file.num_row_groups))
        return cls(path, tuple(file.schema_arrow.names), counts)

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
        file = _opened(self.path)
        number = part.first
        for batch in file.iter_batches(BATCH, row_groups=[part.number], columns=list(columns)):
            cells = [batch.column(name).to_pylist() for name in columns]
            rows = zip(*cells, strict=True) if cells else repeat((), batch.num_rows)
            yield from enumerate(rows, number)
            number += batch.num_rows


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
