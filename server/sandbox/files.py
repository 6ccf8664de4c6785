"""The sandbox's files: written whole or not at all, and by one sandbox at a time."""

import os
import sys
from pathlib import Path
from typing import IO


class StateError(Exception):
    """The sandbox's files cannot be used; the text says which and why."""


def write_whole(path: Path, content: str) -> None:
    """Puts a file in the place of an earlier one in one step; after a stop it is the one or the other.

    Nobody else may read it, from its first byte on.
    """
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(0o600)
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    keep_names(path.parent)


def keep_names(folder: Path) -> None:
    """Brings to the disk which files a folder has."""
    if sys.platform == "win32":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def hold(file: IO[bytes], path: Path) -> None:
    """Keeps the file from other sandboxes until it is closed. Raises StateError if one has it."""
    if sys.platform == "win32":
        return
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise StateError(f"{path}: another sandbox uses it; stop that one, or give another folder") from error
