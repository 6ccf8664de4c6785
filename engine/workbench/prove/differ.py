"""Whether two rulebooks answer a question alike for all facts, or an order for which they differ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.decide import decide
from engine.decision import Decision
from engine.facts import Facts
from engine.rulebook.model import Rulebook
from engine.workbench.prove.examples import Looked, Open, Order, find
from engine.workbench.prove.logic import Search, Truth, alike, any_of, negated
from engine.workbench.prove.prove import Bounds, latest_day
from engine.workbench.prove.questions import Answers
from engine.workbench.prove.report import Example, Found, Kind, Report, Unsettled
from engine.workbench.prove.values import Unsupported
from engine.workbench.prove.world import World


@dataclass(frozen=True, slots=True)
class _Pair:
    """One question in two rulebooks."""

    old: Rulebook
    new: Rulebook
    question: str
    bounds: Bounds


def differs(old: Rulebook, new: Rulebook, question: str, bounds: Bounds) -> Report:
    """Proves that both answer the question alike, on every day, or finds an order for which they do not.

    Answers are alike where the same outcomes are possible; where one is, it is the outcome. Complete orders are searched
    first; then those from which facts are missing too, for two rules that say the same of complete orders can leave
    different things open. Both rulebooks have to have the question.
    """
    pair = _Pair(old, new, question, bounds)
    unsettled: list[Unsettled] = []
    for partial in (False, True):
        match _order(pair, partial):
            case Open(why):
                what = "orders with facts missing" if partial else "complete orders"
                unsettled.append(Unsettled(f"question `{question}`, {what}", why))
            case Order(facts, on):
                return Report(question, found=(_found(pair, facts, on),), unsettled=tuple(unsettled))
    return Report(question, proved=() if unsettled else (question,), unsettled=tuple(unsettled))


def _order(pair: _Pair, partial: bool) -> Order | Open | None:
    world = World(pair.bounds.elements, partial)
    old, new = (Answers(rulebook, world, pair.bounds.enforce) for rulebook in (pair.old, pair.new))
    try:
        one, other = old.answer(pair.question).possible, new.answer(pair.question).possible
    except Unsupported as unsupported:
        return Open(f"the rulebooks cannot be compared: {unsupported}")
    apart = any_of(_apart(one.get(name, False), other.get(name, False)) for name in {**one, **other})
    search = Search(world.always(), pair.bounds.seconds)
    days = [day for day in (latest_day(pair.old), latest_day(pair.new)) if day is not None]
    looked_for = Looked(
        pair.new.facts,
        lambda facts, on: _unlike(pair, facts, on),
        lambda facts, on: _determined(pair, facts, on),
        max(days, default=None),
    )
    found = find(world, search, apart, looked_for)
    left_open = dict.fromkeys((*old.left_open, *new.left_open))
    if isinstance(found, Open) and left_open:
        return Open(f"{found.why}; not understood: {', '.join(left_open)}")
    return found


def _apart(one: Truth, other: Truth) -> Truth:
    return negated(alike(one, other))


def _answers(pair: _Pair, facts: Facts, on: date) -> tuple[Decision, Decision]:
    old, new = (
        decide(rulebook, pair.question, facts, on, pair.bounds.enforce) for rulebook in (pair.old, pair.new)
    )
    return old, new


def _unlike(pair: _Pair, facts: Facts, on: date) -> bool:
    old, new = _answers(pair, facts, on)
    return set(old.possible) != set(new.possible)


def _determined(pair: _Pair, facts: Facts, on: date) -> bool:
    """Whether each has one answer, and they are two: that shows more than an open one beside another."""
    old, new = _answers(pair, facts, on)
    return len(old.possible) == len(new.possible) == 1 and old.outcome != new.outcome


def _found(pair: _Pair, facts: Facts, on: date) -> Found:
    old, new = _answers(pair, facts, on)
    shows = f"old: {_said(old)}; new: {_said(new)}"
    message = "the rulebooks answer this order differently"
    return Found(Kind.DIFFERS, pair.question, (), message, Example(facts, on, shows))


def _said(decision: Decision) -> str:
    if len(decision.possible) == 1:
        return decision.outcome
    return f"{decision.outcome} ({', '.join(decision.possible)})"
