"""Which comparisons can hold, and what to write instead of those that never can."""

from engine.expression import tree as t
from engine.expression.decimals import as_decimal
from engine.expression.faults import Fault, listed, nearest
from engine.expression.types import (
    BOOL,
    DATE,
    DECIMAL,
    DOUBLE,
    DURATION,
    INT,
    MONEY,
    NULL,
    STRING,
    TIMESTAMP,
    EnumType,
    ListType,
    MapType,
    RecordType,
    Type,
    is_dynamic,
    is_text,
    strip,
)
from engine.expression.unparse import to_text

_ORDERED = (BOOL, INT, DOUBLE, STRING, TIMESTAMP, DURATION, DATE, DECIMAL, MONEY)
_NUMBERS = (INT, DOUBLE)


def same_kind(operator: str, left: t.Node, right: t.Node) -> tuple[t.Node, t.Node]:
    """Both sides, the numbers written out in one read as decimals where the other asks for decimals."""
    kinds = (_scalar(left.type), _scalar(right.type))
    asking = (DECIMAL, MONEY) if operator == "*" else (DECIMAL,)
    if kinds[0] in asking and kinds[1] not in asking:
        return left, as_decimal(right) or right
    if kinds[1] in asking and kinds[0] not in asking:
        return as_decimal(left) or left, right
    return left, right


def _scalar(type_: Type) -> Type:
    return strip(type_.element) if isinstance(type_, ListType) else strip(type_)


def comparison(node: t.Binary) -> Fault | None:
    """Why a comparison can never hold, or has no meaning; nothing for one that can."""
    if node.operator == "in":
        return _membership(node)
    fault = equality(node, node.left, node.right)
    if fault or node.operator in ("==", "!="):
        return fault
    type_ = strip(node.left.type)
    if is_text(type_) or is_dynamic(type_) or type_ in _ORDERED:
        return None
    message = f"`{node.operator}` has no meaning for {type_}"
    return Fault("wrong-type", message, "compare with `==`, or compare a field of it", node.start, node.end)


def equality(place: t.Node, left: t.Node, right: t.Node) -> Fault | None:
    """Why two values can never be equal; nothing if they can."""
    one, other = strip(left.type), strip(right.type)
    if is_dynamic(one) or is_dynamic(other):
        return None
    if _holds_record(one) or _holds_record(other):
        mend = "compare their fields one by one"
        return Fault("wrong-type", "records are not compared as a whole", mend, place.start, place.end)
    if NULL in (one, other):
        return _with_null(place, left if other == NULL else right, one == other)
    if is_text(one) and is_text(other):
        return _members(left, right) or _members(right, left)
    if not _meet(one, other):
        message = f"{_called(left)} is {one}, {_called(right)} is {other}: they cannot be compared"
        code = "date-against-timestamp" if {one, other} == {DATE, TIMESTAMP} else "wrong-type"
        return Fault(code, message, _mend_kinds(left, right), place.start, place.end)
    return None


def _holds_record(type_: Type) -> bool:
    if isinstance(type_, ListType):
        return _holds_record(strip(type_.element))
    if isinstance(type_, MapType):
        return _holds_record(strip(type_.value))
    return isinstance(type_, RecordType)


def _meet(one: Type, other: Type) -> bool:
    one, other = strip(one), strip(other)
    if one == other or is_dynamic(one) or is_dynamic(other):
        return True
    if one in _NUMBERS and other in _NUMBERS:
        return True
    if isinstance(one, EnumType) and isinstance(other, EnumType):
        return not set(one.values).isdisjoint(other.values)
    if is_text(one) and is_text(other):
        return True
    if isinstance(one, ListType) and isinstance(other, ListType):
        return _meet(one.element, other.element)
    if isinstance(one, MapType) and isinstance(other, MapType):
        return _meet(one.key, other.key) and _meet(one.value, other.value)
    return False


def _with_null(place: t.Node, fact: t.Node, both: bool) -> Fault | None:
    if both:
        return None
    text = to_text(fact)
    mend = f"write `!has({text})`" if isinstance(fact, t.Select) else "take the comparison away"
    return Fault("never-holds", f"{_called(fact)} is never null", mend, place.start, place.end)


def _members(fact: t.Node, value: t.Node) -> Fault | None:
    """A string written out beside an enum must be one of its values; two enums must share one."""
    type_ = strip(fact.type)
    if not isinstance(type_, EnumType):
        return None
    if isinstance(value, t.Literal):
        return foreign(type_, str(value.value), value)
    other = strip(value.type)
    if isinstance(other, EnumType) and set(type_.values).isdisjoint(other.values):
        message = f"{_called(fact)} and {_called(value)} have no value in common"
        return Fault(
            "never-holds",
            message,
            f"compare {_called(fact)} with {listed(type_.values)}",
            value.start,
            value.end,
        )
    return None


def foreign(type_: EnumType, text: str, place: t.Node) -> Fault | None:
    """Why a string is no value of an enum; nothing if it is one."""
    if text in type_.values:
        return None
    close = nearest(text, type_.values)
    mend = f'write `"{close}"`' if close else f"choose from {listed(type_.values)}"
    return Fault("never-holds", f'"{text}" is no value of {type_.name}', mend, place.start, place.end)


def _membership(node: t.Binary) -> Fault | None:
    left, right = node.left, node.right
    type_ = strip(right.type)
    if is_dynamic(type_):
        return None
    if is_text(type_):
        mend = f"write `{to_text(right)}.contains({to_text(left)})`, or put the text in a list: `[...]`"
        return Fault(
            "wrong-type", "`in` looks into a list or map, not into a text", mend, node.start, node.end
        )
    if isinstance(type_, MapType):
        return equality(node, left, _typed_like(right, type_.key))
    if not isinstance(type_, ListType):
        message = f"{_called(right)} is {type_}, not a list or map"
        return Fault("wrong-type", message, "write a list after `in`: `[...]`", right.start, right.end)
    if isinstance(right, t.ListOf):
        return next((fault for item in right.items if (fault := equality(item, left, item))), None)
    fault = equality(node, left, _typed_like(right, type_.element))
    return fault or _shared(left, right)


def _shared(left: t.Node, right: t.Node) -> Fault | None:
    """An enum beside a list of the rulebook must share a value with it."""
    type_ = strip(left.type)
    if not isinstance(right, t.Constant) or not isinstance(type_, EnumType) or not right.members:
        return None
    if not right.members.isdisjoint(type_.values):
        return None
    mend = f"put values of {type_.name} into the list: {listed(type_.values)}"
    return Fault(
        "never-holds", f"no value of {type_.name} is in `{right.name}`", mend, right.start, right.end
    )


def _typed_like(node: t.Node, type_: Type) -> t.Node:
    """Stands for an element of the node: same place and name, the element's type."""
    return t.Name(to_text(node), start=node.start, end=node.end, type=type_)


def _mend_kinds(left: t.Node, right: t.Node) -> str:
    for value, other in ((right, left), (left, right)):
        wanted = strip(other.type)
        if not isinstance(value, t.Literal):
            continue
        if wanted == DATE and value.type == STRING:
            return f'write `date("{value.value}")`'
        if wanted == MONEY and value.type in _NUMBERS:
            return f'write `money("{value.text} USD")`'
        if wanted == MONEY and value.type == STRING:
            return f'write `money("{value.value}")`'
        if wanted == TIMESTAMP and value.type == STRING:
            return f'write `timestamp("{value.value}")`'
        if is_text(wanted) and value.type in _NUMBERS:
            return f'write `"{value.text}"`'
        if wanted in (INT, DOUBLE, DECIMAL) and value.type == STRING:
            return (
                f"write `{value.value}`"
                if str(value.value).isdigit()
                else f"compare with a number ({wanted})"
            )
        if wanted == BOOL:
            return f"write `{to_text(other)}` or `!{to_text(other)}`"
    kinds = {strip(left.type), strip(right.type)}
    if kinds == {DATE, TIMESTAMP}:
        instant = left if strip(left.type) == TIMESTAMP else right
        return f'compare dates: `date({to_text(instant)}, "America/New_York")` is the day in that zone'
    if kinds == {INT, DECIMAL}:
        whole = left if strip(left.type) == INT else right
        return f"write `decimal({to_text(whole)})`"
    if MONEY in kinds and DECIMAL in kinds:
        amount = left if strip(left.type) == MONEY else right
        return f"compare `{to_text(amount)}.amount`, or write the other side as money"
    return "compare values of one type"


def _called(node: t.Node) -> str:
    text = to_text(node)
    return f"`{text}`" if len(text) <= 60 else "this"
