"""The clauses of a condition that decided: found by walking it again, from the outside in.

Of `&&` that is false, the first clause that is false; of one that is true, every clause; of one that is
unknown, those that are. `||` is its mirror. A macro names the element that decided, and a definition is
opened by its name.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from engine.explanation.looking import Look
from engine.explanation.model import Clause
from engine.explanation.opening import path_of
from engine.explanation.quantities import quantity
from engine.explanation.wording import leaf
from engine.expression import Unknown, to_text
from engine.expression import tree as t

_MOST_OPEN = 5
"""Elements of a list that are named where each is unknown."""


class Tracer:
    """Finds the clauses that decided; `who` is what needs the condition to be true, e.g. "the rule"."""

    def __init__(self, look: Look, who: str) -> None:
        self._look = look
        self._who = who

    def clauses(self, condition: t.Node) -> tuple[Clause, ...]:
        """The clauses that made the condition true, stopped it, or left it unknown."""
        try:
            return tuple(dict.fromkeys(self._decided(condition, True, ())))
        except RecursionError:
            return (leaf(self._look, condition, True, self._who, ()),)

    def _decided(self, node: t.Node, wanted: bool, within: tuple[str, ...]) -> list[Clause]:
        match node:
            case t.Unary(operator="!"):
                return self._decided(node.operand, not wanted, within)
            case t.Use():
                inside = (*within, to_text(node))
                return self._decided(self._look.opened(node), wanted, inside)
            case t.Every() | t.Some():
                return self._row(node, wanted, within)
            case t.Choice():
                return self._choice(node, wanted, within)
            case t.Macro(name="all" | "exists"):
                return self._quantifier(node, wanted, within)
        return [leaf(self._look, node, wanted, self._who, within)]

    def _row(self, node: t.Every | t.Some, wanted: bool, within: tuple[str, ...]) -> list[Clause]:
        value = self._look.value(node)
        items: Iterable[t.Node] = node.items
        if value is isinstance(node, t.Some):
            items = islice((item for item in items if self._look.value(item) is value), 1)
        elif isinstance(value, Unknown):
            items = [item for item in items if isinstance(self._look.value(item), Unknown)]
        found = [(item, self._decided(item, wanted, within)) for item in items]
        return _without_guards(found) or [leaf(self._look, node, wanted, self._who, within)]

    def _choice(self, node: t.Choice, wanted: bool, within: tuple[str, ...]) -> list[Clause]:
        test = self._look.value(node.test)
        if not isinstance(test, bool):
            needs = not (isinstance(node.then, t.Literal) and node.then.value is not wanted)
            return self._decided(node.test, needs, within)
        branch = node.then if test else node.otherwise
        if isinstance(branch, t.Literal):
            return self._decided(node.test, test if branch.value is wanted else not test, within)
        found = self._decided(branch, wanted, within)
        if self._look.value(branch) is wanted:
            return [*self._decided(node.test, test, within), *found]
        return found

    def _quantifier(self, node: t.Macro, wanted: bool, within: tuple[str, ...]) -> list[Clause]:
        look, value = self._look, self._look.value(node)
        if value is (node.name == "exists"):
            chosen = list(islice(look.bodies(node, lambda one: one is value), 1))
        elif isinstance(value, Unknown):
            chosen = list(islice(look.bodies(node, lambda one: isinstance(one, Unknown)), _MOST_OPEN))
        else:
            some = list(islice(look.bodies(node, lambda _: True), 2))
            chosen = some if len(some) == 1 else []
        found = [clause for body in chosen for clause in self._decided(body, wanted, within)]
        return found or [quantity(look, node, wanted, self._who, within)]


def _without_guards(found: list[tuple[t.Node, list[Clause]]]) -> list[Clause]:
    """The clauses without `has(...)` where another one shows the fact itself."""
    kept: list[Clause] = []
    everything = [clause for _, clauses in found for clause in clauses]
    for item, clauses in found:
        path = path_of(item) if isinstance(item, t.Has) else None
        others = [clause for clause in everything if clause not in clauses]
        if path is None or not any(_shows(clause, path) for clause in others):
            kept.extend(clauses)
    return kept


def _shows(clause: Clause, path: str) -> bool:
    names = [one.name for one in clause.compared] + list(clause.missing)
    return any(name == path or name.startswith((f"{path}.", f"{path}[")) for name in names)
