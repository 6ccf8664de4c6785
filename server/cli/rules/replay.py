"""Recorded orders and decisions, answered by both rulebooks of `origingate rules diff`."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from server.cli.connection import fail
from server.cli.screen import watched

if TYPE_CHECKING:
    from engine.decision import Decision
    from engine.workbench.comparison.compare import Side
    from engine.workbench.comparison.flip_text import Example
    from engine.workbench.comparison.flips import Flip, Tally
    from engine.workbench.comparison.model import Comparison
    from server.recorded.work import Comparing, Item, Task

INTERRUPTED: Final = 130


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
    from engine.workbench.comparison.model import How, Kind
    from server.recorded.work import Task

    both = in_both(before, after, comparison, question)
    if not both:
        raise fail("The two rulebooks have no question in common that orders could be asked.", code=2)
    kinds = (Kind.FACT, Kind.RECORD, Kind.ENUM)
    alike = all(one.how is How.REWORDED for one in comparison.changes if one.key.kind in kinds)
    asked = tuple(dict.fromkeys(question)) if question else tuple(both)
    return Task(dict(before.files), dict(after.files), asked, comparison.same, alike, on, examples)


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
    from server.cli.database import master_keys_at
    from server.recorded.log import Log, address_of
    from server.recorded.orders import Orders, OrdersUnreadable
    from server.recorded.work import Comparing
    from server.store.errors import StoreError

    try:
        if log is not None:
            with closing(Log(log, master_keys_at(address_of(log)))) as held:
                tally = _tally(task, held.batches(task.questions), held.about(), processes)
        else:
            assert orders is not None
            read = Orders(orders)
            tally = _tally(task, read.batches(), read.about(), processes)
    except (OrdersUnreadable, StoreError) as error:
        raise fail(str(error), code=2) from error
    if not tally.orders and (tally.unread or orders is not None):
        lines = [f"  {label}: {why}" for label, why in tally.unread_first]
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


def _tally(
    task: "Task", batches: "Iterable[Sequence[Item]]", about: int | None, processes: int | None
) -> "Tally":
    from concurrent.futures.process import BrokenProcessPool

    from engine.workbench.comparison.flips import Tally
    from server.parallel import all_cores
    from server.recorded.work import tallies

    whole = Tally(task.examples)
    try:
        for part in watched(tallies(task, batches, processes or all_cores()), "answering", about):
            whole.add(part)
    except KeyboardInterrupt as error:
        said = f"Interrupted after {whole.orders:,} orders, {sum(whole.flips.values()):,} flips among them."
        raise fail(said, code=INTERRUPTED) from error
    except BrokenProcessPool as error:
        said = f"A process ended by itself after {whole.orders:,} orders; it may have had too little memory."
        raise fail(f"{said} Try fewer with --processes.", code=2) from error
    return whole


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
