"""Rows of a file with one JSON object a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import orjson

from engine.census import Row
from server.rows.model import Chunk
from server.rows.text import about, chunks

_INEXACT: Final = re.compile(rb"[0-9](?:\.[0-9]|[eE]|[0-9]{18})")
"""What may be a number that the quick parser does not read exactly."""


@dataclass(frozen=True, slots=True)
class JsonLines:
    """See Rows."""

    path: Path
    header: None = None
    place: str = "line"
    loose: bool = True

    def parts(self) -> Iterator[Chunk]:
        """See Rows."""
        return chunks(self.path)

    def about(self) -> int | None:
        """See Rows."""
        return about(self.path)

    def read(self, part: Chunk, columns: Sequence[str]) -> Iterator[Row]:
        """See Rows."""
        for number, line in enumerate(part.data.split(b"\n"), part.first):
            if not line.strip():
                continue
            try:
                row = document(line)
            except ValueError as error:
                yield number, str(error)
                continue
            if isinstance(row, dict):
                yield number, tuple([row.get(column) for column in columns])
            else:
                yield number, "it is no object in braces"


def document(text: bytes) -> Any:
    """What JSON says, its numbers exact. Raises ValueError in words for people."""
    try:
        if _INEXACT.search(text) is None:
            return orjson.loads(text)
        return json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is no JSON ({error})") from error


def _no_number(word: str) -> object:
    raise ValueError(f"{word} is no number")
