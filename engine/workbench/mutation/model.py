"""Mutants: one small change to a rulebook each, where it stands, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from engine.rulebook.text.files import Span
from engine.workbench.mutation.edits import Edit


class Kind(StrEnum):
    """What is changed."""

    THRESHOLD = "threshold"
    DATE = "date"
    TEXT = "text"
    TRUTH = "truth"
    BOUNDARY = "boundary"
    OPERATOR = "operator"
    NEGATED = "negated"
    QUANTIFIER = "quantifier"
    CLAUSE = "clause"
    BRANCH = "branch"
    MEMBER = "member"
    ROW = "row"
    CELL = "cell"
    OUTCOME = "outcome"
    PERIOD = "period"
    RULE = "rule"


class State(StrEnum):
    """What became of a mutant. One that does not load, or says the same, is not counted."""

    KILLED = "killed"
    SURVIVED = "survived"
    REFUSED = "refused"


DROPPED = ""
"""What a part that is left out is changed into."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is changed into what, in the words of the file, and which test would notice it."""

    kind: Kind
    before: str
    after: str
    hint: str


@dataclass(frozen=True, slots=True)
class Mutant:
    """One small change to a rulebook. `question` is empty for what all questions share.

    `of` says whose it is, e.g. "rule", and `name` its name. `touched` are the questions whose rules read it.
    """

    question: str
    of: str
    name: str
    span: Span
    change: Change
    edit: Edit
    touched: frozenset[str]

    @property
    def owner(self) -> str:
        """Whose it is, in words."""
        return f"`{self.name}`" if self.of in ("otherwise", "else") else f"{self.of} `{self.name}`"

    @property
    def position(self) -> tuple[int, int]:
        """Line and column, from 1."""
        return self.span.file.position(self.span.start)

    @property
    def lines(self) -> range:
        """The lines that it stands on."""
        return range(
            self.position[0], self.span.file.position(max(self.span.start, self.span.end - 1))[0] + 1
        )


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a mutant: by which test it was noticed, or which test would notice it."""

    state: State
    test: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """How many mutants were noticed, of those that count."""

    killed: int
    counted: int

    @property
    def percent(self) -> float:
        """Rounded down to a tenth, so that 100 is said of nothing less; 100 where nothing counts."""
        return self.killed * 1000 // self.counted / 10 if self.counted else 100.0

    def __str__(self) -> str:
        return f"{self.killed}/{self.counted}  {self.percent:5.1f} %"


def score(fates: Iterable[Fate]) -> Score:
    """The score of all of them together."""
    states = [fate.state for fate in fates if fate.state is not State.REFUSED]
    return Score(states.count(State.KILLED), len(states))
