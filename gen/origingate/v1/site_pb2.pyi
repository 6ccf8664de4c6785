from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SiteKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SITE_KIND_UNSPECIFIED: _ClassVar[SiteKind]
    SITE_KIND_B2B_INDEPENDENT: _ClassVar[SiteKind]
    SITE_KIND_MARKETPLACE: _ClassVar[SiteKind]
    SITE_KIND_B2C: _ClassVar[SiteKind]
    SITE_KIND_OTHER: _ClassVar[SiteKind]
SITE_KIND_UNSPECIFIED: SiteKind
SITE_KIND_B2B_INDEPENDENT: SiteKind
SITE_KIND_MARKETPLACE: SiteKind
SITE_KIND_B2C: SiteKind
SITE_KIND_OTHER: SiteKind

class Site(_message.Message):
    __slots__ = ("none", "site_id", "kind")
    NONE_FIELD_NUMBER: _ClassVar[int]
    SITE_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    none: _field_mask_pb2.FieldMask
    site_id: str
    kind: SiteKind
    def __init__(self, none: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., site_id: _Optional[str] = ..., kind: _Optional[_Union[SiteKind, str]] = ...) -> None: ...
