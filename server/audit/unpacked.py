"""The files of an export, and whether they are those of its manifest."""

import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from server.audit.faults import Kind, Tally
from server.export.archive import MANIFEST

LARGEST: Final = 256 * 1024 * 1024
FILE: Final = "file"


class ExportUnreadable(Exception):
    """A file is no export of a case; the text says which and why."""


class Unpacked:
    """The files of an export by their paths. Each is read when it is asked for, and none is written anywhere."""

    def __init__(self, zipped: ZipFile) -> None:
        self._zip = zipped
        self._sizes = {info.filename: info.file_size for info in zipped.infolist()}
        self.paths = tuple(sorted(self._sizes))

    def __contains__(self, path: str) -> bool:
        return path in self._sizes

    def octets(self, path: str) -> bytes:
        """A file's octets. Raises ExportUnreadable where it is not there, or too large."""
        size = self._sizes.get(path)
        if size is None or size > LARGEST:
            raise ExportUnreadable(f"{path} {'is not there' if size is None else 'is too large'}")
        try:
            return self._zip.read(path)
        except (BadZipFile, zlib.error, EOFError, OSError) as error:
            raise ExportUnreadable(f"{path} cannot be read: {error}") from error

    def json(self, path: str) -> Any:
        """A file of JSON; None where it is none."""
        try:
            return json.loads(self.octets(path))
        except (ValueError, RecursionError):
            return None

    def below(self, folder: str) -> list[str]:
        """The paths below a folder, which is named with its last stroke."""
        return [path for path in self.paths if path.startswith(folder)]


@contextmanager
def unpacked(file: Path) -> Iterator[Unpacked]:
    """The files of a zip. Raises ExportUnreadable where it is no export."""
    try:
        with ZipFile(file) as zipped:
            found = Unpacked(zipped)
            if MANIFEST not in found or "log/head.txt" not in found:
                raise ExportUnreadable(f"{file}: is a zip, and no export of a case.")
            yield found
    except BadZipFile as error:
        raise ExportUnreadable(f"{file}: is no zip that can be read ({error}).") from error


def compare_manifest(files: Unpacked, tally: Tally) -> None:
    """Compares the files with the manifest, which has a line for each: its digest and its path."""
    said: dict[str, str] = {}
    for line in files.octets(MANIFEST).decode("utf-8", "replace").splitlines():
        digest, gap, path = line.partition("  ")
        if not gap or path in said:
            tally.fault(Kind.CHANGED, FILE, MANIFEST, "", f"a line of it is none: {line[:80]!r}")
        said[path] = digest
    for path in (path for path in files.paths if path != MANIFEST):
        if path not in said:
            tally.fault(Kind.ADDED, FILE, path, "", "the manifest does not have it")
        elif sha256(files.octets(path)).hexdigest() != said[path]:
            tally.fault(Kind.CHANGED, FILE, path, "", "it is not what the manifest says")
    for path in said.keys() - set(files.paths):
        tally.fault(Kind.REMOVED, FILE, path, "", "the manifest has it")
