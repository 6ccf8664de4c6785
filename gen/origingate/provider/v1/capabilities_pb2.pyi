import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Binding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BINDING_UNSPECIFIED: _ClassVar[Binding]
    BINDING_DIGEST: _ClassVar[Binding]
    BINDING_CLAIMS: _ClassVar[Binding]
    BINDING_NONE: _ClassVar[Binding]

class ProofKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PROOF_KIND_UNSPECIFIED: _ClassVar[ProofKind]
    PROOF_KIND_JWS: _ClassVar[ProofKind]
    PROOF_KIND_STATUS: _ClassVar[ProofKind]

class Idempotency(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    IDEMPOTENCY_UNSPECIFIED: _ClassVar[Idempotency]
    IDEMPOTENCY_NONE: _ClassVar[Idempotency]
    IDEMPOTENCY_KEY: _ClassVar[Idempotency]
    IDEMPOTENCY_CONTENT: _ClassVar[Idempotency]

class Delivery(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DELIVERY_UNSPECIFIED: _ClassVar[Delivery]
    DELIVERY_POLL: _ClassVar[Delivery]
    DELIVERY_WEBHOOK: _ClassVar[Delivery]
BINDING_UNSPECIFIED: Binding
BINDING_DIGEST: Binding
BINDING_CLAIMS: Binding
BINDING_NONE: Binding
PROOF_KIND_UNSPECIFIED: ProofKind
PROOF_KIND_JWS: ProofKind
PROOF_KIND_STATUS: ProofKind
IDEMPOTENCY_UNSPECIFIED: Idempotency
IDEMPOTENCY_NONE: Idempotency
IDEMPOTENCY_KEY: Idempotency
IDEMPOTENCY_CONTENT: Idempotency
DELIVERY_UNSPECIFIED: Delivery
DELIVERY_POLL: Delivery
DELIVERY_WEBHOOK: Delivery

class Capabilities(_message.Message):
    __slots__ = ("binding", "proof", "lookup_by_reference", "lookup_by_platform_id", "lookup_window", "settle_time", "send_timeout", "idempotency", "idempotency_life", "void", "void_window", "void_reasons", "replace", "delivery", "most_lines", "calls_a_second", "calls_at_once")
    BINDING_FIELD_NUMBER: _ClassVar[int]
    PROOF_FIELD_NUMBER: _ClassVar[int]
    LOOKUP_BY_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    LOOKUP_BY_PLATFORM_ID_FIELD_NUMBER: _ClassVar[int]
    LOOKUP_WINDOW_FIELD_NUMBER: _ClassVar[int]
    SETTLE_TIME_FIELD_NUMBER: _ClassVar[int]
    SEND_TIMEOUT_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_LIFE_FIELD_NUMBER: _ClassVar[int]
    VOID_FIELD_NUMBER: _ClassVar[int]
    VOID_WINDOW_FIELD_NUMBER: _ClassVar[int]
    VOID_REASONS_FIELD_NUMBER: _ClassVar[int]
    REPLACE_FIELD_NUMBER: _ClassVar[int]
    DELIVERY_FIELD_NUMBER: _ClassVar[int]
    MOST_LINES_FIELD_NUMBER: _ClassVar[int]
    CALLS_A_SECOND_FIELD_NUMBER: _ClassVar[int]
    CALLS_AT_ONCE_FIELD_NUMBER: _ClassVar[int]
    binding: Binding
    proof: ProofKind
    lookup_by_reference: bool
    lookup_by_platform_id: bool
    lookup_window: _duration_pb2.Duration
    settle_time: _duration_pb2.Duration
    send_timeout: _duration_pb2.Duration
    idempotency: Idempotency
    idempotency_life: _duration_pb2.Duration
    void: bool
    void_window: _duration_pb2.Duration
    void_reasons: _containers.RepeatedScalarFieldContainer[str]
    replace: bool
    delivery: Delivery
    most_lines: int
    calls_a_second: float
    calls_at_once: int
    def __init__(self, binding: _Optional[_Union[Binding, str]] = ..., proof: _Optional[_Union[ProofKind, str]] = ..., lookup_by_reference: _Optional[bool] = ..., lookup_by_platform_id: _Optional[bool] = ..., lookup_window: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., settle_time: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., send_timeout: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., idempotency: _Optional[_Union[Idempotency, str]] = ..., idempotency_life: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., void: _Optional[bool] = ..., void_window: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., void_reasons: _Optional[_Iterable[str]] = ..., replace: _Optional[bool] = ..., delivery: _Optional[_Union[Delivery, str]] = ..., most_lines: _Optional[int] = ..., calls_a_second: _Optional[float] = ..., calls_at_once: _Optional[int] = ...) -> None: ...
