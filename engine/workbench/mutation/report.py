"""What became of the mutants, as plain data for machines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.workbench.mutation.model import Fate, Mutant, Score, State, score


@dataclass(frozen=True, slots=True)
class Tried:
    """Mutants that were put to the tests, each with its fate, in the order of the files."""

    rulebook: str
    tests: int
    all: Sequence[tuple[Mutant, Fate]]

    @property
    def together(self) -> Score:
        """The score of all."""
        return score(fate for _, fate in self.all)

    @property
    def questions(self) -> tuple[tuple[str, Score], ...]:
        """The score of each question; an empty name stands for what they share."""
        names = dict.fromkeys(mutant.question for mutant, _ in self.all)
        return tuple(
            (name, score(fate for mutant, fate in self.all if mutant.question == name)) for name in names
        )

    @property
    def survivors(self) -> Iterator[tuple[Mutant, Fate]]:
        """Those that no test noticed."""
        return ((mutant, fate) for mutant, fate in self.all if fate.state is State.SURVIVED)


def report(tried: Tried) -> dict[str, object]:
    """Everything there is to know, ready for JSON. What all questions share has an empty question."""
    return {
        "rulebook": tried.rulebook,
        "tests": tried.tests,
        "score": _score(tried.together),
        "questions": [{"question": name, **_score(found)} for name, found in tried.questions],
        "mutants": [_mutant(mutant, fate) for mutant, fate in tried.all],
    }


def _mutant(mutant: Mutant, fate: Fate) -> dict[str, object]:
    line, column = mutant.position
    return {
        "question": mutant.question,
        "of": mutant.of,
        "name": mutant.name,
        "kind": mutant.change.kind,
        "file": mutant.span.file.path,
        "line": line,
        "column": column,
        "before": mutant.change.before,
        "after": mutant.change.after or None,
        "state": fate.state,
        "test": fate.test or None,
        "hint": fate.hint or None,
    }


def _score(found: Score) -> dict[str, object]:
    return {"killed": found.killed, "counted": found.counted, "percent": found.percent}
