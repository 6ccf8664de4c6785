"""What conditions see besides their own variables: facts, the tables of the day, other questions, the day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol

from engine.expression import OneOf
from engine.rulebook.model import DAY, Rulebook
from engine.rulebook.standing import Standing


class Answered(Protocol):
    """The answer to another question, as far as conditions see it."""

    @property
    def outcome(self) -> str:
        """The outcome, UNDETERMINED where several are possible."""

    @property
    def possible(self) -> tuple[str, ...]:
        """The outcomes that are possible."""

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts that would tell which one it is."""


class Asked(Answered, Protocol):
    """An answer that knows which question it is to."""

    @property
    def question(self) -> str:
        """The question's name."""


def as_value(answered: Answered) -> object:
    """What a question stands for in another's condition: its outcome, or the set of those still possible."""
    if len(answered.possible) == 1:
        return answered.outcome
    return OneOf(frozenset(answered.possible), frozenset(answered.missing))


def tables_of(rulebook: Rulebook, on: date, enforce: frozenset[Standing]) -> dict[str, object]:
    """The tables that change with the day or the standings, as they are on this one; fixed ones are compiled in."""
    return {name: table.on(on, enforce).rows for name, table in rulebook.tables.items() if not table.fixed}


def environment(
    rulebook: Rulebook,
    given: Mapping[str, object],
    on: date,
    enforce: frozenset[Standing],
    inner: Iterable[Asked] = (),
) -> dict[str, object]:
    """What the conditions of a question see: facts as `laid_out` lays them, and the answers to `inner` ones."""
    others = {one.question: {"outcome": as_value(one)} for one in inner}
    return {**given, **tables_of(rulebook, on, enforce), **others, DAY: on}
