"""What the rules of a question come to on some facts, before anything is put into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.compiled.runtime import Bounds
from engine.expression import Unknown
from engine.firing import Counted, Doubt
from engine.outcomes import could_change, possible_outcomes
from engine.rulebook.model import UNDETERMINED, Question


@dataclass(frozen=True, slots=True)
class Found:
    """A rule that is true, at a list element or for the whole (an empty place)."""

    counted: Counted
    place: str
    bounds: Bounds = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The rules that are true and those that are unknown, strongest outcome first, then by rule and place.

    `possible` and `missing` are those of a decision. `applies` is what the question's gate says; where it is
    false no rule was asked, and where it is unknown nothing counts as found yet.
    """

    outcome: str
    possible: tuple[str, ...]
    found: tuple[Found, ...]
    doubts: tuple[Doubt, ...]
    missing: tuple[str, ...]
    applies: bool | Unknown = True


def verdict(
    question: Question, found: Sequence[Found], doubts: Sequence[Doubt], applies: bool | Unknown = True
) -> Verdict:
    """The verdict that these rules make, as `decide` has it."""
    true = [one.counted.outcome for one in found]
    unknown = [doubt.counted.outcome for doubt in doubts]
    otherwise = question.otherwise.outcome
    possible = possible_outcomes(question.outcomes, true, unknown, otherwise)
    open_ones = [doubt.unknown for doubt in doubts]
    if len(possible) == 1:
        open_ones = []
    else:
        changes = could_change(question.outcomes, true, unknown, otherwise)
        open_ones = [one for one, change in zip(open_ones, changes, strict=True) if change]
    if question.gate is not None and isinstance(applies, Unknown):
        both = {*possible, question.gate.otherwise.outcome}
        possible = tuple(outcome for outcome in question.outcomes if outcome in both)
        open_ones = [*open_ones, applies] if len(possible) > 1 else []
    outcome = possible[0] if len(possible) == 1 else UNDETERMINED
    missing = tuple(sorted({path for one in open_ones for path in one.paths}))
    return Verdict(outcome, possible, tuple(found), tuple(doubts), missing, applies)


def not_applied(question: Question) -> Verdict:
    """The verdict where the gate is false."""
    assert question.gate is not None
    outcome = question.gate.otherwise.outcome
    return Verdict(outcome, (outcome,), (), (), (), False)
