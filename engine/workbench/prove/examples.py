"""Orders that the solver found: put to `decide`, and made as small as they can be while they still show what they show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from engine.decide import decide
from engine.environment import environment
from engine.expression import evaluate
from engine.facts import Facts, laid_out
from engine.rulebook.dictionary import Dictionary
from engine.rulebook.model import Invariant, Rulebook
from engine.rulebook.standing import Standing
from engine.workbench.prove.days import civil
from engine.workbench.prove.logic import Search, TookTooLong, Truth, both, equal, unlike
from engine.workbench.prove.readable import readable
from engine.workbench.prove.world import World

Shows = Callable[[Facts, date], bool]
"""Whether facts show, by the evaluator that serves, what is looked for."""

_TRIES = 5
_NOT_SHOWN = "what was found does not hold when it is put to `decide`"


@dataclass(frozen=True, slots=True)
class Looked:
    """What is looked for: `shows` says whether facts are an order of that kind, `dictionary` what facts there are.

    `prefer` is the day that the order is for, where it can be.
    """

    dictionary: Dictionary
    shows: Shows
    prefer: date | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """Facts that show it, and the day."""

    facts: Facts
    on: date


@dataclass(frozen=True, slots=True)
class Open:
    """Neither an order was found nor that there is none."""

    why: str


def find(world: World, search: Search, wanted: Truth, looked: Looked) -> Order | Open | None:
    """The smallest order for which something holds; None where it is proved that there is none.

    What the solver finds counts only where the evaluator agrees. What it finds else is set aside, and it tries again a few
    times.
    """
    aside: list[Truth] = []
    try:
        for _ in range(_TRIES):
            model = search.model(wanted, aside)
            if model is None:
                return Open(_NOT_SHOWN) if aside else None
            preferred = None
            if looked.prefer is not None:
                then = equal(world.day.key, civil(looked.prefer).key)
                preferred = search.model(both(wanted, then), aside)
            for found in (preferred, model):
                if found is not None and looked.shows(world.facts(found), world.on(found)):
                    on = world.on(found)
                    return Order(readable(world.facts(found), looked.dictionary, _keeps(looked, on)), on)
            aside.append(unlike(model, world.chosen))
    except TookTooLong:
        return Open("it took too long")
    return Open(_NOT_SHOWN)


def _keeps(looked: Looked, on: date) -> Callable[[Facts], bool]:
    return lambda facts: looked.shows(facts, on)


def broken(
    rulebook: Rulebook, invariant: Invariant, facts: Facts, on: date, enforce: frozenset[Standing]
) -> bool:
    """Whether an invariant does not hold of these facts on this day."""
    inner = [decide(rulebook, name, facts, on, enforce) for name in invariant.questions]
    env = environment(rulebook, laid_out(rulebook.facts, facts), on, enforce, inner)
    return invariant.in_force(on) and evaluate(invariant.never, env) is True
