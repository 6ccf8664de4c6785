from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from origingate.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PartyManner(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PARTY_MANNER_UNSPECIFIED: _ClassVar[PartyManner]
    PARTY_MANNER_NAMED: _ClassVar[PartyManner]
    PARTY_MANNER_VARIOUS: _ClassVar[PartyManner]
    PARTY_MANNER_ON_REQUEST: _ClassVar[PartyManner]
    PARTY_MANNER_CERTIFIER: _ClassVar[PartyManner]
    PARTY_MANNER_EXPORTER: _ClassVar[PartyManner]
PARTY_MANNER_UNSPECIFIED: PartyManner
PARTY_MANNER_NAMED: PartyManner
PARTY_MANNER_VARIOUS: PartyManner
PARTY_MANNER_ON_REQUEST: PartyManner
PARTY_MANNER_CERTIFIER: PartyManner
PARTY_MANNER_EXPORTER: PartyManner

class AddressLines(_message.Message):
    __slots__ = ("items",)
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, items: _Optional[_Iterable[str]] = ...) -> None: ...

class Address(_message.Message):
    __slots__ = ("lines", "locality", "region", "postal_code", "country")
    LINES_FIELD_NUMBER: _ClassVar[int]
    LOCALITY_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    POSTAL_CODE_FIELD_NUMBER: _ClassVar[int]
    COUNTRY_FIELD_NUMBER: _ClassVar[int]
    lines: AddressLines
    locality: str
    region: str
    postal_code: str
    country: str
    def __init__(self, lines: _Optional[_Union[AddressLines, _Mapping]] = ..., locality: _Optional[str] = ..., region: _Optional[str] = ..., postal_code: _Optional[str] = ..., country: _Optional[str] = ...) -> None: ...

class Party(_message.Message):
    __slots__ = ("name", "title", "address", "telephone", "email", "responsible_official", "none")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    TELEPHONE_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    RESPONSIBLE_OFFICIAL_FIELD_NUMBER: _ClassVar[int]
    NONE_FIELD_NUMBER: _ClassVar[int]
    name: str
    title: str
    address: Address
    telephone: str
    email: str
    responsible_official: str
    none: _field_mask_pb2.FieldMask
    def __init__(self, name: _Optional[str] = ..., title: _Optional[str] = ..., address: _Optional[_Union[Address, _Mapping]] = ..., telephone: _Optional[str] = ..., email: _Optional[str] = ..., responsible_official: _Optional[str] = ..., none: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class Parties(_message.Message):
    __slots__ = ("items",)
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[Party]
    def __init__(self, items: _Optional[_Iterable[_Union[Party, _Mapping]]] = ...) -> None: ...

class PartyStatement(_message.Message):
    __slots__ = ("manner", "parties")
    MANNER_FIELD_NUMBER: _ClassVar[int]
    PARTIES_FIELD_NUMBER: _ClassVar[int]
    manner: PartyManner
    parties: Parties
    def __init__(self, manner: _Optional[_Union[PartyManner, str]] = ..., parties: _Optional[_Union[Parties, _Mapping]] = ...) -> None: ...
