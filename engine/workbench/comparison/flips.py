"""Whose answer flips: orders answered by two rulebooks, counted by what decided before and what decides now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from engine.compiled import Verdict
from engine.compiled.ask import Answers
from engine.expression import Unknown
from engine.facts import Facts
from engine.rulebook.model import UNDETERMINED, Rulebook
from engine.rulebook.standing import Standing

MOST_UNREAD: Final = 20
"""Of what could not be read so many are named; all are counted."""


@dataclass(frozen=True, slots=True)
class Order:
    """A recorded order: its facts as each of the two rulebooks types them, and the day it is asked about."""

    id: str
    on: date
    enforce: tuple[Standing, ...]
    before: Facts
    after: Facts


@dataclass(frozen=True, slots=True, order=True)
class Flip:
    """One way to flip: a question's outcome before and now, and what decided each.

    That is a rule, `otherwise` or `else`; of an undetermined answer, what is unknown: a rule, or `applies`.
    """

    question: str
    was: str
    now: str
    was_by: str
    now_by: str


class Flips:
    """Answers orders by both rulebooks. Questions that are `same` in both are not asked: they cannot flip."""

    def __init__(
        self, old: Rulebook, new: Rulebook, questions: Iterable[str], same: Iterable[str] = ()
    ) -> None:
        self._old = old
        self._new = new
        self._asked = sorted(set(questions) - set(same))
        self._answers: dict[tuple[Standing, ...], tuple[Answers, Answers]] = {}

    def of(self, order: Order) -> Iterator[Flip]:
        """The questions whose outcome differs for the order."""
        old, new = self._about(order)
        for question in self._asked:
            before, after = old.ask(question), new.ask(question)
            if before.outcome != after.outcome:
                was_by, now_by = decided_by(before, after), decided_by(after, before)
                yield Flip(question, before.outcome, after.outcome, was_by, now_by)

    def before(self, order: Order, question: str) -> str:
        """What the old rulebook answers."""
        return self._about(order)[0].ask(question).outcome

    def _about(self, order: Order) -> tuple[Answers, Answers]:
        both = self._answers.get(order.enforce)
        if both is None:
            both = Answers(self._old, order.enforce), Answers(self._new, order.enforce)
            self._answers[order.enforce] = both
        both[0].about(order.before, order.on)
        both[1].about(order.after, order.on)
        return both


def decided_by(verdict: Verdict, other: Verdict) -> str:
    """What an answer comes from; where several rules give it, one that does not say the same in the other."""
    if verdict.applies is False:
        return "else"
    if verdict.outcome == UNDETERMINED:
        return "applies" if isinstance(verdict.applies, Unknown) else verdict.doubts[0].counted.rule.name
    elsewhere = {found.counted.rule.name for found in other.found if found.counted.outcome == verdict.outcome}
    names = [found.counted.rule.name for found in verdict.found if found.counted.outcome == verdict.outcome]
    return next((name for name in names if name not in elsewhere), names[0] if names else "otherwise")


@dataclass(slots=True)
class Tally:
    """Counts over orders. Tallies of parts add up to that of the whole; their size does not grow with it.

    `first` has, for each way to flip, where the first orders of it stand. `unlike` counts recorded answers that
    the very rulebook that they name does not give, by question, recorded and given outcome.
    """

    examples: int
    orders: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    flips: Counter[Flip] = field(default_factory=Counter)
    first: dict[Flip, list[tuple[str, object]]] = field(default_factory=dict)
    unread: int = 0
    unread_first: list[tuple[str, str]] = field(default_factory=list)
    compared: int = 0
    unlike: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    unlike_first: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)

    def flipped(self, flip: Flip, label: str, source: object) -> None:
        """Counts a flip of the order at `label`; `source` is kept for the first ones."""
        self.flips[flip] += 1
        held = self.first.setdefault(flip, [])
        if len(held) < self.examples:
            held.append((label, source))

    def unreadable(self, label: str, why: str) -> None:
        """Counts what could not be read."""
        self.unread += 1
        if len(self.unread_first) < MOST_UNREAD:
            self.unread_first.append((label, why))

    def differs(self, question: str, recorded: str, given: str, label: str) -> None:
        """Counts a recorded answer that its rulebook does not give."""
        key = (question, recorded, given)
        self.unlike[key] += 1
        held = self.unlike_first.setdefault(key, [])
        if len(held) < max(1, self.examples):
            held.append(label)

    def add(self, other: Tally) -> None:
        """Adds the tally of a later part."""
        self.orders += other.orders
        self.compared += other.compared
        self.unread += other.unread
        self.asked.update(other.asked)
        self.flips.update(other.flips)
        self.unlike.update(other.unlike)
        self.unread_first = [*self.unread_first, *other.unread_first][:MOST_UNREAD]
        for flip, some in other.first.items():
            self.first[flip] = [*self.first.get(flip, ()), *some][: self.examples]
        for key, labels in other.unlike_first.items():
            self.unlike_first[key] = [*self.unlike_first.get(key, ()), *labels][: max(1, self.examples)]

    def of(self, question: str) -> list[tuple[Flip, int]]:
        """The ways in which a question flips, the most frequent first."""
        found = [(flip, count) for flip, count in self.flips.items() if flip.question == question]
        return sorted(found, key=lambda one: (-one[1], one[0]))

    def matrix(self, question: str) -> dict[tuple[str, str], int]:
        """How many orders flip from which outcome to which."""
        found: Counter[tuple[str, str]] = Counter()
        for flip, count in self.of(question):
            found[flip.was, flip.now] += count
        return dict(found)

    def newly_undetermined(self, question: str) -> int:
        """How many orders had an outcome and have none now."""
        return sum(count for flip, count in self.of(question) if flip.now == UNDETERMINED)


def ranked(outcomes: Sequence[Sequence[str]], seen: Iterable[str]) -> list[str]:
    """Outcomes in the order of the questions' files, UNDETERMINED last."""
    known, there = dict.fromkeys(outcome for one in outcomes for outcome in one), set(seen)
    return [one for one in (*known, UNDETERMINED) if one in there]
