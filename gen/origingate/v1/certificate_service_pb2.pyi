import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from origingate.v1 import certificate_pb2 as _certificate_pb2
from origingate.v1 import declaration_pb2 as _declaration_pb2
from origingate.v1 import options_pb2 as _options_pb2
from origingate.v1 import order_pb2 as _order_pb2
from origingate.v1 import site_pb2 as _site_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Verdict(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VERDICT_UNSPECIFIED: _ClassVar[Verdict]
    VERDICT_GOOD: _ClassVar[Verdict]
    VERDICT_BAD: _ClassVar[Verdict]
    VERDICT_NOT_EXAMINED: _ClassVar[Verdict]
VERDICT_UNSPECIFIED: Verdict
VERDICT_GOOD: Verdict
VERDICT_BAD: Verdict
VERDICT_NOT_EXAMINED: Verdict

class GetCertificateRequest(_message.Message):
    __slots__ = ("e_cert_id", "platform")
    E_CERT_ID_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    e_cert_id: str
    platform: str
    def __init__(self, e_cert_id: _Optional[str] = ..., platform: _Optional[str] = ...) -> None: ...

class GetCertificateResponse(_message.Message):
    __slots__ = ("certificate",)
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    certificate: _certificate_pb2.Certificate
    def __init__(self, certificate: _Optional[_Union[_certificate_pb2.Certificate, _Mapping]] = ...) -> None: ...

class VerifyCertificateRequest(_message.Message):
    __slots__ = ("e_cert_id", "platform", "proof", "site", "order", "declaration")
    E_CERT_ID_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    PROOF_FIELD_NUMBER: _ClassVar[int]
    SITE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    DECLARATION_FIELD_NUMBER: _ClassVar[int]
    e_cert_id: str
    platform: str
    proof: str
    site: _site_pb2.Site
    order: _order_pb2.Order
    declaration: _declaration_pb2.Declaration
    def __init__(self, e_cert_id: _Optional[str] = ..., platform: _Optional[str] = ..., proof: _Optional[str] = ..., site: _Optional[_Union[_site_pb2.Site, _Mapping]] = ..., order: _Optional[_Union[_order_pb2.Order, _Mapping]] = ..., declaration: _Optional[_Union[_declaration_pb2.Declaration, _Mapping]] = ...) -> None: ...

class VerificationPart(_message.Message):
    __slots__ = ("verdict", "because")
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    BECAUSE_FIELD_NUMBER: _ClassVar[int]
    verdict: Verdict
    because: str
    def __init__(self, verdict: _Optional[_Union[Verdict, str]] = ..., because: _Optional[str] = ...) -> None: ...

class VerifyCertificateResponse(_message.Message):
    __slots__ = ("transport", "document", "status", "match", "use", "certificate_status", "status_at", "differences", "sandbox")
    TRANSPORT_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    MATCH_FIELD_NUMBER: _ClassVar[int]
    USE_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_STATUS_FIELD_NUMBER: _ClassVar[int]
    STATUS_AT_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCES_FIELD_NUMBER: _ClassVar[int]
    SANDBOX_FIELD_NUMBER: _ClassVar[int]
    transport: VerificationPart
    document: VerificationPart
    status: VerificationPart
    match: VerificationPart
    use: VerificationPart
    certificate_status: _certificate_pb2.CertificateStatus
    status_at: _timestamp_pb2.Timestamp
    differences: _containers.RepeatedCompositeFieldContainer[_certificate_pb2.Difference]
    sandbox: bool
    def __init__(self, transport: _Optional[_Union[VerificationPart, _Mapping]] = ..., document: _Optional[_Union[VerificationPart, _Mapping]] = ..., status: _Optional[_Union[VerificationPart, _Mapping]] = ..., match: _Optional[_Union[VerificationPart, _Mapping]] = ..., use: _Optional[_Union[VerificationPart, _Mapping]] = ..., certificate_status: _Optional[_Union[_certificate_pb2.CertificateStatus, str]] = ..., status_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., differences: _Optional[_Iterable[_Union[_certificate_pb2.Difference, _Mapping]]] = ..., sandbox: _Optional[bool] = ...) -> None: ...

class GetLedgerRequest(_message.Message):
    __slots__ = ("e_cert_id", "platform")
    E_CERT_ID_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    e_cert_id: str
    platform: str
    def __init__(self, e_cert_id: _Optional[str] = ..., platform: _Optional[str] = ...) -> None: ...

class GetLedgerResponse(_message.Message):
    __slots__ = ("ledger",)
    LEDGER_FIELD_NUMBER: _ClassVar[int]
    ledger: _certificate_pb2.Ledger
    def __init__(self, ledger: _Optional[_Union[_certificate_pb2.Ledger, _Mapping]] = ...) -> None: ...
