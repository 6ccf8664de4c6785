"""The clauses of a condition: what is true or false in it and is not made of others by `&&`, `||`, `!` and `? :`."""

from __future__ import annotations

from collections.abc import Iterator

from engine.expression import BOOL
from engine.expression import tree as t


def clauses(root: t.Node) -> Iterator[t.Node]:
    """The clauses of a condition or value, each before those inside it.

    A definition that is used and a macro over a list are clauses where they stand; what the definition says
    is looked at with the definition, and the macro's body has clauses of its own. What reads no fact cannot
    be anything else than it is, and is left out.
    """
    found = _condition(root) if root.type == BOOL else _value(root)
    return (node for node in found if reads_facts(node))


def reads_facts(node: t.Node) -> bool:
    """Whether anything that can differ from test to test is in it."""
    return any(isinstance(part, t.Name) for part in t.walk(node))


def _condition(node: t.Node) -> Iterator[t.Node]:
    match node:
        case t.Every() | t.Some():
            for item in node.items:
                yield from _condition(item)
        case t.Unary(operator="!"):
            yield from _condition(node.operand)
        case t.Choice():
            yield from _condition(node.test)
            yield from _condition(node.then)
            yield from _condition(node.otherwise)
        case _:
            yield node
            yield from _inside(node)


def _value(node: t.Node) -> Iterator[t.Node]:
    """The clauses in something that need not be a condition itself."""
    match node:
        case t.Every() | t.Some() | t.Unary(operator="!"):
            yield from _condition(node)
        case t.Choice():
            yield from _condition(node.test)
            yield from _value(node.then)
            yield from _value(node.otherwise)
        case _:
            yield from _inside(node)


def _inside(node: t.Node) -> Iterator[t.Node]:
    if isinstance(node, t.Use):
        for argument in node.arguments:
            yield from _value(argument)
        return
    if isinstance(node, t.Macro):
        yield from _value(node.operand)
        if node.condition is not None:
            yield from _condition(node.condition)
        yield from _value(node.body) if node.name == "map" else _condition(node.body)
        return
    for child in t.children(node):
        yield from _value(child)
