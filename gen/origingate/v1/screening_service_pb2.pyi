from buf.validate import validate_pb2 as _validate_pb2
from google.rpc import status_pb2 as _status_pb2
from google.type import date_pb2 as _date_pb2
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

class Hypothesis(_message.Message):
    __slots__ = ("on", "enforce", "rulebook_digest", "rulebook_of")
    ON_FIELD_NUMBER: _ClassVar[int]
    ENFORCE_FIELD_NUMBER: _ClassVar[int]
    RULEBOOK_DIGEST_FIELD_NUMBER: _ClassVar[int]
    RULEBOOK_OF_FIELD_NUMBER: _ClassVar[int]
    on: _date_pb2.Date
    enforce: _containers.RepeatedScalarFieldContainer[_decision_pb2.Standing]
    rulebook_digest: str
    rulebook_of: _date_pb2.Date
    def __init__(self, on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., enforce: _Optional[_Iterable[_Union[_decision_pb2.Standing, str]]] = ..., rulebook_digest: _Optional[str] = ..., rulebook_of: _Optional[_Union[_date_pb2.Date, _Mapping]] = ...) -> None: ...

class CheckScopeRequest(_message.Message):
    __slots__ = ("site", "order", "hypothesis")
    SITE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    HYPOTHESIS_FIELD_NUMBER: _ClassVar[int]
    site: _site_pb2.Site
    order: _order_pb2.Order
    hypothesis: Hypothesis
    def __init__(self, site: _Optional[_Union[_site_pb2.Site, _Mapping]] = ..., order: _Optional[_Union[_order_pb2.Order, _Mapping]] = ..., hypothesis: _Optional[_Union[Hypothesis, _Mapping]] = ...) -> None: ...

class CheckScopeResponse(_message.Message):
    __slots__ = ("scope",)
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    scope: _decision_pb2.Decision
    def __init__(self, scope: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ...) -> None: ...

class DecidePreReviewRequest(_message.Message):
    __slots__ = ("site", "order", "declaration", "e_cert_id", "hypothesis")
    SITE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    DECLARATION_FIELD_NUMBER: _ClassVar[int]
    E_CERT_ID_FIELD_NUMBER: _ClassVar[int]
    HYPOTHESIS_FIELD_NUMBER: _ClassVar[int]
    site: _site_pb2.Site
    order: _order_pb2.Order
    declaration: _declaration_pb2.Declaration
    e_cert_id: str
    hypothesis: Hypothesis
    def __init__(self, site: _Optional[_Union[_site_pb2.Site, _Mapping]] = ..., order: _Optional[_Union[_order_pb2.Order, _Mapping]] = ..., declaration: _Optional[_Union[_declaration_pb2.Declaration, _Mapping]] = ..., e_cert_id: _Optional[str] = ..., hypothesis: _Optional[_Union[Hypothesis, _Mapping]] = ...) -> None: ...

class DecidePreReviewResponse(_message.Message):
    __slots__ = ("scope", "certification", "prereview", "origin")
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATION_FIELD_NUMBER: _ClassVar[int]
    PREREVIEW_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    scope: _decision_pb2.Decision
    certification: _decision_pb2.Decision
    prereview: _decision_pb2.Decision
    origin: _decision_pb2.Decision
    def __init__(self, scope: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ..., certification: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ..., prereview: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ..., origin: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ...) -> None: ...

class BatchCheckScopeRequest(_message.Message):
    __slots__ = ("items",)
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[CheckScopeRequest]
    def __init__(self, items: _Optional[_Iterable[_Union[CheckScopeRequest, _Mapping]]] = ...) -> None: ...

class BatchCheckScopeResponse(_message.Message):
    __slots__ = ("items",)
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[BatchCheckScopeResult]
    def __init__(self, items: _Optional[_Iterable[_Union[BatchCheckScopeResult, _Mapping]]] = ...) -> None: ...

class BatchCheckScopeResult(_message.Message):
    __slots__ = ("scope", "error")
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    scope: _decision_pb2.Decision
    error: _status_pb2.Status
    def __init__(self, scope: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...

class StreamCheckScopeRequest(_message.Message):
    __slots__ = ("key", "item")
    KEY_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    key: str
    item: CheckScopeRequest
    def __init__(self, key: _Optional[str] = ..., item: _Optional[_Union[CheckScopeRequest, _Mapping]] = ...) -> None: ...

class StreamCheckScopeResponse(_message.Message):
    __slots__ = ("key", "scope", "error")
    KEY_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    key: str
    scope: _decision_pb2.Decision
    error: _status_pb2.Status
    def __init__(self, key: _Optional[str] = ..., scope: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...

class StreamDecideRequest(_message.Message):
    __slots__ = ("key", "item")
    KEY_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    key: str
    item: DecidePreReviewRequest
    def __init__(self, key: _Optional[str] = ..., item: _Optional[_Union[DecidePreReviewRequest, _Mapping]] = ...) -> None: ...

class StreamDecideResponse(_message.Message):
    __slots__ = ("key", "decisions", "error")
    KEY_FIELD_NUMBER: _ClassVar[int]
    DECISIONS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    key: str
    decisions: DecidePreReviewResponse
    error: _status_pb2.Status
    def __init__(self, key: _Optional[str] = ..., decisions: _Optional[_Union[DecidePreReviewResponse, _Mapping]] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...
