"""Whether a value of somebody else's code has the type that the port says."""

import dataclasses
import functools
import types
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, NewType, Union, get_args, get_origin, get_type_hints

_UNIONS: Final = (Union, types.UnionType)


def has_type(value: object, hint: Any) -> bool:
    """Whether the value, and all that it is made of, is of the type. Dates without a time zone are of none."""
    if isinstance(hint, NewType):
        return has_type(value, hint.__supertype__)
    origin, inner = get_origin(hint), get_args(hint)
    if origin in _UNIONS:
        return any(has_type(value, one) for one in inner)
    if origin is tuple:
        return isinstance(value, tuple) and all(has_type(one, inner[0]) for one in value)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return isinstance(value, Mapping) and all(
            has_type(key, inner[0]) and has_type(one, inner[1]) for key, one in value.items()
        )
    if origin is Callable:
        return callable(value)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return type(value) is hint and not wrong_fields(value)
    return _is_plain(value, hint)


def wrong_fields(value: Any) -> list[str]:
    """The names of a dataclass's fields that do not have their type."""
    return [name for name, hint in _hints(value.__class__) if not has_type(getattr(value, name), hint)]


def _is_plain(value: object, hint: Any) -> bool:
    if hint is None:
        return value is None
    if hint in (int, float):
        kinds = (int,) if hint is int else (int, float)
        return isinstance(value, kinds) and not isinstance(value, bool)
    if hint is datetime:
        return isinstance(value, datetime) and value.tzinfo is not None
    return isinstance(value, hint)


@functools.cache
def _hints(kind: Any) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((field.name, hints[field.name]) for field in dataclasses.fields(kind))
