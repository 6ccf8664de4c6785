"""Which optional facts a condition shows to be given, so that what stands beside it may use them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from engine.expression import tree as t
from engine.expression.scope import Define
from engine.expression.unparse import to_text

Defines = Mapping[str, Define]
_ROOT: Final = re.compile(r"[.\[]")


def given_if_true(node: t.Node, defines: Defines) -> frozenset[str]:
    """The texts of the facts that are given wherever the condition is true."""
    match node:
        case t.Has():
            return _with_prefixes(t.Select(node.operand, node.field, start=node.start, end=node.end))
        case t.Every():
            return _union(given_if_true(item, defines) for item in node.items)
        case t.Unary(operator="!"):
            return given_if_false(node.operand, defines)
        case t.Name() if node.name in defines and not defines[node.name].parameters:
            return given_if_true(defines[node.name].body.root, defines)
        case t.Use() if not node.parameters:
            return given_if_true(node.body, defines)
    return frozenset()


def given_if_false(node: t.Node, defines: Defines) -> frozenset[str]:
    """The texts of the facts that are given wherever the condition is false."""
    match node:
        case t.Unary(operator="!"):
            return given_if_true(node.operand, defines)
        case t.Some():
            return _union(given_if_false(item, defines) for item in node.items)
    return frozenset()


def beside(shown: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """For each item, what all the others show."""
    telling = [(place, facts) for place, facts in enumerate(shown) if facts]
    return [
        _union(facts for other, facts in telling if other != place) if telling else frozenset()
        for place in range(len(shown))
    ]


def without(guards: frozenset[str], names: Iterable[str]) -> frozenset[str]:
    """The guards that still hold where these names mean new loop variables."""
    hidden = frozenset(names)
    return frozenset(guard for guard in guards if _ROOT.split(guard, 1)[0] not in hidden)


def _with_prefixes(node: t.Node) -> frozenset[str]:
    texts = set()
    while isinstance(node, t.Select | t.Index):
        texts.add(to_text(node))
        node = node.operand
    return frozenset(texts)


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)
