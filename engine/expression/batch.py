"""Cases of expressions with their facts, evaluated one by one: `origingate rules eval --batch`.

A case is `{"name", "expr", "facts"}`, its answer `{"name", "value"}`, `{"name", "unknown": [paths]}` or
`{"name", "error": code}`. Null, bool, string, list and integer are as JSON has them; a plain object is a
record, whose absent fields are unknown; all else is `{"$type": kind, "value": ...}`.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from math import isfinite

from engine.expression import functions
from engine.expression.compile import compile_dynamic
from engine.expression.conversions import decimal_to_text, money_to_text
from engine.expression.evaluate import evaluate
from engine.expression.scope import Scope
from engine.expression.times import write_duration, write_timestamp
from engine.expression.types import (
    BOOL,
    DATE,
    DECIMAL,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    MONEY,
    NULL,
    STRING,
    TIMESTAMP,
    ListType,
    MapType,
    Type,
    join,
)
from engine.expression.values import Duration, Map, Money, OperationError, Timestamp, Unknown, checked

_SCALARS = ("timestamp", "duration", "date", "decimal", "money")


def evaluate_case(case: Mapping[str, object]) -> dict[str, object]:
    """The answer to one case. Never raises."""
    name, text, facts = case.get("name"), case.get("expr"), case.get("facts") or {}
    if not isinstance(text, str) or not isinstance(facts, dict):
        return {"name": name, "error": "bad_case"}
    try:
        env = {root: read_value(value) for root, value in facts.items()}
        expression = compile_dynamic(text, Scope({root: type_of(value) for root, value in env.items()}))
    except OperationError as error:
        return {"name": name, "error": error.code}
    except RecursionError:
        return {"name": name, "error": "too_deep"}
    if isinstance(expression, tuple):
        return {"name": name, "error": expression[0].code.replace("-", "_")}
    value = evaluate(expression, env)
    if not isinstance(value, Unknown):
        return _known(name, value)
    if value.paths:
        return {"name": name, "unknown": sorted(value.paths)}
    return {"name": name, "error": min(value.errors)}


def _known(name: object, value: object) -> dict[str, object]:
    try:
        return {"name": name, "value": write_value(value)}
    except RecursionError:
        return {"name": name, "error": "too_deep"}


def read_value(form: object) -> object:
    """The value that JSON stands for; raises OperationError for what is none."""
    if isinstance(form, bool) or form is None or isinstance(form, str | float):
        return form
    if isinstance(form, int):
        return checked(form)
    if isinstance(form, list):
        return tuple(map(read_value, form))
    if not isinstance(form, dict):
        raise OperationError("bad_value")
    if "$type" not in form:
        return {str(field): read_value(value) for field, value in form.items()}
    return _read_typed(form["$type"], form.get("value"))


def _read_typed(kind: object, form: object) -> object:
    if kind == "double" and isinstance(form, int | float | str):
        return functions.call("double", False, [read_value(form)])
    if kind == "int" and isinstance(form, int | str):
        return functions.call("int", False, [form])
    if (
        kind == "map"
        and isinstance(form, list)
        and all(isinstance(entry, list) and len(entry) == 2 for entry in form)
    ):
        return Map((read_value(key), read_value(value)) for key, value in form)
    if kind in _SCALARS and isinstance(form, str):
        return functions.call(str(kind), False, [form])
    if kind in ("bool", "string", "null", "list"):
        return read_value(form)
    raise OperationError("bad_value")


def type_of(value: object) -> Type:
    """The type of a value, as far as it shows."""
    match value:
        case None:
            return NULL
        case bool():
            return BOOL
        case tuple():
            return ListType(_common(map(type_of, value)))
        case Map():
            return MapType(_common(map(type_of, value)), _common(map(type_of, value.values())))
    kinds: dict[type, Type] = {
        int: INT, float: DOUBLE, str: STRING, Timestamp: TIMESTAMP, Duration: DURATION,
        date: DATE, Decimal: DECIMAL, Money: MONEY,
    }  # fmt: skip
    return kinds.get(type(value), DYN)


def _common(types: Iterable[Type]) -> Type:
    common: Type | None = None
    for type_ in types:
        joined = type_ if common is None else join(common, type_)
        if joined is None:
            return DYN
        common = joined
    return common or DYN


def write_value(value: object) -> object:
    """The value in JSON."""
    match value:
        case None | bool() | str() | int():
            return value
        case float():
            special = "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
            return {"$type": "double", "value": value if isfinite(value) else special}
        case tuple():
            return [write_value(item) for item in value]
        case Map():
            return {"$type": "map", "value": [[write_value(k), write_value(v)] for k, v in value.items()]}
        case dict():
            return {field: write_value(item) for field, item in value.items()}
        case Timestamp():
            return {"$type": "timestamp", "value": write_timestamp(value)}
        case Duration():
            return {"$type": "duration", "value": write_duration(value)}
        case date():
            return {"$type": "date", "value": value.isoformat()}
        case Decimal():
            return {"$type": "decimal", "value": decimal_to_text(value)}
        case Money():
            return {"$type": "money", "value": money_to_text(value)}
    raise OperationError("bad_value")
