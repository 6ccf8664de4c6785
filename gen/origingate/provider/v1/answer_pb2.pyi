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

class CertificateStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CERTIFICATE_STATUS_UNSPECIFIED: _ClassVar[CertificateStatus]
    CERTIFICATE_STATUS_ACTIVE: _ClassVar[CertificateStatus]
    CERTIFICATE_STATUS_REVOKED: _ClassVar[CertificateStatus]
    CERTIFICATE_STATUS_EXPIRED: _ClassVar[CertificateStatus]
    CERTIFICATE_STATUS_REPLACED: _ClassVar[CertificateStatus]
CERTIFICATE_STATUS_UNSPECIFIED: CertificateStatus
CERTIFICATE_STATUS_ACTIVE: CertificateStatus
CERTIFICATE_STATUS_REVOKED: CertificateStatus
CERTIFICATE_STATUS_EXPIRED: CertificateStatus
CERTIFICATE_STATUS_REPLACED: CertificateStatus

class Issued(_message.Message):
    __slots__ = ("e_cert_id", "proof")
    E_CERT_ID_FIELD_NUMBER: _ClassVar[int]
    PROOF_FIELD_NUMBER: _ClassVar[int]
    e_cert_id: str
    proof: str
    def __init__(self, e_cert_id: _Optional[str] = ..., proof: _Optional[str] = ...) -> None: ...

class Duplicate(_message.Message):
    __slots__ = ("e_cert_id", "proof", "reference")
    E_CERT_ID_FIELD_NUMBER: _ClassVar[int]
    PROOF_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    e_cert_id: str
    proof: str
    reference: str
    def __init__(self, e_cert_id: _Optional[str] = ..., proof: _Optional[str] = ..., reference: _Optional[str] = ...) -> None: ...

class Rejected(_message.Message):
    __slots__ = ("codes",)
    CODES_FIELD_NUMBER: _ClassVar[int]
    codes: _containers.RepeatedCompositeFieldContainer[Rejection]
    def __init__(self, codes: _Optional[_Iterable[_Union[Rejection, _Mapping]]] = ...) -> None: ...

class Rejection(_message.Message):
    __slots__ = ("code", "line_id", "text")
    CODE_FIELD_NUMBER: _ClassVar[int]
    LINE_ID_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    code: str
    line_id: str
    text: str
    def __init__(self, code: _Optional[str] = ..., line_id: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class Review(_message.Message):
    __slots__ = ("because", "platform_id")
    BECAUSE_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_ID_FIELD_NUMBER: _ClassVar[int]
    because: str
    platform_id: str
    def __init__(self, because: _Optional[str] = ..., platform_id: _Optional[str] = ...) -> None: ...

class Pending(_message.Message):
    __slots__ = ("poll_after", "platform_id")
    POLL_AFTER_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_ID_FIELD_NUMBER: _ClassVar[int]
    poll_after: _duration_pb2.Duration
    platform_id: str
    def __init__(self, poll_after: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., platform_id: _Optional[str] = ...) -> None: ...

class Retryable(_message.Message):
    __slots__ = ("because", "after")
    BECAUSE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    because: str
    after: _duration_pb2.Duration
    def __init__(self, because: _Optional[str] = ..., after: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class NotSent(_message.Message):
    __slots__ = ("because",)
    BECAUSE_FIELD_NUMBER: _ClassVar[int]
    because: str
    def __init__(self, because: _Optional[str] = ...) -> None: ...

class Unknown(_message.Message):
    __slots__ = ("because",)
    BECAUSE_FIELD_NUMBER: _ClassVar[int]
    because: str
    def __init__(self, because: _Optional[str] = ...) -> None: ...

class Misconfigured(_message.Message):
    __slots__ = ("because",)
    BECAUSE_FIELD_NUMBER: _ClassVar[int]
    because: str
    def __init__(self, because: _Optional[str] = ...) -> None: ...

class NotFound(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Voided(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Told(_message.Message):
    __slots__ = ("status",)
    STATUS_FIELD_NUMBER: _ClassVar[int]
    status: CertificateStatus
    def __init__(self, status: _Optional[_Union[CertificateStatus, str]] = ...) -> None: ...
