"""Forms of conditions: equal where two conditions mean the same, whatever their layout and the names they use.

Definitions, lists and tables are put in for their names, loop variables are numbered, what stands on both
sides of `&&`, `||`, `==` in another order is put into one, and `a > b` is `b < a`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine.expression import Expression, render
from engine.expression import tree as t
from engine.rulebook.model import Loop, Rulebook
from engine.rulebook.tables import Table

Form = object
Names = Mapping[str, Form]

_SWAPPED: Final = {">": "<", ">=": "<="}
_EITHER_WAY: Final = frozenset({"==", "!="})
_COMPARING: Final = frozenset({"==", "!=", "<", "<=", ">", ">=", "in"})


@dataclass(frozen=True, slots=True)
class Forms:
    """Makes the forms of a rulebook's conditions."""

    rulebook: Rulebook

    def of(
        self, expression: Expression, each: tuple[Loop, ...] = (), parameters: tuple[str, ...] = ()
    ) -> Form:
        """The form of an expression, inside loops or with parameters."""
        return self._form(expression.root, self._names(each, parameters), len(each))

    def loops(self, each: tuple[Loop, ...]) -> Form:
        """The form of what a rule is taken for: the lists, without the names of the variables."""
        return tuple(
            self._form(loop.path.root, self._names(each[:number], ()), number)
            for number, loop in enumerate(each)
        )

    def table(self, table: Table) -> Form:
        """The rows of a table with their periods and standings, in any order."""
        rows = [
            (
                _value(row.key),
                tuple((column, _value(cell)) for column, cell in sorted(row.cells.items())),
                str(row.start),
                str(row.end),
                str(row.standing),
            )
            for row in table.rows
        ]
        return ("table", tuple(sorted(rows, key=repr)))

    def _names(self, each: tuple[Loop, ...], parameters: tuple[str, ...]) -> dict[str, Form]:
        names: dict[str, Form] = {loop.variable: ("bound", number) for number, loop in enumerate(each)}
        return names | {name: ("parameter", number) for number, name in enumerate(parameters)}

    def _form(self, node: t.Node, names: Names, depth: int) -> Form:
        match node:
            case t.Literal():
                return _value(node.value)
            case t.Name():
                return self._name(node, names)
            case t.Constant():
                return self._constant(node)
            case t.Select() | t.Has():
                kind = "has" if isinstance(node, t.Has) else "select"
                return (kind, self._form(node.operand, names, depth), node.field)
            case t.Unary():
                return ("unary", node.operator, self._form(node.operand, names, depth))
            case t.Binary():
                return self._binary(node, names, depth)
            case t.Every() | t.Some():
                kind = "every" if isinstance(node, t.Every) else "some"
                return (kind, self._flat(node, kind, names, depth))
            case t.Use():
                arguments = [self._form(argument, names, depth) for argument in node.arguments]
                return self._form(node.body, dict(zip(node.parameters, arguments, strict=True)), depth)
            case t.Macro():
                return self._macro(node, names, depth)
            case t.Call():
                target = self._form(node.target, names, depth) if node.target is not None else None
                arguments = [self._form(argument, names, depth) for argument in node.arguments]
                return ("call", node.name, target, tuple(arguments))
        return (type(node).__name__, tuple(self._form(child, names, depth) for child in t.children(node)))

    def _name(self, node: t.Name, names: Names) -> Form:
        if node.name in names and not node.absolute:
            return names[node.name]
        table = self.rulebook.tables.get(node.name)
        return self.table(table) if table is not None else ("name", node.name)

    def _constant(self, node: t.Constant) -> Form:
        table = self.rulebook.tables.get(node.name)
        if table is not None:
            return self.table(table)
        values = node.value if isinstance(node.value, tuple) else (node.value,)
        return ("ListOf", tuple(map(_value, values)))

    def _binary(self, node: t.Binary, names: Names, depth: int) -> Form:
        left, right = self._form(node.left, names, depth), self._form(node.right, names, depth)
        if node.operator not in _COMPARING:
            return ("binary", node.operator, left, right)
        left, right = _amount(left), _amount(right)
        if node.operator == "in":
            return ("in", left, _in_any_order(right))
        if node.operator in _SWAPPED or (node.operator in _EITHER_WAY and repr(right) < repr(left)):
            left, right = right, left
        return ("binary", _SWAPPED.get(node.operator, node.operator), left, right)

    def _flat(self, node: t.Every | t.Some, kind: str, names: Names, depth: int) -> tuple[Form, ...]:
        items: list[Form] = []
        for item in node.items:
            form = self._form(item, names, depth)
            same = isinstance(form, tuple) and form[0] == kind
            items += form[1] if isinstance(form, tuple) and same else (form,)
        return tuple(sorted(items, key=repr))

    def _macro(self, node: t.Macro, names: Names, depth: int) -> Form:
        inside = {**names, node.variable: ("bound", depth)}
        condition = self._form(node.condition, inside, depth + 1) if node.condition is not None else None
        body = self._form(node.body, inside, depth + 1)
        return ("macro", node.name, self._form(node.operand, names, depth), condition, body)


def _value(value: object) -> Form:
    """A value with its kind, its digits as they are written."""
    if isinstance(value, tuple | list):
        return ("ListOf", tuple(map(_value, value)))
    return ("value", type(value).__name__, render(value))


def _amount(form: Form) -> Form:
    """A number that is compared is the same with more zeros at its end, and whatever kind of number the fact is."""
    match form:
        case ("value", "Decimal" | "int", str(text)):
            return ("value", "number", _shortest(text))
        case ("value", "Money", str(text)):
            amount, _, currency = text.partition(" ")
            return ("value", "Money", f"{_shortest(amount)} {currency}")
    return form


def _shortest(number: str) -> str:
    return number.rstrip("0").removesuffix(".") if "." in number else number


def _in_any_order(form: Form) -> Form:
    """Where something is looked for in a list that is written out, the order of the list says nothing."""
    match form:
        case ("ListOf", tuple(items)):
            return ("ListOf", tuple(sorted({repr(_amount(item)) for item in items})))
    return form
