from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.type import date_pb2 as _date_pb2
from google.type import decimal_pb2 as _decimal_pb2
from google.type import money_pb2 as _money_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ClaimKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CLAIM_KIND_UNSPECIFIED: _ClassVar[ClaimKind]
    CLAIM_KIND_AT_ENTRY: _ClassVar[ClaimKind]
    CLAIM_KIND_POST_IMPORTATION: _ClassVar[ClaimKind]

class ClaimIndicator(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CLAIM_INDICATOR_UNSPECIFIED: _ClassVar[ClaimIndicator]
    CLAIM_INDICATOR_S: _ClassVar[ClaimIndicator]
    CLAIM_INDICATOR_S_PLUS: _ClassVar[ClaimIndicator]
CLAIM_KIND_UNSPECIFIED: ClaimKind
CLAIM_KIND_AT_ENTRY: ClaimKind
CLAIM_KIND_POST_IMPORTATION: ClaimKind
CLAIM_INDICATOR_UNSPECIFIED: ClaimIndicator
CLAIM_INDICATOR_S: ClaimIndicator
CLAIM_INDICATOR_S_PLUS: ClaimIndicator

class Claim(_message.Message):
    __slots__ = ("kind", "indicator", "made_on", "claimed_at_entry", "certification_in_possession", "certification_obtained_on", "entries_same_day", "evasion_found", "copy_notice_on", "copy_submitted_on")
    KIND_FIELD_NUMBER: _ClassVar[int]
    INDICATOR_FIELD_NUMBER: _ClassVar[int]
    MADE_ON_FIELD_NUMBER: _ClassVar[int]
    CLAIMED_AT_ENTRY_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATION_IN_POSSESSION_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATION_OBTAINED_ON_FIELD_NUMBER: _ClassVar[int]
    ENTRIES_SAME_DAY_FIELD_NUMBER: _ClassVar[int]
    EVASION_FOUND_FIELD_NUMBER: _ClassVar[int]
    COPY_NOTICE_ON_FIELD_NUMBER: _ClassVar[int]
    COPY_SUBMITTED_ON_FIELD_NUMBER: _ClassVar[int]
    kind: ClaimKind
    indicator: ClaimIndicator
    made_on: _date_pb2.Date
    claimed_at_entry: bool
    certification_in_possession: bool
    certification_obtained_on: _date_pb2.Date
    entries_same_day: int
    evasion_found: bool
    copy_notice_on: _date_pb2.Date
    copy_submitted_on: _date_pb2.Date
    def __init__(self, kind: _Optional[_Union[ClaimKind, str]] = ..., indicator: _Optional[_Union[ClaimIndicator, str]] = ..., made_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., claimed_at_entry: _Optional[bool] = ..., certification_in_possession: _Optional[bool] = ..., certification_obtained_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., entries_same_day: _Optional[int] = ..., evasion_found: _Optional[bool] = ..., copy_notice_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., copy_submitted_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ...) -> None: ...

class OrderLine(_message.Message):
    __slots__ = ("line_id", "description", "hs", "quantity", "unit", "value", "claims_preference", "none", "quota_listed")
    LINE_ID_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    HS_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    CLAIMS_PREFERENCE_FIELD_NUMBER: _ClassVar[int]
    NONE_FIELD_NUMBER: _ClassVar[int]
    QUOTA_LISTED_FIELD_NUMBER: _ClassVar[int]
    line_id: str
    description: str
    hs: str
    quantity: _decimal_pb2.Decimal
    unit: str
    value: _money_pb2.Money
    claims_preference: bool
    none: _field_mask_pb2.FieldMask
    quota_listed: bool
    def __init__(self, line_id: _Optional[str] = ..., description: _Optional[str] = ..., hs: _Optional[str] = ..., quantity: _Optional[_Union[_decimal_pb2.Decimal, _Mapping]] = ..., unit: _Optional[str] = ..., value: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., claims_preference: _Optional[bool] = ..., none: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., quota_listed: _Optional[bool] = ...) -> None: ...

class OrderLines(_message.Message):
    __slots__ = ("items",)
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[OrderLine]
    def __init__(self, items: _Optional[_Iterable[_Union[OrderLine, _Mapping]]] = ...) -> None: ...

class Order(_message.Message):
    __slots__ = ("none", "order_id", "destination", "commercial", "originating_value", "import_date", "lines", "claim")
    NONE_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_FIELD_NUMBER: _ClassVar[int]
    COMMERCIAL_FIELD_NUMBER: _ClassVar[int]
    ORIGINATING_VALUE_FIELD_NUMBER: _ClassVar[int]
    IMPORT_DATE_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    CLAIM_FIELD_NUMBER: _ClassVar[int]
    none: _field_mask_pb2.FieldMask
    order_id: str
    destination: str
    commercial: bool
    originating_value: _money_pb2.Money
    import_date: _date_pb2.Date
    lines: OrderLines
    claim: Claim
    def __init__(self, none: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., order_id: _Optional[str] = ..., destination: _Optional[str] = ..., commercial: _Optional[bool] = ..., originating_value: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., import_date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., lines: _Optional[_Union[OrderLines, _Mapping]] = ..., claim: _Optional[_Union[Claim, _Mapping]] = ...) -> None: ...
