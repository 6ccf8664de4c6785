"""What the sandbox remembers: one entry for each reference, in memory and, given a folder, in a file."""

import dataclasses
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TextIO

from pydantic import TypeAdapter, ValidationError

from server.sandbox.signing import StateError

_FILE: Final = "certificates.jsonl"

State = Literal["issued", "pending", "review", "rejected"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A submission and what became of it; only an issued one has a certificate. Times: seconds since 1970."""

    reference: str
    digest: str
    state: State
    e_cert_id: str = ""
    proof: str = ""
    issued_at: int = 0
    expires_at: int = 0
    revoked: bool = False
    polls_left: int = 0
    codes: tuple[Mapping[str, str], ...] = ()

    def status(self, now: float) -> str:
        """What is said of its certificate."""
        if self.revoked:
            return "revoked"
        return "expired" if now >= self.expires_at else "active"


_ENTRY: Final = TypeAdapter(Entry)


class Ledger:
    """Entries by reference and by e-Cert ID. What `put` has returned from survives a stop."""

    def __init__(self, folder: Path | None = None) -> None:
        """Reads the entries of the folder. Raises StateError if they cannot be read."""
        self._by_reference: dict[str, Entry] = {}
        self._by_e_cert_id: dict[str, str] = {}
        self._by_digest: dict[str, str] = {}
        self._file = self._open(folder / _FILE) if folder else None

    def of(self, reference: str) -> Entry | None:
        """The entry of a reference."""
        return self._by_reference.get(reference)

    def certificate(self, e_cert_id: str) -> Entry | None:
        """The entry that an e-Cert ID was issued for."""
        return self._by_reference.get(self._by_e_cert_id.get(e_cert_id, ""))

    def in_force(self, digest: str, now: float) -> Entry | None:
        """The entry with an active certificate for that content."""
        entry = self._by_reference.get(self._by_digest.get(digest, ""))
        return entry if entry and entry.state == "issued" and entry.status(now) == "active" else None

    def put(self, entry: Entry) -> Entry:
        """Keeps an entry in the place of an earlier one with its reference."""
        if self._file is not None:
            self._file.write(json.dumps(dataclasses.asdict(entry)) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        self._remember(entry)
        return entry

    def close(self) -> None:
        """Closes the file."""
        if self._file is not None:
            self._file.close()

    def _remember(self, entry: Entry) -> None:
        self._by_reference[entry.reference] = entry
        if entry.e_cert_id:
            self._by_e_cert_id[entry.e_cert_id] = entry.reference
            self._by_digest[entry.digest] = entry.reference

    def _open(self, path: Path) -> TextIO:
        try:
            path.touch()
            lines = path.read_text("utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as error:
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
            os.truncate(path, path.stat().st_size - len(lines[-1].encode()))
        return path.open("a", encoding="utf-8", newline="\n")
