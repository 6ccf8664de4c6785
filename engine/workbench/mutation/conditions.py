"""What can be changed of a condition or value, one small thing at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from engine.expression import BOOL, Expression
from engine.expression import tree as t
from engine.workbench.mutation.comparisons import comparison_changes, decides, kind_of
from engine.workbench.mutation.model import Kind
from engine.workbench.mutation.steps import literal_steps
from engine.workbench.mutation.texts import Clause, Rewriting, one_line, written

_QUANTIFIERS: Final[dict[str, t.MacroName]] = {"exists": "all", "all": "exists", "exists_one": "exists"}


def rewritings(expression: Expression) -> tuple[Rewriting, ...]:
    """Every change of the expression's own text, no two of which say the same, in the order of the text.

    What a definition says that is used in it is changed where the definition stands.
    """
    text, root = expression.text, expression.root
    found: dict[str, Rewriting] = {}
    for one in _changes(root, Clause(text, root)):
        found.setdefault(one.meaning, one)
    found.pop(one_line(text), None)
    return tuple(sorted(found.values(), key=lambda one: (one.start, one.end)))


def _changes(node: t.Node, clause: Clause) -> Iterator[Rewriting]:
    clause = replace(clause, node=node) if node.type == BOOL else clause
    match node:
        case t.Every() | t.Some():
            yield from _joined(node, clause)
        case t.Choice():
            yield from _branches(node, clause)
        case t.Unary(operator="!"):
            yield clause.rewritten(Kind.NEGATED, node, node.operand, decides(node.operand, clause))
            if isinstance(node.operand, t.Every | t.Some | t.Choice | t.Unary):
                yield from _changes(node.operand, clause)
            else:
                yield from _below(node.operand, replace(clause, node=node.operand), denied=True)
            return
        case _:
            yield from _negated(node, clause)
    yield from _below(node, clause)


def _negated(node: t.Node, clause: Clause) -> Iterator[Rewriting]:
    if node.type == BOOL and not isinstance(node, t.Binary | t.Literal):
        denied = t.Unary("!", node, start=node.start, end=node.end, type=BOOL)
        yield clause.rewritten(Kind.NEGATED, node, denied, decides(node, clause))


def _below(node: t.Node, clause: Clause, denied: bool = False) -> Iterator[Rewriting]:
    """What can be changed inside, and of the node itself besides its opposite, which `!` before it is already."""
    match node:
        case t.Binary():
            yield from comparison_changes(node, clause, denied)
            for side in (node.left, node.right):
                if not isinstance(side, t.Literal):
                    yield from _changes(side, clause)
        case t.Macro():
            yield from _macro(node, clause)
        case t.ListOf():
            yield from _members(node, clause)
        case t.Literal():
            yield from _literal(node, clause)
        case t.Use():
            for argument in node.arguments:
                yield from _changes(argument, clause)
        case t.Call(name="matches"):
            return
        case _:
            yield from _each(node, clause)


def _each(node: t.Node, clause: Clause) -> Iterator[Rewriting]:
    for child in t.children(node):
        yield from _changes(child, clause)


def _joined(node: t.Every | t.Some, clause: Clause) -> Iterator[Rewriting]:
    """`&&` and `||` exchanged, and each of their conditions left out."""
    other = t.Some if isinstance(node, t.Every) else t.Every
    exchanged = other(node.items, start=node.start, end=node.end, type=BOOL)
    yield clause.rewritten(
        Kind.OPERATOR, node, exchanged, f"no test in which `{written(clause.text, node)}` is true in part"
    )
    side = "false" if isinstance(node, t.Every) else "true"
    for number, item in enumerate(node.items):
        items = (*node.items[:number], *node.items[number + 1 :])
        rest = items[0] if len(items) == 1 else replace(node, items=items)
        hint = f"no test in which `{written(clause.text, item)}` alone is {side}"
        yield clause.dropped(item, node, rest, hint, Kind.CLAUSE)


def _branches(node: t.Choice, clause: Clause) -> Iterator[Rewriting]:
    test = written(clause.text, node.test)
    for branch, side in ((node.then, "false"), (node.otherwise, "true")):
        hint = f"no test in which `{test}` is {side}, and that decides"
        yield clause.rewritten(Kind.BRANCH, node, branch, hint)


def _macro(node: t.Macro, clause: Clause) -> Iterator[Rewriting]:
    if node.name in _QUANTIFIERS:
        exchanged = replace(node, name=_QUANTIFIERS[node.name])
        body, operand = written(clause.text, node.body), written(clause.text, node.operand)
        hint = f"no test in which `{body}` is true of a part of {operand}"
        yield clause.rewritten(Kind.QUANTIFIER, node, exchanged, hint)
    for below in (node.operand, node.condition, node.body):
        if below is not None:
            yield from _changes(below, clause)


def _members(node: t.ListOf, clause: Clause) -> Iterator[Rewriting]:
    for number, item in enumerate(node.items):
        rest = replace(node, items=(*node.items[:number], *node.items[number + 1 :]))
        shown = written(clause.text, item)
        yield clause.rewritten(Kind.MEMBER, node, rest, f"no test with {shown}")


def _literal(node: t.Literal, clause: Clause) -> Iterator[Rewriting]:
    """A literal that stands alone: a branch, an argument. Texts say something to people only, and stay."""
    if isinstance(node.value, bool):
        flipped = replace(node, value=not node.value, text="false" if node.value else "true")
        yield clause.rewritten(Kind.TRUTH, node, flipped, f"no test in which `{node.text}` decides")
    else:
        for literal in literal_steps(node):
            hint = f"no test at the limit of `{written(clause.text, clause.node)}`"
            yield clause.rewritten(kind_of(node), node, literal, hint)
