"""Conditions as three-valued formulas over columns; lists inside conditions are gone over in groups below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from engine.expression import Expression, ListType
from engine.expression import tree as t
from engine.expression.types import Type, is_text, strip
from engine.rulebook.model import Loop, Question
from engine.workbench.durable import columns as c
from engine.workbench.durable.clauses import Clauses, Judged, inside, is_constant
from engine.workbench.durable.conditions import (
    FALSE,
    TRUE,
    Test,
    Three,
    TooLargeError,
    both,
    choice,
    either,
    every,
    some,
)
from engine.workbench.durable.groups import Group, Turn
from engine.workbench.durable.rows import Argument, Computed, Place, Scope, Slot
from engine.workbench.durable.values import UNKNOWN

_ELEMENT: Final = "an element"
_Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a condition stands: its group, what its names mean, and what tells the group from others."""

    group: Group
    scope: Scope
    key: _Key


class Meaning:
    """Makes the groups of one question as its conditions need them."""

    def __init__(self, questions: Mapping[str, Question]) -> None:
        self.questions = questions
        self.groups: dict[_Key, Group] = {}
        self.counts: Counter[Judged] = Counter()
        self.formulas = 0

    def setting(self, loops: tuple[Loop, ...]) -> Setting:
        """Where a rule's condition stands; rules over the same lists stand together."""
        setting = Setting(self._group((), ()), {}, ())
        for loop in loops:
            place = self._clauses(setting).place(loop.path.root, setting.scope)
            source = place if place is not None else Computed.of(loop.path.root, setting.scope)
            setting = self._below(setting, Turn(source, True), loop.variable)
        return setting

    def of(self, expression: Expression, setting: Setting) -> Three:
        """The condition as a formula. One that is too large is computed first, as a whole.

        A name with a dot before it passes over loop variables, which only the evaluator knows how to do.
        """
        before = Counter(self.counts)
        if not any(isinstance(node, t.Name) and node.absolute for node in t.walk(expression.root)):
            try:
                return self._meant(expression.root, setting)
            except (TooLargeError, RecursionError):
                self.counts = before
        return self.whole(expression, setting)

    def whole(self, expression: Expression, setting: Setting) -> Three:
        """The condition as one column that is computed first."""
        return self._clauses(setting).truth(expression.root, setting.scope)

    def _clauses(self, setting: Setting) -> Clauses:
        return Clauses(setting.group, self.questions, self.counts)

    def _group(self, key: _Key, turns: tuple[Turn, ...]) -> Group:
        if key not in self.groups:
            self.groups[key] = Group(len(self.groups), turns)
        return self.groups[key]

    def _below(self, setting: Setting, turn: Turn, variable: str) -> Setting:
        key = (*setting.key, turn)
        group = self._group(key, (*setting.group.turns, turn))
        return Setting(group, {**setting.scope, variable: Slot(len(setting.group.turns))}, key)

    def _meant(self, node: t.Node, at: Setting) -> Three:
        match node:
            case t.Literal(value=bool() as value):
                return Three(TRUE, TRUE) if value else Three(FALSE, FALSE)
            case t.Every():
                return both(*(self._meant(item, at) for item in node.items))
            case t.Some():
                return either(*(self._meant(item, at) for item in node.items))
            case t.Unary(operator="!"):
                return self._meant(node.operand, at).denied
            case t.Choice():
                parts = (node.test, node.then, node.otherwise)
                return choice(*(self._meant(part, at) for part in parts))
            case t.Use():
                return self._meant(node.body, replace(at, scope=inside(node, at.scope)))
            case t.Name() if isinstance(meant := at.scope.get(node.name), Argument):
                return self._meant(meant.node, replace(at, scope=meant.scope))
            case t.Has():
                return self._clauses(at).given(node, at.scope)
            case t.Binary(operator="in") if (place := self._list(node.right, at)) is not None:
                return self._member(node, place, at)
            case t.Binary():
                return self._clauses(at).comparison(node, at.scope)
            case t.Macro(name="all" | "exists") if (place := self._list(node.operand, at)) is not None:
                return self._gathered(node, place, at)
        return self._clauses(at).truth(node, at.scope)

    def _list(self, node: t.Node, at: Setting) -> Place | None:
        """The list of facts that a part of the tree is, if it is one."""
        place = self._clauses(at).place(node, at.scope)
        return place if isinstance(strip(node.type), ListType) else None

    def _gathered(self, node: t.Macro, place: Place, at: Setting) -> Three:
        macro: c.MacroName = "all" if node.name == "all" else "exists"
        below = self._below(at, Turn(place, False), node.variable)
        formula = self._meant(node.body, below)
        return self._over(macro, place, formula, below, at)

    def _over(self, macro: c.MacroName, place: Place, formula: Three, below: Setting, at: Setting) -> Three:
        name = f"f{self.formulas}"
        self.formulas += 1
        below.group.add(name, formula)
        return c.true_or_false(at.group.column(c.Gathered(macro, place, below.group.number, name)))

    def _member(self, node: t.Binary, place: Place, at: Setting) -> Three:
        """`value in list`: an element is equal to it. A value that is unknown is not looked for at all."""
        element = t.Name(_ELEMENT, start=node.start, end=node.end, type=_element(node.right.type))
        looked_for = self._clauses(at).place(node.left, at.scope)
        if not is_constant(node.left, at.scope) and (
            looked_for is None or not is_text(strip(node.left.type))
        ):
            return self._clauses(at).truth(node, at.scope)
        below = self._below(at, Turn(place, False), _ELEMENT)
        equal = t.Binary("==", element, node.left, start=node.start, end=node.end)
        found = self._over("exists", place, self._meant(equal, below), below, at)
        if looked_for is None:
            return found
        beside = c.beside(at.group.column(c.Text(looked_for)))
        known, unknown = Test(beside, "!=", UNKNOWN), Test(beside, "==", UNKNOWN)
        return Three(every(known, found.true), some(unknown, found.possible))


def _element(type_: Type) -> Type:
    inner = strip(type_)
    return inner.element if isinstance(inner, ListType) else inner
