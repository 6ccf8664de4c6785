"""What is watched, and what was counted of it in recorded answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engine.rulebook.model import Rulebook, Source
from engine.rulebook.standing import Standing
from engine.workbench.comparison.counts import Unread


class Kind(StrEnum):
    """What kind of part of a rulebook is watched."""

    SOURCE = "source"
    RULE = "rule"
    STATEMENT = "statement"
    LIST = "list"
    TABLE = "table"
    DEFINITION = "definition"


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """A part of a rulebook: its kind, its question where it has one, and its name."""

    kind: Kind
    question: str
    name: str

    def __str__(self) -> str:
        return f"{self.question}: {self.name}" if self.question else self.name


WITHOUT = "without"
"""The rulebook as it is without the part."""
CONFIRMED = "if confirmed"
"""The rulebook as it is where the part is law."""


@dataclass(frozen=True, slots=True, eq=False)
class Alternative:
    """Another rulebook, in which one part is not as it is: left out, confirmed, or read in one way.

    `name` is WITHOUT, CONFIRMED or the reading's name. `says` is what the reading says; empty otherwise.
    """

    name: str
    rulebook: Rulebook
    says: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """A part that is reported, assumed, or can be read in several ways; what it gives, and the sources behind it.

    `gives` is empty where it gives no outcome. `chosen` is the reading that was chosen, where one is.
    """

    name: Name
    standing: Standing
    gives: str
    sources: tuple[Source, ...]
    alternatives: tuple[Alternative, ...]
    chosen: str = ""


@dataclass(slots=True)
class Counts:
    """Counts over recorded answers; those of parts add up.

    `rested` has how many answers rested on a part, `flips` how many are another one under its alternative, by its name.
    """

    decisions: int = 0
    by_question: Counter[str] = field(default_factory=Counter)
    rested: Counter[Name] = field(default_factory=Counter)
    flips: Counter[tuple[Name, str]] = field(default_factory=Counter)
    ways: Counter[tuple[Name, str, str, str]] = field(default_factory=Counter)
    unread: Unread = field(default_factory=Unread)

    def add(self, other: Counts) -> None:
        """Adds those of a later part."""
        self.decisions += other.decisions
        self.by_question.update(other.by_question)
        self.rested.update(other.rested)
        self.flips.update(other.flips)
        self.ways.update(other.ways)
        self.unread.add(other.unread)


WatchList = Mapping[Name, Watched]
