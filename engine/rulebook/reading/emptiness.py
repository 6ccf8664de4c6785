"""Lists over which a question quantifies, and lists that it asks to be empty or not.

`all` is true of an empty list, and a rule with `each` never fires for one: who quantifies over a list and never asks
whether it is empty lets an order without elements pass.
"""

from __future__ import annotations

from engine.expression import Expression
from engine.expression import tree as t

_EMPTY_COMPARED = ("==", "!=")


def quantified(expression: Expression) -> set[str]:
    """The paths of the lists of which the expression says something about all elements."""
    macros = [node for node in t.walk(expression.root) if isinstance(node, t.Macro) and node.name == "all"]
    return {path for macro in macros if (path := _path(macro.operand)) is not None}


def asked(expression: Expression) -> set[str]:
    """The paths of the lists that the expression asks for their size, for an element, or whether they are empty."""
    found: list[t.Node | None] = []
    for node in t.walk(expression.root):
        if isinstance(node, t.Call) and node.name == "size":
            found += [node.target, *node.arguments]
        elif isinstance(node, t.Binary) and node.operator in _EMPTY_COMPARED:
            found += [node.left] if _is_empty(node.right) else [node.right] if _is_empty(node.left) else []
        elif isinstance(node, t.Macro) and node.name in {"exists", "exists_one"}:
            found.append(node.operand)
    return {path for node in found if node is not None and (path := _path(node)) is not None}


def _is_empty(node: t.Node) -> bool:
    return isinstance(node, t.ListOf) and not node.items


def _path(node: t.Node) -> str | None:
    """The path of a fact, as written; nothing for what is computed."""
    steps: list[str] = []
    while isinstance(node, t.Select):
        steps.append(node.field)
        node = node.operand
    return ".".join([node.name, *reversed(steps)]) if isinstance(node, t.Name) else None
