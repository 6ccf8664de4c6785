import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import date_pb2 as _date_pb2
from google.type import decimal_pb2 as _decimal_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CertificateStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CERTIFICATE_STATUS_UNSPECIFIED: _ClassVar[CertificateStatus]
    CERTIFICATE_STATUS_ACTIVE: _ClassVar[CertificateStatus]
    CERTIFICATE_STATUS_REVOKED: _ClassVar[CertificateStatus]
    CERTIFICATE_STATUS_EXPIRED: _ClassVar[CertificateStatus]
    CERTIFICATE_STATUS_REPLACED: _ClassVar[CertificateStatus]

class Binding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BINDING_UNSPECIFIED: _ClassVar[Binding]
    BINDING_DIGEST: _ClassVar[Binding]
    BINDING_CLAIMS: _ClassVar[Binding]
    BINDING_NONE: _ClassVar[Binding]
CERTIFICATE_STATUS_UNSPECIFIED: CertificateStatus
CERTIFICATE_STATUS_ACTIVE: CertificateStatus
CERTIFICATE_STATUS_REVOKED: CertificateStatus
CERTIFICATE_STATUS_EXPIRED: CertificateStatus
CERTIFICATE_STATUS_REPLACED: CertificateStatus
BINDING_UNSPECIFIED: Binding
BINDING_DIGEST: Binding
BINDING_CLAIMS: Binding
BINDING_NONE: Binding

class Certificate(_message.Message):
    __slots__ = ("e_cert_id", "platform", "status", "status_at", "issued_at", "binding", "declaration_digest", "proof", "sandbox", "case_name", "compared_fields")
    E_CERT_ID_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    STATUS_AT_FIELD_NUMBER: _ClassVar[int]
    ISSUED_AT_FIELD_NUMBER: _ClassVar[int]
    BINDING_FIELD_NUMBER: _ClassVar[int]
    DECLARATION_DIGEST_FIELD_NUMBER: _ClassVar[int]
    PROOF_FIELD_NUMBER: _ClassVar[int]
    SANDBOX_FIELD_NUMBER: _ClassVar[int]
    CASE_NAME_FIELD_NUMBER: _ClassVar[int]
    COMPARED_FIELDS_FIELD_NUMBER: _ClassVar[int]
    e_cert_id: str
    platform: str
    status: CertificateStatus
    status_at: _timestamp_pb2.Timestamp
    issued_at: _timestamp_pb2.Timestamp
    binding: Binding
    declaration_digest: str
    proof: str
    sandbox: bool
    case_name: str
    compared_fields: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, e_cert_id: _Optional[str] = ..., platform: _Optional[str] = ..., status: _Optional[_Union[CertificateStatus, str]] = ..., status_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., issued_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., binding: _Optional[_Union[Binding, str]] = ..., declaration_digest: _Optional[str] = ..., proof: _Optional[str] = ..., sandbox: _Optional[bool] = ..., case_name: _Optional[str] = ..., compared_fields: _Optional[_Iterable[str]] = ...) -> None: ...

class Difference(_message.Message):
    __slots__ = ("path", "item", "field", "was", "now")
    PATH_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    WAS_FIELD_NUMBER: _ClassVar[int]
    NOW_FIELD_NUMBER: _ClassVar[int]
    path: str
    item: str
    field: str
    was: str
    now: str
    def __init__(self, path: _Optional[str] = ..., item: _Optional[str] = ..., field: _Optional[str] = ..., was: _Optional[str] = ..., now: _Optional[str] = ...) -> None: ...

class LineGood(_message.Message):
    __slots__ = ("line_id", "good_id")
    LINE_ID_FIELD_NUMBER: _ClassVar[int]
    GOOD_ID_FIELD_NUMBER: _ClassVar[int]
    line_id: str
    good_id: str
    def __init__(self, line_id: _Optional[str] = ..., good_id: _Optional[str] = ...) -> None: ...

class CertificateUse(_message.Message):
    __slots__ = ("e_cert_id", "platform", "goods")
    E_CERT_ID_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    GOODS_FIELD_NUMBER: _ClassVar[int]
    e_cert_id: str
    platform: str
    goods: _containers.RepeatedCompositeFieldContainer[LineGood]
    def __init__(self, e_cert_id: _Optional[str] = ..., platform: _Optional[str] = ..., goods: _Optional[_Iterable[_Union[LineGood, _Mapping]]] = ...) -> None: ...

class Ledger(_message.Message):
    __slots__ = ("e_cert_id", "platform", "case_name", "status", "first_day", "last_day", "goods", "cases", "warned_at")
    E_CERT_ID_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    CASE_NAME_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    FIRST_DAY_FIELD_NUMBER: _ClassVar[int]
    LAST_DAY_FIELD_NUMBER: _ClassVar[int]
    GOODS_FIELD_NUMBER: _ClassVar[int]
    CASES_FIELD_NUMBER: _ClassVar[int]
    WARNED_AT_FIELD_NUMBER: _ClassVar[int]
    e_cert_id: str
    platform: str
    case_name: str
    status: CertificateStatus
    first_day: _date_pb2.Date
    last_day: _date_pb2.Date
    goods: _containers.RepeatedCompositeFieldContainer[LedgerGood]
    cases: int
    warned_at: _timestamp_pb2.Timestamp
    def __init__(self, e_cert_id: _Optional[str] = ..., platform: _Optional[str] = ..., case_name: _Optional[str] = ..., status: _Optional[_Union[CertificateStatus, str]] = ..., first_day: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., last_day: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., goods: _Optional[_Iterable[_Union[LedgerGood, _Mapping]]] = ..., cases: _Optional[int] = ..., warned_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class LedgerGood(_message.Message):
    __slots__ = ("good_id", "quantity", "drawn", "left", "unit")
    GOOD_ID_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    DRAWN_FIELD_NUMBER: _ClassVar[int]
    LEFT_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    good_id: str
    quantity: _decimal_pb2.Decimal
    drawn: _decimal_pb2.Decimal
    left: _decimal_pb2.Decimal
    unit: str
    def __init__(self, good_id: _Optional[str] = ..., quantity: _Optional[_Union[_decimal_pb2.Decimal, _Mapping]] = ..., drawn: _Optional[_Union[_decimal_pb2.Decimal, _Mapping]] = ..., left: _Optional[_Union[_decimal_pb2.Decimal, _Mapping]] = ..., unit: _Optional[str] = ...) -> None: ...
