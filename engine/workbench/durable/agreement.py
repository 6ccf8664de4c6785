"""Whether two evaluators agree: decisions compared with opinions, part by part."""

from __future__ import annotations

from dataclasses import dataclass

from engine.decision import Decision
from engine.workbench.durable.opinion import Case, Opinion, Places
from engine.workbench.durable.translate import Share


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A case on which the evaluators differ, and what they differ in, a sentence for each part."""

    case: Case
    differences: tuple[str, ...]

    def show(self) -> str:
        """The disagreement as people read it."""
        case = self.case
        head = f"{case.name}: {case.question} on {case.on}, enforced: {', '.join(case.enforce)}"
        return "\n".join([head, *(f"  {line}" for line in self.differences)])


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many cases were put to both evaluators, those on which they differ, and what was judged natively."""

    compared: int
    disagreements: tuple[Disagreement, ...]
    share: Share


def differences(decision: Decision, opinion: Opinion) -> tuple[str, ...]:
    """What a decision and an opinion differ in, a sentence for each part."""
    return tuple(
        f"{name}: the decision has {ours}; durable-rules has {theirs}"
        for name, ours, theirs in differing(decision, opinion)
    )


def differing(decision: Decision, opinion: Opinion) -> tuple[tuple[str, str, str], ...]:
    """The parts that differ, as the decision and as the opinion have them.

    Compared are the outcome, the possible outcomes, and which rules fired where.
    """
    found = frozenset((finding.rule, finding.place) for finding in decision.findings)
    parts = (
        ("outcome", decision.outcome, opinion.outcome),
        ("possible", ", ".join(decision.possible), ", ".join(opinion.possible)),
        ("fired", _shown(found - opinion.fired), _shown(opinion.fired - found)),
    )
    return tuple(
        (name, ours or "nothing more", theirs or "nothing more")
        for name, ours, theirs in parts
        if ours != theirs
    )


def _shown(places: Places) -> str:
    return ", ".join(sorted(f"{rule} at {place}" if place else rule for rule, place in places))
