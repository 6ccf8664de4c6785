"""Recorded orders and decisions, answered by both rulebooks of `origingate rules diff`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from server.cli.connection import fail
from server.cli.counting import counted

if TYPE_CHECKING:
    from engine.decision import Decision
    from engine.workbench.comparison.compare import Side
    from engine.workbench.comparison.flip_text import Example
    from engine.workbench.comparison.flips import Flip, Tally
    from engine.workbench.comparison.model import Comparison
    from server.recorded.work import Comparing, Task


@dataclass(frozen=True, slots=True)
class Replay:
    """Orders that were answered by both rulebooks: what they are called, their tally, and some that flip.

    `left_out` are the questions that only one of the rulebooks has.
    """

    what: str
    tally: "Tally"
    examples: "Sequence[Example]"
    left_out: Sequence[str]

    @property
    def found(self) -> bool:
        """Whether there is anything to find out about."""
        return bool(self.tally.flips or self.tally.unlike)


def task_of(
    before: "Side",
    after: "Side",
    comparison: "Comparison",
    question: list[str] | None,
    on: date | None,
    examples: int,
) -> "Task":
    """What to ask of every order. Ends the command where a question is in none or one of the rulebooks only."""
    from server.recorded.work import Task

    both = in_both(before, after, comparison, question)
    if not both:
        raise fail("The two rulebooks have no question in common that orders could be asked.", code=2)
    asked = tuple(dict.fromkeys(question)) if question else tuple(both)
    return Task(
        dict(before.files), dict(after.files), asked, comparison.same, comparison.facts_alike, on, examples
    )


def in_both(before: "Side", after: "Side", comparison: "Comparison", question: list[str] | None) -> list[str]:
    """The questions that both rulebooks have. Ends the command where one that is asked for is not among them."""
    from engine.expression.faults import listed

    both = [name for name in comparison.questions if name in before.rulebook.questions]
    both = [name for name in both if name in after.rulebook.questions]
    for name in question or ():
        if name not in both:
            raise fail(
                f"There is no question `{name}` in both rulebooks. In both are {listed(both, 20)}.", code=2
            )
    return both


def replayed(
    task: "Task", before: "Side", after: "Side", orders: Path | None, log: str | None, processes: int | None
) -> Replay:
    """The tally of all recorded orders or decisions. Ends the command where none can be read."""
    from server.key_files import KeyUnusable
    from server.parallel import all_cores
    from server.recorded.orders import OrdersUnreadable
    from server.recorded.work import Comparing
    from server.store.errors import StoreError

    try:
        many = processes or all_cores()
        tally = _of_log(task, log, many) if log is not None else _of_orders(task, orders, many)
    except (OrdersUnreadable, KeyUnusable) as error:
        raise fail(str(error), code=2) from error
    except StoreError as error:
        raise fail(f"{error}.", code=2) from error
    unread = tally.unread.first
    if not tally.orders and (unread or orders is not None):
        lines = [f"  {label}: {because}" for some in unread.values() for label, because in some]
        raise fail("\n".join(["Not one order could be read.", *lines]), code=2)
    comparing = Comparing(task, before.rulebook, after.rulebook)
    shown = [
        _example(comparing, flip, label, source)
        for name in task.questions
        for flip, _ in tally.of(name)
        for label, source in tally.first[flip]
    ]
    apart = sorted(before.rulebook.questions.keys() ^ after.rulebook.questions.keys())
    return Replay("recorded decisions" if log is not None else "orders", tally, shown, apart)


def _of_log(task: "Task", address: str, processes: int) -> "Tally":
    from server.recorded.log import Source, log_size, stretches
    from server.recorded.spreading import tallies
    from server.recorded.work import OnLog
    from server.store.logged import Choice

    source = Source(address, Choice(questions=frozenset(task.questions)))
    parts = stretches(log_size(source))
    return _counted(task, tallies(partial(OnLog.by_both, task, source), parts, processes), len(parts))


def _of_orders(task: "Task", path: Path | None, processes: int) -> "Tally":
    from server.recorded.orders import Orders
    from server.recorded.spreading import tallies
    from server.recorded.work import Comparing

    assert path is not None
    read = Orders(path)
    return _counted(task, tallies(partial(Comparing.begin, task), read.batches(), processes), read.about())


def _counted(task: "Task", parts: "Iterator[Tally]", about: int | None) -> "Tally":
    from engine.workbench.comparison.flips import Tally

    return counted(parts, Tally(task.examples), "answering", about, so_far)


def so_far(tally: "Tally") -> str:
    """What is known of a tally that was broken off."""
    return f"{tally.orders:,} orders, {sum(tally.flips.values()):,} flips among them"


def _example(comparing: "Comparing", flip: "Flip", label: str, source: object) -> "Example":
    """An order that flips, in full, with what each rulebook says of it."""
    from engine.decide import decide
    from engine.workbench.comparison.flip_text import Example
    from engine.workbench.given_text import given_text

    order = comparing.order(source)
    was = decide(comparing.old, flip.question, order.before, order.on, order.enforce)
    now = decide(comparing.new, flip.question, order.after, order.on, order.enforce)
    text = given_text(order.after)
    said = _because(was, flip.was_by), _because(now, flip.now_by)
    return Example(flip, label, order.id, order.on.isoformat(), *said, text)


def _because(decision: "Decision", by: str) -> str:
    """Why, in the words of what decided; what is missing where nothing did."""
    said = next((one.because for one in decision.findings if one.rule == by), decision.because)
    return said or f"missing: {', '.join(decision.missing)}"
