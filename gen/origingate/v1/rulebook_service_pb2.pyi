import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from origingate.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OfferState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OFFER_STATE_UNSPECIFIED: _ClassVar[OfferState]
    OFFER_STATE_SERVED: _ClassVar[OfferState]
    OFFER_STATE_TRYING: _ClassVar[OfferState]
    OFFER_STATE_ACCEPTED: _ClassVar[OfferState]
    OFFER_STATE_REFUSED: _ClassVar[OfferState]

class SecondOpinion(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SECOND_OPINION_UNSPECIFIED: _ClassVar[SecondOpinion]
    SECOND_OPINION_AGREES: _ClassVar[SecondOpinion]
    SECOND_OPINION_DIFFERS: _ClassVar[SecondOpinion]
    SECOND_OPINION_FAILED: _ClassVar[SecondOpinion]
    SECOND_OPINION_ABSENT: _ClassVar[SecondOpinion]
    SECOND_OPINION_NOT_ASKED: _ClassVar[SecondOpinion]
OFFER_STATE_UNSPECIFIED: OfferState
OFFER_STATE_SERVED: OfferState
OFFER_STATE_TRYING: OfferState
OFFER_STATE_ACCEPTED: OfferState
OFFER_STATE_REFUSED: OfferState
SECOND_OPINION_UNSPECIFIED: SecondOpinion
SECOND_OPINION_AGREES: SecondOpinion
SECOND_OPINION_DIFFERS: SecondOpinion
SECOND_OPINION_FAILED: SecondOpinion
SECOND_OPINION_ABSENT: SecondOpinion
SECOND_OPINION_NOT_ASKED: SecondOpinion

class StoredRulebook(_message.Message):
    __slots__ = ("digest", "name", "stored_at")
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    STORED_AT_FIELD_NUMBER: _ClassVar[int]
    digest: str
    name: str
    stored_at: _timestamp_pb2.Timestamp
    def __init__(self, digest: _Optional[str] = ..., name: _Optional[str] = ..., stored_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class RulebookFile(_message.Message):
    __slots__ = ("path", "text")
    PATH_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    path: str
    text: str
    def __init__(self, path: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class Activation(_message.Message):
    __slots__ = ("number", "rulebook_digest", "activated_at", "activated_by", "approved_by", "because")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    RULEBOOK_DIGEST_FIELD_NUMBER: _ClassVar[int]
    ACTIVATED_AT_FIELD_NUMBER: _ClassVar[int]
    ACTIVATED_BY_FIELD_NUMBER: _ClassVar[int]
    APPROVED_BY_FIELD_NUMBER: _ClassVar[int]
    BECAUSE_FIELD_NUMBER: _ClassVar[int]
    number: int
    rulebook_digest: str
    activated_at: _timestamp_pb2.Timestamp
    activated_by: str
    approved_by: str
    because: str
    def __init__(self, number: _Optional[int] = ..., rulebook_digest: _Optional[str] = ..., activated_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., activated_by: _Optional[str] = ..., approved_by: _Optional[str] = ..., because: _Optional[str] = ...) -> None: ...

class Proposal(_message.Message):
    __slots__ = ("rulebook_digest", "proposed_by", "proposed_at", "because")
    RULEBOOK_DIGEST_FIELD_NUMBER: _ClassVar[int]
    PROPOSED_BY_FIELD_NUMBER: _ClassVar[int]
    PROPOSED_AT_FIELD_NUMBER: _ClassVar[int]
    BECAUSE_FIELD_NUMBER: _ClassVar[int]
    rulebook_digest: str
    proposed_by: str
    proposed_at: _timestamp_pb2.Timestamp
    because: str
    def __init__(self, rulebook_digest: _Optional[str] = ..., proposed_by: _Optional[str] = ..., proposed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., because: _Optional[str] = ...) -> None: ...

class RulebookFault(_message.Message):
    __slots__ = ("file", "line", "column", "code", "text")
    FILE_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    COLUMN_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    file: str
    line: int
    column: int
    code: str
    text: str
    def __init__(self, file: _Optional[str] = ..., line: _Optional[int] = ..., column: _Optional[int] = ..., code: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class RulebookTrial(_message.Message):
    __slots__ = ("accepted", "digest", "name", "faults", "total_faults", "passed", "failed", "skipped", "second_opinion", "compared")
    ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    FAULTS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FAULTS_FIELD_NUMBER: _ClassVar[int]
    PASSED_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    SKIPPED_FIELD_NUMBER: _ClassVar[int]
    SECOND_OPINION_FIELD_NUMBER: _ClassVar[int]
    COMPARED_FIELD_NUMBER: _ClassVar[int]
    accepted: bool
    digest: str
    name: str
    faults: _containers.RepeatedCompositeFieldContainer[RulebookFault]
    total_faults: int
    passed: int
    failed: int
    skipped: int
    second_opinion: SecondOpinion
    compared: int
    def __init__(self, accepted: _Optional[bool] = ..., digest: _Optional[str] = ..., name: _Optional[str] = ..., faults: _Optional[_Iterable[_Union[RulebookFault, _Mapping]]] = ..., total_faults: _Optional[int] = ..., passed: _Optional[int] = ..., failed: _Optional[int] = ..., skipped: _Optional[int] = ..., second_opinion: _Optional[_Union[SecondOpinion, str]] = ..., compared: _Optional[int] = ...) -> None: ...

class Serving(_message.Message):
    __slots__ = ("process", "rulebook_digest", "activation", "since", "seen_at")
    PROCESS_FIELD_NUMBER: _ClassVar[int]
    RULEBOOK_DIGEST_FIELD_NUMBER: _ClassVar[int]
    ACTIVATION_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    SEEN_AT_FIELD_NUMBER: _ClassVar[int]
    process: str
    rulebook_digest: str
    activation: int
    since: _timestamp_pb2.Timestamp
    seen_at: _timestamp_pb2.Timestamp
    def __init__(self, process: _Optional[str] = ..., rulebook_digest: _Optional[str] = ..., activation: _Optional[int] = ..., since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., seen_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListRulebooksRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListRulebooksResponse(_message.Message):
    __slots__ = ("rulebooks", "next_page_token")
    RULEBOOKS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    rulebooks: _containers.RepeatedCompositeFieldContainer[StoredRulebook]
    next_page_token: str
    def __init__(self, rulebooks: _Optional[_Iterable[_Union[StoredRulebook, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetRulebookRequest(_message.Message):
    __slots__ = ("rulebook_digest",)
    RULEBOOK_DIGEST_FIELD_NUMBER: _ClassVar[int]
    rulebook_digest: str
    def __init__(self, rulebook_digest: _Optional[str] = ...) -> None: ...

class GetRulebookResponse(_message.Message):
    __slots__ = ("rulebook", "files")
    RULEBOOK_FIELD_NUMBER: _ClassVar[int]
    FILES_FIELD_NUMBER: _ClassVar[int]
    rulebook: StoredRulebook
    files: _containers.RepeatedCompositeFieldContainer[RulebookFile]
    def __init__(self, rulebook: _Optional[_Union[StoredRulebook, _Mapping]] = ..., files: _Optional[_Iterable[_Union[RulebookFile, _Mapping]]] = ...) -> None: ...

class GetRulebookStatusRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetRulebookStatusResponse(_message.Message):
    __slots__ = ("process", "rulebook_digest", "served_since", "active", "stale", "wrong_since", "behind", "offer", "trial", "note", "waiting", "processes")
    PROCESS_FIELD_NUMBER: _ClassVar[int]
    RULEBOOK_DIGEST_FIELD_NUMBER: _ClassVar[int]
    SERVED_SINCE_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_FIELD_NUMBER: _ClassVar[int]
    STALE_FIELD_NUMBER: _ClassVar[int]
    WRONG_SINCE_FIELD_NUMBER: _ClassVar[int]
    BEHIND_FIELD_NUMBER: _ClassVar[int]
    OFFER_FIELD_NUMBER: _ClassVar[int]
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    WAITING_FIELD_NUMBER: _ClassVar[int]
    PROCESSES_FIELD_NUMBER: _ClassVar[int]
    process: str
    rulebook_digest: str
    served_since: _timestamp_pb2.Timestamp
    active: Activation
    stale: bool
    wrong_since: _timestamp_pb2.Timestamp
    behind: str
    offer: OfferState
    trial: RulebookTrial
    note: str
    waiting: Proposal
    processes: _containers.RepeatedCompositeFieldContainer[Serving]
    def __init__(self, process: _Optional[str] = ..., rulebook_digest: _Optional[str] = ..., served_since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., active: _Optional[_Union[Activation, _Mapping]] = ..., stale: _Optional[bool] = ..., wrong_since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., behind: _Optional[str] = ..., offer: _Optional[_Union[OfferState, str]] = ..., trial: _Optional[_Union[RulebookTrial, _Mapping]] = ..., note: _Optional[str] = ..., waiting: _Optional[_Union[Proposal, _Mapping]] = ..., processes: _Optional[_Iterable[_Union[Serving, _Mapping]]] = ...) -> None: ...

class TestRulebookRequest(_message.Message):
    __slots__ = ("files",)
    FILES_FIELD_NUMBER: _ClassVar[int]
    files: _containers.RepeatedCompositeFieldContainer[RulebookFile]
    def __init__(self, files: _Optional[_Iterable[_Union[RulebookFile, _Mapping]]] = ...) -> None: ...

class TestRulebookResponse(_message.Message):
    __slots__ = ("trial",)
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    trial: RulebookTrial
    def __init__(self, trial: _Optional[_Union[RulebookTrial, _Mapping]] = ...) -> None: ...

class ListActivationsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListActivationsResponse(_message.Message):
    __slots__ = ("activations", "next_page_token")
    ACTIVATIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    activations: _containers.RepeatedCompositeFieldContainer[Activation]
    next_page_token: str
    def __init__(self, activations: _Optional[_Iterable[_Union[Activation, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ActivateRulebookRequest(_message.Message):
    __slots__ = ("rulebook_digest", "reason")
    RULEBOOK_DIGEST_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    rulebook_digest: str
    reason: str
    def __init__(self, rulebook_digest: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class ActivateRulebookResponse(_message.Message):
    __slots__ = ("activation", "proposal")
    ACTIVATION_FIELD_NUMBER: _ClassVar[int]
    PROPOSAL_FIELD_NUMBER: _ClassVar[int]
    activation: Activation
    proposal: Proposal
    def __init__(self, activation: _Optional[_Union[Activation, _Mapping]] = ..., proposal: _Optional[_Union[Proposal, _Mapping]] = ...) -> None: ...

class ApproveRulebookRequest(_message.Message):
    __slots__ = ("rulebook_digest",)
    RULEBOOK_DIGEST_FIELD_NUMBER: _ClassVar[int]
    rulebook_digest: str
    def __init__(self, rulebook_digest: _Optional[str] = ...) -> None: ...

class ApproveRulebookResponse(_message.Message):
    __slots__ = ("activation",)
    ACTIVATION_FIELD_NUMBER: _ClassVar[int]
    activation: Activation
    def __init__(self, activation: _Optional[_Union[Activation, _Mapping]] = ...) -> None: ...
