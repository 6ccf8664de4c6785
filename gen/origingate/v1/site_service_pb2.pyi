import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import date_pb2 as _date_pb2
from origingate.v1 import decision_pb2 as _decision_pb2
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

class SiteIntegration(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SITE_INTEGRATION_UNSPECIFIED: _ClassVar[SiteIntegration]
    SITE_INTEGRATION_CONNECTED: _ClassVar[SiteIntegration]
    SITE_INTEGRATION_NONE: _ClassVar[SiteIntegration]

class IntegrationSource(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INTEGRATION_SOURCE_UNSPECIFIED: _ClassVar[IntegrationSource]
    INTEGRATION_SOURCE_EVIDENCE: _ClassVar[IntegrationSource]
    INTEGRATION_SOURCE_ASSERTED: _ClassVar[IntegrationSource]

class SiteStep(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SITE_STEP_UNSPECIFIED: _ClassVar[SiteStep]
    SITE_STEP_REGISTER: _ClassVar[SiteStep]
    SITE_STEP_UPDATE: _ClassVar[SiteStep]
    SITE_STEP_CONNECT: _ClassVar[SiteStep]
    SITE_STEP_NOT_CONNECTED: _ClassVar[SiteStep]
    SITE_STEP_SUSPEND: _ClassVar[SiteStep]
    SITE_STEP_RESUME: _ClassVar[SiteStep]

class ReadinessArea(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    READINESS_AREA_UNSPECIFIED: _ClassVar[ReadinessArea]
    READINESS_AREA_INTERFACE: _ClassVar[ReadinessArea]
    READINESS_AREA_FIELDS: _ClassVar[ReadinessArea]
    READINESS_AREA_TRIGGER_POINTS: _ClassVar[ReadinessArea]

class ReadinessState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    READINESS_STATE_UNSPECIFIED: _ClassVar[ReadinessState]
    READINESS_STATE_LACKING: _ClassVar[ReadinessState]
    READINESS_STATE_UNKNOWN: _ClassVar[ReadinessState]
    READINESS_STATE_MET: _ClassVar[ReadinessState]
SITE_INTEGRATION_UNSPECIFIED: SiteIntegration
SITE_INTEGRATION_CONNECTED: SiteIntegration
SITE_INTEGRATION_NONE: SiteIntegration
INTEGRATION_SOURCE_UNSPECIFIED: IntegrationSource
INTEGRATION_SOURCE_EVIDENCE: IntegrationSource
INTEGRATION_SOURCE_ASSERTED: IntegrationSource
SITE_STEP_UNSPECIFIED: SiteStep
SITE_STEP_REGISTER: SiteStep
SITE_STEP_UPDATE: SiteStep
SITE_STEP_CONNECT: SiteStep
SITE_STEP_NOT_CONNECTED: SiteStep
SITE_STEP_SUSPEND: SiteStep
SITE_STEP_RESUME: SiteStep
READINESS_AREA_UNSPECIFIED: ReadinessArea
READINESS_AREA_INTERFACE: ReadinessArea
READINESS_AREA_FIELDS: ReadinessArea
READINESS_AREA_TRIGGER_POINTS: ReadinessArea
READINESS_STATE_UNSPECIFIED: ReadinessState
READINESS_STATE_LACKING: ReadinessState
READINESS_STATE_UNKNOWN: ReadinessState
READINESS_STATE_MET: ReadinessState

class SiteConnection(_message.Message):
    __slots__ = ("platform", "manifest_digest", "run_digest", "run_time", "last_answer_time", "proved_until")
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    MANIFEST_DIGEST_FIELD_NUMBER: _ClassVar[int]
    RUN_DIGEST_FIELD_NUMBER: _ClassVar[int]
    RUN_TIME_FIELD_NUMBER: _ClassVar[int]
    LAST_ANSWER_TIME_FIELD_NUMBER: _ClassVar[int]
    PROVED_UNTIL_FIELD_NUMBER: _ClassVar[int]
    platform: str
    manifest_digest: str
    run_digest: str
    run_time: _timestamp_pb2.Timestamp
    last_answer_time: _timestamp_pb2.Timestamp
    proved_until: _timestamp_pb2.Timestamp
    def __init__(self, platform: _Optional[str] = ..., manifest_digest: _Optional[str] = ..., run_digest: _Optional[str] = ..., run_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_answer_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., proved_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class SiteChange(_message.Message):
    __slots__ = ("number", "step", "actor", "reason", "time", "platform", "run_digest")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    RUN_DIGEST_FIELD_NUMBER: _ClassVar[int]
    number: int
    step: SiteStep
    actor: str
    reason: str
    time: _timestamp_pb2.Timestamp
    platform: str
    run_digest: str
    def __init__(self, number: _Optional[int] = ..., step: _Optional[_Union[SiteStep, str]] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., platform: _Optional[str] = ..., run_digest: _Optional[str] = ...) -> None: ...

class RegisteredSite(_message.Message):
    __slots__ = ("site_id", "title", "kind", "integration", "source", "because", "connections", "suspended_because", "version")
    SITE_ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    INTEGRATION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    BECAUSE_FIELD_NUMBER: _ClassVar[int]
    CONNECTIONS_FIELD_NUMBER: _ClassVar[int]
    SUSPENDED_BECAUSE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    site_id: str
    title: str
    kind: _site_pb2.SiteKind
    integration: SiteIntegration
    source: IntegrationSource
    because: str
    connections: _containers.RepeatedCompositeFieldContainer[SiteConnection]
    suspended_because: str
    version: int
    def __init__(self, site_id: _Optional[str] = ..., title: _Optional[str] = ..., kind: _Optional[_Union[_site_pb2.SiteKind, str]] = ..., integration: _Optional[_Union[SiteIntegration, str]] = ..., source: _Optional[_Union[IntegrationSource, str]] = ..., because: _Optional[str] = ..., connections: _Optional[_Iterable[_Union[SiteConnection, _Mapping]]] = ..., suspended_because: _Optional[str] = ..., version: _Optional[int] = ...) -> None: ...

class ReadinessItem(_message.Message):
    __slots__ = ("area", "about", "state", "seen", "needed", "who", "mend", "reason", "standing")
    AREA_FIELD_NUMBER: _ClassVar[int]
    ABOUT_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    SEEN_FIELD_NUMBER: _ClassVar[int]
    NEEDED_FIELD_NUMBER: _ClassVar[int]
    WHO_FIELD_NUMBER: _ClassVar[int]
    MEND_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    area: ReadinessArea
    about: str
    state: ReadinessState
    seen: str
    needed: str
    who: str
    mend: str
    reason: str
    standing: _decision_pb2.Standing
    def __init__(self, area: _Optional[_Union[ReadinessArea, str]] = ..., about: _Optional[str] = ..., state: _Optional[_Union[ReadinessState, str]] = ..., seen: _Optional[str] = ..., needed: _Optional[str] = ..., who: _Optional[str] = ..., mend: _Optional[str] = ..., reason: _Optional[str] = ..., standing: _Optional[_Union[_decision_pb2.Standing, str]] = ...) -> None: ...

class Readiness(_message.Message):
    __slots__ = ("site_id", "source", "orders", "since", "until", "on", "rulebook_digest", "outcome", "possible", "missing", "standing", "items")
    SITE_ID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    ORDERS_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    RULEBOOK_DIGEST_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    POSSIBLE_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    site_id: str
    source: str
    orders: int
    since: _timestamp_pb2.Timestamp
    until: _timestamp_pb2.Timestamp
    on: _date_pb2.Date
    rulebook_digest: str
    outcome: str
    possible: _containers.RepeatedScalarFieldContainer[str]
    missing: _containers.RepeatedScalarFieldContainer[str]
    standing: _decision_pb2.Standing
    items: _containers.RepeatedCompositeFieldContainer[ReadinessItem]
    def __init__(self, site_id: _Optional[str] = ..., source: _Optional[str] = ..., orders: _Optional[int] = ..., since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., rulebook_digest: _Optional[str] = ..., outcome: _Optional[str] = ..., possible: _Optional[_Iterable[str]] = ..., missing: _Optional[_Iterable[str]] = ..., standing: _Optional[_Union[_decision_pb2.Standing, str]] = ..., items: _Optional[_Iterable[_Union[ReadinessItem, _Mapping]]] = ...) -> None: ...

class ConformanceRun(_message.Message):
    __slots__ = ("platform", "holds", "time", "digest", "report", "broken")
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    HOLDS_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    REPORT_FIELD_NUMBER: _ClassVar[int]
    BROKEN_FIELD_NUMBER: _ClassVar[int]
    platform: str
    holds: bool
    time: _timestamp_pb2.Timestamp
    digest: str
    report: str
    broken: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, platform: _Optional[str] = ..., holds: _Optional[bool] = ..., time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., digest: _Optional[str] = ..., report: _Optional[str] = ..., broken: _Optional[_Iterable[str]] = ...) -> None: ...

class RegisterSiteRequest(_message.Message):
    __slots__ = ("request_id", "site_id", "title", "kind", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SITE_ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    site_id: str
    title: str
    kind: _site_pb2.SiteKind
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., site_id: _Optional[str] = ..., title: _Optional[str] = ..., kind: _Optional[_Union[_site_pb2.SiteKind, str]] = ..., reason: _Optional[str] = ...) -> None: ...

class RegisterSiteResponse(_message.Message):
    __slots__ = ("site",)
    SITE_FIELD_NUMBER: _ClassVar[int]
    site: RegisteredSite
    def __init__(self, site: _Optional[_Union[RegisteredSite, _Mapping]] = ...) -> None: ...

class GetSiteRequest(_message.Message):
    __slots__ = ("site_id", "with_report")
    SITE_ID_FIELD_NUMBER: _ClassVar[int]
    WITH_REPORT_FIELD_NUMBER: _ClassVar[int]
    site_id: str
    with_report: bool
    def __init__(self, site_id: _Optional[str] = ..., with_report: _Optional[bool] = ...) -> None: ...

class GetSiteResponse(_message.Message):
    __slots__ = ("site", "changes", "last_run")
    SITE_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    LAST_RUN_FIELD_NUMBER: _ClassVar[int]
    site: RegisteredSite
    changes: _containers.RepeatedCompositeFieldContainer[SiteChange]
    last_run: ConformanceRun
    def __init__(self, site: _Optional[_Union[RegisteredSite, _Mapping]] = ..., changes: _Optional[_Iterable[_Union[SiteChange, _Mapping]]] = ..., last_run: _Optional[_Union[ConformanceRun, _Mapping]] = ...) -> None: ...

class ListSitesRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListSitesResponse(_message.Message):
    __slots__ = ("sites", "next_page_token")
    SITES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    sites: _containers.RepeatedCompositeFieldContainer[RegisteredSite]
    next_page_token: str
    def __init__(self, sites: _Optional[_Iterable[_Union[RegisteredSite, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class SitePlatforms(_message.Message):
    __slots__ = ("items",)
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, items: _Optional[_Iterable[str]] = ...) -> None: ...

class UpdateSiteRequest(_message.Message):
    __slots__ = ("request_id", "site_id", "title", "kind", "platforms", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SITE_ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    PLATFORMS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    site_id: str
    title: str
    kind: _site_pb2.SiteKind
    platforms: SitePlatforms
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., site_id: _Optional[str] = ..., title: _Optional[str] = ..., kind: _Optional[_Union[_site_pb2.SiteKind, str]] = ..., platforms: _Optional[_Union[SitePlatforms, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class UpdateSiteResponse(_message.Message):
    __slots__ = ("site",)
    SITE_FIELD_NUMBER: _ClassVar[int]
    site: RegisteredSite
    def __init__(self, site: _Optional[_Union[RegisteredSite, _Mapping]] = ...) -> None: ...

class ConnectSiteRequest(_message.Message):
    __slots__ = ("request_id", "site_id", "platform", "order", "declaration", "buys_certificates", "rounds", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SITE_ID_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    DECLARATION_FIELD_NUMBER: _ClassVar[int]
    BUYS_CERTIFICATES_FIELD_NUMBER: _ClassVar[int]
    ROUNDS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    site_id: str
    platform: str
    order: _order_pb2.Order
    declaration: _declaration_pb2.Declaration
    buys_certificates: bool
    rounds: int
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., site_id: _Optional[str] = ..., platform: _Optional[str] = ..., order: _Optional[_Union[_order_pb2.Order, _Mapping]] = ..., declaration: _Optional[_Union[_declaration_pb2.Declaration, _Mapping]] = ..., buys_certificates: _Optional[bool] = ..., rounds: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class ConnectSiteResponse(_message.Message):
    __slots__ = ("site", "run")
    SITE_FIELD_NUMBER: _ClassVar[int]
    RUN_FIELD_NUMBER: _ClassVar[int]
    site: RegisteredSite
    run: ConformanceRun
    def __init__(self, site: _Optional[_Union[RegisteredSite, _Mapping]] = ..., run: _Optional[_Union[ConformanceRun, _Mapping]] = ...) -> None: ...

class SuspendSiteRequest(_message.Message):
    __slots__ = ("request_id", "site_id", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SITE_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    site_id: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., site_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class SuspendSiteResponse(_message.Message):
    __slots__ = ("site",)
    SITE_FIELD_NUMBER: _ClassVar[int]
    site: RegisteredSite
    def __init__(self, site: _Optional[_Union[RegisteredSite, _Mapping]] = ...) -> None: ...

class ResumeSiteRequest(_message.Message):
    __slots__ = ("request_id", "site_id", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SITE_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    site_id: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., site_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class ResumeSiteResponse(_message.Message):
    __slots__ = ("site",)
    SITE_FIELD_NUMBER: _ClassVar[int]
    site: RegisteredSite
    def __init__(self, site: _Optional[_Union[RegisteredSite, _Mapping]] = ...) -> None: ...

class AssessReadinessRequest(_message.Message):
    __slots__ = ("site_id", "days")
    SITE_ID_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    site_id: str
    days: int
    def __init__(self, site_id: _Optional[str] = ..., days: _Optional[int] = ...) -> None: ...

class AssessReadinessResponse(_message.Message):
    __slots__ = ("readiness",)
    READINESS_FIELD_NUMBER: _ClassVar[int]
    readiness: Readiness
    def __init__(self, readiness: _Optional[_Union[Readiness, _Mapping]] = ...) -> None: ...

class StateReadinessRequest(_message.Message):
    __slots__ = ("site_id", "days")
    SITE_ID_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    site_id: str
    days: int
    def __init__(self, site_id: _Optional[str] = ..., days: _Optional[int] = ...) -> None: ...

class StateReadinessResponse(_message.Message):
    __slots__ = ("statement",)
    STATEMENT_FIELD_NUMBER: _ClassVar[int]
    statement: str
    def __init__(self, statement: _Optional[str] = ...) -> None: ...
