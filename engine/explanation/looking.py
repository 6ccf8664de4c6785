"""The facts as a condition sees them: values of its parts, definitions opened, elements by their paths."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from engine.explanation.opening import named, path_of, put_in
from engine.expression import DYN, Bound, ListType, Map, MapType, OneOf, Type, Unknown, evaluate_part, render
from engine.expression import tree as t
from engine.expression.kleene import as_unknown, settle
from engine.expression.run import with_paths
from engine.expression.types import strip

_SMALL = 30
"""Nodes of an argument that is written out in place of its parameter; a larger one keeps a name."""


class Look:
    """What the parts of one condition are. Paths and names met on the way are put beside the facts."""

    def __init__(self, env: Mapping[str, object]) -> None:
        self.env = dict(env)
        self._values: dict[int, tuple[t.Node, object]] = {}

    def value(self, node: t.Node) -> object:
        """The value of a part, or Unknown. Every part is evaluated once: over long lists it takes its time."""
        known = self._values.get(id(node))
        if known is None:
            known = self._values[id(node)] = (node, self._value(node))
        return known[1]

    def _value(self, node: t.Node) -> object:
        if isinstance(node, t.Every | t.Some):
            return settle(map(self.value, node.items), isinstance(node, t.Some))
        if isinstance(node, t.Unary) and node.operator == "!":
            value = self.value(node.operand)
            return not value if isinstance(value, bool) else as_unknown(value)
        return evaluate_part(node, self.env)

    def seen(self, node: t.Node) -> object:
        """The same; but what another question may still answer is seen as the set of it."""
        value = self.value(node)
        if isinstance(value, Unknown) and isinstance(node, t.Select) and isinstance(node.operand, t.Name):
            held = self.env.get(node.operand.name)
            possible = held.get(node.field) if isinstance(held, dict) else None
            return possible if isinstance(possible, OneOf) else value
        return value

    def variables_named(self, node: t.Node, places: Mapping[str, str]) -> t.Node:
        """The condition of a rule with the paths of its loop variables in their place."""
        names: dict[str, t.Node] = {}
        for variable, path in places.items():
            self.env[path] = self.env[variable]
            names[variable] = named(path, node, DYN)
        return put_in(node, names)

    def opened(self, use: t.Use) -> t.Node:
        """The body of a definition with its arguments in place of its parameters."""
        names: dict[str, t.Node] = {}
        for parameter, argument in zip(use.parameters, use.arguments, strict=True):
            names[parameter] = argument
            if len(list(islice(t.walk(argument), _SMALL + 1))) > _SMALL:
                name = f"{parameter} of {use.name}"
                self.env[name] = Bound(self.value(argument), None)
                names[parameter] = named(name, argument, argument.type)
        return put_in(use.body, names)

    def bodies(self, macro: t.Macro, wanted: Callable[[object], bool]) -> Iterator[t.Node]:
        """The body of a macro for each element for which its value is wanted."""
        value, type_ = self.value(macro.operand), strip(macro.operand.type)
        element = DYN
        if isinstance(type_, MapType | ListType):
            element = type_.key if isinstance(type_, MapType) else strip(type_.element)
        if isinstance(value, Map):
            items: list[tuple[object, str | None]] = [(key, None) for key in value]
        else:
            items = with_paths(value, path_of(macro.operand)) if isinstance(value, tuple) else []
        body, variable = macro.body, macro.variable
        if variable in self.env:
            # It would hide a fact from the definitions in the body: it goes by a name that no fact can have.
            variable = f"{variable} of {macro.name}"
            body = put_in(body, {macro.variable: named(variable, macro, element)})
        for number, (item, path) in enumerate(items):
            if wanted(evaluate_part(body, {**self.env, variable: Bound(item, path)})):
                node = self._element(macro.operand, number, item, path, element)
                yield put_in(macro.body, {macro.variable: node})

    def _element(self, operand: t.Node, number: int, item: object, path: str | None, type_: Type) -> t.Node:
        if path is not None:
            self.env[path] = Bound(item, path)
            return named(path, operand, type_)
        if isinstance(item, str | int):
            return _written(operand, item, type_)
        index = _written(operand, number, DYN)
        return t.Index(operand, index, start=operand.start, end=operand.end, type=type_)

    def facts(self, node: t.Node) -> Iterator[t.Node]:
        """The facts that a part is made of; of a choice, those of its test and of the branch taken."""
        if path_of(node) is not None:
            yield node
        elif isinstance(node, t.Use):
            yield from self.facts(self.opened(node))
        elif isinstance(node, t.Macro):
            yield from self.facts(node.operand)
        elif isinstance(node, t.Choice):
            test = self.value(node.test)
            yield from self.facts(node.test)
            if isinstance(test, bool):
                yield from self.facts(node.then if test else node.otherwise)
        else:
            for child in t.children(node):
                yield from self.facts(child)


def _written(operand: t.Node, value: object, type_: Type) -> t.Node:
    """A value of a list or map of the rulebook, written out."""
    return t.Literal(value, render(value), start=operand.start, end=operand.end, type=type_)
