from buf.validate import validate_pb2 as _validate_pb2
from origingate.v1 import case_pb2 as _case_pb2
from origingate.v1 import certificate_pb2 as _certificate_pb2
from origingate.v1 import decision_pb2 as _decision_pb2
from origingate.v1 import declaration_pb2 as _declaration_pb2
from origingate.v1 import options_pb2 as _options_pb2
from origingate.v1 import order_pb2 as _order_pb2
from origingate.v1 import site_pb2 as _site_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ProcessOrderRequest(_message.Message):
    __slots__ = ("request_id", "site", "order", "declaration")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SITE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    DECLARATION_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    site: _site_pb2.Site
    order: _order_pb2.Order
    declaration: _declaration_pb2.Declaration
    def __init__(self, request_id: _Optional[str] = ..., site: _Optional[_Union[_site_pb2.Site, _Mapping]] = ..., order: _Optional[_Union[_order_pb2.Order, _Mapping]] = ..., declaration: _Optional[_Union[_declaration_pb2.Declaration, _Mapping]] = ...) -> None: ...

class ProcessOrderResponse(_message.Message):
    __slots__ = ("case", "scope", "certification", "prereview", "e_cert_id", "differences", "origin")
    CASE_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATION_FIELD_NUMBER: _ClassVar[int]
    PREREVIEW_FIELD_NUMBER: _ClassVar[int]
    E_CERT_ID_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCES_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    case: _case_pb2.Case
    scope: _decision_pb2.Decision
    certification: _decision_pb2.Decision
    prereview: _decision_pb2.Decision
    e_cert_id: str
    differences: _containers.RepeatedCompositeFieldContainer[_certificate_pb2.Difference]
    origin: _decision_pb2.Decision
    def __init__(self, case: _Optional[_Union[_case_pb2.Case, _Mapping]] = ..., scope: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ..., certification: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ..., prereview: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ..., e_cert_id: _Optional[str] = ..., differences: _Optional[_Iterable[_Union[_certificate_pb2.Difference, _Mapping]]] = ..., origin: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ...) -> None: ...

class GetCaseRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class GetCaseResponse(_message.Message):
    __slots__ = ("case",)
    CASE_FIELD_NUMBER: _ClassVar[int]
    case: _case_pb2.Case
    def __init__(self, case: _Optional[_Union[_case_pb2.Case, _Mapping]] = ...) -> None: ...
