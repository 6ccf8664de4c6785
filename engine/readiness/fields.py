"""Which facts the questions need of a caller, and in how many orders each was given, missing or mistyped.

An order looks at a fact where it gives it, says that there is none, gives it in a form that is refused, or where a question
stays undetermined for want of it. A fact that nothing asks for in an order is none of that order's fields. Counts of parts
add up, in any order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from engine.facts import Facts, anywhere
from engine.readiness.given import is_given
from engine.rulebook.dictionary import Dictionary, Fact
from engine.rulebook.model import Rulebook
from engine.rulebook.typed import Mistake

_STEP: Final = re.compile(r"[^.\[\]]+|\[[0-9]*\]")
_CALLER: Final = "caller"


class Stage(StrEnum):
    """The step of an order's life at which a fact is due, and its system can call; earliest first."""

    INQUIRY = "INQUIRY"
    ORDER = "ORDER"
    DECLARATION = "DECLARATION"
    HAND_OFF = "HAND_OFF"


@dataclass(frozen=True, slots=True)
class Needed:
    """A fact that some questions read, by its path; lists in it have no places. It is due at `stage`."""

    path: str
    stage: Stage
    questions: tuple[str, ...]


def needed(rulebook: Rulebook, questions: Iterable[str]) -> dict[str, Needed]:
    """What the questions can read of what a caller states, with the facts that it is a part of, by stage and path."""
    readers: dict[str, dict[str, None]] = {}
    for name in questions:
        for read in rulebook.questions[name].reads:
            for path in _up_to_fact(rulebook.facts, read):
                readers.setdefault(path, {})[name] = None
    found = [Needed(path, stage_of(rulebook, path), tuple(names)) for path, names in readers.items()]
    stages = list(Stage)
    return {one.path: one for one in sorted(found, key=lambda one: (stages.index(one.stage), one.path))}


def _up_to_fact(dictionary: Dictionary, path: str) -> Iterator[str]:
    """The path, and the records and lists that it lies in, up to the fact; nothing where no caller states it."""
    fact = fact_of(dictionary, path)
    if fact is None or fact.asserted_by != _CALLER:
        return
    while within(path, fact.name):
        yield path
        path = path.removesuffix("[]") if path.endswith("[]") else path.rpartition(".")[0].removesuffix("[]")


def stage_of(rulebook: Rulebook, path: str) -> Stage:
    """When a fact is due: what scope is asked by at the inquiry, a claim at hand-off, all else by its root."""
    scope = rulebook.questions.get("scope")
    if scope is not None and any(_meet(path, read) for read in scope.reads):
        return Stage.INQUIRY
    if path.startswith("declaration"):
        return Stage.DECLARATION
    return Stage.HAND_OFF if path.startswith("order.claim") else Stage.ORDER


def fact_of(dictionary: Dictionary, path: str) -> Fact | None:
    """The fact that a path is, or is a part of."""
    return next((fact for name, fact in dictionary.facts.items() if within(path, name)), None)


def is_callers(dictionary: Dictionary, path: str) -> bool:
    """Whether a caller states what is at the path."""
    fact = fact_of(dictionary, path)
    return fact is not None and fact.asserted_by == _CALLER


def within(path: str, above: str) -> bool:
    """Whether a path is the other, or leads on from it."""
    return path == above or path.startswith((f"{above}.", f"{above}["))


def _meet(one: str, other: str) -> bool:
    return within(one, other) or within(other, one)


@dataclass(frozen=True, slots=True, order=True)
class Sample:
    """Where a fact was mistyped, why, and how to mend it."""

    place: str
    why: str
    mend: str


@dataclass(slots=True)
class Seen:
    """In how many orders a fact was given, known to be none, missing, mistyped; each order counts once, as the worst of it.

    `missing_in` and `sample` name the first of the orders in which it was missing or mistyped, by their places.
    """

    given: int = 0
    none: int = 0
    missing: int = 0
    mistyped: int = 0
    missing_in: str = ""
    sample: Sample | None = None

    @property
    def orders(self) -> int:
        """The orders that looked at it."""
        return self.given + self.none + self.missing + self.mistyped

    def add(self, other: Seen) -> None:
        """Adds what was seen in other orders."""
        self.given += other.given
        self.none += other.none
        self.missing += other.missing
        self.mistyped += other.mistyped
        self.missing_in = min(filter(None, (self.missing_in, other.missing_in)), default="")
        self.sample = min((one for one in (self.sample, other.sample) if one is not None), default=None)


@dataclass(frozen=True, slots=True)
class Told:
    """What an order gave: its facts without those that were mistyped, the mistakes, and what questions lacked."""

    place: str
    facts: Facts
    mistakes: tuple[Mistake, ...]
    missing: frozenset[str]


@dataclass(slots=True)
class Fields:
    """What was seen of each fact, by path."""

    seen: dict[str, Seen] = field(default_factory=dict)

    def note(self, told: Told, dictionary: Dictionary, paths: Iterable[str]) -> None:
        """Counts one order; `paths` are the facts that are looked for, besides those that it gave wrongly or lacks."""
        mistaken = {anywhere(one.path): one for one in reversed(told.mistakes)}
        missing = {
            path for path in map(anywhere, told.missing) if is_callers(dictionary, path)
        } - mistaken.keys()
        # An amount that is missing in one currency may be given in another.
        missing = {path for path in missing if not is_given(told.facts, path)}
        for path, mistake in mistaken.items():
            self.of(path).add(Seen(mistyped=1, sample=_sample(told.place, mistake, dictionary)))
        for path in missing:
            self.of(path).add(Seen(missing=1, missing_in=told.place))
        for path in paths:
            if path not in mistaken and path not in missing:
                states = frozenset(_states(told.facts, _STEP.findall(path)))
                if states:
                    self.of(path).add(Seen(given=1) if True in states else Seen(none=1))

    def add(self, other: Fields) -> None:
        """Adds what was seen in other orders."""
        for path, seen in other.seen.items():
            self.of(path).add(seen)

    def of(self, path: str) -> Seen:
        """What was seen of a fact; nothing as yet, where it is new."""
        return self.seen.setdefault(path, Seen())


def without(raw: Mapping[str, Any], mistakes: Iterable[Mistake]) -> dict[str, Any]:
    """Facts as they were written, without those that are mistyped. Of a list with a wrong item nothing is left."""
    left: dict[str, Any] = dict(raw)
    for mistake in mistakes:
        steps = [int(step[1:-1]) if step.startswith("[") else step for step in _STEP.findall(mistake.path)]
        while steps and isinstance(steps[-1], int):
            steps.pop()
        if steps:
            left = _dropped(left, steps)
    return left


def _dropped(value: Any, steps: list[str | int]) -> Any:
    step, *rest = steps
    if isinstance(step, int):
        if not isinstance(value, list | tuple) or step >= len(value):
            return value
        return [_dropped(item, rest) if number == step else item for number, item in enumerate(value)]
    if not isinstance(value, Mapping) or step not in value:
        return value
    if not rest:
        return {name: below for name, below in value.items() if name != step}
    return {name: _dropped(below, rest) if name == step else below for name, below in value.items()}


def _states(value: object, steps: list[str]) -> Iterator[bool]:
    """For each place that the steps lead to: whether a value stands there; False where it is known to be none."""
    if not steps:
        yield value is not None
        return
    step, *rest = steps
    if step.startswith("["):
        for item in value if isinstance(value, tuple) else ():
            yield from _states(item, rest)
    elif isinstance(value, Mapping) and step in value:
        yield from _states(value[step], rest)


def _sample(place: str, mistake: Mistake, dictionary: Dictionary) -> Sample:
    fact = fact_of(dictionary, anywhere(mistake.path))
    if fact is not None and fact.personal:
        # What persons are called is nobody's business who reads a report.
        return Sample(place, f"`{mistake.path}` cannot be read [{mistake.code}]", mistake.mend)
    return Sample(place, mistake.message, mistake.mend)
