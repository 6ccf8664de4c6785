"""What a rulebook is once it is loaded: immutable, typed, every name in it known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine.expression import Expression
from engine.expression.types import EnumType, Type
from engine.rulebook.dictionary import Dictionary
from engine.rulebook.problems import Problem
from engine.rulebook.standing import Standing
from engine.rulebook.tables import Table
from engine.rulebook.templates import Template

UNDETERMINED = "UNDETERMINED"
"""What stands in place of an outcome while more than one is possible."""

DAY = "on"
"""The name by which conditions ask for the day of the decision."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where rules come from: its title, how firm it is, what text was read and when to read it again.

    `watch` says what would confirm or replace it; empty where nothing is said.
    """

    name: str
    title: str
    standing: Standing
    read: str = ""
    link: str = ""
    review: date | None = None
    watch: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """A source that something rests on, and the place in it, e.g. "(a)(4)(xii)"; the place may be empty."""

    source: str
    at: str
    title: str
    standing: Standing

    def __str__(self) -> str:
        return f"{self.source} {self.at}".strip()


@dataclass(frozen=True, slots=True, eq=False)
class NamedList:
    """A list of the rulebook with the standing of what it cites, or the law's where it cites nothing."""

    name: str
    type: Type
    values: tuple[object, ...]
    meaning: str
    cites: tuple[Citation, ...]
    standing: Standing


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """A named condition or value, with its parameters and their types."""

    name: str
    parameters: tuple[tuple[str, Type], ...]
    body: Expression
    meaning: str
    cites: tuple[Citation, ...]
    standing: Standing


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """What `otherwise` or `else` says when no rule decides."""

    name: str
    outcome: str
    reason: str
    because: Template
    remedy: Template | None
    cites: tuple[Citation, ...]
    standing: Standing


@dataclass(frozen=True, slots=True, eq=False)
class Loop:
    """A rule is taken once for each element of the list at `path`, called `variable` in the rule."""

    variable: str
    path: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One way to read an unclear text. `outcome` is its consequence; with None the rule says nothing."""

    name: str
    says: str
    outcome: str | None
    because: Template | None


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """The readings of an unclear text in the order of the file, and the chosen one, if one is."""

    all: tuple[Reading, ...]
    chosen: Reading | None


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """What the rule rests on besides its citations: inner questions, and tables that change with the day."""

    questions: frozenset[str]
    tables: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One cited, dated requirement. `start` and `end` are its first and last day in force.

    `standing` is the weakest of its citations and of the lists, tables and definitions it uses. A rule with
    readings gives `outcome` while none of them is chosen.
    """

    name: str
    reason: str
    outcome: str
    each: tuple[Loop, ...]
    when: Expression
    because: Template
    remedy: Template | None
    cites: tuple[Citation, ...]
    values: tuple[tuple[str, Expression], ...]
    start: date | None
    end: date | None
    readings: Readings | None
    basis: Basis
    standing: Standing

    def in_force(self, on: date) -> bool:
        """Whether the day lies in the rule's period."""
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)


@dataclass(frozen=True, slots=True, eq=False)
class Gate:
    """The condition under which a question's rules apply, and what is said where they do not."""

    applies: Expression
    otherwise: Statement
    basis: Basis
    standing: Standing


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What can be asked. `outcomes` are strongest first; `reads` are the paths of all facts that it can read.

    `inner` names the questions whose outcomes it uses itself.
    """

    name: str
    asks: str
    outcomes: tuple[str, ...]
    favourable: frozenset[str] | None
    gate: Gate | None
    otherwise: Statement
    rules: tuple[Rule, ...]
    definitions: Mapping[str, Definition]
    inner: tuple[str, ...]
    reads: frozenset[str]

    @property
    def type(self) -> EnumType:
        """The type of its outcome in other questions' conditions."""
        return EnumType(f"outcome of {self.name}", self.outcomes)


@dataclass(frozen=True, slots=True, eq=False)
class Invariant:
    """What is never true, whatever the facts, on any day from `start` to `end`. It is no part of any answer.

    `never` may ask for facts, the day, and the outcomes of `questions`.
    """

    name: str
    never: Expression
    because: str
    cites: tuple[Citation, ...]
    questions: tuple[str, ...]
    start: date | None
    end: date | None

    def in_force(self, on: date) -> bool:
        """Whether the day lies in the invariant's period."""
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)


@dataclass(frozen=True, slots=True, eq=False)
class Rulebook:
    """The immutable, compiled set of facts, sources, questions and rules.

    `digest` is taken over the canonical form of its files, so that layout and comments do not change it.
    """

    name: str
    title: str
    zone: str
    digest: str
    files: Mapping[str, str]
    sources: Mapping[str, Source]
    facts: Dictionary
    lists: Mapping[str, NamedList]
    tables: Mapping[str, Table]
    definitions: Mapping[str, Definition]
    questions: Mapping[str, Question]
    invariants: Mapping[str, Invariant]
    warnings: tuple[Problem, ...]
