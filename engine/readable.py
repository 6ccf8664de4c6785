"""What a question can read of the facts, and who stated what it read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from engine.facts import Projection, projection, read_of
from engine.rulebook.model import Question, Rulebook

Steps = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Readable:
    """The facts that a question can read: as a projection, and as entries of the dictionary by path.

    Of each entry there are the namespace that it stands in, its name there, and its path with who may state it.
    """

    projection: Projection
    entries: tuple[tuple[Steps, str, tuple[str, str]], ...]
    namespaces: frozenset[Steps]

    def asserted(self, given: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
        """Of each fact that is given or known to be none, who stated it. The facts are as `laid_out` lays them."""
        there = {steps: _namespace(given, steps) for steps in self.namespaces}
        return tuple([said for steps, name, said in self.entries if name in there[steps]])


@lru_cache(maxsize=256)
def readable(rulebook: Rulebook, question: Question) -> Readable:
    """What the question can read; the same object while it is asked for again."""
    entries = []
    for fact in read_of(rulebook.facts, question.reads):
        *above, name = fact.name.split(".")
        entries.append((tuple(above), name, (fact.name, fact.asserted_by)))
    return Readable(projection(question.reads), tuple(entries), frozenset(steps for steps, *_ in entries))


def _namespace(given: Mapping[str, object], steps: Steps) -> Mapping[str, object]:
    for step in steps:
        below = given[step]
        assert isinstance(below, Mapping), "every namespace is laid out"
        given = below
    return given
