"""Orders answered by two rulebooks in several processes: what each does, and the tally of all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice

from engine.rulebook import Rulebook, load
from engine.workbench.comparison.flips import Flips, Order, Tally
from server.parallel import spread
from server.recorded.reading import OrderUnreadable, Reading
from server.store.records import RecordedDecision

Source = bytes | str | RecordedDecision
Item = tuple[str, Source]


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


def tallies(task: Task, batches: Iterable[Sequence[Item]], processes: int) -> Iterator[Tally]:
    """The tally of each batch in turn. A single batch is not worth starting processes for."""
    coming = iter(batches)
    first = list(islice(coming, 2))
    alone = processes <= 1 or len(first) < 2
    every = chain(first, coming)
    return spread(_work, every, 1 if alone else processes, _begin, (task,))


class Comparing:
    """Two rulebooks and the way to read orders for them."""

    def __init__(self, task: Task, old: Rulebook, new: Rulebook) -> None:
        self.task = task
        self.old = old
        self.new = new
        self.reading = Reading.of(old, new, task.alike, task.on)
        self.flips = Flips(old, new, task.questions, task.same)
        self.by_question = {name: Flips(old, new, (name,), task.same & {name}) for name in task.questions}

    def tally(self, batch: Sequence[Item]) -> Tally:
        """Reads and answers the orders of a batch, or the decisions of the log again."""
        tally = Tally(self.task.examples)
        for label, source in batch:
            try:
                if isinstance(source, RecordedDecision):
                    self._decision(tally, label, source)
                elif isinstance(source, str):
                    raise OrderUnreadable(source)
                else:
                    self._order(tally, label, source)
            except OrderUnreadable as error:
                tally.unreadable(label, str(error))
        return tally

    def order(self, source: object) -> Order:
        """The order of an item that could be read before."""
        if isinstance(source, RecordedDecision):
            return self.reading.decision(source)
        assert isinstance(source, bytes)
        return self.reading.order(source)

    def _order(self, tally: Tally, label: str, source: bytes) -> None:
        order = self.reading.order(source)
        tally.orders += 1
        tally.asked.update(self.task.questions)
        for flip in self.flips.of(order):
            tally.flipped(flip, label, source)

    def _decision(self, tally: Tally, label: str, source: RecordedDecision) -> None:
        asked = self.by_question.get(source.question)
        if asked is None:
            return
        order = self.reading.decision(source)
        tally.orders += 1
        tally.asked[source.question] += 1
        for flip in asked.of(order):
            tally.flipped(flip, label, source)
        if source.rulebook_digest == self.old.digest:
            tally.compared += 1
            given = asked.before(order, source.question)
            if given != source.outcome:
                tally.differs(source.question, source.outcome, given, label)


_comparing: list[Comparing] = []
"""What a process compares; it is set up before its first batch."""


def _begin(task: Task) -> None:
    old, new = load(task.old), load(task.new)
    assert isinstance(old, Rulebook)
    assert isinstance(new, Rulebook)
    _comparing[:] = [Comparing(task, old, new)]


def _work(batch: Sequence[Item]) -> Tally:
    return _comparing[0].tally(batch)
