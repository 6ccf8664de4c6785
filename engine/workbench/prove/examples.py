"""Orders that the solver found: put to `decide`, and made as small as they can be while they still show what they show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from engine.decide import decide
from engine.environment import environment
from engine.expression import evaluate
from engine.facts import Facts, laid_out
from engine.rulebook.model import Invariant, Rulebook
from engine.rulebook.standing import Standing
from engine.workbench.prove.days import civil
from engine.workbench.prove.logic import Search, TookTooLong, Truth, both, equal, unlike
from engine.workbench.prove.world import World

Shows = Callable[[Facts, date], bool]
"""Whether facts show, by the evaluator that serves, what is looked for."""

Step = str | int
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Order:
    """Facts that show it, and the day."""

    facts: Facts
    on: date


@dataclass(frozen=True, slots=True)
class Open:
    """Neither an order was found nor that there is none."""

    why: str


def find(
    world: World, search: Search, wanted: Truth, shows: Shows, prefer: date | None = None
) -> Order | Open | None:
    """The smallest order for which something holds; None where it is proved that there is none.

    What the solver finds counts only where the evaluator agrees. What it finds else is set aside, and it tries again a few
    times.
    """
    aside: list[Truth] = []
    try:
        for _ in range(_TRIES):
            model = search.model(wanted, aside)
            if model is None:
                return Open("the orders that were found do not show it") if aside else None
            preferred = None
            if prefer is not None:
                preferred = search.model(both(wanted, equal(world.day.key, civil(prefer).key)), aside)
            for found in (preferred, model):
                if found is not None and shows(world.facts(found), world.on(found)):
                    on = world.on(found)
                    return Order(smallest(world.facts(found), lambda facts: shows(facts, on)), on)  # noqa: B023
            aside.append(unlike(model, world.chosen))
    except TookTooLong:
        return Open("it took too long")
    return Open("the orders that were found do not show it")


def broken(
    rulebook: Rulebook, invariant: Invariant, facts: Facts, on: date, enforce: frozenset[Standing]
) -> bool:
    """Whether an invariant does not hold of these facts on this day."""
    inner = [decide(rulebook, name, facts, on, enforce) for name in invariant.questions]
    env = environment(rulebook, laid_out(rulebook.facts, facts), on, enforce, inner)
    return invariant.in_force(on) and evaluate(invariant.never, env) is True


def smallest(facts: Facts, shows: Callable[[Facts], bool]) -> Facts:
    """The facts without those that are not needed: what is left shows it, and less does not."""
    left = facts
    again = True
    while again:
        again = False
        for path in list(_paths(left, ())):
            fewer = _without(left, path)
            if fewer is not None and shows(fewer):
                left, again = fewer, True
    return left


def _paths(value: object, above: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    """Everything that can be left out, what holds others before what it holds, and the last elements of lists first."""
    if isinstance(value, Mapping):
        for name, below in value.items():
            yield (*above, name)
            yield from _paths(below, (*above, name))
    elif isinstance(value, tuple):
        for number in reversed(range(len(value))):
            yield (*above, number)
            yield from _paths(value[number], (*above, number))


def _without(value: object, path: tuple[Step, ...]) -> dict[str, object] | None:
    """The facts without one; None where it is not there any more."""
    found = _left(value, path)
    return found if isinstance(found, dict) else None


def _left(value: object, path: tuple[Step, ...]) -> object:
    step, rest = path[0], path[1:]
    if isinstance(value, Mapping) and isinstance(step, str) and step in value:
        if not rest:
            return {name: below for name, below in value.items() if name != step}
        below = _left(value[step], rest)
        return None if below is None else {**value, step: below}
    if isinstance(value, tuple) and isinstance(step, int) and step < len(value):
        if not rest:
            return (*value[:step], *value[step + 1 :])
        below = _left(value[step], rest)
        return None if below is None else (*value[:step], below, *value[step + 1 :])
    return None
