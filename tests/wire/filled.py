"""Messages of the contract with every field set, made from their descriptors: the same ones whenever they are made."""

from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import Any, Final

from google.protobuf.descriptor import Descriptor, FieldDescriptor, FileDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from server.wire.methods import CONTRACT

# Beyond this, messages below messages are left empty: some contain themselves.
DEEPEST: Final = 2
_TEXT: Final = "día \U0001f33d "


@cache
def message_types() -> tuple[Descriptor, ...]:
    """Every message of the contract's own files, in the order of its name."""
    files: dict[str, FileDescriptor] = {}
    left = list(CONTRACT)
    while left:
        file = left.pop()
        if file.package.startswith("origingate.") and file.name not in files:
            files[file.name] = file
            left += file.dependencies
    types = chain.from_iterable(file.message_types_by_name.values() for file in files.values())
    return tuple(sorted(types, key=lambda one: one.full_name))


def filled(kind: Descriptor) -> Iterator[Message]:
    """The message with every field set; of fields that exclude each other one each time, until all were."""
    for turn in range(max(1, *(len(oneof.fields) for oneof in kind.oneofs), 1)):
        yield _filled(kind, turn, 0)


def _filled(kind: Descriptor, turn: int, depth: int) -> Message:
    message = GetMessageClass(kind)()
    if kind.full_name == "google.protobuf.FieldMask":
        message.paths[:] = ["lines", "order_id"]  # type: ignore[attr-defined]
        return message
    for field in kind.fields:
        of = field.containing_oneof
        if of is not None and of.fields[turn % len(of.fields)] is not field:
            continue
        _set(message, field, turn, depth)
    return message


def _set(message: Message, field: FieldDescriptor, turn: int, depth: int) -> None:
    below = field.message_type
    if below is not None and below.GetOptions().map_entry:
        # One entry: languages write several in orders of their own.
        value = below.fields_by_name["value"]
        if value.message_type is None:
            getattr(message, field.name)[_TEXT] = _scalar(value, 1)
        else:
            getattr(message, field.name)[_TEXT].CopyFrom(_filled(value.message_type, turn, depth + 1))
    elif below is not None:
        # What any message can stand in has no form that all know.
        if below.full_name == "google.protobuf.Any" or depth == DEEPEST:
            return
        made = _filled(below, turn, depth + 1)
        if field.is_repeated:
            getattr(message, field.name).append(made)
        else:
            target: Any = getattr(message, field.name)
            target.CopyFrom(made)
            target.SetInParent()
    elif field.is_repeated:
        getattr(message, field.name)[:] = [_scalar(field, 1), _scalar(field, 2)]
    else:
        setattr(message, field.name, _scalar(field, 1))


def _scalar(field: FieldDescriptor, number: int) -> Any:
    match field.cpp_type:
        case FieldDescriptor.CPPTYPE_STRING:
            return bytes([0, 255, number]) if field.type == FieldDescriptor.TYPE_BYTES else f"{_TEXT}{number}"
        case FieldDescriptor.CPPTYPE_BOOL:
            return True
        case FieldDescriptor.CPPTYPE_ENUM:
            assert field.enum_type is not None
            return field.enum_type.values[-number].number
        case FieldDescriptor.CPPTYPE_DOUBLE | FieldDescriptor.CPPTYPE_FLOAT:
            return number / 8
        case FieldDescriptor.CPPTYPE_UINT32 | FieldDescriptor.CPPTYPE_UINT64:
            return 100 * field.number + number
        case _:
            return -(100 * field.number + number) if field.name not in _NOT_BELOW_ZERO else 100 + number
    raise AssertionError(field.full_name)


# Of well-known types, whose JSON has bounds.
_NOT_BELOW_ZERO: Final = frozenset({"seconds", "nanos", "code"})
