"""The facts that an expression can read, found without evaluating it."""

from collections.abc import Mapping

from engine.expression import tree as t
from engine.expression.types import MONEY

Places = frozenset[str]
Env = Mapping[str, Places]


def reads(root: t.Node) -> Places:
    """The paths of all facts that the expression can read; elements of lists are written `[]`."""
    found: set[str] = set()
    _value(root, {}, found)
    return frozenset(found)


def uses(root: t.Node) -> frozenset[str]:
    """The names of the lists, tables and definitions in the tree, also of those in definitions."""
    return frozenset(node.name for node in t.walk(root) if isinstance(node, t.Constant | t.Use))


def _value(node: t.Node, env: Env, found: set[str]) -> None:
    """Notes what is read when the whole value of the node is used."""
    found.update(_place(node, env, found))


def _place(node: t.Node, env: Env, found: set[str]) -> Places:
    """The paths of the facts that the node is; what is read on the way there is noted."""
    match node:
        case t.Name():
            return env[node.name] if node.name in env and not node.absolute else frozenset({node.name})
        case t.Select() if node.operand.type == MONEY:
            return _place(node.operand, env, found)
        case t.Select():
            return frozenset(f"{path}.{node.field}" for path in _place(node.operand, env, found))
        case t.Has():
            found.update(f"{path}.{node.field}" for path in _place(node.operand, env, found))
            return frozenset()
        case t.Index():
            _value(node.index, env, found)
            return _elements(node.operand, env, found)
        case t.Choice():
            _value(node.test, env, found)
            return _place(node.then, env, found) | _place(node.otherwise, env, found)
        case t.Use():
            places = {
                name: _place(argument, env, found)
                for name, argument in zip(node.parameters, node.arguments, strict=True)
            }
            return _place(node.body, places, found)
        case t.Macro():
            return _macro(node, env, found)
    for child in t.children(node):
        _value(child, env, found)
    return frozenset()


def _elements(node: t.Node, env: Env, found: set[str]) -> Places:
    """The paths of the elements of a list."""
    match node:
        case t.ListOf():
            return frozenset().union(*(_place(item, env, found) for item in node.items))
        case t.Macro(name="filter"):
            return _looped(node, env, found)[1]
        case t.Macro(name="map"):
            return _looped(node, env, found)[0]
        case t.Choice():
            _value(node.test, env, found)
            return _elements(node.then, env, found) | _elements(node.otherwise, env, found)
        case t.Binary(operator="+"):
            return _elements(node.left, env, found) | _elements(node.right, env, found)
    return frozenset(f"{path}[]" for path in _place(node, env, found))


def _macro(node: t.Macro, env: Env, found: set[str]) -> Places:
    body, elements = _looped(node, env, found)
    found.update(body if node.name == "map" else elements if node.name == "filter" else ())
    return frozenset()


def _looped(node: t.Macro, env: Env, found: set[str]) -> tuple[Places, Places]:
    """What the body of a macro is, and the elements that it goes over."""
    elements = _elements(node.operand, env, found)
    inside = {**env, node.variable: elements}
    below: set[str] = set()
    if node.condition is not None:
        _value(node.condition, inside, below)
    body = _place(node.body, inside, below)
    if node.name != "map":
        below |= body
    if not any(path.startswith(element) for path in below | body for element in elements):
        below |= elements
    found |= below
    return body, elements
