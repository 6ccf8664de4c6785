"""What an explanation says: of a question, of each of its rules, of the clauses that decided."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.decision import Decision


class State(StrEnum):
    """What became of a rule, or of a rule at one place."""

    FIRED = "fired"
    UNKNOWN = "unknown"
    STOPPED = "stopped"
    NOT_IN_FORCE = "not_in_force"
    NOT_ENFORCED = "not_enforced"
    NO_CONSEQUENCE = "no_consequence"


@dataclass(frozen=True, slots=True)
class Compared:
    """A fact, or a value made of facts, by the text that names it, and what it is."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a condition that decided.

    `text` is the clause with the paths of facts in place of loop variables and parameters. `holds` says
    whether it is as the rule needs it; None where it is unknown. `within` are the definitions it stands in,
    outermost first. `missing` and `errors` say why it is unknown.
    """

    text: str
    holds: bool | None
    says: str
    compared: tuple[Compared, ...] = ()
    within: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A rule at one list element, or for the whole (an empty place).

    Fired: every clause that made it true. Stopped: the first clause that stopped it. Unknown: the clauses
    that are unknown; `missing` and `errors` are then what is unknown of the whole condition, and `open` says
    whether the rule could still change the answer.
    """

    place: str
    state: State
    clauses: tuple[Clause, ...]
    missing: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    open: bool = False


@dataclass(frozen=True, slots=True)
class RuleExplained:
    """A rule: what it would give, what became of it, and why.

    A rule that was put to the facts has its `places`; one that was not has a sentence in `because`.
    """

    rule: str
    reason: str
    outcome: str
    state: State
    places: tuple[Place, ...] = ()
    because: str = ""


@dataclass(frozen=True, slots=True)
class Gated:
    """Whether the question's rules apply: true, false, or unknown (None), and by which clauses."""

    applies: bool | None
    outcome: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The decision, and why it is so, rule by rule in the order of the file.

    `rules` is empty where the gate is closed: they are not put to the facts then. `otherwise` says so where
    no rule decided. `inner` explains the questions that this one uses, and not those that they use in turn.
    """

    decision: Decision
    gate: Gated | None
    rules: tuple[RuleExplained, ...]
    otherwise: str
    inner: tuple[Explanation, ...] = ()
