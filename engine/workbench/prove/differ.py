"""Whether two rulebooks answer a question alike for all facts, or an order for which they differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from engine.decide import decide
from engine.decision import Decision
from engine.facts import Facts
from engine.rulebook.model import Rulebook
from engine.workbench.prove.examples import Looked, Open, Order, find
from engine.workbench.prove.logic import Search, alike, any_of, both, negated
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
    """An order that is answered differently; of complete ones first one that has a definite answer from each."""
    world = World(pair.bounds.elements, partial)
    old, new = (Answers(rulebook, world, pair.bounds.enforce) for rulebook in (pair.old, pair.new))
    try:
        one, other = old.answer(pair.question), new.answer(pair.question)
    except Unsupported as unsupported:
        return Open(f"the rulebooks cannot be compared: {unsupported}")
    names = {**one.possible, **other.possible}
    apart = any_of(
        negated(alike(one.possible.get(name, False), other.possible.get(name, False))) for name in names
    )
    definite = any_of(both(one.only(name), negated(other.only(name))) for name in one.possible)
    settled = any_of(other.only(name) for name in other.possible)
    search = Search(world.always(), pair.bounds.seconds)
    found: Order | Open | None = None
    if not partial:
        found = find(world, search, both(definite, settled), _looked(pair, _definitely))
    if not isinstance(found, Order):
        found = find(world, search, apart, _looked(pair, _unlike))
    left_open = dict.fromkeys((*old.left_open, *new.left_open))
    if isinstance(found, Open) and left_open:
        return Open(f"{found.why}; not understood: {', '.join(left_open)}")
    return found


def _looked(pair: _Pair, shows: Callable[[Decision, Decision], bool]) -> Looked:
    days = [day for day in (latest_day(pair.old), latest_day(pair.new)) if day is not None]
    return Looked(
        pair.new.facts, lambda facts, on: shows(*_answers(pair, facts, on)), prefer=max(days, default=None)
    )


def _answers(pair: _Pair, facts: Facts, on: date) -> tuple[Decision, Decision]:
    old, new = (
        decide(rulebook, pair.question, facts, on, pair.bounds.enforce) for rulebook in (pair.old, pair.new)
    )
    return old, new


def _unlike(old: Decision, new: Decision) -> bool:
    return set(old.possible) != set(new.possible)


def _definitely(old: Decision, new: Decision) -> bool:
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
