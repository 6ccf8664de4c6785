"""What a look at a rulebook over time finds, and the lines of its timeline."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.rulebook.problems import Problem
from engine.workbench.periods.days import Days


class Kind(StrEnum):
    """What a remark is about. The first three are faults to be mended, the others are to be known."""

    GAP = "gap"
    OVERLAP = "overlap"
    EXPIRED = "expired"
    ENDING = "ending"
    NOT_BEGUN = "not-begun"
    REVIEW = "review"
    SKIP_ENDED = "skip-ended"

    @property
    def is_note(self) -> bool:
        """Whether it only has to be known: nothing in the files is wrong."""
        return self not in (Kind.GAP, Kind.OVERLAP, Kind.EXPIRED)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something in time: its kind, the names of what it is about, the days it concerns, and how to mend it.

    `names` are rules as question:rule, rows as table:key, a source, or a test.
    """

    kind: Kind
    names: tuple[str, ...]
    days: Days
    problem: Problem


@dataclass(frozen=True, slots=True)
class Line:
    """One dated rule or row of the timeline. `owner` is its question or its table."""

    owner: str
    name: str
    days: Days


@dataclass(frozen=True, slots=True)
class Timeline:
    """The period looked at, the dated rules and rows in the order of the files, and what was found, by place.

    `undated` counts the rules and rows that are in force on every day.
    """

    period: Days
    lines: tuple[Line, ...]
    undated: int
    remarks: tuple[Remark, ...]

    @property
    def faults(self) -> tuple[Remark, ...]:
        """The remarks that have to be mended."""
        return tuple(remark for remark in self.remarks if not remark.kind.is_note)

    @property
    def notes(self) -> tuple[Remark, ...]:
        """The remarks that only have to be known."""
        return tuple(remark for remark in self.remarks if remark.kind.is_note)
