"""Operators and functions between values that are known, as Python text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from engine.compiled import runtime
from engine.compiled.source import Source, UncompilableError
from engine.expression import tree as t
from engine.expression.bounds import MAX_COST
from engine.expression.functions import FUNCTIONS, METHODS, Overload
from engine.expression.operators import OPERATORS, negate
from engine.expression.patterns import pattern
from engine.expression.types import (
    BOOL,
    DATE,
    DECIMAL,
    DOUBLE,
    DURATION,
    INT,
    MONEY,
    STRING,
    TIMESTAMP,
    ListType,
    MapType,
    Type,
    is_dynamic,
    is_text,
    strip,
)
from engine.expression.values import Map, Money, OperationError, checked, key_of

Costly = Callable[[t.Node], bool]
"""Whether the length of what a part is may be counted more than once by the tree walk: it is in loops."""

_COMPARED: Final = frozenset(["==", "!=", "<", "<=", ">", ">="])
_ONE_KIND: Final = (DATE, DECIMAL, TIMESTAMP, DURATION, BOOL)
MOST: Final = MAX_COST // 4
"""What loops in loops of one condition may cost at most; beyond it only the tree walk counts well enough."""

MANY: Final = 4
"""Loops of one condition, one after the other, that may each cost a share of that; more are not translated."""

_MONEY: Final = {
    "==": runtime.money_equal,
    "!=": runtime.money_unequal,
    "<": runtime.money_less,
    "<=": runtime.money_at_most,
    ">": runtime.money_greater,
    ">=": runtime.money_at_least,
}
_HASHED: Final = (INT, DATE)


def compared(source: Source, node: t.Binary, left: str, right: str, costly: Costly) -> str:
    """An operator other than `in`."""
    operator = node.operator
    one, other = strip(node.left.type), strip(node.right.type)
    refuse_dynamic(one, other)
    if operator in _COMPARED:
        if one == BOOL and other == BOOL and operator in ("==", "!="):
            return f"({left} {'is' if operator == '==' else 'is not'} {right})"
        if one == MONEY and other == MONEY:
            return _amounts(source, node, left, right)
        texts = is_text(one) and is_text(other)
        if texts and not isinstance(node.left, t.Literal) and not isinstance(node.right, t.Literal):
            left, right = short(source, node.left, left, costly), short(source, node.right, right, costly)
        if texts or (one == other and one in _ONE_KIND) or (one in (INT, DOUBLE) and other in (INT, DOUBLE)):
            return f"({left} {operator} {right})"
    if operator == "-" and one == DATE and other == DATE:
        return f"({left}.toordinal() - {right}.toordinal())"
    if operator in "+-*" and one == INT and other == INT:
        return f"{source.bind(checked)}({left} {operator} {right})"
    if isinstance(one, ListType | MapType):
        raise UncompilableError(f"`{operator}` between {one} and {other}")
    if operator == "+" and is_text(one):
        left, right = short(source, node.left, left, costly), short(source, node.right, right, costly)
    return f"{source.bind(OPERATORS[operator])}({left}, {right})"


def _amounts(source: Source, node: t.Binary, left: str, right: str) -> str:
    """Money compared; beside an amount written out only the fact's currency has to be looked at."""
    written = node.right.value if isinstance(node.right, t.Literal) else None
    if not isinstance(written, Money):
        return f"{source.bind(_MONEY[node.operator])}({left}, {right})"
    fact = source.named(left)
    amount, currency = source.bind(written.amount), source.bind(written.currency)
    other = f"{source.bind(runtime.leave)}()"
    return f"({fact}.amount {node.operator} {amount} if {fact}.currency == {currency} else {other})"


def negated(source: Source, operand: str) -> str:
    """A number or amount with the other sign."""
    return f"{source.bind(negate)}({operand})"


def member(source: Source, node: t.Binary, left: str, right: str | None, costly: Costly) -> str | None:
    """`in`, where the container is a list or table as a whole; nothing where its items are to be compared.

    `right` is the container, or nothing where it is written out.
    """
    type_ = strip(node.left.type)
    container = node.right
    if isinstance(container, t.ListOf):
        values = literals(container, type_)
        return None if values is None else f"({left} in {source.bind(values)})"
    if isinstance(container, t.Constant) and container.members is not None:
        refuse_dynamic(type_)
        key = left if is_text(type_) or type_ == INT else f"{source.bind(key_of)}({left})"
        return f"({key} in {source.bind(container.members)})"
    kind = strip(container.type)
    refuse_dynamic(type_, kind)
    if isinstance(kind, MapType):
        return f"({left} in {right})"
    if not isinstance(kind, ListType) or not (is_text(type_) or type_ in _HASHED):
        raise UncompilableError(f"`in` with {type_}")
    element = strip(kind.element)
    if not (is_text(type_) and is_text(element)) and type_ != element:
        raise UncompilableError(f"`in` with {type_} among {element}")
    if right is not None and costly(container):
        right = source.named(right)
        source.line(f"n += len({right}) + 1")
        source.line(f"if n > {MOST}: raise LEAVE")
    return f"({left} in {right})"


def literals(node: t.Node, type_: Type) -> frozenset[object] | None:
    """The values of a list written out, where it holds nothing else and they can be looked up."""
    if not isinstance(node, t.ListOf) or not node.items or not (is_text(type_) or type_ == INT):
        return None
    values = [item.value for item in node.items if isinstance(item, t.Literal)]
    kind = str if is_text(type_) else int
    return (
        frozenset(values) if len(values) == len(node.items) and all(type(v) is kind for v in values) else None
    )


def same_items(node: t.Binary) -> t.Node:
    """`x in [a, b]` as `x == a || x == b`, which is what it means."""
    assert isinstance(node.right, t.ListOf)
    place = {"start": node.start, "end": node.end}
    items = tuple(t.Binary("==", node.left, item, type=BOOL, **place) for item in node.right.items)
    if not items:
        return t.Literal(False, "false", type=BOOL, **place)
    return items[0] if len(items) == 1 else t.Some(items, type=BOOL, **place)


def called(source: Source, node: t.Call, operands: Sequence[str], costly: Costly) -> str:
    """A function of known values."""
    nodes = node.arguments if node.target is None else (node.target, *node.arguments)
    refuse_dynamic(*(strip(operand.type) for operand in nodes))
    overload = _overload(node, [strip(operand.type) for operand in nodes])
    given = [
        short(source, operand, text, costly) if is_text(strip(operand.type)) else text
        for text, operand in zip(operands, nodes, strict=True)
    ]
    match node.name, nodes:
        case "size", _:
            return f"len({given[0]})"
        case "contains", _:
            return f"({given[1]} in {given[0]})"
        case "matches", (_, t.Literal(value=str(text))):
            try:
                search = pattern(text).search
            except OperationError:
                raise UncompilableError("a pattern that is none") from None
            return f"({source.bind(search)}({given[0]}) is not None)"
    return f"{source.bind(overload.call)}({', '.join(given)})"


def _overload(node: t.Call, types: Sequence[Type]) -> Overload:
    for overload in (METHODS if node.target is not None else FUNCTIONS).get(node.name, ()):
        if len(overload.operands) == len(types) and all(map(_takes, overload.operands, types)):
            return overload
    raise UncompilableError(f"`{node.name}` in no known form")


def _takes(wanted: Type, given: Type) -> bool:
    if isinstance(wanted, ListType) or isinstance(given, ListType):
        return isinstance(wanted, ListType) and isinstance(given, ListType)
    if isinstance(wanted, MapType) or isinstance(given, MapType):
        return isinstance(wanted, MapType) and isinstance(given, MapType)
    return wanted == given or (wanted == STRING and is_text(given))


def short(source: Source, node: t.Node, text: str, costly: Costly) -> str:
    """A text, which leaves where it is so long that its length would count."""
    if isinstance(node, t.Literal) or not costly(node):
        return text
    return f"{source.bind(runtime.short_text)}({text})"


def table(source: Source, value: object, type_: Type) -> str:
    """A list or table of the rulebook; a table with texts as keys is a plain dict."""
    if isinstance(value, Map) and isinstance(type_, MapType) and is_text(type_.key):
        return source.bind_entries(value)
    return source.bind(value)


def refuse_dynamic(*types: Type) -> None:
    """What has a type only when it is evaluated is left to the tree walk."""
    if any(map(is_dynamic, types)):
        raise UncompilableError("a value without a type")


def count(source: Source, body: t.Node, items: str, nested: bool) -> bool:
    """Writes what leaves before a loop over so much that the tree walk could refuse it.

    Only loops in loops are counted together, in `n`; the result says whether this one is.
    """
    each = weight(body)
    if nested or any(isinstance(node, t.Macro) for node in t.walk(body)):
        source.line(f"n += len({items}) * {each} + {each}")
        source.line(f"if n > {MOST}: raise LEAVE")
        return True
    source.line(f"if len({items}) > {MOST // MANY // each}: raise LEAVE")
    return False


def weight(node: t.Node) -> int:
    """At most what one evaluation of a part costs the tree walk, loops inside of it left out."""
    total = 0
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, t.Call):
            total += 2 * runtime.LONGEST_TEXT // 50
        elif isinstance(part, t.Binary):
            total += 2 * runtime.LONGEST_TEXT // (10 if part.operator == "+" else 1000)
        total += 3
        if isinstance(part, t.Macro):
            waiting.append(part.operand)
        else:
            waiting.extend(t.children(part))
    return total
