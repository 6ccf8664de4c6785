import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from origingate.v1 import case_pb2 as _case_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CaseEventKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CASE_EVENT_KIND_UNSPECIFIED: _ClassVar[CaseEventKind]
    CASE_EVENT_KIND_INQUIRE: _ClassVar[CaseEventKind]
    CASE_EVENT_KIND_PLACE: _ClassVar[CaseEventKind]
    CASE_EVENT_KIND_DECLARE: _ClassVar[CaseEventKind]
    CASE_EVENT_KIND_SUBMIT: _ClassVar[CaseEventKind]
    CASE_EVENT_KIND_ADOPT: _ClassVar[CaseEventKind]
    CASE_EVENT_KIND_REJECT: _ClassVar[CaseEventKind]
    CASE_EVENT_KIND_REFER: _ClassVar[CaseEventKind]
    CASE_EVENT_KIND_LOSE: _ClassVar[CaseEventKind]
    CASE_EVENT_KIND_ESCALATE: _ClassVar[CaseEventKind]
    CASE_EVENT_KIND_HAND_OFF: _ClassVar[CaseEventKind]
    CASE_EVENT_KIND_SUPERSEDE: _ClassVar[CaseEventKind]
    CASE_EVENT_KIND_CLEAR: _ClassVar[CaseEventKind]
    CASE_EVENT_KIND_REVOKE: _ClassVar[CaseEventKind]
    CASE_EVENT_KIND_EXPIRE: _ClassVar[CaseEventKind]
    CASE_EVENT_KIND_CANCEL: _ClassVar[CaseEventKind]
    CASE_EVENT_KIND_COVER: _ClassVar[CaseEventKind]
    CASE_EVENT_KIND_WARN: _ClassVar[CaseEventKind]
CASE_EVENT_KIND_UNSPECIFIED: CaseEventKind
CASE_EVENT_KIND_INQUIRE: CaseEventKind
CASE_EVENT_KIND_PLACE: CaseEventKind
CASE_EVENT_KIND_DECLARE: CaseEventKind
CASE_EVENT_KIND_SUBMIT: CaseEventKind
CASE_EVENT_KIND_ADOPT: CaseEventKind
CASE_EVENT_KIND_REJECT: CaseEventKind
CASE_EVENT_KIND_REFER: CaseEventKind
CASE_EVENT_KIND_LOSE: CaseEventKind
CASE_EVENT_KIND_ESCALATE: CaseEventKind
CASE_EVENT_KIND_HAND_OFF: CaseEventKind
CASE_EVENT_KIND_SUPERSEDE: CaseEventKind
CASE_EVENT_KIND_CLEAR: CaseEventKind
CASE_EVENT_KIND_REVOKE: CaseEventKind
CASE_EVENT_KIND_EXPIRE: CaseEventKind
CASE_EVENT_KIND_CANCEL: CaseEventKind
CASE_EVENT_KIND_COVER: CaseEventKind
CASE_EVENT_KIND_WARN: CaseEventKind

class CaseEvent(_message.Message):
    __slots__ = ("case_name", "site_id", "order_id", "kind", "from_state", "to_state", "version", "declaration_version", "actor", "reason", "time")
    CASE_NAME_FIELD_NUMBER: _ClassVar[int]
    SITE_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    FROM_STATE_FIELD_NUMBER: _ClassVar[int]
    TO_STATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    DECLARATION_VERSION_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    case_name: str
    site_id: str
    order_id: str
    kind: CaseEventKind
    from_state: _case_pb2.CaseState
    to_state: _case_pb2.CaseState
    version: int
    declaration_version: int
    actor: str
    reason: str
    time: _timestamp_pb2.Timestamp
    def __init__(self, case_name: _Optional[str] = ..., site_id: _Optional[str] = ..., order_id: _Optional[str] = ..., kind: _Optional[_Union[CaseEventKind, str]] = ..., from_state: _Optional[_Union[_case_pb2.CaseState, str]] = ..., to_state: _Optional[_Union[_case_pb2.CaseState, str]] = ..., version: _Optional[int] = ..., declaration_version: _Optional[int] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
