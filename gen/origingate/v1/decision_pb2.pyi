from google.type import date_pb2 as _date_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Standing(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STANDING_UNSPECIFIED: _ClassVar[Standing]
    STANDING_ENACTED: _ClassVar[Standing]
    STANDING_REPORTED: _ClassVar[Standing]
    STANDING_ASSUMED: _ClassVar[Standing]

class Favourable(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FAVOURABLE_UNSPECIFIED: _ClassVar[Favourable]
    FAVOURABLE_YES: _ClassVar[Favourable]
    FAVOURABLE_NO: _ClassVar[Favourable]
    FAVOURABLE_UNKNOWN: _ClassVar[Favourable]
STANDING_UNSPECIFIED: Standing
STANDING_ENACTED: Standing
STANDING_REPORTED: Standing
STANDING_ASSUMED: Standing
FAVOURABLE_UNSPECIFIED: Favourable
FAVOURABLE_YES: Favourable
FAVOURABLE_NO: Favourable
FAVOURABLE_UNKNOWN: Favourable

class Citation(_message.Message):
    __slots__ = ("source", "title", "standing", "at")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    source: str
    title: str
    standing: Standing
    at: str
    def __init__(self, source: _Optional[str] = ..., title: _Optional[str] = ..., standing: _Optional[_Union[Standing, str]] = ..., at: _Optional[str] = ...) -> None: ...

class Finding(_message.Message):
    __slots__ = ("rule", "reason", "outcome", "because", "remedy", "citations", "place", "values", "standing")
    class ValuesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    RULE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    BECAUSE_FIELD_NUMBER: _ClassVar[int]
    REMEDY_FIELD_NUMBER: _ClassVar[int]
    CITATIONS_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    rule: str
    reason: str
    outcome: str
    because: str
    remedy: str
    citations: _containers.RepeatedCompositeFieldContainer[Citation]
    place: str
    values: _containers.ScalarMap[str, str]
    standing: Standing
    def __init__(self, rule: _Optional[str] = ..., reason: _Optional[str] = ..., outcome: _Optional[str] = ..., because: _Optional[str] = ..., remedy: _Optional[str] = ..., citations: _Optional[_Iterable[_Union[Citation, _Mapping]]] = ..., place: _Optional[str] = ..., values: _Optional[_Mapping[str, str]] = ..., standing: _Optional[_Union[Standing, str]] = ...) -> None: ...

class Incurable(_message.Message):
    __slots__ = ("rule", "place", "code")
    RULE_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    rule: str
    place: str
    code: str
    def __init__(self, rule: _Optional[str] = ..., place: _Optional[str] = ..., code: _Optional[str] = ...) -> None: ...

class Decision(_message.Message):
    __slots__ = ("question", "outcome", "possible", "favourable", "findings", "missing", "otherwise", "standing", "rulebook", "rulebook_digest", "facts_digest", "on", "enforce", "language_version", "reference_data", "hypothetical", "advisory", "incurable", "asserted")
    class AssertedEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    POSSIBLE_FIELD_NUMBER: _ClassVar[int]
    FAVOURABLE_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    OTHERWISE_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    RULEBOOK_FIELD_NUMBER: _ClassVar[int]
    RULEBOOK_DIGEST_FIELD_NUMBER: _ClassVar[int]
    FACTS_DIGEST_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    ENFORCE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_VERSION_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_DATA_FIELD_NUMBER: _ClassVar[int]
    HYPOTHETICAL_FIELD_NUMBER: _ClassVar[int]
    ADVISORY_FIELD_NUMBER: _ClassVar[int]
    INCURABLE_FIELD_NUMBER: _ClassVar[int]
    ASSERTED_FIELD_NUMBER: _ClassVar[int]
    question: str
    outcome: str
    possible: _containers.RepeatedScalarFieldContainer[str]
    favourable: Favourable
    findings: _containers.RepeatedCompositeFieldContainer[Finding]
    missing: _containers.RepeatedScalarFieldContainer[str]
    otherwise: Finding
    standing: Standing
    rulebook: str
    rulebook_digest: str
    facts_digest: str
    on: _date_pb2.Date
    enforce: _containers.RepeatedScalarFieldContainer[Standing]
    language_version: str
    reference_data: str
    hypothetical: bool
    advisory: Decision
    incurable: _containers.RepeatedCompositeFieldContainer[Incurable]
    asserted: _containers.ScalarMap[str, str]
    def __init__(self, question: _Optional[str] = ..., outcome: _Optional[str] = ..., possible: _Optional[_Iterable[str]] = ..., favourable: _Optional[_Union[Favourable, str]] = ..., findings: _Optional[_Iterable[_Union[Finding, _Mapping]]] = ..., missing: _Optional[_Iterable[str]] = ..., otherwise: _Optional[_Union[Finding, _Mapping]] = ..., standing: _Optional[_Union[Standing, str]] = ..., rulebook: _Optional[str] = ..., rulebook_digest: _Optional[str] = ..., facts_digest: _Optional[str] = ..., on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., enforce: _Optional[_Iterable[_Union[Standing, str]]] = ..., language_version: _Optional[str] = ..., reference_data: _Optional[str] = ..., hypothetical: _Optional[bool] = ..., advisory: _Optional[_Union[Decision, _Mapping]] = ..., incurable: _Optional[_Iterable[_Union[Incurable, _Mapping]]] = ..., asserted: _Optional[_Mapping[str, str]] = ...) -> None: ...
