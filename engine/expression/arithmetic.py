"""The types that arithmetic takes and gives, and what to write instead where it has no meaning."""

from typing import Final

from engine.expression import tree as t
from engine.expression.faults import Fault
from engine.expression.types import (
    DATE,
    DECIMAL,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    MONEY,
    STRING,
    TIMESTAMP,
    ListType,
    Type,
    is_dynamic,
    is_text,
    join,
    strip,
)
from engine.expression.unparse import to_text

_RESULTS: Final = {
    **{(sign, kind, kind): kind for sign in "+-*" for kind in (INT, DOUBLE, DECIMAL)},
    **{("/", kind, kind): kind for kind in (INT, DOUBLE)},
    **{(sign, kind, kind): kind for sign in "+-" for kind in (MONEY, DURATION)},
    ("%", INT, INT): INT,
    ("*", MONEY, DECIMAL): MONEY, ("*", DECIMAL, MONEY): MONEY,
    ("+", STRING, STRING): STRING,
    ("+", TIMESTAMP, DURATION): TIMESTAMP, ("+", DURATION, TIMESTAMP): TIMESTAMP,
    ("-", TIMESTAMP, TIMESTAMP): DURATION, ("-", TIMESTAMP, DURATION): TIMESTAMP,
    ("-", DATE, DATE): INT,
}  # fmt: skip
NEGATABLE: Final = (INT, DOUBLE, DECIMAL, MONEY)


def arithmetic(node: t.Binary) -> Type | Fault:
    """The type of the result, or why there is none."""
    left, right = strip(node.left.type), strip(node.right.type)
    if is_dynamic(left) or is_dynamic(right):
        return DYN
    if node.operator == "+" and isinstance(left, ListType) and isinstance(right, ListType):
        return join(left, right) or ListType(DYN)
    one, other = (STRING if is_text(kind) else kind for kind in (left, right))
    result = _RESULTS.get((node.operator, one, other))
    if result is not None:
        return result
    code = "no-division" if node.operator in "/%" and {DECIMAL, MONEY} & {left, right} else "wrong-type"
    message = f"`{node.operator}` has no meaning between {left} and {right}"
    return Fault(code, message, _mend(node, left, right, code), node.start, node.end)


def _mend(node: t.Binary, left: Type, right: Type, code: str) -> str:
    if code == "no-division":
        return "multiply across: instead of `a / b > c` write `a > c * b`"
    if DATE in (left, right) and INT in (left, right):
        day, days = (node.left, node.right) if left == DATE else (node.right, node.left)
        sign = "-" if node.operator == "-" else ""
        return f"write `{to_text(day)}.plusDays({sign}{to_text(days)})`"
    if {left, right} == {DATE, TIMESTAMP}:
        return "take the difference of two dates, or of two timestamps"
    if {left, right} == {INT, DECIMAL}:
        return f"write `decimal({to_text(node.left if left == INT else node.right)})`"
    if MONEY in (left, right) and INT in (left, right):
        return 'write the other side as `money("... USD")`, or multiply by a decimal'
    if {left, right} == {INT, DOUBLE}:
        return f"write `double({to_text(node.left if left == INT else node.right)})`"
    if STRING in (left, right) and node.operator == "+":
        return f"write `string({to_text(node.right if is_text(left) else node.left)})`"
    return "use values of one type"
