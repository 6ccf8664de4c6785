"""What was proved, what was found instead, and what was left open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.facts import Facts


class Kind(StrEnum):
    """What can be wrong with rules and invariants."""

    NEVER_FIRES = "never-fires"
    NEVER_DECIDES = "never-decides"
    DUPLICATE = "duplicate"
    BROKEN = "broken-invariant"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Example:
    """An order that shows it, as `decide` answers about it."""

    facts: Facts
    on: date
    shows: str


@dataclass(frozen=True, slots=True)
class Found:
    """Something that is wrong, in a question or with an invariant, with the rules that it is about."""

    kind: Kind
    question: str
    names: tuple[str, ...]
    message: str
    example: Example | None = None


@dataclass(frozen=True, slots=True)
class Unsettled:
    """What could neither be proved nor refuted, and why."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether two rulebooks answer alike. `same` are questions that say the same, so that nothing had to be proved.

    `alone` are those that only one of them has; `elements` and `enforce` say how far was searched.
    """

    same: tuple[str, ...]
    alone: tuple[str, ...]
    reports: tuple[Report, ...]
    elements: int
    enforce: frozenset[str]

    @property
    def alike(self) -> bool:
        """Whether no answer can differ."""
        return not self.alone and all(report.proved for report in self.reports)


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one question or some invariants.

    `proved` names the rules that can decide, and the invariants that hold. `changes_nothing` are the rules among them
    without which the outcome of a complete order would be the same: they say why. `left_out` are rules whose standing
    does not count.
    """

    question: str = ""
    proved: tuple[str, ...] = ()
    found: tuple[Found, ...] = ()
    unsettled: tuple[Unsettled, ...] = ()
    changes_nothing: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
