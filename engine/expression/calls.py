"""Calls of functions: the overload that fits, and values written out, which are made at load."""

from collections.abc import Sequence
from typing import Final, cast

from engine.expression import functions
from engine.expression import tree as t
from engine.expression.compare import foreign
from engine.expression.decimals import as_decimal
from engine.expression.faults import Fault
from engine.expression.patterns import pattern
from engine.expression.times import local
from engine.expression.types import (
    DATE,
    DECIMAL,
    DOUBLE,
    DURATION,
    INT,
    MONEY,
    STRING,
    TIMESTAMP,
    EnumType,
    Type,
    accepts,
    strip,
)
from engine.expression.unparse import to_text
from engine.expression.values import OperationError, Timestamp

_WRITTEN: Final = {
    "date": (DATE, "a date that exists is written `date(\"2026-06-27\")`"),
    "timestamp": (TIMESTAMP, "an instant is written `timestamp(\"2026-06-27T09:30:00Z\")`"),
    "duration": (DURATION, "a span of time is written `duration(\"36h30m\")`"),
    "decimal": (DECIMAL, "a decimal is written `decimal(\"62.5\")`"),
    "money": (MONEY, "an amount is written `money(\"2500.00 USD\")`"),
}  # fmt: skip


def fitting(node: t.Node, wanted: Type) -> t.Node | Fault:
    """The node, where a type is wanted, numbers written out read as decimals; or why it does not fit."""
    if strip(wanted) == DECIMAL:
        node = as_decimal(node) or node
    if isinstance(strip(wanted), EnumType) and isinstance(node, t.Literal) and node.type == STRING:
        return foreign(cast(EnumType, strip(wanted)), str(node.value), node) or node
    if accepts(wanted, node.type):
        return node
    message = f"a value of type {wanted} is needed; this is {node.type}"
    return Fault("wrong-type", message, f"write a value of type {wanted}", node.start, node.end)


def overload(node: t.Call) -> Type | Fault:
    """The type of the call's result, or why its operands do not fit."""
    operands = node.arguments if node.target is None else (node.target, *node.arguments)
    known = functions.FUNCTIONS if node.target is None else functions.METHODS
    forms = known[node.name]
    for form in forms:
        if len(form.operands) == len(operands) and all(
            accepts(wanted, operand.type) for wanted, operand in zip(form.operands, operands, strict=True)
        ):
            return form.result
    if node.name == "decimal" and len(operands) == 1 and as_decimal(operands[0]) is not None:
        return DECIMAL
    given = ", ".join(str(operand.type) for operand in operands)
    mend = "write it as " + " or ".join(dict.fromkeys(_form(node, form.operands) for form in forms))
    return Fault("wrong-arguments", f"`{node.name}` does not take ({given})", mend, node.start, node.end)


def _form(node: t.Call, operands: Sequence[Type]) -> str:
    if node.target is None:
        return f"`{node.name}({', '.join(map(str, operands))})`"
    return f"`{operands[0]}.{node.name}({', '.join(map(str, operands[1:]))})`"


def folded(node: t.Call) -> t.Node | Fault:
    """A value written out, made now: dates, amounts, decimals; a pattern written out is tried now."""
    operands = node.arguments if node.target is None else (node.target, *node.arguments)
    last = operands[-1] if operands else None
    if node.name == "matches" and isinstance(last, t.Literal):
        return _tried(node, last)
    if len(operands) == 2 and operands[0].type == TIMESTAMP and isinstance(last, t.Literal):
        return _zoned(node, last)
    if node.target is not None or len(operands) != 1 or not isinstance(last, t.Literal):
        return node
    return _made(node, last)


def _made(node: t.Call, last: t.Literal) -> t.Node | Fault:
    if node.name not in _WRITTEN:
        return node
    type_, mend = _WRITTEN[node.name]
    if node.name == "decimal" and last.type in (INT, DOUBLE):
        number = as_decimal(last)
        value = number.value if isinstance(number, t.Literal) else last.value
        return t.Literal(value, to_text(node), start=node.start, end=node.end, type=DECIMAL)
    if last.type != STRING:
        return node
    try:
        value = functions.call(node.name, False, [last.value])
    except OperationError:
        message = f"{to_text(last)} is no {type_}"
        return Fault(f"bad-{node.name}", message, mend, last.start, last.end)
    return t.Literal(value, to_text(node), start=node.start, end=node.end, type=type_)


def _zoned(node: t.Call, zone: t.Literal) -> t.Node | Fault:
    try:
        local(Timestamp(0), str(zone.value))
    except OperationError:
        mend = 'write it like "America/New_York", "UTC" or "-05:00"'
        return Fault("bad-time-zone", f"{to_text(zone)} is no time zone", mend, zone.start, zone.end)
    return node


def _tried(node: t.Call, expression: t.Literal) -> t.Node | Fault:
    try:
        pattern(str(expression.value))
    except OperationError:
        mend = "write it in RE2's syntax, without look-around and back references"
        return Fault("bad-pattern", "the pattern cannot be read", mend, expression.start, expression.end)
    return node
