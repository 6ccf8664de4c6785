import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from origingate.v1 import certificate_pb2 as _certificate_pb2
from origingate.v1 import decision_pb2 as _decision_pb2
from origingate.v1 import declaration_pb2 as _declaration_pb2
from origingate.v1 import order_pb2 as _order_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CaseState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CASE_STATE_UNSPECIFIED: _ClassVar[CaseState]
    CASE_STATE_INQUIRY: _ClassVar[CaseState]
    CASE_STATE_ORDERED: _ClassVar[CaseState]
    CASE_STATE_DECLARED: _ClassVar[CaseState]
    CASE_STATE_VERIFYING: _ClassVar[CaseState]
    CASE_STATE_CERTIFIED: _ClassVar[CaseState]
    CASE_STATE_HANDED_OFF: _ClassVar[CaseState]
    CASE_STATE_REJECTED: _ClassVar[CaseState]
    CASE_STATE_IN_REVIEW: _ClassVar[CaseState]
    CASE_STATE_RECONCILING: _ClassVar[CaseState]
    CASE_STATE_MANUAL: _ClassVar[CaseState]
    CASE_STATE_SUPERSEDING: _ClassVar[CaseState]
    CASE_STATE_REVOKED: _ClassVar[CaseState]
    CASE_STATE_EXPIRED: _ClassVar[CaseState]
    CASE_STATE_CANCELLING: _ClassVar[CaseState]
    CASE_STATE_CANCELLED: _ClassVar[CaseState]

class AttemptState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ATTEMPT_STATE_UNSPECIFIED: _ClassVar[AttemptState]
    ATTEMPT_STATE_PLANNED: _ClassVar[AttemptState]
    ATTEMPT_STATE_SENDING: _ClassVar[AttemptState]
    ATTEMPT_STATE_ISSUED: _ClassVar[AttemptState]
    ATTEMPT_STATE_DUPLICATE: _ClassVar[AttemptState]
    ATTEMPT_STATE_REJECTED: _ClassVar[AttemptState]
    ATTEMPT_STATE_REVIEW: _ClassVar[AttemptState]
    ATTEMPT_STATE_PENDING: _ClassVar[AttemptState]
    ATTEMPT_STATE_RETRYABLE: _ClassVar[AttemptState]
    ATTEMPT_STATE_NOT_SENT: _ClassVar[AttemptState]
    ATTEMPT_STATE_UNKNOWN: _ClassVar[AttemptState]
    ATTEMPT_STATE_MISCONFIGURED: _ClassVar[AttemptState]
    ATTEMPT_STATE_UNPROVED: _ClassVar[AttemptState]
CASE_STATE_UNSPECIFIED: CaseState
CASE_STATE_INQUIRY: CaseState
CASE_STATE_ORDERED: CaseState
CASE_STATE_DECLARED: CaseState
CASE_STATE_VERIFYING: CaseState
CASE_STATE_CERTIFIED: CaseState
CASE_STATE_HANDED_OFF: CaseState
CASE_STATE_REJECTED: CaseState
CASE_STATE_IN_REVIEW: CaseState
CASE_STATE_RECONCILING: CaseState
CASE_STATE_MANUAL: CaseState
CASE_STATE_SUPERSEDING: CaseState
CASE_STATE_REVOKED: CaseState
CASE_STATE_EXPIRED: CaseState
CASE_STATE_CANCELLING: CaseState
CASE_STATE_CANCELLED: CaseState
ATTEMPT_STATE_UNSPECIFIED: AttemptState
ATTEMPT_STATE_PLANNED: AttemptState
ATTEMPT_STATE_SENDING: AttemptState
ATTEMPT_STATE_ISSUED: AttemptState
ATTEMPT_STATE_DUPLICATE: AttemptState
ATTEMPT_STATE_REJECTED: AttemptState
ATTEMPT_STATE_REVIEW: AttemptState
ATTEMPT_STATE_PENDING: AttemptState
ATTEMPT_STATE_RETRYABLE: AttemptState
ATTEMPT_STATE_NOT_SENT: AttemptState
ATTEMPT_STATE_UNKNOWN: AttemptState
ATTEMPT_STATE_MISCONFIGURED: AttemptState
ATTEMPT_STATE_UNPROVED: AttemptState

class Attempt(_message.Message):
    __slots__ = ("platform", "reference", "state", "because", "planned_at", "ended_at", "replaces")
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    BECAUSE_FIELD_NUMBER: _ClassVar[int]
    PLANNED_AT_FIELD_NUMBER: _ClassVar[int]
    ENDED_AT_FIELD_NUMBER: _ClassVar[int]
    REPLACES_FIELD_NUMBER: _ClassVar[int]
    platform: str
    reference: str
    state: AttemptState
    because: str
    planned_at: _timestamp_pb2.Timestamp
    ended_at: _timestamp_pb2.Timestamp
    replaces: str
    def __init__(self, platform: _Optional[str] = ..., reference: _Optional[str] = ..., state: _Optional[_Union[AttemptState, str]] = ..., because: _Optional[str] = ..., planned_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ended_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., replaces: _Optional[str] = ...) -> None: ...

class Case(_message.Message):
    __slots__ = ("name", "state", "site_id", "order_id", "create_time", "update_time", "order", "declaration", "declaration_version", "decisions", "certificate", "attempts", "version", "erase_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    SITE_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    DECLARATION_FIELD_NUMBER: _ClassVar[int]
    DECLARATION_VERSION_FIELD_NUMBER: _ClassVar[int]
    DECISIONS_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    ERASE_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    state: CaseState
    site_id: str
    order_id: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    order: _order_pb2.Order
    declaration: _declaration_pb2.Declaration
    declaration_version: int
    decisions: _containers.RepeatedCompositeFieldContainer[_decision_pb2.Decision]
    certificate: _certificate_pb2.Certificate
    attempts: _containers.RepeatedCompositeFieldContainer[Attempt]
    version: int
    erase_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., state: _Optional[_Union[CaseState, str]] = ..., site_id: _Optional[str] = ..., order_id: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., order: _Optional[_Union[_order_pb2.Order, _Mapping]] = ..., declaration: _Optional[_Union[_declaration_pb2.Declaration, _Mapping]] = ..., declaration_version: _Optional[int] = ..., decisions: _Optional[_Iterable[_Union[_decision_pb2.Decision, _Mapping]]] = ..., certificate: _Optional[_Union[_certificate_pb2.Certificate, _Mapping]] = ..., attempts: _Optional[_Iterable[_Union[Attempt, _Mapping]]] = ..., version: _Optional[int] = ..., erase_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
