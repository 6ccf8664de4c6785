"""The canonical text of a tree: one space around operators, brackets only where they are needed."""

from datetime import date
from decimal import Decimal
from typing import Final

from engine.expression import tree as t
from engine.expression.conversions import decimal_to_text, money_to_text
from engine.expression.literals import quote
from engine.expression.times import write_duration, write_timestamp
from engine.expression.values import Duration, Money, Timestamp

_CHOICE, _SOME, _EVERY, _RELATION, _SUM, _PRODUCT, _UNARY, _MEMBER = range(8)
_STRENGTH: Final = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "%": _PRODUCT}


def to_text(node: t.Node) -> str:
    """The text that parses to the same tree."""
    return _text(node)[0]


def _within(node: t.Node, strength: int) -> str:
    text, own = _text(node)
    return text if own >= strength else f"({text})"


def _text(node: t.Node) -> tuple[str, int]:
    match node:
        case t.Literal():
            return _literal(node)
        case t.Name():
            return ("." if node.absolute else "") + node.name, _MEMBER
        case t.Constant():
            return node.name, _MEMBER
        case t.Select():
            return f"{_within(node.operand, _MEMBER)}.{_field(node.field)}", _MEMBER
        case t.Has():
            return f"has({_within(node.operand, _MEMBER)}.{_field(node.field)})", _MEMBER
        case t.Index():
            return f"{_within(node.operand, _MEMBER)}[{to_text(node.index)}]", _MEMBER
        case t.ListOf():
            return f"[{_row(node.items)}]", _MEMBER
        case t.MapOf():
            entries = ", ".join(f"{to_text(key)}: {to_text(value)}" for key, value in node.entries)
            return f"{{{entries}}}", _MEMBER
        case t.Unary():
            return _prefix(node), _UNARY
        case t.Binary():
            own = _STRENGTH.get(node.operator, _RELATION)
            return f"{_within(node.left, own)} {node.operator} {_within(node.right, own + 1)}", own
        case t.Every():
            return " && ".join(_within(item, _RELATION) for item in node.items), _EVERY
        case t.Some():
            return " || ".join(_within(item, _EVERY) for item in node.items), _SOME
        case t.Choice():
            test, then = _within(node.test, _SOME), _within(node.then, _SOME)
            return f"{test} ? {then} : {to_text(node.otherwise)}", _CHOICE
        case t.Call():
            dot = "." if node.absolute else ""
            target = f"{_within(node.target, _MEMBER)}." if node.target else dot
            return f"{target}{node.name}({_row(node.arguments)})", _MEMBER
        case t.Use():
            return f"{node.name}({_row(node.arguments)})" if node.parameters else node.name, _MEMBER
        case t.Macro():
            condition = f"{to_text(node.condition)}, " if node.condition else ""
            inner = f"{node.variable}, {condition}{to_text(node.body)}"
            return f"{_within(node.operand, _MEMBER)}.{node.name}({inner})", _MEMBER
    return "...", _MEMBER


def _row(nodes: tuple[t.Node, ...]) -> str:
    return ", ".join(to_text(node) for node in nodes)


def _field(name: str) -> str:
    return name if name.isidentifier() and name.isascii() else f"`{name}`"


def _prefix(node: t.Unary) -> str:
    """A sign before the same sign needs no brackets; a negative number after `-` does."""
    operand = node.operand
    if isinstance(operand, t.Unary) and operand.operator == node.operator:
        return node.operator + _prefix(operand)
    if (
        node.operator == "-"
        and isinstance(operand, t.Literal)
        and not isinstance(operand.value, str | bool | None)
    ):
        return f"-({to_text(operand)})"
    return node.operator + _within(operand, _MEMBER)


def _literal(node: t.Literal) -> tuple[str, int]:
    match node.value:
        case None:
            return "null", _MEMBER
        case bool():
            return ("true" if node.value else "false"), _MEMBER
        case str():
            return quote(node.value), _MEMBER
        case date():
            return f'date("{node.value.isoformat()}")', _MEMBER
        case Money():
            return f'money("{money_to_text(node.value)}")', _MEMBER
        case Timestamp():
            return f'timestamp("{write_timestamp(node.value)}")', _MEMBER
        case Duration():
            return f'duration("{write_duration(node.value)}")', _MEMBER
        case Decimal() if node.text[:1] not in "+-.0123456789":
            return f'decimal("{decimal_to_text(node.value)}")', _MEMBER
    return node.text, _UNARY if node.text.startswith("-") else _MEMBER
