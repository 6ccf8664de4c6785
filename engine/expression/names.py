"""Names that mean nothing, fields that do not exist, functions that the language does not have."""

from collections.abc import Iterator, Mapping
from typing import Final

from engine.expression import tree as t
from engine.expression.faults import Fault, listed, nearest
from engine.expression.functions import FUNCTIONS, METHODS, names
from engine.expression.scope import Scope
from engine.expression.types import ListType, MapType, RecordType, Type, strip
from engine.expression.unparse import to_text

_TYPE_NAMES: Final = frozenset(
    {"bool", "int", "double", "string", "list", "map", "null_type", "type", "timestamp", "duration", "date"}
    | {"uint", "bytes", "dyn", "decimal", "money"}
)
_REFUSED: Final = {
    "uint": ("no-uint", "unsigned integers are not part of the language", "write `int(...)`"),
    "bytes": ("no-bytes", "bytes are not part of the language", "compare strings instead"),
    "type": ("no-types", "types are not values in the language", "every fact has its type in facts.yaml; leave the test out"),
    "dyn": ("no-dyn", "every value has its type in the language", "write the value without `dyn(...)`"),
}  # fmt: skip
_ELSEWHERE: Final = {
    "len": "size", "length": "size", "count": "size", "lower": "matches", "lowerAscii": "matches",
    "starts_with": "startsWith", "ends_with": "endsWith", "includes": "contains", "indexOf": "contains",
    "any": "exists", "some": "exists", "every": "all", "forall": "all", "addDays": "plusDays",
    "addMonths": "plusMonths", "addYears": "plusYears", "isEmpty": "size", "existsOne": "exists_one",
    "getYear": "getFullYear", "str": "string", "float": "double", "regex": "matches", "match": "matches",
}  # fmt: skip


def name_fault(node: t.Name, scope: Scope, local: Mapping[str, Type]) -> Fault:
    """What a name that nothing bears may have been meant to be."""
    if node.name in _TYPE_NAMES:
        code, message, mend = _REFUSED["type"] if node.name not in ("uint", "bytes", "dyn") else _REFUSED[node.name]
        return Fault(code, message, mend, node.start, node.end)
    known = [*local, *scope.names()]
    inside = [path for path in _paths(scope.variables) if path.endswith(f".{node.name}")]
    close = inside[0] if inside else nearest(node.name, known)
    mend = f"write `{close}`" if close else _from(known, "no facts are known here")
    return Fault("unknown-fact", f"unknown fact `{node.name}`", mend, node.start, node.end)


def field_fault(node: t.Select, scope: Scope) -> Fault:
    """What a field that its record does not have may have been meant to be."""
    operand, text = strip(node.operand.type), to_text(node.operand)
    whole = f"{text}.{node.field}"
    if not isinstance(operand, RecordType):
        return _no_fields(node, operand, text)
    close = nearest(node.field, operand.fields)
    if close is None:
        close_path = next((p for p in _paths(scope.variables) if p.endswith(f".{node.field}")), None)
        mend = f"write `{close_path}`" if close_path else _from(operand.fields, f"`{text}` has no fields")
    else:
        mend = f"write `{text}.{close}`"
    return Fault("unknown-fact", f"unknown fact `{whole}`", mend, node.start, node.end)


def _no_fields(node: t.Select, operand: Type, text: str) -> Fault:
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
        mend = f"write `value.{node.name}(...)`" if node.target is None else f"write `{node.name}(value)`"
        return Fault("unknown-function", f"`{node.name}` is not called so", mend, start, node.end)
    close = _ELSEWHERE.get(node.name) or nearest(node.name, [*names(), *scope.defines])
    mend = f"write `{close}`" if close else f"the functions are {listed(names(), 40)}"
    return Fault("unknown-function", f"unknown function `{node.name}`", mend, start, node.end)


def _from(known: Mapping[str, object] | list[str], otherwise: str) -> str:
    return f"choose from {listed(known)}" if known else otherwise


def _paths(variables: Mapping[str, Type]) -> Iterator[str]:
    """The paths of all facts, with those of records in them, but not those in lists."""
    waiting = list(variables.items())
    seen = 0
    while waiting and seen < 5_000:
        path, type_ = waiting.pop(0)
        seen += 1
        yield path
        record = strip(type_)
        if isinstance(record, RecordType) and path.count(".") < 6:
            waiting.extend((f"{path}.{name}", field) for name, field in record.fields.items())
