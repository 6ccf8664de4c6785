from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.type import date_pb2 as _date_pb2
from google.type import decimal_pb2 as _decimal_pb2
from google.type import money_pb2 as _money_pb2
from origingate.v1 import options_pb2 as _options_pb2
from origingate.v1 import party_pb2 as _party_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CertifierRole(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CERTIFIER_ROLE_UNSPECIFIED: _ClassVar[CertifierRole]
    CERTIFIER_ROLE_IMPORTER: _ClassVar[CertifierRole]
    CERTIFIER_ROLE_EXPORTER: _ClassVar[CertifierRole]
    CERTIFIER_ROLE_PRODUCER: _ClassVar[CertifierRole]

class CertificationBasis(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CERTIFICATION_BASIS_UNSPECIFIED: _ClassVar[CertificationBasis]
    CERTIFICATION_BASIS_OWN_INFORMATION: _ClassVar[CertificationBasis]
    CERTIFICATION_BASIS_PRODUCER_REPRESENTATION: _ClassVar[CertificationBasis]

class Coverage(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    COVERAGE_UNSPECIFIED: _ClassVar[Coverage]
    COVERAGE_SINGLE_SHIPMENT: _ClassVar[Coverage]
    COVERAGE_BLANKET: _ClassVar[Coverage]

class OriginCriterion(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ORIGIN_CRITERION_UNSPECIFIED: _ClassVar[OriginCriterion]
    ORIGIN_CRITERION_A: _ClassVar[OriginCriterion]
    ORIGIN_CRITERION_B: _ClassVar[OriginCriterion]
    ORIGIN_CRITERION_C: _ClassVar[OriginCriterion]
    ORIGIN_CRITERION_D: _ClassVar[OriginCriterion]

class RvcMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RVC_METHOD_UNSPECIFIED: _ClassVar[RvcMethod]
    RVC_METHOD_TRANSACTION_VALUE: _ClassVar[RvcMethod]
    RVC_METHOD_NET_COST: _ClassVar[RvcMethod]

class Operation(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OPERATION_UNSPECIFIED: _ClassVar[Operation]
    OPERATION_UNLOADING: _ClassVar[Operation]
    OPERATION_RELOADING: _ClassVar[Operation]
    OPERATION_SEPARATING_FROM_BULK: _ClassVar[Operation]
    OPERATION_STORING: _ClassVar[Operation]
    OPERATION_PRESERVING: _ClassVar[Operation]
    OPERATION_TRANSPORT: _ClassVar[Operation]
    OPERATION_REQUIRED_MARKING: _ClassVar[Operation]
    OPERATION_LABELLING: _ClassVar[Operation]
    OPERATION_PACKING: _ClassVar[Operation]
    OPERATION_ASSEMBLY: _ClassVar[Operation]
    OPERATION_PROCESSING: _ClassVar[Operation]
    OPERATION_OTHER: _ClassVar[Operation]

class CarrierKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CARRIER_KIND_UNSPECIFIED: _ClassVar[CarrierKind]
    CARRIER_KIND_SEPARATE: _ClassVar[CarrierKind]
    CARRIER_KIND_INVOICE: _ClassVar[CarrierKind]
    CARRIER_KIND_COMMERCIAL_DOCUMENT: _ClassVar[CarrierKind]
    CARRIER_KIND_OTHER: _ClassVar[CarrierKind]
CERTIFIER_ROLE_UNSPECIFIED: CertifierRole
CERTIFIER_ROLE_IMPORTER: CertifierRole
CERTIFIER_ROLE_EXPORTER: CertifierRole
CERTIFIER_ROLE_PRODUCER: CertifierRole
CERTIFICATION_BASIS_UNSPECIFIED: CertificationBasis
CERTIFICATION_BASIS_OWN_INFORMATION: CertificationBasis
CERTIFICATION_BASIS_PRODUCER_REPRESENTATION: CertificationBasis
COVERAGE_UNSPECIFIED: Coverage
COVERAGE_SINGLE_SHIPMENT: Coverage
COVERAGE_BLANKET: Coverage
ORIGIN_CRITERION_UNSPECIFIED: OriginCriterion
ORIGIN_CRITERION_A: OriginCriterion
ORIGIN_CRITERION_B: OriginCriterion
ORIGIN_CRITERION_C: OriginCriterion
ORIGIN_CRITERION_D: OriginCriterion
RVC_METHOD_UNSPECIFIED: RvcMethod
RVC_METHOD_TRANSACTION_VALUE: RvcMethod
RVC_METHOD_NET_COST: RvcMethod
OPERATION_UNSPECIFIED: Operation
OPERATION_UNLOADING: Operation
OPERATION_RELOADING: Operation
OPERATION_SEPARATING_FROM_BULK: Operation
OPERATION_STORING: Operation
OPERATION_PRESERVING: Operation
OPERATION_TRANSPORT: Operation
OPERATION_REQUIRED_MARKING: Operation
OPERATION_LABELLING: Operation
OPERATION_PACKING: Operation
OPERATION_ASSEMBLY: Operation
OPERATION_PROCESSING: Operation
OPERATION_OTHER: Operation
CARRIER_KIND_UNSPECIFIED: CarrierKind
CARRIER_KIND_SEPARATE: CarrierKind
CARRIER_KIND_INVOICE: CarrierKind
CARRIER_KIND_COMMERCIAL_DOCUMENT: CarrierKind
CARRIER_KIND_OTHER: CarrierKind

class Operations(_message.Message):
    __slots__ = ("items",)
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedScalarFieldContainer[Operation]
    def __init__(self, items: _Optional[_Iterable[_Union[Operation, str]]] = ...) -> None: ...

class TransitStep(_message.Message):
    __slots__ = ("country", "customs_control", "operations", "evidence", "none")
    COUNTRY_FIELD_NUMBER: _ClassVar[int]
    CUSTOMS_CONTROL_FIELD_NUMBER: _ClassVar[int]
    OPERATIONS_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    NONE_FIELD_NUMBER: _ClassVar[int]
    country: str
    customs_control: bool
    operations: Operations
    evidence: bool
    none: _field_mask_pb2.FieldMask
    def __init__(self, country: _Optional[str] = ..., customs_control: _Optional[bool] = ..., operations: _Optional[_Union[Operations, _Mapping]] = ..., evidence: _Optional[bool] = ..., none: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class Transit(_message.Message):
    __slots__ = ("items",)
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[TransitStep]
    def __init__(self, items: _Optional[_Iterable[_Union[TransitStep, _Mapping]]] = ...) -> None: ...

class LineIds(_message.Message):
    __slots__ = ("items",)
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, items: _Optional[_Iterable[str]] = ...) -> None: ...

class DeMinimis(_message.Message):
    __slots__ = ("claimed", "percent", "elastomeric_percent")
    CLAIMED_FIELD_NUMBER: _ClassVar[int]
    PERCENT_FIELD_NUMBER: _ClassVar[int]
    ELASTOMERIC_PERCENT_FIELD_NUMBER: _ClassVar[int]
    claimed: bool
    percent: _decimal_pb2.Decimal
    elastomeric_percent: _decimal_pb2.Decimal
    def __init__(self, claimed: _Optional[bool] = ..., percent: _Optional[_Union[_decimal_pb2.Decimal, _Mapping]] = ..., elastomeric_percent: _Optional[_Union[_decimal_pb2.Decimal, _Mapping]] = ...) -> None: ...

class Good(_message.Message):
    __slots__ = ("good_id", "line_ids", "description", "hs", "criterion", "produced_in", "operations_in_parties", "product_rule_met", "rvc_percent", "rvc_method", "transaction_value", "net_cost", "non_originating_value", "unassembled_or_with_parts", "listed_in_table_2101", "de_minimis", "retail_set", "set_non_originating_percent", "foreign_trade_zone", "transit", "none", "schedule_ii_statement", "quantity", "unit")
    GOOD_ID_FIELD_NUMBER: _ClassVar[int]
    LINE_IDS_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    HS_FIELD_NUMBER: _ClassVar[int]
    CRITERION_FIELD_NUMBER: _ClassVar[int]
    PRODUCED_IN_FIELD_NUMBER: _ClassVar[int]
    OPERATIONS_IN_PARTIES_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_RULE_MET_FIELD_NUMBER: _ClassVar[int]
    RVC_PERCENT_FIELD_NUMBER: _ClassVar[int]
    RVC_METHOD_FIELD_NUMBER: _ClassVar[int]
    TRANSACTION_VALUE_FIELD_NUMBER: _ClassVar[int]
    NET_COST_FIELD_NUMBER: _ClassVar[int]
    NON_ORIGINATING_VALUE_FIELD_NUMBER: _ClassVar[int]
    UNASSEMBLED_OR_WITH_PARTS_FIELD_NUMBER: _ClassVar[int]
    LISTED_IN_TABLE_2101_FIELD_NUMBER: _ClassVar[int]
    DE_MINIMIS_FIELD_NUMBER: _ClassVar[int]
    RETAIL_SET_FIELD_NUMBER: _ClassVar[int]
    SET_NON_ORIGINATING_PERCENT_FIELD_NUMBER: _ClassVar[int]
    FOREIGN_TRADE_ZONE_FIELD_NUMBER: _ClassVar[int]
    TRANSIT_FIELD_NUMBER: _ClassVar[int]
    NONE_FIELD_NUMBER: _ClassVar[int]
    SCHEDULE_II_STATEMENT_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    good_id: str
    line_ids: LineIds
    description: str
    hs: str
    criterion: OriginCriterion
    produced_in: str
    operations_in_parties: Operations
    product_rule_met: bool
    rvc_percent: _decimal_pb2.Decimal
    rvc_method: RvcMethod
    transaction_value: _money_pb2.Money
    net_cost: _money_pb2.Money
    non_originating_value: _money_pb2.Money
    unassembled_or_with_parts: bool
    listed_in_table_2101: bool
    de_minimis: DeMinimis
    retail_set: bool
    set_non_originating_percent: _decimal_pb2.Decimal
    foreign_trade_zone: bool
    transit: Transit
    none: _field_mask_pb2.FieldMask
    schedule_ii_statement: bool
    quantity: _decimal_pb2.Decimal
    unit: str
    def __init__(self, good_id: _Optional[str] = ..., line_ids: _Optional[_Union[LineIds, _Mapping]] = ..., description: _Optional[str] = ..., hs: _Optional[str] = ..., criterion: _Optional[_Union[OriginCriterion, str]] = ..., produced_in: _Optional[str] = ..., operations_in_parties: _Optional[_Union[Operations, _Mapping]] = ..., product_rule_met: _Optional[bool] = ..., rvc_percent: _Optional[_Union[_decimal_pb2.Decimal, _Mapping]] = ..., rvc_method: _Optional[_Union[RvcMethod, str]] = ..., transaction_value: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., net_cost: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., non_originating_value: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., unassembled_or_with_parts: _Optional[bool] = ..., listed_in_table_2101: _Optional[bool] = ..., de_minimis: _Optional[_Union[DeMinimis, _Mapping]] = ..., retail_set: _Optional[bool] = ..., set_non_originating_percent: _Optional[_Union[_decimal_pb2.Decimal, _Mapping]] = ..., foreign_trade_zone: _Optional[bool] = ..., transit: _Optional[_Union[Transit, _Mapping]] = ..., none: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., schedule_ii_statement: _Optional[bool] = ..., quantity: _Optional[_Union[_decimal_pb2.Decimal, _Mapping]] = ..., unit: _Optional[str] = ...) -> None: ...

class Goods(_message.Message):
    __slots__ = ("items",)
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[Good]
    def __init__(self, items: _Optional[_Iterable[_Union[Good, _Mapping]]] = ...) -> None: ...

class BlanketPeriod(_message.Message):
    __slots__ = ("first_day", "last_day")
    FIRST_DAY_FIELD_NUMBER: _ClassVar[int]
    LAST_DAY_FIELD_NUMBER: _ClassVar[int]
    first_day: _date_pb2.Date
    last_day: _date_pb2.Date
    def __init__(self, first_day: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., last_day: _Optional[_Union[_date_pb2.Date, _Mapping]] = ...) -> None: ...

class CarrierDocument(_message.Message):
    __slots__ = ("kind", "issued_in")
    KIND_FIELD_NUMBER: _ClassVar[int]
    ISSUED_IN_FIELD_NUMBER: _ClassVar[int]
    kind: CarrierKind
    issued_in: str
    def __init__(self, kind: _Optional[_Union[CarrierKind, str]] = ..., issued_in: _Optional[str] = ...) -> None: ...

class Declaration(_message.Message):
    __slots__ = ("none", "certifier_role", "certifier", "exporter", "producer", "importer", "goods", "coverage", "blanket_period", "goods_identical", "invoice_number", "statement", "signed", "certified_on", "language", "carrier", "basis")
    NONE_FIELD_NUMBER: _ClassVar[int]
    CERTIFIER_ROLE_FIELD_NUMBER: _ClassVar[int]
    CERTIFIER_FIELD_NUMBER: _ClassVar[int]
    EXPORTER_FIELD_NUMBER: _ClassVar[int]
    PRODUCER_FIELD_NUMBER: _ClassVar[int]
    IMPORTER_FIELD_NUMBER: _ClassVar[int]
    GOODS_FIELD_NUMBER: _ClassVar[int]
    COVERAGE_FIELD_NUMBER: _ClassVar[int]
    BLANKET_PERIOD_FIELD_NUMBER: _ClassVar[int]
    GOODS_IDENTICAL_FIELD_NUMBER: _ClassVar[int]
    INVOICE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    STATEMENT_FIELD_NUMBER: _ClassVar[int]
    SIGNED_FIELD_NUMBER: _ClassVar[int]
    CERTIFIED_ON_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    CARRIER_FIELD_NUMBER: _ClassVar[int]
    BASIS_FIELD_NUMBER: _ClassVar[int]
    none: _field_mask_pb2.FieldMask
    certifier_role: CertifierRole
    certifier: _party_pb2.Party
    exporter: _party_pb2.PartyStatement
    producer: _party_pb2.PartyStatement
    importer: _party_pb2.PartyStatement
    goods: Goods
    coverage: Coverage
    blanket_period: BlanketPeriod
    goods_identical: bool
    invoice_number: str
    statement: bool
    signed: bool
    certified_on: _date_pb2.Date
    language: str
    carrier: CarrierDocument
    basis: CertificationBasis
    def __init__(self, none: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., certifier_role: _Optional[_Union[CertifierRole, str]] = ..., certifier: _Optional[_Union[_party_pb2.Party, _Mapping]] = ..., exporter: _Optional[_Union[_party_pb2.PartyStatement, _Mapping]] = ..., producer: _Optional[_Union[_party_pb2.PartyStatement, _Mapping]] = ..., importer: _Optional[_Union[_party_pb2.PartyStatement, _Mapping]] = ..., goods: _Optional[_Union[Goods, _Mapping]] = ..., coverage: _Optional[_Union[Coverage, str]] = ..., blanket_period: _Optional[_Union[BlanketPeriod, _Mapping]] = ..., goods_identical: _Optional[bool] = ..., invoice_number: _Optional[str] = ..., statement: _Optional[bool] = ..., signed: _Optional[bool] = ..., certified_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., language: _Optional[str] = ..., carrier: _Optional[_Union[CarrierDocument, _Mapping]] = ..., basis: _Optional[_Union[CertificationBasis, str]] = ...) -> None: ...
