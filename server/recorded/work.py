"""Orders and recorded decisions answered by two rulebooks: what a process does, and the tally of a part."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.facts import Facts
from engine.rulebook import Rulebook
from engine.workbench.comparison.compare import Side, compare
from engine.workbench.comparison.counts import Why
from engine.workbench.comparison.flips import Flips, Order, Tally
from server.recent import Recent
from server.recorded.log import Log, Source, Stretch
from server.recorded.orders import Line
from server.recorded.reading import OrderUnreadable, Reading
from server.rulebooks import loaded_again
from server.store.logged import Logged
from server.store.records import RecordedDecision

OWN_AT_HAND: Final = 4
"""Rulebooks of a log that are compared with another one at a time: they follow each other."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked of every order: two rulebooks by their files, the questions, those that cannot flip, the day.

    `alike` says that the dictionaries of both are. `examples` says how many orders are kept for each way to flip.
    """

    old: Mapping[str, str]
    new: Mapping[str, str]
    questions: tuple[str, ...]
    same: frozenset[str]
    alike: bool
    on: date | None
    examples: int


class Comparing:
    """Two rulebooks and the way to read orders for them."""

    def __init__(self, task: Task, old: Rulebook, new: Rulebook) -> None:
        self.task = task
        self.old = old
        self.new = new
        self.reading = Reading.of(old, new, task.alike, task.on)
        self.flips = Flips(old, new, task.questions, task.same)
        self.by_question = {name: Flips(old, new, (name,), task.same & {name}) for name in task.questions}

    @classmethod
    def begin(cls, task: Task) -> Comparing:
        """What a process sets up from a task alone."""
        return cls(task, loaded_again(task.old), loaded_again(task.new))

    def close(self) -> None:
        """There is nothing to let go of."""

    def tally(self, batch: Sequence[Line]) -> Tally:
        """Reads and answers the orders of a batch."""
        tally = Tally(self.task.examples)
        for label, source in batch:
            try:
                if isinstance(source, str):
                    raise OrderUnreadable(source)
                order = self.reading.order(source)
            except OrderUnreadable as error:
                tally.unreadable(label, str(error), error.why)
                continue
            tally.orders += 1
            tally.asked.update(self.task.questions)
            for flip in self.flips.of(order):
                tally.flipped(flip, label, source)
        return tally

    def order(self, source: object) -> Order:
        """The order of a line or decision that could be read before."""
        if isinstance(source, RecordedDecision):
            return self.reading.decision(source)
        assert isinstance(source, bytes)
        return self.reading.order(source)

    def decided(self, tally: Tally, one: Logged, order: Order, site: str, source: object) -> None:
        """Answers the question of a recorded decision again, by both."""
        assert one.decision is not None
        question = one.question
        asked = self.by_question[question]
        tally.orders += 1
        tally.asked[question] += 1
        flips = tuple(asked.of(order))
        for flip in flips:
            tally.flipped(flip, one.name, source)
        tally.sites.count((question, one.tenant, site), flips=bool(flips))
        tally.months.count((question, f"{one.at:%Y-%m}"), flips=bool(flips))
        if one.decision.rulebook_digest == self.old.digest:
            tally.compared += 1
            given = asked.before(order, question)
            if given != one.decision.outcome:
                tally.differs(question, one.decision.outcome, given, one.name)


class OnLog:
    """Recorded decisions answered again. `comparing` says by which two rulebooks; None where one of them is lost."""

    def __init__(
        self,
        log: Log,
        source: Source,
        comparing: Callable[[str], Comparing | None],
        examples: int,
        in_full: bool,
    ) -> None:
        self._log = log
        self._sites = source.choice.sites
        self._comparing = comparing
        self._examples = examples
        self._in_full = in_full

    @classmethod
    def by_both(cls, task: Task, source: Source) -> OnLog:
        """By the two rulebooks of a task; the first decisions that flip are kept in full."""
        comparing = Comparing.begin(task)
        return cls(Log(source), source, lambda _: comparing, task.examples, in_full=True)

    @classmethod
    def by_own(cls, new: Mapping[str, str], source: Source, names: int) -> OnLog:
        """By the rulebook that each names and by another one; of those that flip the first are named."""
        log = Log(source)
        return cls(log, source, _ByOwn(log, loaded_again(new), names), names, in_full=False)

    def close(self) -> None:
        """Closes the database."""
        self._log.close()

    def tally(self, stretch: Stretch) -> Tally:
        """Reads and answers the decisions of a stretch."""
        tally = Tally(self._examples)
        for one in self._log.decisions(stretch):
            try:
                self._decided(tally, one)
            except OrderUnreadable as error:
                tally.unreadable(one.name, str(error), error.why)
        return tally

    def _decided(self, tally: Tally, one: Logged) -> None:
        recorded = there(one)
        comparing = self._comparing(recorded.rulebook_digest)
        if comparing is None:
            raise OrderUnreadable(recorded.rulebook_digest, Why.RULEBOOK_LOST)
        if one.question not in comparing.by_question:
            raise OrderUnreadable(one.question, Why.QUESTION_LACKING)
        order = comparing.reading.decision(recorded)
        site = one.site_id or site_said(order.before)
        if self._sites is None or site in self._sites:
            comparing.decided(tally, one, order, site, recorded if self._in_full else None)


class _ByOwn:
    """Another rulebook beside those under which decisions were recorded."""

    def __init__(self, log: Log, new: Rulebook, names: int) -> None:
        self._log = log
        self._new = Side("new", new, new.files)
        self._names = names
        self._made: Recent[str, Comparing] = Recent(OWN_AT_HAND)

    def __call__(self, digest: str) -> Comparing | None:
        made = self._made.get(digest)
        if made is not None:
            return made
        own = self._log.rulebook(digest)
        return None if own is None else self._made.keep(digest, self._make(own))

    def _make(self, own: Rulebook) -> Comparing:
        new = self._new.rulebook
        comparison = compare(Side("own", own, own.files), self._new)
        both = tuple(name for name in own.questions if name in new.questions)
        task = Task(own.files, new.files, both, comparison.same, comparison.facts_alike, None, self._names)
        return Comparing(task, own, new)


def there(one: Logged) -> RecordedDecision:
    """The decision that an entry tells of. Raises OrderUnreadable where it is lost, or nothing is left of it."""
    if one.decision is None:
        raise OrderUnreadable(one.because, Why.UNREADABLE if one.because else Why.ROW_LOST)
    if not one.decision.body:
        raise OrderUnreadable("", Why.ERASED)
    return one.decision


def site_said(facts: Facts) -> str:
    """The site that a caller named; empty where none was."""
    site = facts.get("site")
    return str(site.get("site_id") or "") if isinstance(site, Mapping) else ""
