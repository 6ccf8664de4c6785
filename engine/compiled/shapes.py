"""The rules of a question as they are compiled, and what compiled rules give."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol

from engine.compiled import known
from engine.compiled.fast import LARGEST
from engine.compiled.runtime import Bounds, Extra
from engine.compiled.source import Source, UncompilableError
from engine.compiled.values import Place
from engine.expression import Bound, Expression
from engine.expression import tree as t
from engine.expression.types import OptionalType, strip
from engine.firing import Counted

Env = Mapping[str, object]
Rules = Sequence[tuple[int, Counted]]
"""Rules with their numbers; the strongest outcome has the lowest numbers."""

Entry = tuple[int, int, str, Bounds]
"""A rule's number, a Kleene integer that is not false, its place, and the elements that it stands at."""

Mask = Callable[[Env], int]
Doubtful = Callable[[Env, list[Entry], Extra], bool]
"""Adds an entry for each rule that is not false; gives False where the gate is false, and no rule counts."""

GATE: Final = -1
"""The number that an entry for a gate has."""


class Keyed(Protocol):
    """Rules that begin with an equality on one fact, found by its value."""

    @property
    def path(self) -> t.Node:
        """The fact."""

    def known(self) -> Mapping[object, object]:
        """What to ask for each value: objects with `mask` and `doubt`."""

    def unknown(self, env: Env, out: list[Entry], extra: Extra) -> None:
        """Asks all the rules."""


def hold_small(when: Expression) -> None:
    """Raises for a condition that is left to the tree walk for its size, or for what it may cost."""
    if t.measure(when.root)[1] > LARGEST:
        raise UncompilableError("a very large condition")
    if sum(isinstance(node, t.Macro) for node in t.walk(when.root)) > known.MANY:
        raise UncompilableError("many loops")


def at_element(source: Source, bounds: Sequence[tuple[str, str, Place]]) -> str:
    """The place of the innermost element, and what the loop variables stand for."""
    places = [f"{source.bind(place.pattern)} % ({', '.join(place.numbers)},)" for _, _, place in bounds]
    bound = source.bind(Bound)
    pairs = [
        f"({source.bind(variable)}, {bound}({element}, {place}))"
        for (variable, element, _), place in zip(bounds, places, strict=True)
    ]
    return f"{places[-1]}, ({', '.join(pairs)},)"


def list_may_be_none(path: Expression) -> bool:
    """Whether the list of a rule with `each` can be known to be none, and then has no elements."""
    node = path.root
    if isinstance(path.type, OptionalType):
        return True
    kind = strip(node.operand.type) if isinstance(node, t.Select) else None
    fields = getattr(kind, "fields", {})
    return isinstance(node, t.Select) and isinstance(fields.get(node.field), OptionalType)
