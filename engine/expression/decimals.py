"""Numbers written out, read again as exact decimals from their text."""

from dataclasses import replace
from decimal import Decimal

from engine.expression import tree as t
from engine.expression.conversions import text_to_decimal
from engine.expression.types import DECIMAL, DOUBLE, INT, ListType
from engine.expression.values import OperationError


def as_decimal(node: t.Node) -> t.Node | None:
    """The tree with its numbers as decimals, if it holds nothing but numbers written out; else nothing."""
    match node:
        case t.Literal() if node.type in (INT, DOUBLE):
            return replace(node, value=_read(node), type=DECIMAL)
        case t.Unary(operator="-"):
            operand = as_decimal(node.operand)
            return operand and replace(node, operand=operand, type=DECIMAL)
        case t.Binary(operator="+" | "-" | "*"):
            left, right = as_decimal(node.left), as_decimal(node.right)
            return replace(node, left=left, right=right, type=DECIMAL) if left and right else None
        case t.Choice():
            then, otherwise = as_decimal(node.then), as_decimal(node.otherwise)
            if then is None or otherwise is None:
                return None
            return replace(node, then=then, otherwise=otherwise, type=DECIMAL)
        case t.ListOf():
            items = [as_decimal(item) for item in node.items]
            if not items or None in items:
                return None
            return replace(node, items=tuple(filter(None, items)), type=ListType(DECIMAL))
    return None


def _read(node: t.Literal) -> Decimal:
    try:
        return text_to_decimal(node.text)
    except OperationError:
        return Decimal(int(node.text, 16)) if "x" in node.text.lower() else Decimal(node.text)
