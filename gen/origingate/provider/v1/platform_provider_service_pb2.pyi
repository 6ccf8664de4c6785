from buf.validate import validate_pb2 as _validate_pb2
from origingate.provider.v1 import answer_pb2 as _answer_pb2
from origingate.provider.v1 import capabilities_pb2 as _capabilities_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DescribeRequest(_message.Message):
    __slots__ = ("tenant",)
    TENANT_FIELD_NUMBER: _ClassVar[int]
    tenant: str
    def __init__(self, tenant: _Optional[str] = ...) -> None: ...

class DescribeResponse(_message.Message):
    __slots__ = ("title", "capabilities")
    TITLE_FIELD_NUMBER: _ClassVar[int]
    CAPABILITIES_FIELD_NUMBER: _ClassVar[int]
    title: str
    capabilities: _capabilities_pb2.Capabilities
    def __init__(self, title: _Optional[str] = ..., capabilities: _Optional[_Union[_capabilities_pb2.Capabilities, _Mapping]] = ...) -> None: ...

class SubmitRequest(_message.Message):
    __slots__ = ("tenant", "reference", "declaration_digest", "content")
    TENANT_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    DECLARATION_DIGEST_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    tenant: str
    reference: str
    declaration_digest: str
    content: bytes
    def __init__(self, tenant: _Optional[str] = ..., reference: _Optional[str] = ..., declaration_digest: _Optional[str] = ..., content: _Optional[bytes] = ...) -> None: ...

class SubmitResponse(_message.Message):
    __slots__ = ("issued", "duplicate", "rejected", "review", "pending", "retryable", "not_sent", "unknown", "misconfigured")
    ISSUED_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_FIELD_NUMBER: _ClassVar[int]
    REJECTED_FIELD_NUMBER: _ClassVar[int]
    REVIEW_FIELD_NUMBER: _ClassVar[int]
    PENDING_FIELD_NUMBER: _ClassVar[int]
    RETRYABLE_FIELD_NUMBER: _ClassVar[int]
    NOT_SENT_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_FIELD_NUMBER: _ClassVar[int]
    MISCONFIGURED_FIELD_NUMBER: _ClassVar[int]
    issued: _answer_pb2.Issued
    duplicate: _answer_pb2.Duplicate
    rejected: _answer_pb2.Rejected
    review: _answer_pb2.Review
    pending: _answer_pb2.Pending
    retryable: _answer_pb2.Retryable
    not_sent: _answer_pb2.NotSent
    unknown: _answer_pb2.Unknown
    misconfigured: _answer_pb2.Misconfigured
    def __init__(self, issued: _Optional[_Union[_answer_pb2.Issued, _Mapping]] = ..., duplicate: _Optional[_Union[_answer_pb2.Duplicate, _Mapping]] = ..., rejected: _Optional[_Union[_answer_pb2.Rejected, _Mapping]] = ..., review: _Optional[_Union[_answer_pb2.Review, _Mapping]] = ..., pending: _Optional[_Union[_answer_pb2.Pending, _Mapping]] = ..., retryable: _Optional[_Union[_answer_pb2.Retryable, _Mapping]] = ..., not_sent: _Optional[_Union[_answer_pb2.NotSent, _Mapping]] = ..., unknown: _Optional[_Union[_answer_pb2.Unknown, _Mapping]] = ..., misconfigured: _Optional[_Union[_answer_pb2.Misconfigured, _Mapping]] = ...) -> None: ...

class ReplaceRequest(_message.Message):
    __slots__ = ("tenant", "reference", "declaration_digest", "content", "e_cert_id")
    TENANT_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    DECLARATION_DIGEST_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    E_CERT_ID_FIELD_NUMBER: _ClassVar[int]
    tenant: str
    reference: str
    declaration_digest: str
    content: bytes
    e_cert_id: str
    def __init__(self, tenant: _Optional[str] = ..., reference: _Optional[str] = ..., declaration_digest: _Optional[str] = ..., content: _Optional[bytes] = ..., e_cert_id: _Optional[str] = ...) -> None: ...

class ReplaceResponse(_message.Message):
    __slots__ = ("issued", "duplicate", "rejected", "review", "pending", "retryable", "not_sent", "unknown", "misconfigured")
    ISSUED_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_FIELD_NUMBER: _ClassVar[int]
    REJECTED_FIELD_NUMBER: _ClassVar[int]
    REVIEW_FIELD_NUMBER: _ClassVar[int]
    PENDING_FIELD_NUMBER: _ClassVar[int]
    RETRYABLE_FIELD_NUMBER: _ClassVar[int]
    NOT_SENT_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_FIELD_NUMBER: _ClassVar[int]
    MISCONFIGURED_FIELD_NUMBER: _ClassVar[int]
    issued: _answer_pb2.Issued
    duplicate: _answer_pb2.Duplicate
    rejected: _answer_pb2.Rejected
    review: _answer_pb2.Review
    pending: _answer_pb2.Pending
    retryable: _answer_pb2.Retryable
    not_sent: _answer_pb2.NotSent
    unknown: _answer_pb2.Unknown
    misconfigured: _answer_pb2.Misconfigured
    def __init__(self, issued: _Optional[_Union[_answer_pb2.Issued, _Mapping]] = ..., duplicate: _Optional[_Union[_answer_pb2.Duplicate, _Mapping]] = ..., rejected: _Optional[_Union[_answer_pb2.Rejected, _Mapping]] = ..., review: _Optional[_Union[_answer_pb2.Review, _Mapping]] = ..., pending: _Optional[_Union[_answer_pb2.Pending, _Mapping]] = ..., retryable: _Optional[_Union[_answer_pb2.Retryable, _Mapping]] = ..., not_sent: _Optional[_Union[_answer_pb2.NotSent, _Mapping]] = ..., unknown: _Optional[_Union[_answer_pb2.Unknown, _Mapping]] = ..., misconfigured: _Optional[_Union[_answer_pb2.Misconfigured, _Mapping]] = ...) -> None: ...

class LookupRequest(_message.Message):
    __slots__ = ("tenant", "reference", "platform_id")
    TENANT_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_ID_FIELD_NUMBER: _ClassVar[int]
    tenant: str
    reference: str
    platform_id: str
    def __init__(self, tenant: _Optional[str] = ..., reference: _Optional[str] = ..., platform_id: _Optional[str] = ...) -> None: ...

class LookupResponse(_message.Message):
    __slots__ = ("issued", "duplicate", "rejected", "review", "pending", "retryable", "not_sent", "unknown", "misconfigured", "not_found")
    ISSUED_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_FIELD_NUMBER: _ClassVar[int]
    REJECTED_FIELD_NUMBER: _ClassVar[int]
    REVIEW_FIELD_NUMBER: _ClassVar[int]
    PENDING_FIELD_NUMBER: _ClassVar[int]
    RETRYABLE_FIELD_NUMBER: _ClassVar[int]
    NOT_SENT_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_FIELD_NUMBER: _ClassVar[int]
    MISCONFIGURED_FIELD_NUMBER: _ClassVar[int]
    NOT_FOUND_FIELD_NUMBER: _ClassVar[int]
    issued: _answer_pb2.Issued
    duplicate: _answer_pb2.Duplicate
    rejected: _answer_pb2.Rejected
    review: _answer_pb2.Review
    pending: _answer_pb2.Pending
    retryable: _answer_pb2.Retryable
    not_sent: _answer_pb2.NotSent
    unknown: _answer_pb2.Unknown
    misconfigured: _answer_pb2.Misconfigured
    not_found: _answer_pb2.NotFound
    def __init__(self, issued: _Optional[_Union[_answer_pb2.Issued, _Mapping]] = ..., duplicate: _Optional[_Union[_answer_pb2.Duplicate, _Mapping]] = ..., rejected: _Optional[_Union[_answer_pb2.Rejected, _Mapping]] = ..., review: _Optional[_Union[_answer_pb2.Review, _Mapping]] = ..., pending: _Optional[_Union[_answer_pb2.Pending, _Mapping]] = ..., retryable: _Optional[_Union[_answer_pb2.Retryable, _Mapping]] = ..., not_sent: _Optional[_Union[_answer_pb2.NotSent, _Mapping]] = ..., unknown: _Optional[_Union[_answer_pb2.Unknown, _Mapping]] = ..., misconfigured: _Optional[_Union[_answer_pb2.Misconfigured, _Mapping]] = ..., not_found: _Optional[_Union[_answer_pb2.NotFound, _Mapping]] = ...) -> None: ...

class StatusRequest(_message.Message):
    __slots__ = ("tenant", "e_cert_id")
    TENANT_FIELD_NUMBER: _ClassVar[int]
    E_CERT_ID_FIELD_NUMBER: _ClassVar[int]
    tenant: str
    e_cert_id: str
    def __init__(self, tenant: _Optional[str] = ..., e_cert_id: _Optional[str] = ...) -> None: ...

class StatusResponse(_message.Message):
    __slots__ = ("told", "not_found", "retryable", "not_sent", "unknown", "misconfigured")
    TOLD_FIELD_NUMBER: _ClassVar[int]
    NOT_FOUND_FIELD_NUMBER: _ClassVar[int]
    RETRYABLE_FIELD_NUMBER: _ClassVar[int]
    NOT_SENT_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_FIELD_NUMBER: _ClassVar[int]
    MISCONFIGURED_FIELD_NUMBER: _ClassVar[int]
    told: _answer_pb2.Told
    not_found: _answer_pb2.NotFound
    retryable: _answer_pb2.Retryable
    not_sent: _answer_pb2.NotSent
    unknown: _answer_pb2.Unknown
    misconfigured: _answer_pb2.Misconfigured
    def __init__(self, told: _Optional[_Union[_answer_pb2.Told, _Mapping]] = ..., not_found: _Optional[_Union[_answer_pb2.NotFound, _Mapping]] = ..., retryable: _Optional[_Union[_answer_pb2.Retryable, _Mapping]] = ..., not_sent: _Optional[_Union[_answer_pb2.NotSent, _Mapping]] = ..., unknown: _Optional[_Union[_answer_pb2.Unknown, _Mapping]] = ..., misconfigured: _Optional[_Union[_answer_pb2.Misconfigured, _Mapping]] = ...) -> None: ...

class VoidRequest(_message.Message):
    __slots__ = ("tenant", "e_cert_id", "because", "reason")
    TENANT_FIELD_NUMBER: _ClassVar[int]
    E_CERT_ID_FIELD_NUMBER: _ClassVar[int]
    BECAUSE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    tenant: str
    e_cert_id: str
    because: str
    reason: str
    def __init__(self, tenant: _Optional[str] = ..., e_cert_id: _Optional[str] = ..., because: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class VoidResponse(_message.Message):
    __slots__ = ("voided", "not_found", "rejected", "retryable", "not_sent", "unknown", "misconfigured")
    VOIDED_FIELD_NUMBER: _ClassVar[int]
    NOT_FOUND_FIELD_NUMBER: _ClassVar[int]
    REJECTED_FIELD_NUMBER: _ClassVar[int]
    RETRYABLE_FIELD_NUMBER: _ClassVar[int]
    NOT_SENT_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_FIELD_NUMBER: _ClassVar[int]
    MISCONFIGURED_FIELD_NUMBER: _ClassVar[int]
    voided: _answer_pb2.Voided
    not_found: _answer_pb2.NotFound
    rejected: _answer_pb2.Rejected
    retryable: _answer_pb2.Retryable
    not_sent: _answer_pb2.NotSent
    unknown: _answer_pb2.Unknown
    misconfigured: _answer_pb2.Misconfigured
    def __init__(self, voided: _Optional[_Union[_answer_pb2.Voided, _Mapping]] = ..., not_found: _Optional[_Union[_answer_pb2.NotFound, _Mapping]] = ..., rejected: _Optional[_Union[_answer_pb2.Rejected, _Mapping]] = ..., retryable: _Optional[_Union[_answer_pb2.Retryable, _Mapping]] = ..., not_sent: _Optional[_Union[_answer_pb2.NotSent, _Mapping]] = ..., unknown: _Optional[_Union[_answer_pb2.Unknown, _Mapping]] = ..., misconfigured: _Optional[_Union[_answer_pb2.Misconfigured, _Mapping]] = ...) -> None: ...

class KeysRequest(_message.Message):
    __slots__ = ("tenant",)
    TENANT_FIELD_NUMBER: _ClassVar[int]
    tenant: str
    def __init__(self, tenant: _Optional[str] = ...) -> None: ...

class KeysResponse(_message.Message):
    __slots__ = ("jwks",)
    JWKS_FIELD_NUMBER: _ClassVar[int]
    jwks: bytes
    def __init__(self, jwks: _Optional[bytes] = ...) -> None: ...

class HealthRequest(_message.Message):
    __slots__ = ("tenant",)
    TENANT_FIELD_NUMBER: _ClassVar[int]
    tenant: str
    def __init__(self, tenant: _Optional[str] = ...) -> None: ...

class HealthResponse(_message.Message):
    __slots__ = ("up", "because")
    UP_FIELD_NUMBER: _ClassVar[int]
    BECAUSE_FIELD_NUMBER: _ClassVar[int]
    up: bool
    because: str
    def __init__(self, up: _Optional[bool] = ..., because: _Optional[str] = ...) -> None: ...
