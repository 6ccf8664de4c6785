"""Text files of rows in chunks of whole lines. Only quotes and line ends are looked at; each process reads its chunks."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final, cast

from server.rows.model import Chunk, RowsUnreadable

CHUNK: Final = 2 * 1024 * 1024
LONGEST: Final = 16 * 1024 * 1024
"""A row that is longer is none; a quote is open then that nobody closed."""


def chunks(path: Path, quoted: bool, skip: int = 0) -> Iterator[Chunk]:
    """The file from line `skip` on. With `quoted`, a line that ends inside quotes belongs to the next one."""
    try:
        with _opened(path) as file:
            for _ in range(skip):
                file.readline(LONGEST)
            yield from _chunks(path, file, quoted, skip + 1)
    except (OSError, EOFError) as error:
        raise RowsUnreadable(f"{path}: cannot be read ({_why(error)}).") from error


def first_line(path: Path, quoted: bool) -> tuple[bytes, int]:
    """The first row of the file, and how many lines it takes. Raises RowsUnreadable."""
    try:
        with _opened(path) as file:
            held, lines = b"", 0
            while len(held) < LONGEST:
                line = file.readline(LONGEST)
                held, lines = held + line, lines + bool(line)
                if not line or not quoted or held.count(b'"') % 2 == 0:
                    return held, lines
    except (OSError, EOFError) as error:
        raise RowsUnreadable(f"{path}: cannot be read ({_why(error)}).") from error
    raise RowsUnreadable(_open_quote(path, 1))


def about(path: Path, size: int = CHUNK) -> int | None:
    """About how many chunks there will be; None where the file is compressed."""
    return None if path.suffix == ".gz" else path.stat().st_size // size + 1


def _chunks(path: Path, file: IO[bytes], quoted: bool, number: int) -> Iterator[Chunk]:
    while data := file.read(CHUNK):
        if not data.endswith(b"\n"):
            data += file.readline(LONGEST)
        while quoted and data.count(b'"') % 2 and (more := file.readline(LONGEST)):
            data += more
            if len(data) > CHUNK + LONGEST:
                raise RowsUnreadable(_open_quote(path, number))
        yield Chunk(number, data)
        number += data.count(b"\n")


def _open_quote(path: Path, number: int) -> str:
    return (
        f"{path}: a quote that is opened in line {number} or after it is not closed. Close it, or double it."
    )


def _opened(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
