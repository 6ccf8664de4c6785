"""Recorded orders in files: JSON lines, plain or gzipped, a folder of JSON files, or standard input."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Final

from server.rulebooks import as_shown

Line = tuple[str, bytes | str]
"""Where an order stands, and its JSON; a text says instead why it cannot be read."""

BATCH: Final = 250
LONGEST: Final = 8 * 1024 * 1024
STDIN: Final = "-"


class OrdersUnreadable(Exception):
    """There are no such orders; the text says why."""


@dataclass(frozen=True, slots=True)
class Orders:
    """The orders of a file or folder, or of standard input."""

    path: Path

    def batches(self) -> Iterator[list[Line]]:
        """The orders in their order, some at a time. Raises OrdersUnreadable where there is nothing to read."""
        lines = iter(self._lines())
        while batch := list(islice(lines, BATCH)):
            yield batch

    def about(self) -> int | None:
        """About how many batches there will be; None where that cannot be told before they are read."""
        if self.path.is_dir():
            return sum(1 for _ in self._files()) // BATCH + 1
        if str(self.path) == STDIN or self.path.suffix == ".gz" or not self.path.is_file():
            return None
        with self.path.open("rb") as file:
            sample = [len(line) for line in islice(iter(lambda: file.readline(LONGEST), b""), BATCH)]
        return int(self.path.stat().st_size / max(1, sum(sample))) + 1 if sample else 1

    def _lines(self) -> Iterator[Line]:
        if str(self.path) == STDIN:
            yield from _numbered("line ", sys.stdin.buffer)
        elif self.path.is_dir():
            yield from self._folder()
        else:
            yield from _of_file(self.path)

    def _folder(self) -> Iterator[Line]:
        found = False
        for path in self._files():
            found = True
            if path.name.endswith(".json"):
                yield _whole(path)
            else:
                yield from _of_file(path)
        if not found:
            raise OrdersUnreadable(f"{self.path}: holds no file that ends in .json, .jsonl or .jsonl.gz.")

    def _files(self) -> Iterable[Path]:
        endings = (".json", ".jsonl", ".jsonl.gz")
        return sorted(path for path in self.path.iterdir() if path.name.endswith(endings) and path.is_file())


def _whole(path: Path) -> Line:
    try:
        if path.stat().st_size > LONGEST:
            return as_shown(path), f"it is larger than {LONGEST // 1024 // 1024} MiB"
        return as_shown(path), path.read_bytes()
    except OSError as error:
        return as_shown(path), f"it cannot be read ({error.strerror})"


def _of_file(path: Path) -> Iterator[Line]:
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            yield from _numbered(f"{as_shown(path)}:", file)
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise OrdersUnreadable(f"{path}: cannot be read ({why}).") from error


def _numbered(before: str, file: IO[bytes] | gzip.GzipFile) -> Iterator[Line]:
    """The lines that hold something, by number. A line that is too long is passed over and said to be."""
    number = 0
    while line := file.readline(LONGEST):
        number += 1
        if len(line) == LONGEST and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = file.readline(LONGEST)
            yield f"{before}{number}", f"the line is longer than {LONGEST // 1024 // 1024} MiB"
        elif not line.isspace():
            yield f"{before}{number}", line
