"""Flips in words and as data: what was asked, from which outcome to which, by which rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.rulebook.model import UNDETERMINED
from engine.workbench.comparison.count_text import (
    differ_line,
    left_line,
    shares_data,
    shares_lines,
    table_lines,
    unread_data,
    unread_lines,
)
from engine.workbench.comparison.counts import Why
from engine.workbench.comparison.flips import Flip, Tally, ranked
from engine.workbench.comparison.text import Piece

_HEAD = ("was", "decided by", "now", "decided by")


@dataclass(frozen=True, slots=True)
class Example:
    """An order that flips: where it stands, its day, why it was answered so before and is now, and its facts as text."""

    flip: Flip
    label: str
    id: str
    on: str
    was_because: str
    now_because: str
    given: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What was answered, and by whom: `orders` answered by `both`. One of them is called `one`, e.g. "orders"."""

    what: str
    by: str = "both"
    one: str = "orders"


def flip_lines(
    tally: Tally,
    outcomes: Mapping[str, Sequence[Sequence[str]]],
    asked: Asked,
    examples: Sequence[Example],
    left_out: Sequence[str] = (),
) -> Iterator[list[Piece]]:
    """The report, line by line. `outcomes` are those of each question in both rulebooks, as far as they are known.

    `left_out` are questions that only one of the rulebooks has, so that nothing can be compared. Where no examples
    are shown the first orders of each way to flip are named.
    """
    unread = tally.unread.counts[Why.UNREADABLE]
    yield [(f"{tally.orders:,} {asked.what} answered by {asked.by}, {unread:,} could not be read.", "head")]
    yield from unread_lines(tally.unread)
    if left_out:
        yield [(f"Not asked, for only one of the two has them: {', '.join(left_out)}.", "")]
    if tally.compared:
        yield differ_line(tally.compared, sum(tally.unlike.values()))
    for (question, recorded, given), count in sorted(tally.unlike.items()):
        where = ", ".join(tally.unlike_first[question, recorded, given])
        yield [(f"  {question}: recorded {recorded}, answered {given}: {count:,}, e.g. {where}", "gone")]
    if not tally.flips:
        yield [("No answer flips.", "")]
    for question in sorted(tally.asked):
        yield from _question(question, tally, outcomes.get(question, ()), asked, examples)


def _question(
    question: str,
    tally: Tally,
    outcomes: Sequence[Sequence[str]],
    asked: Asked,
    examples: Sequence[Example],
) -> Iterator[list[Piece]]:
    flips = tally.of(question)
    count = sum(number for _, number in flips)
    if not count:
        return
    fresh = tally.newly_undetermined(question)
    newly = f", {fresh:,} of them to {UNDETERMINED}" if fresh else ""
    yield []
    yield [(f"{question}: {count:,} of {tally.asked[question]:,} flip{newly}", "head")]
    yield from table_lines(_matrix(tally, question, outcomes))
    yield []
    rows = [(one.was, one.was_by, one.now, one.now_by, f"{number:,}") for one, number in flips]
    yield from table_lines([(*_HEAD, asked.one), *rows])
    yield from shares_lines(tally.sites, question, ("tenant", "site"), asked.one)
    yield from shares_lines(tally.months, question, ("month",), asked.one)
    if not examples:
        yield from _names(tally, flips)
    for example in examples:
        if example.flip.question == question:
            yield from _example(example)


def _names(tally: Tally, flips: Sequence[tuple[Flip, int]]) -> Iterator[list[Piece]]:
    """The first orders of each way to flip, and how many more answers flip so."""
    for flip, count in flips:
        names = [label for label, _ in tally.first.get(flip, ())]
        if names:
            yield []
            yield [(f"  {flip.was}, {flip.was_by} -> {flip.now}, {flip.now_by}: {count:,}", "head")]
            yield from ([(f"    {name}", "")] for name in names)
            yield from left_line(count - len(names))


def _matrix(tally: Tally, question: str, outcomes: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    matrix = tally.matrix(question)
    was = ranked(outcomes, (before for before, _ in matrix))
    now = ranked(outcomes, (after for _, after in matrix))
    rows = [[one, *(f"{matrix.get((one, other), 0):,}" for other in now)] for one in was]
    return [["was \\ now", *now], *rows]


def _example(example: Example) -> Iterator[list[Piece]]:
    flip = example.flip
    named = f" ({example.id})" if example.id and example.id != example.label else ""
    yield []
    yield [(f"  {example.label}{named}, on {example.on}", "head")]
    for sign, tone, outcome, by, because in (
        ("-", "gone", flip.was, flip.was_by, example.was_because),
        ("+", "new", flip.now, flip.now_by, example.now_because),
    ):
        yield [(f"    {sign} {outcome}, {by}: {because}", tone)]
    for line in example.given.splitlines():
        yield [(f"    {line}", "")]


def flip_report(
    tally: Tally, what: str, same: Sequence[str], examples: Sequence[Example], left_out: Sequence[str] = ()
) -> dict[str, object]:
    """The same, ready for JSON."""
    return {
        "of": what,
        "read": tally.orders,
        **unread_data(tally.unread),
        "cannot_flip": sorted(same),
        "not_asked": sorted(left_out),
        "recorded_under_old": tally.compared,
        "unlike_recorded": [
            {"question": question, "recorded": recorded, "answered": given, "count": count,
             "first": tally.unlike_first[question, recorded, given]}
            for (question, recorded, given), count in sorted(tally.unlike.items())
        ],
        "questions": [_question_data(question, tally) for question in sorted(tally.asked)],
        "examples": [_example_data(one) for one in examples],
    }  # fmt: skip


def _question_data(question: str, tally: Tally) -> dict[str, object]:
    return {
        "question": question,
        "asked": tally.asked[question],
        "flips": sum(count for _, count in tally.of(question)),
        "newly_undetermined": tally.newly_undetermined(question),
        "matrix": [{"was": was, "now": now, "count": count}
                   for (was, now), count in sorted(tally.matrix(question).items())],
        "rules": [
            {"was": one.was, "was_by": one.was_by, "now": one.now, "now_by": one.now_by, "count": count,
             "first": [label for label, _ in tally.first.get(one, ())]}
            for one, count in tally.of(question)
        ],
        "sites": shares_data(tally.sites, question, ("tenant", "site")),
        "months": shares_data(tally.months, question, ("month",)),
    }  # fmt: skip


def _example_data(one: Example) -> dict[str, object]:
    flip = one.flip
    return {
        "question": flip.question, "at": one.label, "id": one.id, "on": one.on,
        "was": flip.was, "was_by": flip.was_by, "was_because": one.was_because,
        "now": flip.now, "now_by": flip.now_by, "now_because": one.now_because, "given": one.given,
    }  # fmt: skip


def flip_markdown(tally: Tally, what: str) -> Iterator[str]:
    """The same for a pull request, line by line; without examples, for orders are not for everybody."""
    yield ""
    unread = tally.unread.counts[Why.UNREADABLE]
    yield f"**{tally.orders:,} {what} answered by both, {unread:,} could not be read.**"
    for question in sorted(tally.asked):
        flips = tally.of(question)
        yield ""
        yield f"{question}: {sum(count for _, count in flips):,} of {tally.asked[question]:,} flip."
        if flips:
            yield from ("", "| was | decided by | now | decided by | orders |", "|---|---|---|---|---:|")
        for one, count in flips:
            yield f"| {one.was} | `{one.was_by}` | {one.now} | `{one.now_by}` | {count:,} |"
    for (question, recorded, given), count in sorted(tally.unlike.items()):
        yield ""
        yield f"{question}: recorded {recorded}, answered {given} by the rulebook that it names: {count:,}."
