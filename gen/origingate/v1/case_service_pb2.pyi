import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from origingate.v1 import case_pb2 as _case_pb2
from origingate.v1 import case_event_pb2 as _case_event_pb2
from origingate.v1 import certificate_pb2 as _certificate_pb2
from origingate.v1 import decision_pb2 as _decision_pb2
from origingate.v1 import declaration_pb2 as _declaration_pb2
from origingate.v1 import options_pb2 as _options_pb2
from origingate.v1 import order_pb2 as _order_pb2
from origingate.v1 import receipt_pb2 as _receipt_pb2
from origingate.v1 import site_pb2 as _site_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CaseSort(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CASE_SORT_UNSPECIFIED: _ClassVar[CaseSort]
    CASE_SORT_CREATE_TIME_ASCENDING: _ClassVar[CaseSort]
    CASE_SORT_CREATE_TIME_DESCENDING: _ClassVar[CaseSort]
    CASE_SORT_UPDATE_TIME_ASCENDING: _ClassVar[CaseSort]
    CASE_SORT_UPDATE_TIME_DESCENDING: _ClassVar[CaseSort]

class WatchStart(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WATCH_START_UNSPECIFIED: _ClassVar[WatchStart]
    WATCH_START_NOW: _ClassVar[WatchStart]
    WATCH_START_BEGINNING: _ClassVar[WatchStart]
CASE_SORT_UNSPECIFIED: CaseSort
CASE_SORT_CREATE_TIME_ASCENDING: CaseSort
CASE_SORT_CREATE_TIME_DESCENDING: CaseSort
CASE_SORT_UPDATE_TIME_ASCENDING: CaseSort
CASE_SORT_UPDATE_TIME_DESCENDING: CaseSort
WATCH_START_UNSPECIFIED: WatchStart
WATCH_START_NOW: WatchStart
WATCH_START_BEGINNING: WatchStart

class ProcessOrderRequest(_message.Message):
    __slots__ = ("request_id", "site", "order", "declaration", "use")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SITE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    DECLARATION_FIELD_NUMBER: _ClassVar[int]
    USE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    site: _site_pb2.Site
    order: _order_pb2.Order
    declaration: _declaration_pb2.Declaration
    use: _certificate_pb2.CertificateUse
    def __init__(self, request_id: _Optional[str] = ..., site: _Optional[_Union[_site_pb2.Site, _Mapping]] = ..., order: _Optional[_Union[_order_pb2.Order, _Mapping]] = ..., declaration: _Optional[_Union[_declaration_pb2.Declaration, _Mapping]] = ..., use: _Optional[_Union[_certificate_pb2.CertificateUse, _Mapping]] = ...) -> None: ...

class ProcessOrderResponse(_message.Message):
    __slots__ = ("case", "scope", "certification", "prereview", "e_cert_id", "differences", "origin", "receipt")
    CASE_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATION_FIELD_NUMBER: _ClassVar[int]
    PREREVIEW_FIELD_NUMBER: _ClassVar[int]
    E_CERT_ID_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCES_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    case: _case_pb2.Case
    scope: _decision_pb2.Decision
    certification: _decision_pb2.Decision
    prereview: _decision_pb2.Decision
    e_cert_id: str
    differences: _containers.RepeatedCompositeFieldContainer[_certificate_pb2.Difference]
    origin: _decision_pb2.Decision
    receipt: _receipt_pb2.Receipt
    def __init__(self, case: _Optional[_Union[_case_pb2.Case, _Mapping]] = ..., scope: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ..., certification: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ..., prereview: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ..., e_cert_id: _Optional[str] = ..., differences: _Optional[_Iterable[_Union[_certificate_pb2.Difference, _Mapping]]] = ..., origin: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ..., receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class OrderDecisions(_message.Message):
    __slots__ = ("scope", "certification", "origin", "prereview", "receipt")
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATION_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    PREREVIEW_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    scope: _decision_pb2.Decision
    certification: _decision_pb2.Decision
    origin: _decision_pb2.Decision
    prereview: _decision_pb2.Decision
    receipt: _receipt_pb2.Receipt
    def __init__(self, scope: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ..., certification: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ..., origin: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ..., prereview: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ..., receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class OpenInquiryRequest(_message.Message):
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

class OpenInquiryResponse(_message.Message):
    __slots__ = ("case", "decisions")
    CASE_FIELD_NUMBER: _ClassVar[int]
    DECISIONS_FIELD_NUMBER: _ClassVar[int]
    case: _case_pb2.Case
    decisions: OrderDecisions
    def __init__(self, case: _Optional[_Union[_case_pb2.Case, _Mapping]] = ..., decisions: _Optional[_Union[OrderDecisions, _Mapping]] = ...) -> None: ...

class PlaceOrderRequest(_message.Message):
    __slots__ = ("request_id", "site", "order")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SITE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    site: _site_pb2.Site
    order: _order_pb2.Order
    def __init__(self, request_id: _Optional[str] = ..., site: _Optional[_Union[_site_pb2.Site, _Mapping]] = ..., order: _Optional[_Union[_order_pb2.Order, _Mapping]] = ...) -> None: ...

class PlaceOrderResponse(_message.Message):
    __slots__ = ("case", "decisions")
    CASE_FIELD_NUMBER: _ClassVar[int]
    DECISIONS_FIELD_NUMBER: _ClassVar[int]
    case: _case_pb2.Case
    decisions: OrderDecisions
    def __init__(self, case: _Optional[_Union[_case_pb2.Case, _Mapping]] = ..., decisions: _Optional[_Union[OrderDecisions, _Mapping]] = ...) -> None: ...

class DeclareRequest(_message.Message):
    __slots__ = ("request_id", "name", "declaration", "order", "supersede")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DECLARATION_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    SUPERSEDE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    name: str
    declaration: _declaration_pb2.Declaration
    order: _order_pb2.Order
    supersede: bool
    def __init__(self, request_id: _Optional[str] = ..., name: _Optional[str] = ..., declaration: _Optional[_Union[_declaration_pb2.Declaration, _Mapping]] = ..., order: _Optional[_Union[_order_pb2.Order, _Mapping]] = ..., supersede: _Optional[bool] = ...) -> None: ...

class DeclareResponse(_message.Message):
    __slots__ = ("case", "decisions", "e_cert_id")
    CASE_FIELD_NUMBER: _ClassVar[int]
    DECISIONS_FIELD_NUMBER: _ClassVar[int]
    E_CERT_ID_FIELD_NUMBER: _ClassVar[int]
    case: _case_pb2.Case
    decisions: OrderDecisions
    e_cert_id: str
    def __init__(self, case: _Optional[_Union[_case_pb2.Case, _Mapping]] = ..., decisions: _Optional[_Union[OrderDecisions, _Mapping]] = ..., e_cert_id: _Optional[str] = ...) -> None: ...

class DeclarationConflict(_message.Message):
    __slots__ = ("case_name", "state", "e_cert_id", "differences", "total")
    CASE_NAME_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    E_CERT_ID_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCES_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    case_name: str
    state: _case_pb2.CaseState
    e_cert_id: str
    differences: _containers.RepeatedCompositeFieldContainer[_certificate_pb2.Difference]
    total: int
    def __init__(self, case_name: _Optional[str] = ..., state: _Optional[_Union[_case_pb2.CaseState, str]] = ..., e_cert_id: _Optional[str] = ..., differences: _Optional[_Iterable[_Union[_certificate_pb2.Difference, _Mapping]]] = ..., total: _Optional[int] = ...) -> None: ...

class CertifyRequest(_message.Message):
    __slots__ = ("request_id", "name", "use")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    USE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    name: str
    use: _certificate_pb2.CertificateUse
    def __init__(self, request_id: _Optional[str] = ..., name: _Optional[str] = ..., use: _Optional[_Union[_certificate_pb2.CertificateUse, _Mapping]] = ...) -> None: ...

class CertifyResponse(_message.Message):
    __slots__ = ("case", "decisions", "e_cert_id")
    CASE_FIELD_NUMBER: _ClassVar[int]
    DECISIONS_FIELD_NUMBER: _ClassVar[int]
    E_CERT_ID_FIELD_NUMBER: _ClassVar[int]
    case: _case_pb2.Case
    decisions: OrderDecisions
    e_cert_id: str
    def __init__(self, case: _Optional[_Union[_case_pb2.Case, _Mapping]] = ..., decisions: _Optional[_Union[OrderDecisions, _Mapping]] = ..., e_cert_id: _Optional[str] = ...) -> None: ...

class DecideCaseRequest(_message.Message):
    __slots__ = ("request_id", "name")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    name: str
    def __init__(self, request_id: _Optional[str] = ..., name: _Optional[str] = ...) -> None: ...

class DecideCaseResponse(_message.Message):
    __slots__ = ("case", "decisions", "e_cert_id")
    CASE_FIELD_NUMBER: _ClassVar[int]
    DECISIONS_FIELD_NUMBER: _ClassVar[int]
    E_CERT_ID_FIELD_NUMBER: _ClassVar[int]
    case: _case_pb2.Case
    decisions: OrderDecisions
    e_cert_id: str
    def __init__(self, case: _Optional[_Union[_case_pb2.Case, _Mapping]] = ..., decisions: _Optional[_Union[OrderDecisions, _Mapping]] = ..., e_cert_id: _Optional[str] = ...) -> None: ...

class HandOffRequest(_message.Message):
    __slots__ = ("request_id", "name")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    name: str
    def __init__(self, request_id: _Optional[str] = ..., name: _Optional[str] = ...) -> None: ...

class HandOffResponse(_message.Message):
    __slots__ = ("case", "decisions", "handed_off")
    CASE_FIELD_NUMBER: _ClassVar[int]
    DECISIONS_FIELD_NUMBER: _ClassVar[int]
    HANDED_OFF_FIELD_NUMBER: _ClassVar[int]
    case: _case_pb2.Case
    decisions: OrderDecisions
    handed_off: bool
    def __init__(self, case: _Optional[_Union[_case_pb2.Case, _Mapping]] = ..., decisions: _Optional[_Union[OrderDecisions, _Mapping]] = ..., handed_off: _Optional[bool] = ...) -> None: ...

class CancelRequest(_message.Message):
    __slots__ = ("request_id", "name", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    name: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., name: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class CancelResponse(_message.Message):
    __slots__ = ("case",)
    CASE_FIELD_NUMBER: _ClassVar[int]
    case: _case_pb2.Case
    def __init__(self, case: _Optional[_Union[_case_pb2.Case, _Mapping]] = ...) -> None: ...

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

class CaseFilter(_message.Message):
    __slots__ = ("states", "site_id", "order_id", "updated_since", "updated_before", "e_cert_id")
    STATES_FIELD_NUMBER: _ClassVar[int]
    SITE_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    UPDATED_SINCE_FIELD_NUMBER: _ClassVar[int]
    UPDATED_BEFORE_FIELD_NUMBER: _ClassVar[int]
    E_CERT_ID_FIELD_NUMBER: _ClassVar[int]
    states: _containers.RepeatedScalarFieldContainer[_case_pb2.CaseState]
    site_id: str
    order_id: str
    updated_since: _timestamp_pb2.Timestamp
    updated_before: _timestamp_pb2.Timestamp
    e_cert_id: str
    def __init__(self, states: _Optional[_Iterable[_Union[_case_pb2.CaseState, str]]] = ..., site_id: _Optional[str] = ..., order_id: _Optional[str] = ..., updated_since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., updated_before: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., e_cert_id: _Optional[str] = ...) -> None: ...

class ListCasesRequest(_message.Message):
    __slots__ = ("filter", "sort", "page_size", "page_token")
    FILTER_FIELD_NUMBER: _ClassVar[int]
    SORT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    filter: CaseFilter
    sort: CaseSort
    page_size: int
    page_token: str
    def __init__(self, filter: _Optional[_Union[CaseFilter, _Mapping]] = ..., sort: _Optional[_Union[CaseSort, str]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListCasesResponse(_message.Message):
    __slots__ = ("cases", "next_page_token")
    CASES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    cases: _containers.RepeatedCompositeFieldContainer[_case_pb2.Case]
    next_page_token: str
    def __init__(self, cases: _Optional[_Iterable[_Union[_case_pb2.Case, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class WaitCaseRequest(_message.Message):
    __slots__ = ("name", "while_in", "after_version")
    NAME_FIELD_NUMBER: _ClassVar[int]
    WHILE_IN_FIELD_NUMBER: _ClassVar[int]
    AFTER_VERSION_FIELD_NUMBER: _ClassVar[int]
    name: str
    while_in: _containers.RepeatedScalarFieldContainer[_case_pb2.CaseState]
    after_version: int
    def __init__(self, name: _Optional[str] = ..., while_in: _Optional[_Iterable[_Union[_case_pb2.CaseState, str]]] = ..., after_version: _Optional[int] = ...) -> None: ...

class WaitCaseResponse(_message.Message):
    __slots__ = ("case", "happened")
    CASE_FIELD_NUMBER: _ClassVar[int]
    HAPPENED_FIELD_NUMBER: _ClassVar[int]
    case: _case_pb2.Case
    happened: bool
    def __init__(self, case: _Optional[_Union[_case_pb2.Case, _Mapping]] = ..., happened: _Optional[bool] = ...) -> None: ...

class CaseEventFilter(_message.Message):
    __slots__ = ("names", "site_id", "states")
    NAMES_FIELD_NUMBER: _ClassVar[int]
    SITE_ID_FIELD_NUMBER: _ClassVar[int]
    STATES_FIELD_NUMBER: _ClassVar[int]
    names: _containers.RepeatedScalarFieldContainer[str]
    site_id: str
    states: _containers.RepeatedScalarFieldContainer[_case_pb2.CaseState]
    def __init__(self, names: _Optional[_Iterable[str]] = ..., site_id: _Optional[str] = ..., states: _Optional[_Iterable[_Union[_case_pb2.CaseState, str]]] = ...) -> None: ...

class WatchCasesRequest(_message.Message):
    __slots__ = ("filter", "after", "start")
    FILTER_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    START_FIELD_NUMBER: _ClassVar[int]
    filter: CaseEventFilter
    after: str
    start: WatchStart
    def __init__(self, filter: _Optional[_Union[CaseEventFilter, _Mapping]] = ..., after: _Optional[str] = ..., start: _Optional[_Union[WatchStart, str]] = ...) -> None: ...

class WatchCasesResponse(_message.Message):
    __slots__ = ("event", "token")
    EVENT_FIELD_NUMBER: _ClassVar[int]
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    event: _case_event_pb2.CaseEvent
    token: str
    def __init__(self, event: _Optional[_Union[_case_event_pb2.CaseEvent, _Mapping]] = ..., token: _Optional[str] = ...) -> None: ...
