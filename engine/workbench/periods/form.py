"""The form of a rule: what it says with its constants taken out. Versions of one rule have the same form.

Taken out are numbers, amounts, dates and stretches of time, and lists, whether written out or named. Kept are
texts and truth values that a fact is compared with: `criterion == "A"` and `criterion == "B"` are two cases, not
two versions of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from engine.expression import Duration, Map, Money, Timestamp
from engine.expression import tree as t
from engine.rulebook.model import Rule

Form: TypeAlias = "tuple[str | Form, ...]"

_ORDERED = (int, float, Decimal, date, Money, Timestamp, Duration)
_CONSTANT: Form = ("constant",)
_LIST: Form = ("list",)


@dataclass(frozen=True, slots=True)
class Worded:
    """The form of a rule, and the lists that were taken out, in the order of the text."""

    form: Form
    lists: tuple[frozenset[str], ...]


def worded(rule: Rule) -> Worded:
    """The rule's outcome, loops and condition, without constants."""
    lists: list[frozenset[str]] = []
    loops = tuple((loop.variable, _form(loop.path.root, lists)) for loop in rule.each)
    form: Form = (rule.outcome, loops, _form(rule.when.root, lists))
    return Worded(form, tuple(lists))


def same_but_for_constants(one: Worded, other: Worded) -> bool:
    """Whether two rules can be versions of one: the same form, and no list of one is about other things.

    Versions of a list share members; lists that have none in common speak of different cases.
    """
    if one.form != other.form:
        return False
    return all(a & b or not (a and b) for a, b in zip(one.lists, other.lists, strict=True))


def _form(node: t.Node, lists: list[frozenset[str]]) -> Form:
    match node:
        case t.Literal():
            return _literal(node)
        case t.Constant() if not isinstance(node.value, Map):
            lists.append(_members(node.value))
            return _LIST
        case t.Constant():
            return _LIST
        case t.ListOf() if all(isinstance(item, t.Literal) for item in node.items):
            items = (item.value for item in node.items if isinstance(item, t.Literal))
            lists.append(frozenset(map(str, items)))
            return _LIST
        case t.Use():
            # Definitions have versions too, under names of their own: what they say counts.
            arguments = tuple(_form(argument, lists) for argument in node.arguments)
            return ("use", node.parameters, arguments, _form(node.body, lists))
        case t.Unary(operator="-") if isinstance(node.operand, t.Literal):
            return _literal(node.operand)
    below = tuple(_form(child, lists) for child in t.children(node))
    return (type(node).__name__, *_own(node), below)


def _own(node: t.Node) -> tuple[str, ...]:
    """What a node says itself, besides what is under it."""
    match node:
        case t.Name():
            return (node.name,)
        case t.Select() | t.Has():
            return (node.field,)
        case t.Unary() | t.Binary():
            return (node.operator,)
        case t.Call():
            return (node.name, "method" if node.target is not None else "")
        case t.Macro():
            return (node.name, node.variable, "condition" if node.condition is not None else "")
    return ()


def _literal(node: t.Literal) -> Form:
    if isinstance(node.value, _ORDERED) and not isinstance(node.value, bool):
        return _CONSTANT
    return ("value", repr(node.value))


def _members(value: object) -> frozenset[str]:
    return frozenset(map(str, value)) if isinstance(value, tuple) else frozenset()
