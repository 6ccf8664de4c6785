"""What differs between two rulebooks, part by part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a part of a rulebook is, in the order in which a report has them."""

    RULEBOOK = "rulebook"
    QUESTION = "question"
    ELSE = "else"
    OTHERWISE = "otherwise"
    RULE = "rule"
    DEFINITION = "definition"
    LIST = "list"
    TABLE = "table"
    FACT = "fact"
    RECORD = "record"
    ENUM = "enum"
    SOURCE = "source"
    INVARIANT = "invariant"


class How(StrEnum):
    """What became of a part. One that is reworded or renamed means what it meant."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    REWORDED = "reworded"


MEANS_WHERE_USED = frozenset({Kind.DEFINITION, Kind.LIST, Kind.TABLE})
"""What answers nothing by itself: that it is new or gone changes an answer only through a rule that uses it."""


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """Which part: `question` is empty for what the whole rulebook shares."""

    kind: Kind
    question: str
    name: str

    def __str__(self) -> str:
        if self.kind in (Kind.RULEBOOK, Kind.ELSE, Kind.OTHERWISE):
            return f"`{self.name}`"
        return f"the {self.kind} `{self.name}`"


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, counted from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


Shown = str | tuple[str, ...]
"""A text, or the members of something whose order says nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Aspect:
    """One thing that a part says: its `form` is equal where it means the same, `shown` is what people read.

    `uses` are the definitions, lists, tables and sources that the meaning comes through.
    """

    form: object
    shown: Shown
    uses: frozenset[Key] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A part of a rulebook: what it means and its words, by aspect, and where each of them is written."""

    key: Key
    meaning: Mapping[str, Aspect]
    words: Mapping[str, Aspect]

    @property
    def sense(self) -> object:
        """Equal for two parts that mean the same, whatever they are called."""
        return tuple((name, aspect.form) for name, aspect in sorted(self.meaning.items()))

    @property
    def said(self) -> object:
        """Equal for two parts that use the same words."""
        return tuple((name, aspect.form) for name, aspect in sorted(self.words.items()))


@dataclass(frozen=True, slots=True)
class Difference:
    """One aspect on both sides, with the places of both. `through` names what it was changed through, if anything.

    `was` and `now` are texts; of members only those that are gone or new. Both are empty where nothing but
    `through` differs.
    """

    aspect: str
    words: bool
    was: Shown
    now: Shown
    before: Place | None
    after: Place | None
    through: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one part. `old_name` is set where it is renamed; a side that lacks it has no place."""

    key: Key
    how: How
    before: Place | None
    after: Place | None
    differences: tuple[Difference, ...] = ()
    old_name: str = ""

    @property
    def counts(self) -> bool:
        """Whether it can change an answer, or what programs read of one."""
        if self.key.kind is Kind.INVARIANT:
            return False
        if self.how in (How.ADDED, How.REMOVED):
            return self.key.kind not in MEANS_WHERE_USED
        return self.how is How.CHANGED


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every change from one rulebook to another, by question and part. `old` and `new` are names of the two.

    `same` are the questions, in both, whose answers cannot differ: they mean the same, and so does all that
    they use.
    """

    rulebook: str
    old: str
    new: str
    changes: tuple[Change, ...]
    questions: tuple[str, ...]
    same: frozenset[str] = field(default_factory=frozenset)

    @property
    def facts_alike(self) -> bool:
        """Whether what facts can be is the same in both."""
        kinds = (Kind.FACT, Kind.RECORD, Kind.ENUM)
        return all(one.how is How.REWORDED for one in self.changes if one.key.kind in kinds)

    @property
    def counting(self) -> bool:
        """Whether anything differs in meaning."""
        return any(change.counts for change in self.changes)

    def of(self, question: str) -> tuple[Change, ...]:
        """The changes of one question; of what is shared, for an empty name."""
        return tuple(change for change in self.changes if change.key.question == question)
