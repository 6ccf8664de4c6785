"""Whose answer flips: orders answered by two rulebooks, counted by what decided before and what decides now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from engine.compiled import Verdict
from engine.compiled.ask import Answers
from engine.expression import Unknown
from engine.facts import Facts
from engine.rulebook.model import UNDETERMINED, Rulebook
from engine.rulebook.standing import Standing
from engine.workbench.comparison.counts import Shares, Unread, Why


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
        self._turned_to: Order | None = None

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
        if self._turned_to is not order:
            both[0].about(order.before, order.on)
            both[1].about(order.after, order.on)
            self._turned_to = order
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
    the very rulebook that they name does not give, by question, recorded and given outcome. `sites` and `months`
    have the orders of which it is known where and when they were answered.
    """

    examples: int
    orders: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    flips: Counter[Flip] = field(default_factory=Counter)
    first: dict[Flip, list[tuple[str, object]]] = field(default_factory=dict)
    unread: Unread = field(default_factory=Unread)
    compared: int = 0
    unlike: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    unlike_first: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)
    sites: Shares = field(default_factory=Shares)
    months: Shares = field(default_factory=Shares)

    def flipped(self, flip: Flip, label: str, source: object) -> None:
        """Counts a flip of the order at `label`; `source` is kept for the first ones."""
        self.flips[flip] += 1
        self._keep_first(flip, [(label, source)])

    def unreadable(self, label: str, because: str, why: Why = Why.UNREADABLE) -> None:
        """Counts what could not be answered."""
        self.unread.note(why, label, because)

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
        self.asked.update(other.asked)
        self.flips.update(other.flips)
        self.unlike.update(other.unlike)
        self.unread.add(other.unread)
        self.sites.add(other.sites)
        self.months.add(other.months)
        for flip, some in other.first.items():
            self._keep_first(flip, some)
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

    def _keep_first(self, flip: Flip, some: Iterable[tuple[str, object]]) -> None:
        """A case whose answer flips several times in the same way is named once."""
        held = self.first.setdefault(flip, [])
        for label, source in some:
            if len(held) < self.examples and all(label != known for known, _ in held):
                held.append((label, source))


def ranked(outcomes: Sequence[Sequence[str]], seen: Iterable[str]) -> list[str]:
    """Outcomes in the order of the questions' files, then those that stand in none of them, UNDETERMINED last."""
    known, there = dict.fromkeys(outcome for one in outcomes for outcome in one), set(seen)
    others = sorted(there - known.keys() - {UNDETERMINED})
    return [one for one in (*known, *others, UNDETERMINED) if one in there]
