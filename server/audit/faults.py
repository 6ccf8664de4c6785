"""What an audit finds: each fault by the place where it is and what is wrong there."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

KEPT_FAULTS: Final = 1000


class Kind(StrEnum):
    """How something differs from what was logged."""

    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"
    SWAPPED = "swapped"
    REWRITTEN = "rewritten"
    UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault: the table and row where it is, the column or columns, and what is wrong, for people."""

    kind: Kind
    table: str
    row: str
    column: str
    because: str

    def __str__(self) -> str:
        where = " ".join(part for part in (self.table, self.row, self.column) if part)
        return f"{self.kind}: {where}: {self.because}"


@dataclass(slots=True)
class Tally:
    """What was looked at and what was found. At most 1,000 faults are kept; `found` counts all of them."""

    entries: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    earlier: dict[str, int] = field(default_factory=dict)
    """Of rows that an entry of version 1 vouches for: how many, by table. It covers less than the whole row."""
    faults: list[Fault] = field(default_factory=list)
    found: int = 0

    def fault(self, kind: Kind, table: str, row: object, column: str, because: str) -> None:
        """Notes a fault."""
        self.add([Fault(kind, table, str(row), column, because)])

    def add(self, faults: Iterable[Fault]) -> None:
        """Notes faults."""
        for each in faults:
            self.found += 1
            if len(self.faults) < KEPT_FAULTS:
                self.faults.append(each)

    def counted(self, table: str, version: int) -> None:
        """Notes that an entry vouches for a row of the table."""
        self.rows[table] = self.rows.get(table, 0) + 1
        if version == 1:
            self.earlier[table] = self.earlier.get(table, 0) + 1

    def join(self, other: "Tally") -> None:
        """Adds what another part of the work counted and found."""
        self.entries += other.entries
        for mine, theirs in ((self.rows, other.rows), (self.earlier, other.earlier)):
            for table, count in theirs.items():
                mine[table] = mine.get(table, 0) + count
        kept = len(self.faults)
        self.add(other.faults)
        self.found += other.found - len(other.faults)
        assert kept <= len(self.faults)
