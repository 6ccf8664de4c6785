from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class Receipt(_message.Message):
    __slots__ = ("position", "envelope", "event", "inclusion", "head")
    POSITION_FIELD_NUMBER: _ClassVar[int]
    ENVELOPE_FIELD_NUMBER: _ClassVar[int]
    EVENT_FIELD_NUMBER: _ClassVar[int]
    INCLUSION_FIELD_NUMBER: _ClassVar[int]
    HEAD_FIELD_NUMBER: _ClassVar[int]
    position: int
    envelope: str
    event: str
    inclusion: _containers.RepeatedScalarFieldContainer[bytes]
    head: str
    def __init__(self, position: _Optional[int] = ..., envelope: _Optional[str] = ..., event: _Optional[str] = ..., inclusion: _Optional[_Iterable[bytes]] = ..., head: _Optional[str] = ...) -> None: ...
