import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from origingate.v1 import decision_pb2 as _decision_pb2
from origingate.v1 import options_pb2 as _options_pb2
from origingate.v1 import receipt_pb2 as _receipt_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetReceiptRequest(_message.Message):
    __slots__ = ("name", "question")
    NAME_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    name: str
    question: str
    def __init__(self, name: _Optional[str] = ..., question: _Optional[str] = ...) -> None: ...

class GetReceiptResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class GetDecisionRequest(_message.Message):
    __slots__ = ("name", "question")
    NAME_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    name: str
    question: str
    def __init__(self, name: _Optional[str] = ..., question: _Optional[str] = ...) -> None: ...

class ExplainedClause(_message.Message):
    __slots__ = ("clause", "says", "holds")
    CLAUSE_FIELD_NUMBER: _ClassVar[int]
    SAYS_FIELD_NUMBER: _ClassVar[int]
    HOLDS_FIELD_NUMBER: _ClassVar[int]
    clause: str
    says: str
    holds: bool
    def __init__(self, clause: _Optional[str] = ..., says: _Optional[str] = ..., holds: _Optional[bool] = ...) -> None: ...

class ExplainedRule(_message.Message):
    __slots__ = ("rule", "outcome", "state", "place", "clauses", "because")
    RULE_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    CLAUSES_FIELD_NUMBER: _ClassVar[int]
    BECAUSE_FIELD_NUMBER: _ClassVar[int]
    rule: str
    outcome: str
    state: str
    place: str
    clauses: _containers.RepeatedCompositeFieldContainer[ExplainedClause]
    because: str
    def __init__(self, rule: _Optional[str] = ..., outcome: _Optional[str] = ..., state: _Optional[str] = ..., place: _Optional[str] = ..., clauses: _Optional[_Iterable[_Union[ExplainedClause, _Mapping]]] = ..., because: _Optional[str] = ...) -> None: ...

class GetDecisionResponse(_message.Message):
    __slots__ = ("decision_id", "decision", "facts", "case_name", "declaration_version", "decided_at", "rules", "unexplained")
    DECISION_ID_FIELD_NUMBER: _ClassVar[int]
    DECISION_FIELD_NUMBER: _ClassVar[int]
    FACTS_FIELD_NUMBER: _ClassVar[int]
    CASE_NAME_FIELD_NUMBER: _ClassVar[int]
    DECLARATION_VERSION_FIELD_NUMBER: _ClassVar[int]
    DECIDED_AT_FIELD_NUMBER: _ClassVar[int]
    RULES_FIELD_NUMBER: _ClassVar[int]
    UNEXPLAINED_FIELD_NUMBER: _ClassVar[int]
    decision_id: str
    decision: _decision_pb2.Decision
    facts: str
    case_name: str
    declaration_version: int
    decided_at: _timestamp_pb2.Timestamp
    rules: _containers.RepeatedCompositeFieldContainer[ExplainedRule]
    unexplained: str
    def __init__(self, decision_id: _Optional[str] = ..., decision: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ..., facts: _Optional[str] = ..., case_name: _Optional[str] = ..., declaration_version: _Optional[int] = ..., decided_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., rules: _Optional[_Iterable[_Union[ExplainedRule, _Mapping]]] = ..., unexplained: _Optional[str] = ...) -> None: ...

class ReplayRequest(_message.Message):
    __slots__ = ("name", "question", "rulebook_digest")
    NAME_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    RULEBOOK_DIGEST_FIELD_NUMBER: _ClassVar[int]
    name: str
    question: str
    rulebook_digest: str
    def __init__(self, name: _Optional[str] = ..., question: _Optional[str] = ..., rulebook_digest: _Optional[str] = ...) -> None: ...

class DecisionDifference(_message.Message):
    __slots__ = ("path", "was", "now")
    PATH_FIELD_NUMBER: _ClassVar[int]
    WAS_FIELD_NUMBER: _ClassVar[int]
    NOW_FIELD_NUMBER: _ClassVar[int]
    path: str
    was: str
    now: str
    def __init__(self, path: _Optional[str] = ..., was: _Optional[str] = ..., now: _Optional[str] = ...) -> None: ...

class ReplayResponse(_message.Message):
    __slots__ = ("same", "decision", "differences")
    SAME_FIELD_NUMBER: _ClassVar[int]
    DECISION_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCES_FIELD_NUMBER: _ClassVar[int]
    same: bool
    decision: _decision_pb2.Decision
    differences: _containers.RepeatedCompositeFieldContainer[DecisionDifference]
    def __init__(self, same: _Optional[bool] = ..., decision: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ..., differences: _Optional[_Iterable[_Union[DecisionDifference, _Mapping]]] = ...) -> None: ...

class ListHeadsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class SignedHead(_message.Message):
    __slots__ = ("size", "signed_at", "head")
    SIZE_FIELD_NUMBER: _ClassVar[int]
    SIGNED_AT_FIELD_NUMBER: _ClassVar[int]
    HEAD_FIELD_NUMBER: _ClassVar[int]
    size: int
    signed_at: _timestamp_pb2.Timestamp
    head: str
    def __init__(self, size: _Optional[int] = ..., signed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., head: _Optional[str] = ...) -> None: ...

class LogKey(_message.Message):
    __slots__ = ("public_key", "verifier_key", "from_size", "added_at")
    PUBLIC_KEY_FIELD_NUMBER: _ClassVar[int]
    VERIFIER_KEY_FIELD_NUMBER: _ClassVar[int]
    FROM_SIZE_FIELD_NUMBER: _ClassVar[int]
    ADDED_AT_FIELD_NUMBER: _ClassVar[int]
    public_key: str
    verifier_key: str
    from_size: int
    added_at: _timestamp_pb2.Timestamp
    def __init__(self, public_key: _Optional[str] = ..., verifier_key: _Optional[str] = ..., from_size: _Optional[int] = ..., added_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListHeadsResponse(_message.Message):
    __slots__ = ("heads", "next_page_token", "newest", "keys")
    HEADS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    NEWEST_FIELD_NUMBER: _ClassVar[int]
    KEYS_FIELD_NUMBER: _ClassVar[int]
    heads: _containers.RepeatedCompositeFieldContainer[SignedHead]
    next_page_token: str
    newest: SignedHead
    keys: _containers.RepeatedCompositeFieldContainer[LogKey]
    def __init__(self, heads: _Optional[_Iterable[_Union[SignedHead, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., newest: _Optional[_Union[SignedHead, _Mapping]] = ..., keys: _Optional[_Iterable[_Union[LogKey, _Mapping]]] = ...) -> None: ...

class ExportEvidenceRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ExportEvidenceResponse(_message.Message):
    __slots__ = ("chunk",)
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    chunk: bytes
    def __init__(self, chunk: _Optional[bytes] = ...) -> None: ...
