"""Other trees put in place of names, so that a condition can be shown with the paths of its facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.expression import tree as t
from engine.expression.types import MapType, Type


def put_in(node: t.Node, names: Mapping[str, t.Node]) -> t.Node:
    """The tree with other trees in place of names; what a definition's body names is not touched."""
    if not names:
        return node
    if isinstance(node, t.Name):
        return node if node.absolute else names.get(node.name, node)
    if isinstance(node, t.Use):
        return replace(node, arguments=tuple(put_in(argument, names) for argument in node.arguments))
    if isinstance(node, t.Macro):
        inside = {name: _past(tree, node.variable) for name, tree in names.items() if name != node.variable}
        condition = None if node.condition is None else put_in(node.condition, inside)
        operand = put_in(node.operand, names)
        return replace(node, operand=operand, condition=condition, body=put_in(node.body, inside))
    changed: dict[str, Any] = {field: _each(getattr(node, field), names) for field in node.below}
    return replace(node, **changed) if changed else node


def _each(value: object, names: Mapping[str, t.Node]) -> object:
    if isinstance(value, tuple):
        return tuple(_each(part, names) for part in value)
    return put_in(value, names) if isinstance(value, t.Node) else value


def _past(tree: t.Node, variable: str) -> t.Node:
    """The tree as it has to be written where a loop variable hides the fact of that name."""
    if not any(isinstance(node, t.Name) and node.name == variable for node in t.walk(tree)):
        return tree
    return put_in(tree, {variable: t.Name(variable, absolute=True, start=tree.start, end=tree.end)})


def named(name: str, node: t.Node, type_: Type) -> t.Name:
    """A name that stands where the node stood."""
    return t.Name(name, start=node.start, end=node.end, type=type_)


def path_of(node: t.Node) -> str | None:
    """The path of the fact that the node is, or nothing where it is no fact."""
    if isinstance(node, t.Name):
        return None if isinstance(node.type, MapType) else node.name
    if isinstance(node, t.Select | t.Has):
        above = path_of(node.operand)
        return f"{above}.{node.field}" if above else None
    if isinstance(node, t.Index) and isinstance(node.index, t.Literal) and isinstance(node.index.value, int):
        above = path_of(node.operand)
        return f"{above}[{node.index.value}]" if above else None
    return None
