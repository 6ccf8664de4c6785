"""Leaf comparisons of conditions, as tests of columns where durable-rules can judge them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final, Literal, TypeGuard

from engine.expression import (
    BOOL,
    DATE,
    DECIMAL,
    INT,
    MONEY,
    Bound,
    ListType,
    Money,
    RecordType,
    Type,
    Unknown,
)
from engine.expression import tree as t
from engine.expression.evaluate import evaluate_part
from engine.expression.types import is_text, strip
from engine.rulebook.model import Question
from engine.workbench.durable import columns as c
from engine.workbench.durable.conditions import Three, either
from engine.workbench.durable.groups import Group
from engine.workbench.durable.rows import Argument, Computed, Place, Scope, Size, Slot, Source
from engine.workbench.durable.values import number, sayable, text

MOST_MEMBERS: Final = 64
"""How long a list may be to be compared with one by one; `in` a longer one is computed first."""

Order = Literal["<", "<=", ">", ">="]
_TURNED: Final[dict[str, str]] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_KINDS: Final[dict[Type, type]] = {BOOL: bool, INT: int, DECIMAL: Decimal, DATE: date, MONEY: Money}
_PAIRED: Final = (BOOL, DATE)


class Judged(Enum):
    """How a clause is judged."""

    NATIVE = "native"
    """By durable-rules, on facts and constants."""
    OPERAND = "operand"
    """By durable-rules, on a value that was computed first."""
    COMPUTED = "computed"
    """Computed first; durable-rules is given whether it is true."""


class Clauses:
    """Turns the leaves of conditions into tests of a group's columns, and counts how each is judged."""

    def __init__(self, group: Group, questions: Mapping[str, Question], counts: Counter[Judged]) -> None:
        self.group = group
        self.questions = questions
        self.counts = counts

    def truth(self, node: t.Node, scope: Scope) -> Three:
        """A condition that is a fact, or else one that is computed first."""
        place = self.place(node, scope)
        self.counts[Judged.COMPUTED if place is None else Judged.NATIVE] += 1
        return self._known(place if place is not None else Computed.of(node, scope))

    def given(self, node: t.Has, scope: Scope) -> Three:
        """`has(...)`."""
        parent = self.place(node.operand, scope)
        if parent is None or not isinstance(strip(node.operand.type), RecordType):
            return self.truth(node, scope)
        self.counts[Judged.NATIVE] += 1
        return c.is_given(self.group.column(c.Presence(parent, node.field)))

    def comparison(self, node: t.Binary, scope: Scope) -> Three:
        """An operator between two values."""
        made = self._in(node, scope) if node.operator == "in" else self._compared(node, scope)
        return made if made is not None else self.truth(node, scope)

    def place(self, node: t.Node, scope: Scope) -> Place | None:
        """The fact that a part of the tree is, if it is one."""
        match node:
            case t.Name() if node.name in scope:
                meant = scope[node.name]
                return Place(meant) if isinstance(meant, Slot) else self.place(meant.node, meant.scope)
            case t.Name() if node.name not in self.questions and (
                isinstance(node.type, RecordType) or node.type == DATE
            ):
                return Place(node.name)
            case t.Select() if isinstance(strip(node.operand.type), RecordType):
                above = self.place(node.operand, scope)
                return Place(above.root, (*above.fields, node.field)) if above is not None else None
            case t.Use():
                return self.place(node.body, inside(node, scope))
        return None

    def _known(self, source: Source) -> Three:
        return c.true_or_false(self.group.column(c.Truth(source)))

    def _compared(self, node: t.Binary, scope: Scope) -> Three | None:
        left, right, operator = node.left, node.right, node.operator
        if operator not in _TURNED:
            return None
        if is_constant(left, scope):
            left, right, operator = right, left, _TURNED[operator]
        if (asked := self._asked(left)) is not None and operator in ("==", "!="):
            made = self._one_of(asked, right, scope)
        elif is_constant(right, scope):
            made = self._with_constant(left, scope, operator, _constant(right, scope))
        else:
            made = self._pair(left, right, scope, operator)
        return made.denied if made is not None and operator == "!=" else made

    def _asked(self, node: t.Node) -> Question | None:
        """The question whose outcome a part of the tree is."""
        if isinstance(node, t.Select) and isinstance(node.operand, t.Name) and node.field == "outcome":
            return self.questions.get(node.operand.name)
        return None

    def _one_of(self, asked: Question, wanted: t.Node, scope: Scope) -> Three | None:
        if not is_constant(wanted, scope):
            return None
        value = _constant(wanted, scope)
        members = value if isinstance(value, tuple) else (value,)
        names = {one: self.group.column(c.Outcome(asked.name, one)) for one in asked.outcomes}
        self.counts[Judged.NATIVE] += 1
        return c.one_of(names, frozenset(one for one in members if isinstance(one, str)))

    def _operand(self, node: t.Node, scope: Scope) -> Source:
        """Where an operand's value comes from: a fact, a list's size, or a computation."""
        if (place := self.place(node, scope)) is not None:
            return place
        if isinstance(node, t.Call) and node.name == "size":
            operand = node.target or node.arguments[0]
            above = self.place(operand, scope)
            if above is not None and isinstance(strip(operand.type), ListType):
                return Size(above)
        return Computed.of(node, scope)

    def _note(self, *operands: Source) -> None:
        computed = any(isinstance(operand, Computed) for operand in operands)
        self.counts[Judged.OPERAND if computed else Judged.NATIVE] += 1

    def _with_constant(self, node: t.Node, scope: Scope, operator: str, value: object) -> Three | None:
        """`!=` is given as `==`: the caller takes the opposite."""
        if not _fits(node.type, value) or (isinstance(value, str) and _is_order(operator)):
            return None
        source = self._operand(node, scope)
        self._note(source)
        return self._test(source, operator, value)

    def _test(self, source: Source, operator: str, value: object) -> Three:
        if isinstance(value, str):
            return c.same(self.group.column(c.Text(source)), text(value))
        if isinstance(value, Money):
            name = self.group.column(c.Amount(source))
            if _is_order(operator):
                return c.ordered_amount(name, text(value.currency), operator, number(value))
            return c.same_amount(name, text(value.currency), number(value))
        name = self.group.column(c.Number(source))
        return (
            c.ordered(name, operator, number(value)) if _is_order(operator) else c.same(name, number(value))
        )

    def _pair(self, left: t.Node, right: t.Node, scope: Scope, operator: str) -> Three | None:
        one, other = strip(left.type), strip(right.type)
        textual = is_text(one) and is_text(other) and not _is_order(operator)
        if not textual and not (one == other and one in _PAIRED):
            return None
        if self._asked(left) is not None or self._asked(right) is not None:
            return None
        sources = (self._operand(left, scope), self._operand(right, scope))
        self._note(*sources)
        kind = c.Text if textual else c.Number
        names = [self.group.column(kind(source)) for source in sources]
        if _is_order(operator):
            return c.ordered_values(names[0], operator, names[1])
        return c.same_values(names[0], names[1])

    def _in(self, node: t.Binary, scope: Scope) -> Three | None:
        if not is_constant(node.right, scope):
            return None
        members = _constant(node.right, scope)
        if not isinstance(members, tuple) or not 0 < len(members) <= MOST_MEMBERS:
            return None
        if (asked := self._asked(node.left)) is not None:
            return self._one_of(asked, node.right, scope)
        if is_constant(node.left, scope) or not all(_fits(node.left.type, member) for member in members):
            return None
        source = self._operand(node.left, scope)
        self._note(source)
        return either(*(self._test(source, "==", member) for member in members))


def inside(node: t.Use, scope: Scope) -> Scope:
    """What names mean in a definition's body: its parameters only."""
    given = zip(node.parameters, node.arguments, strict=True)
    return {name: _argument(argument, scope) for name, argument in given}


def _argument(node: t.Node, scope: Scope) -> Slot | Argument:
    """A name passed on means what it meant."""
    meant = scope.get(node.name) if isinstance(node, t.Name) else None
    return meant if meant is not None else Argument(node, scope)


def is_constant(node: t.Node, scope: Scope) -> bool:
    """Whether a part of the tree has the same value whatever the facts are."""
    for part in t.walk(node):
        if isinstance(part, t.Macro | t.Use | t.Refused):
            return False
        if isinstance(part, t.Name):
            meant = scope.get(part.name)
            if not isinstance(meant, Argument) or not is_constant(meant.node, meant.scope):
                return False
    return not isinstance(_constant(node, scope), Unknown)


def _constant(node: t.Node, scope: Scope) -> object:
    arguments = ((name, meant) for name, meant in scope.items() if isinstance(meant, Argument))
    names = {
        name: Bound(_constant(meant.node, meant.scope), None)
        for name, meant in arguments
        if is_constant(meant.node, meant.scope)
    }
    return evaluate_part(node, names)


def _fits(type_: Type, value: object) -> bool:
    """Whether a constant is of a fact's type and can be said in a column."""
    kind = _KINDS.get(strip(type_), str if is_text(strip(type_)) else None)
    return type(value) is kind and sayable(value)


def _is_order(operator: str) -> TypeGuard[Order]:
    return operator in ("<", "<=", ">", ">=")
