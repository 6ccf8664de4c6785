"""What is asked for, and what is offered: changes of facts, each set of them verified."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.decision import Decision
from engine.facts import Facts


class Taken(StrEnum):
    """What stands for a value that is none of any type."""

    OUT = "taken out"
    ABSENT = "not given"


Changes = Mapping[str, object]
"""New values by the paths of facts. `Taken.OUT` takes an element out of its list."""


@dataclass(frozen=True, slots=True)
class Change:
    """One fact changed: its path, its value before and after, who states it, what it means, and the change in words.

    `also` are other values that do as well, with everything else of the offer as it is.
    """

    path: str
    before: object
    after: object
    stated_by: str
    meaning: str
    says: str
    also: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A set of changes, the facts with them, and the decision about those.

    `remedies` are the words of the rules that speak against the order now and would not any more.
    """

    changes: tuple[Change, ...]
    facts: Facts
    decision: Decision
    remedies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What was found. `reached` says that the answer is as wanted already; there are no offers then.

    `nearest` is the offer whose answer came nearest, where none is as wanted. `cut` says that the search
    ended at its bound of tries, so that there may be more.
    """

    decision: Decision
    wanted: tuple[str, ...]
    reached: bool
    offers: tuple[Offer, ...]
    nearest: Offer | None
    most_changes: int
    tries: int
    cut: bool
