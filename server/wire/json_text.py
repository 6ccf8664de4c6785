"""Proto JSON texts of messages and back, many times quicker than by the library's own Python, to the same letter.

The library looks every field up anew. Here a table for each message type, made once, says what its fields are. Whatever
is not plain goes to the library: kinds of fields that our messages do not use, values known to be odd, and in reading
also names that are unknown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any, Final, TypeVar

from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

_M = TypeVar("_M", bound=Message)

_WHOLE: Final = re.compile(r"-?[0-9]{1,18}")
_LONG_TYPES: Final = {FieldDescriptor.TYPE_INT64}
_WHOLE_TYPES: Final = {FieldDescriptor.TYPE_INT32, *_LONG_TYPES}
_AS_THEY_ARE: Final = {FieldDescriptor.TYPE_STRING, FieldDescriptor.TYPE_BOOL, FieldDescriptor.TYPE_INT32}
_MASK: Final = "google.protobuf.FieldMask"
_PATHS: Final = re.compile(
    r"[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)*(,[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)*)*"
)
_CAPITAL: Final = re.compile(r"[A-Z]")
_ENCODER: Final = json.JSONEncoder(sort_keys=True, ensure_ascii=False, check_circular=False)

Read = Callable[[Any], Any]
Write = Callable[[Any], object]


class OddError(Exception):
    """It is left to the library."""


def text_of(message: Message) -> str:
    """The message as proto JSON on one line, names sorted, letters as they are."""
    return written(_writer(message.DESCRIPTOR)(message))


def written(said: object) -> str:
    """What a message says, as its writer gives it, as `text_of` writes it."""
    return _ENCODER.encode(said)


def message_of(text: str, kind: type[_M]) -> _M:
    """The message of a text that `text_of` wrote, here or in another version: what this one does not know is left out."""
    try:
        return kind(**reader(kind.DESCRIPTOR)(json.loads(text)))
    except (OddError, KeyError, TypeError, ValueError, RecursionError):
        return json_format.Parse(text, kind(), ignore_unknown_fields=True)


@cache
def _writer(kind: Descriptor) -> Write:
    if kind.file.package.startswith("google.protobuf"):
        return json_format.MessageToDict
    fields: dict[int, tuple[str, Write | None]] = {}

    def write(message: Any) -> object:
        if not fields:
            fields.update({field.number: (field.json_name, _field_writer(field)) for field in kind.fields})
        said = {}
        for field, value in message.ListFields():
            name, written = fields[field.number]
            said[name] = value if written is None else written(value)
        return said

    return write


def _field_writer(field: FieldDescriptor) -> Write | None:
    """What writes a field; None where its value is written as it is."""
    if _is_map(field):
        return _map_writer(field)
    one = _value_writer(field)
    if not field.is_repeated:
        return one
    return list if one is None else lambda values: [one(value) for value in values]


def _map_writer(field: FieldDescriptor) -> Write:
    key, one = (_value_writer(part) for part in _message_type(field).fields)
    if key is not None or one is not None:
        raise TypeError(
            f"{field.full_name}: only maps of texts to texts, truth values or numbers are written"
        )
    return lambda values: {str(name): value for name, value in values.items()}


def _value_writer(field: FieldDescriptor) -> Write | None:
    if field.message_type is not None:
        return _writer(field.message_type)
    if field.enum_type is not None:
        names = {value.number: value.name for value in field.enum_type.values}
        return lambda value: names.get(value, value)
    if field.type in _LONG_TYPES:
        return str
    if field.type in _AS_THEY_ARE:
        return None
    raise TypeError(f"{field.full_name}: a field of this type is not written")


@cache
def reader(kind: Descriptor) -> Read:
    """What makes of a JSON object what the constructor of the message takes. Raises OddError, KeyError, TypeError."""
    if kind.full_name == _MASK:
        return _mask
    if kind.file.package.startswith("google.protobuf"):
        return _odd
    fields: dict[str, tuple[str, Read]] = {}

    def read(said: Any) -> dict[str, Any]:
        if said.__class__ is not dict:
            raise OddError
        if not fields:
            fields.update({field.json_name: (field.name, _field_reader(field)) for field in kind.fields})
        kept: dict[str, Any] = {}
        for name, value in said.items():
            own, plain = fields[name]
            kept[own] = plain(value)
        return kept

    return read


def _field_reader(field: FieldDescriptor) -> Read:
    if _is_map(field):
        return _map_reader(field)
    one = _value_reader(field)
    if not field.is_repeated:
        return one

    def read(said: Any) -> list[Any]:
        if said.__class__ is not list:
            raise OddError
        return [one(item) for item in said]

    return read


def _map_reader(field: FieldDescriptor) -> Read:
    key, value = _message_type(field).fields
    if key.type != FieldDescriptor.TYPE_STRING:
        return _odd
    one = _value_reader(value)

    def read(said: Any) -> dict[str, Any]:
        if said.__class__ is not dict:
            raise OddError
        return {name: one(item) for name, item in said.items()}

    return read


def _value_reader(field: FieldDescriptor) -> Read:
    if field.message_type is not None:
        return reader(field.message_type)
    if field.enum_type is not None:
        names = frozenset(field.enum_type.values_by_name)
        return lambda said: said if said in names else _odd(said)
    if field.type == FieldDescriptor.TYPE_STRING:
        return lambda said: said if said.__class__ is str else _odd(said)
    if field.type == FieldDescriptor.TYPE_BOOL:
        return lambda said: said if said.__class__ is bool else _odd(said)
    return _whole if field.type in _WHOLE_TYPES else _odd


def _is_map(field: FieldDescriptor) -> bool:
    return field.message_type is not None and field.message_type.GetOptions().map_entry


def _message_type(field: FieldDescriptor) -> Descriptor:
    assert field.message_type is not None, field.full_name
    return field.message_type


def _whole(said: Any) -> int:
    if said.__class__ is int:
        return int(said)
    if said.__class__ is str and _WHOLE.fullmatch(said):
        return int(said)
    raise OddError


def _mask(said: Any) -> dict[str, list[str]]:
    if said.__class__ is not str or not _PATHS.fullmatch(said):
        raise OddError
    return {"paths": [_CAPITAL.sub(lambda found: f"_{found[0].lower()}", path) for path in said.split(",")]}


def _odd(said: Any) -> Any:
    raise OddError
