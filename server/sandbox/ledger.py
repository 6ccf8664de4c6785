"""What the sandbox remembers: one entry for each reference, in memory and, given a folder, in a file."""

import dataclasses
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Final

from pydantic import TypeAdapter, ValidationError

from server.sandbox.entry import Entry
from server.sandbox.files import StateError, hold, keep_names

_FILE: Final = "certificates.jsonl"
_ENTRY: Final = TypeAdapter(Entry)


class Ledger:
    """Entries by reference and by e-Cert ID. What `put` has returned from survives a stop."""

    def __init__(self, folder: Path | None = None) -> None:
        """Reads the entries of the folder. Raises StateError if they cannot be read, or another sandbox has them."""
        self._by_reference: dict[str, Entry] = {}
        self._by_e_cert_id: dict[str, str] = {}
        self._by_submission_id: dict[str, str] = {}
        self._by_digest: dict[str, str] = {}
        self._file = self._open(folder / _FILE) if folder else None

    def __iter__(self) -> Iterator[Entry]:
        """All entries, the earliest reference first."""
        return iter(self._by_reference.values())

    def of(self, reference: str) -> Entry | None:
        """The entry of a reference."""
        return self._by_reference.get(reference)

    def submission(self, submission_id: str) -> Entry | None:
        """The entry of that id of ours."""
        return self._by_reference.get(self._by_submission_id.get(submission_id, ""))

    def certificate(self, e_cert_id: str) -> Entry | None:
        """The entry that an e-Cert ID was issued for."""
        return self._by_reference.get(self._by_e_cert_id.get(e_cert_id, ""))

    def in_force(self, digest: str, now: float) -> Entry | None:
        """The entry with an active certificate for that content."""
        entry = self._by_reference.get(self._by_digest.get(digest, ""))
        return entry if entry and entry.status(now) == "active" else None

    def put(self, entry: Entry) -> Entry:
        """Keeps an entry in the place of an earlier one with its reference.

        One that is issued to replace a certificate takes its place in the same step.
        """
        if self._file is not None:
            _append(self._file, json.dumps(dataclasses.asdict(entry)).encode() + b"\n")
        self._remember(entry)
        return entry

    def close(self) -> None:
        """Closes the file."""
        if self._file is not None:
            self._file.close()

    def _remember(self, entry: Entry) -> None:
        self._by_reference[entry.reference] = entry
        self._by_submission_id[entry.submission_id] = entry.reference
        if not entry.e_cert_id or entry.e_cert_id in self._by_e_cert_id:
            return
        self._by_e_cert_id[entry.e_cert_id] = entry.reference
        self._by_digest[entry.digest] = entry.reference
        if entry.replaces and (old := self.certificate(entry.replaces)):
            self._by_reference[old.reference] = replace(old, replaced_by=entry.e_cert_id)

    def _open(self, path: Path) -> IO[bytes]:
        try:
            file = path.open("a+b", buffering=0)
        except OSError as error:
            raise StateError(f"{path}: cannot be read; give another folder") from error
        try:
            hold(file, path)
            self._read(file, path)
            keep_names(path.parent)
        except BaseException:
            file.close()
            raise
        return file

    def _read(self, file: IO[bytes], path: Path) -> None:
        try:
            lines = path.read_text("utf-8").split("\n")
        except UnicodeDecodeError as error:
            raise StateError(f"{path}: cannot be read; give another folder") from error
        for number, line in enumerate(lines[:-1], 1):
            try:
                self._remember(_ENTRY.validate_json(line))
            except ValidationError as error:
                raise StateError(
                    f"{path}:{number}: is no entry; give another folder, or remove it"
                ) from error
        if lines[-1]:
            # A stop in the middle of a write left half a line; what was never finished was never answered.
            file.truncate(file.seek(0, os.SEEK_END) - len(lines[-1].encode()))


def _append(file: IO[bytes], line: bytes) -> None:
    """Writes a line to the disk, or nothing of it: half a line would spoil the next one."""
    end = file.seek(0, os.SEEK_END)
    try:
        written = 0
        while written < len(line):
            written += file.write(line[written:])
        os.fsync(file.fileno())
    except OSError:
        file.truncate(end)
        raise
