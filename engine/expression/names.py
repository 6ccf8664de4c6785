"""Names, fields and functions: what they are, and what to write where there is none of that name."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from engine.expression import tree as t
from engine.expression.faults import Fault, listed, nearest
from engine.expression.functions import FUNCTIONS, METHODS, names
from engine.expression.scope import Scope
from engine.expression.types import (
    DECIMAL,
    DYN,
    INT,
    MONEY,
    STRING,
    ListType,
    MapType,
    RecordType,
    Type,
    accepts,
    is_dynamic,
    is_text,
    strip,
)
from engine.expression.unparse import to_text
from engine.expression.values import Map

_NO_TYPES: Final = (
    "no-types",
    "types are not values in the language",
    "leave the test out: every fact has the type that facts.yaml gives it",
)
_REFUSED: Final = {
    "uint": ("no-uint", "unsigned integers are not part of the language", "write `int(...)`"),
    "bytes": ("no-bytes", "bytes are not part of the language", "compare strings instead"),
    "dyn": ("no-dyn", "every value has its type in the language", "write the value without `dyn(...)`"),
    **dict.fromkeys(("type", "null_type", "list", "map"), _NO_TYPES),
}  # fmt: skip
_ELSEWHERE: Final = {
    "len": "size", "length": "size", "count": "size", "lower": "matches", "lowerAscii": "matches",
    "starts_with": "startsWith", "ends_with": "endsWith", "includes": "contains", "indexOf": "contains",
    "any": "exists", "some": "exists", "every": "all", "forall": "all", "addDays": "plusDays",
    "addMonths": "plusMonths", "addYears": "plusYears", "isEmpty": "size", "existsOne": "exists_one",
    "getYear": "getFullYear", "str": "string", "float": "double", "regex": "matches", "match": "matches",
}  # fmt: skip
_MONEY_FIELDS: Final = {"amount": DECIMAL, "currency": STRING}
_MOST_PATHS: Final = 5_000


def field_type(type_: Type, field: str) -> Type | None:
    """The type of a field of a record, an entry of a map, a part of money; nothing if there is none."""
    type_ = strip(type_)
    if is_dynamic(type_):
        return DYN
    if isinstance(type_, RecordType):
        return type_.fields.get(field)
    if isinstance(type_, MapType) and (is_text(type_.key) or is_dynamic(type_.key)):
        return type_.value
    return _MONEY_FIELDS.get(field) if type_ == MONEY else None


def element_type(node: t.Index) -> Type | Fault:
    """The type of an element of a list or map, or why there is none."""
    type_, index = node.operand.type, node.index
    if is_dynamic(type_):
        return DYN
    if isinstance(type_, ListType):
        if index.type == INT or is_dynamic(index.type):
            return type_.element
        message, mend = f"an element of {type_} is found by its number, from 0", "write a whole number"
    elif isinstance(type_, MapType):
        if accepts(type_.key, index.type) or (is_text(type_.key) and is_text(index.type)):
            return _missing_key(node) or type_.value
        message = f"an element of {type_} is found by a key of type {type_.key}; this is {index.type}"
        mend = f"write a key of type {type_.key}"
    elif isinstance(type_, RecordType):
        message = "the fields of a record are named after a dot"
        name = index.value if isinstance(index, t.Literal) else "field"
        mend = f"write `{to_text(node.operand)}.{name}`"
    else:
        message, mend = f"`{to_text(node.operand)}` is {type_}, which has no elements", "take `[...]` away"
    return Fault("wrong-type", message, mend, index.start, index.end)


def _missing_key(node: t.Index) -> Fault | None:
    """Why a key written out is none of a table's; nothing if it is one, or is not known yet."""
    table, key = node.operand, node.index
    if (
        not isinstance(table, t.Constant)
        or not isinstance(table.value, Map)
        or not isinstance(key, t.Literal)
    ):
        return None
    if key.value in table.value:
        return None
    close = nearest(str(key.value), [word for word in table.value if isinstance(word, str)])
    mend = f'write `"{close}"`' if close else f"add the row to `{table.name}`"
    return Fault("no-such-key", f"`{table.name}` has no row {to_text(key)}", mend, key.start, key.end)


def name_fault(node: t.Name, scope: Scope, local: Iterable[str]) -> Fault:
    """What a name that nothing bears may have been meant to be."""
    if node.name in _REFUSED or node.name in FUNCTIONS:
        code, message, mend = _REFUSED.get(node.name, _NO_TYPES)
        return Fault(code, message, mend, node.start, node.end)
    known = [*local, *scope.names()]
    close = _path_ending(scope, node.name) or nearest(node.name, known)
    mend = f"write `{close}`" if close else _choose(known, "no facts are known here")
    return Fault("unknown-fact", f"unknown fact `{node.name}`", mend, node.start, node.end)


def field_fault(node: t.Select | t.Has, scope: Scope) -> Fault:
    """What a field that its record does not have may have been meant to be."""
    operand, text = strip(node.operand.type), to_text(node.operand)
    if not isinstance(operand, RecordType):
        return _no_fields(node, operand, text)
    close = nearest(node.field, operand.fields)
    path = f"{text}.{close}" if close else _path_ending(scope, node.field)
    mend = f"write `{path}`" if path else _choose(operand.fields, f"`{text}` has no fields")
    return Fault("unknown-fact", f"unknown fact `{text}.{node.field}`", mend, node.start, node.end)


def _no_fields(node: t.Select | t.Has, operand: Type, text: str) -> Fault:
    if isinstance(operand, ListType):
        mend = f"write `{text}.exists(item, item.{node.field} ...)` or `{text}.all(...)`"
    elif isinstance(operand, MapType):
        mend = f"write `{text}[...]` with a key of type {operand.key}"
    else:
        mend = f"use `{text}` itself"
    return Fault("wrong-type", f"`{text}` is {operand}, which has no fields", mend, node.start, node.end)


def function_fault(node: t.Call, scope: Scope) -> Fault | None:
    """Why a function is none of the language's; nothing if it is one."""
    known, others = (FUNCTIONS, METHODS) if node.target is None else (METHODS, FUNCTIONS)
    if node.name in known:
        return None
    start = node.start if node.target is None else node.target.end + 1
    if node.target is None and node.name in _REFUSED:
        code, message, mend = _REFUSED[node.name]
        return Fault(code, message, mend, node.start, node.end)
    if node.name in others:
        form = f"value.{node.name}(...)" if node.target is None else f"{node.name}({to_text(node.target)})"
        message = f"`{node.name}` is called the other way round"
        return Fault("unknown-function", message, f"write `{form}`", start, node.end)
    close = _ELSEWHERE.get(node.name) or nearest(node.name, [*names(), *scope.defines])
    mend = f"write `{close}`" if close else f"the functions are {listed(names(), len(names()))}"
    return Fault("unknown-function", f"unknown function `{node.name}`", mend, start, node.end)


def _choose(known: Iterable[str], otherwise: str) -> str:
    words = list(known)
    return f"choose from {listed(words)}" if words else otherwise


def _path_ending(scope: Scope, name: str) -> str | None:
    """The shortest path of a fact that ends so; facts in lists are not looked for."""
    return next((path for path in _paths(scope.variables) if path.endswith(f".{name}")), None)


def _paths(variables: Mapping[str, Type]) -> Iterator[str]:
    waiting = list(variables.items())
    for path, type_ in waiting:
        yield path
        record = strip(type_)
        if isinstance(record, RecordType) and len(waiting) < _MOST_PATHS:
            waiting.extend((f"{path}.{name}", field) for name, field in record.fields.items())
