"""Where the values of a flat fact are read from: the facts, element by element of the lists gone over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.expression import Bound, Unknown
from engine.expression import tree as t
from engine.expression.evaluate import evaluate_part
from engine.rulebook.standing import Standing
from engine.workbench.durable.values import state

_MISSING: Final = Unknown()


@dataclass(frozen=True, slots=True)
class Slot:
    """A loop variable: the element that a row holds at this depth."""

    depth: int


@dataclass(frozen=True, slots=True, eq=False)
class Argument:
    """A parameter of a definition: what was written for it, and what the names in that mean."""

    node: t.Node
    scope: Scope


Scope = Mapping[str, Slot | Argument]


@dataclass(frozen=True, slots=True)
class Place:
    """A fact: a root or a loop variable, and the fields that lead on from there."""

    root: str | Slot
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Size:
    """How many elements the list at a place has, or characters the text."""

    place: Place


@dataclass(frozen=True, slots=True)
class Computed:
    """What only the expression evaluator can say. The same part of a tree in the same scope is one such."""

    node: t.Node = field(compare=False)
    scope: Scope = field(compare=False)
    same: tuple[object, ...]

    @staticmethod
    def of(node: t.Node, scope: Scope) -> Computed:
        """A part of a tree, with what the names in it mean."""
        return Computed(node, scope, _identity(node, scope))


def _identity(node: t.Node, scope: Scope) -> tuple[object, ...]:
    names = (
        (name, meant if isinstance(meant, Slot) else _identity(meant.node, meant.scope))
        for name, meant in sorted(scope.items())
    )
    return (id(node), *names)


Source = Place | Size | Computed


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """One case while it is judged: its facts, and what was found so far.

    `possible` has the outcomes of the questions answered so far; `found` has, for each group of rules, what
    fired for each row, by the numbers of its elements.
    """

    env: dict[str, object]
    enforced: frozenset[Standing]
    possible: dict[str, tuple[str, ...]]
    found: dict[int, dict[tuple[int, ...], frozenset[str]]]


@dataclass(frozen=True, slots=True)
class Row:
    """One element of each loop, with the path and number of each.

    A row is not `whole` where a list is unknown and the row stands for whatever elements it may have.
    """

    known: Known
    elements: tuple[object, ...] = ()
    paths: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    whole: bool = True

    @property
    def place(self) -> str:
        """The path of the innermost element; empty outside loops."""
        return self.paths[-1] if self.paths else ""

    def value(self, source: Source) -> object:
        """The value, None where it is known to be none, or Unknown."""
        if isinstance(source, Computed):
            return evaluate_part(source.node, self._names(source.scope))
        if isinstance(source, Size):
            whole = self.value(source.place)
            return len(whole) if isinstance(whole, tuple | str) else _MISSING
        value = (
            self.elements[source.root.depth]
            if isinstance(source.root, Slot)
            else self.known.env.get(source.root)
        )
        if value is None and isinstance(source.root, str):
            return _MISSING
        for step in source.fields:
            if not isinstance(value, dict):
                return _MISSING
            value = value.get(step, _MISSING)
        return value

    def given(self, parent: Place, name: str) -> int:
        """1 where the field is given, 2 where it is known to be none, 0 where neither is known."""
        value = self.value(parent)
        if isinstance(value, dict):
            value = value.get(name, _MISSING)
        elif value is not None:
            return 0
        return state(value)

    def path(self, place: Place) -> str:
        """The path of a place as people know it."""
        root = self.paths[place.root.depth] if isinstance(place.root, Slot) else place.root
        return ".".join((root, *place.fields))

    def _names(self, scope: Scope) -> dict[str, object]:
        names = dict(self.known.env)
        for name, meant in scope.items():
            if isinstance(meant, Slot):
                names[name] = Bound(self.elements[meant.depth], self.paths[meant.depth])
            else:
                value = evaluate_part(meant.node, self._names(meant.scope))
                names[name] = Bound(value, None)
        return names
