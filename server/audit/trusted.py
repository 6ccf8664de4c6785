"""Heads and keys that are trusted because they were kept outside: checkpoint files, receipts, public keys."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engine.checkpoint import Checkpoint, CheckpointUnreadable, read_checkpoint

LARGEST: Final = 64 * 1024 * 1024
_SIGNED: Final = "— "


class HeadsUnreadable(Exception):
    """A file holds no heads that could be trusted; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Outside:
    """A head that was kept outside, and the file it stands in."""

    file: str
    checkpoint: Checkpoint


def heads_of(paths: Iterable[Path]) -> tuple[Outside, ...]:
    """The heads of files, and of all files of folders. Raises HeadsUnreadable."""
    found: list[Outside] = []
    for path in paths:
        files = sorted(each for each in path.iterdir() if each.is_file()) if path.is_dir() else [path]
        for file in files:
            heads = [Outside(str(file), head) for head in _of_file(file)]
            if not heads:
                raise HeadsUnreadable(f"{file}: holds no signed head.")
            found += heads
    return tuple(sorted(found, key=lambda each: each.checkpoint.head.size))


def _of_file(file: Path) -> Iterator[Checkpoint]:
    try:
        if file.stat().st_size > LARGEST:
            raise HeadsUnreadable(f"{file}: is too large for a file of heads.")
        text = file.read_text("utf-8")
    except OSError as error:
        raise HeadsUnreadable(f"{file}: cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise HeadsUnreadable(f"{file}: is no file of heads.") from error
    try:
        for note in [_of_receipt(text)] if text.lstrip().startswith("{") else _notes(text):
            yield read_checkpoint(note)
    except CheckpointUnreadable as error:
        raise HeadsUnreadable(f"{file}: holds a head that cannot be read: {error}.") from error


def _of_receipt(text: str) -> str:
    try:
        head = json.loads(text)["head"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise CheckpointUnreadable("it is JSON, and no receipt with a head") from None
    return str(head)


def _notes(text: str) -> Iterator[str]:
    """The signed notes of a text that has any number of them, one after the other."""
    note: list[str] = []
    for line in text.splitlines(keepends=True):
        if note and note[-1].startswith(_SIGNED) and not line.startswith(_SIGNED):
            yield "".join(note)
            note = []
        if note or line.strip():
            note.append(line)
    if note:
        yield "".join(note)
