"""What can be changed of an operator between two values: itself, and the value that it compares with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from engine.expression import tree as t
from engine.expression.render import render
from engine.expression.types import BOOL, INT, ListType, Type, strip
from engine.expression.unparse import to_text
from engine.workbench.mutation.model import Kind
from engine.workbench.mutation.steps import literal_steps, other_text
from engine.workbench.mutation.texts import Clause, Rewriting, written

_BESIDE: Final = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_OPPOSITE: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_SUMS: Final = {"+": "-", "-": "+"}


def comparison_changes(node: t.Binary, clause: Clause, denied: bool) -> Iterator[Rewriting]:
    """The operator exchanged, and literals beside it moved by their smallest step.

    Where the whole is `denied`, its opposite is left out: that is the same as no `!`.
    """
    if node.operator in _BESIDE:
        yield _operator(node, _BESIDE[node.operator], Kind.BOUNDARY, clause, _at_boundary(node, clause))
    if node.operator in _OPPOSITE and not denied:
        kind = Kind.NEGATED if node.operator in _BESIDE else Kind.OPERATOR
        yield _operator(node, _OPPOSITE[node.operator], kind, clause, decides(node, clause))
    if node.operator in _SUMS:
        hint = f"no test in which `{written(clause.text, node)}` decides"
        yield _operator(node, _SUMS[node.operator], Kind.OPERATOR, clause, hint)
    if node.operator == "in" and not denied:
        opposite = t.Unary("!", node, start=node.start, end=node.end, type=BOOL)
        yield clause.rewritten(Kind.NEGATED, node, opposite, decides(node, clause))
    for side, other in ((node.left, node.right), (node.right, node.left)):
        if isinstance(side, t.Literal):
            for literal in _changed(side, _compared(node, other)):
                left, right = (literal, other) if side is node.left else (other, literal)
                meaning = _meaning(replace(node, left=left, right=right))
                hint = _literal_hint(node, side, literal, other, clause)
                yield clause.rewritten(kind_of(side), side, literal, hint, (node, meaning))


def decides(node: t.Node, clause: Clause) -> str:
    """The hint where a part could be the opposite and nobody would notice."""
    return f"no test in which `{written(clause.text, node)}` decides"


def kind_of(literal: t.Literal) -> Kind:
    """What a literal is when it is changed."""
    if isinstance(literal.value, bool):
        return Kind.TRUTH
    if isinstance(literal.value, str):
        return Kind.TEXT
    return Kind.DATE if isinstance(literal.value, date) else Kind.THRESHOLD


def _operator(node: t.Binary, operator: str, kind: Kind, clause: Clause, hint: str) -> Rewriting:
    changed = replace(node, operator=operator)
    return clause.rewritten(kind, node, changed, hint, (node, _meaning(changed)))


def _changed(literal: t.Literal, of: Type) -> Iterator[t.Literal]:
    if isinstance(literal.value, bool):
        text = "false" if literal.value else "true"
        yield replace(literal, value=not literal.value, text=text)
    elif isinstance(literal.value, str):
        yield other_text(literal, of)
    else:
        yield from literal_steps(literal)


def _compared(node: t.Binary, other: t.Node) -> Type:
    """The type of what a literal is compared with; beside `in` that of the list's elements."""
    type_ = strip(other.type)
    return type_.element if node.operator == "in" and isinstance(type_, ListType) else type_


def _at_boundary(node: t.Binary, clause: Clause) -> str:
    for side, other in ((node.left, node.right), (node.right, node.left)):
        if isinstance(side, t.Literal):
            return f"no test with {written(clause.text, other)} = {render(side.value)}"
    return f"no test in which {written(clause.text, node.left)} equals {written(clause.text, node.right)}"


def _literal_hint(node: t.Binary, old: t.Literal, new: t.Literal, other: t.Node, clause: Clause) -> str:
    mirrored = _MIRRORED.get(node.operator, "")
    operator = node.operator if mirrored and old is node.right else mirrored
    subject = written(clause.text, other)
    if node.operator == "in":
        return f"no test with {render(old.value)} in {subject}"
    if operator in _BESIDE:
        values = (old, new) if _less(old, new) else (new, old)
        value = values[1] if operator in (">", "<=") else values[0]
        return f"no test with {subject} = {render(value.value)}"
    if operator:
        return f"no test with {subject} = {render(old.value)}"
    return f"no test at the limit of `{written(clause.text, clause.node)}`"


def _less(one: t.Literal, other: t.Literal) -> bool:
    return _order(one.value) < _order(other.value)


def _order(value: object) -> float:
    if isinstance(value, date):
        return value.toordinal()
    return float(str(getattr(value, "amount", value)))


def _meaning(node: t.Binary) -> str:
    """The text of the comparison; among whole numbers `> 9` reads `>= 10`, for they say the same."""
    if isinstance(node.left, t.Literal) and node.operator in _MIRRORED:
        node = replace(node, left=node.right, right=node.left, operator=_MIRRORED[node.operator])
    strict = {">": (">=", 1), "<": ("<=", -1)}
    whole = isinstance(node.right, t.Literal) and node.right.type == INT and isinstance(node.right.value, int)
    if whole and isinstance(node.right, t.Literal) and node.operator in strict:
        operator, step = strict[node.operator]
        value = int(str(node.right.value)) + step
        node = replace(node, operator=operator, right=replace(node.right, value=value, text=str(value)))
    return f"({to_text(node)})"
