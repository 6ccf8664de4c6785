"""Text files of rows in chunks of whole lines. Only quotes and line ends are looked at; each process reads its chunks."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final, cast

from server.rows.model import Chunk, RowsUnreadable
from server.rows.quotes import QUOTE, Quotes

CHUNK: Final = 2 * 1024 * 1024
LONGEST: Final = 16 * 1024 * 1024
"""A row that is longer is none; a quote is open then that nobody closed."""


def chunks(path: Path, quotes: Quotes | None = None, skip: int = 0) -> Iterator[Chunk]:
    """The file from line `skip` on. With `quotes`, a line that ends inside them belongs to the next one."""
    try:
        with _opened(path) as file:
            for _ in range(skip):
                file.readline(LONGEST)
            yield from _chunks(path, file, quotes, skip + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise RowsUnreadable(f"{path}: cannot be read ({_why(error)}).") from error


def first_row(path: Path, quotes: Quotes) -> tuple[bytes, int]:
    """The first row of the file, and how many lines it takes. Raises RowsUnreadable."""
    try:
        with _opened(path) as file:
            row = _to_end_of_row(path, file, file.readline(LONGEST), quotes, 1)
    except (OSError, EOFError, zlib.error) as error:
        raise RowsUnreadable(f"{path}: cannot be read ({_why(error)}).") from error
    return row, row.count(b"\n") + (not row.endswith(b"\n"))


def about(path: Path, size: int = CHUNK) -> int | None:
    """About how many chunks there will be; None where the file is compressed."""
    return None if path.suffix == ".gz" else path.stat().st_size // size + 1


def _chunks(path: Path, file: IO[bytes], quotes: Quotes | None, number: int) -> Iterator[Chunk]:
    while data := file.read(CHUNK):
        if not data.endswith(b"\n"):
            data += file.readline(LONGEST)
        if quotes is not None:
            data = _to_end_of_row(path, file, data, quotes, number)
        yield Chunk(number, data)
        number += data.count(b"\n")


def _to_end_of_row(path: Path, file: IO[bytes], data: bytes, quotes: Quotes, number: int) -> bytes:
    """Whole lines, the first of which has that number, with those after them up to the end of a row."""
    place = quotes.open_at(data)
    if place is None:
        return data
    opened, held, size = number + data.count(b"\n", 0, place), [data], len(data)
    while place is not None and (line := file.readline(LONGEST)):
        held.append(line)
        size += len(line)
        if size > CHUNK + LONGEST:
            raise RowsUnreadable(_open_quote(path, opened))
        # A line that begins inside quotes is read as one that begins with them.
        place = quotes.open_at(QUOTE + line)
    return b"".join(held)


def _open_quote(path: Path, number: int) -> str:
    return (
        f"{path}: a quote that is opened in line {number} or after it is not closed. Close it. If it is part of the text,"
        ' as a mark of inches is, write the cell in quotes and the mark doubled: "pipe 5"" long".'
    )


def _opened(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
