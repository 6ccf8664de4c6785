"""From errors to `google.rpc.Status`: a table says the code, the reason and the details of each class."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc import code_pb2, status_pb2
from google.rpc import error_details_pb2 as details
from origingate.v1 import case_service_pb2, error_pb2
from origingate.v1.error_pb2 import ErrorReason

from server import errors
from server.wire.decisions import differences_to_proto
from server.wire.localized import TEXTS

DOMAIN: Final = "origingate.dev"

# gRPC drops trailing metadata above about 8 KB. The status travels in it as base64, beside its message with
# everything outside ASCII percent-encoded.
_MOST_BYTES: Final = 7000
_LONGEST_MESSAGE: Final = 300
_MOST_DIFFERENCES: Final = 50

_PREFIX: Final = "ERROR_REASON_"
_TOTAL: Final = "violations"
_SHOWN: Final = "shown"


@dataclass(frozen=True, slots=True)
class Row:
    """How one class of errors is told: gRPC code, reason, metadata of the ErrorInfo, further details."""

    code: int
    reason: ErrorReason
    metadata: Callable[[Any], Mapping[str, str]] = lambda error: {}
    details: Callable[[Any], Iterable[Message]] = lambda error: ()


def _bad_request(error: errors.RequestInvalid) -> list[Message]:
    violations = [
        details.BadRequest.FieldViolation(
            field=violation.field,
            description=violation.text,
            reason=violation.rule.replace(".", "_").upper(),
        )
        for violation in error.violations
    ]
    return [details.BadRequest(field_violations=violations)]


def _field(path: str, reason: str) -> Callable[[errors.OriginGateError], list[Message]]:
    def bad_request(error: errors.OriginGateError) -> list[Message]:
        violation = details.BadRequest.FieldViolation(field=path, description=str(error), reason=reason)
        return [details.BadRequest(field_violations=[violation])]

    return bad_request


def _retry(seconds: float | None) -> list[Message]:
    if seconds is None:
        return []
    delay = Duration()
    delay.FromMilliseconds(max(round(seconds * 1000), 1))
    return [details.RetryInfo(retry_delay=delay)]


def _limit(error: errors.LimitExceeded) -> list[Message]:
    violation = details.QuotaFailure.Violation(subject=error.what, description=f"at most {error.limit}")
    return [details.QuotaFailure(violations=[violation]), *_retry(error.retry_after)]


def _quota(error: errors.QuotaUsedUp) -> list[Message]:
    violation = details.QuotaFailure.Violation(subject="calls a day", description=f"at most {error.a_day}")
    return [details.QuotaFailure(violations=[violation]), *_retry(error.retry_after)]


def _precondition(
    kind: str, subject: Callable[[Any], str]
) -> Callable[[errors.OriginGateError], list[Message]]:
    def failure(error: errors.OriginGateError) -> list[Message]:
        violation = details.PreconditionFailure.Violation(
            type=kind, subject=subject(error), description=_short(str(error))
        )
        return [details.PreconditionFailure(violations=[violation])]

    return failure


def _conflict(error: errors.DeclarationConflicts) -> list[Message]:
    """As many differences as metadata may hold; the whole of them is told by ProcessOrder."""
    shown = differences_to_proto(error.differences[:_MOST_DIFFERENCES])
    conflict = case_service_pb2.DeclarationConflict(
        case_name=error.name,
        state=f"CASE_STATE_{error.state}",
        e_cert_id=error.e_cert_id,
        differences=shown,
        total=len(error.differences),
    )
    while len(conflict.differences) > 1 and conflict.ByteSize() > _MOST_BYTES // 2:
        del conflict.differences[len(conflict.differences) // 2 :]
    return [conflict]


TABLE: Final[Mapping[type[errors.OriginGateError], Row]] = {
    errors.RequestInvalid: Row(
        code_pb2.INVALID_ARGUMENT,
        error_pb2.ERROR_REASON_REQUEST_INVALID,
        lambda error: {_TOTAL: str(error.total)},
        _bad_request,
    ),
    errors.RequestIdReused: Row(
        code_pb2.INVALID_ARGUMENT,
        error_pb2.ERROR_REASON_REQUEST_ID_REUSED,
        details=_field("request_id", "REQUEST_ID_REUSED"),
    ),
    errors.TokenInvalid: Row(
        code_pb2.INVALID_ARGUMENT,
        error_pb2.ERROR_REASON_TOKEN_INVALID,
        lambda error: {"field": error.field},
        lambda error: _field(error.field, "TOKEN_INVALID")(error),
    ),
    errors.SiteContradictsRecord: Row(
        code_pb2.INVALID_ARGUMENT,
        error_pb2.ERROR_REASON_SITE_CONTRADICTS_RECORD,
        lambda error: {"site_id": error.site_id, "stated": error.stated, "recorded": error.recorded},
        _field("site.kind", "SITE_CONTRADICTS_RECORD"),
    ),
    errors.SiteNotFound: Row(
        code_pb2.NOT_FOUND,
        error_pb2.ERROR_REASON_SITE_NOT_FOUND,
        lambda error: {"site_id": error.site_id},
    ),
    errors.SiteStateForbids: Row(
        code_pb2.FAILED_PRECONDITION,
        error_pb2.ERROR_REASON_SITE_STATE,
        lambda error: {"site_id": error.site_id},
        _precondition("SITE_STATE", lambda error: str(error.site_id)),
    ),
    errors.CaseNotFound: Row(
        code_pb2.NOT_FOUND, error_pb2.ERROR_REASON_CASE_NOT_FOUND, lambda error: {"name": error.name}
    ),
    errors.CaseStateForbids: Row(
        code_pb2.FAILED_PRECONDITION,
        error_pb2.ERROR_REASON_CASE_STATE,
        lambda error: {"name": error.name, "state": error.state},
        _precondition("CASE_STATE", lambda error: str(error.name)),
    ),
    errors.CaseErased: Row(
        code_pb2.FAILED_PRECONDITION,
        error_pb2.ERROR_REASON_ERASED,
        lambda error: {"name": error.name, "day": error.day},
    ),
    errors.ErasureRefused: Row(
        code_pb2.FAILED_PRECONDITION,
        error_pb2.ERROR_REASON_ERASURE_REFUSED,
        lambda error: {"name": error.name},
    ),
    errors.DeclarationConflicts: Row(
        code_pb2.FAILED_PRECONDITION,
        error_pb2.ERROR_REASON_DECLARATION_CONFLICT,
        lambda error: {"name": error.name, "state": error.state},
        _conflict,
    ),
    errors.CertificateUnproved: Row(
        code_pb2.FAILED_PRECONDITION,
        error_pb2.ERROR_REASON_CERTIFICATE_UNPROVED,
        lambda error: {"name": error.name, "e_cert_id": error.e_cert_id},
        _precondition("CERTIFICATE_UNPROVED", lambda error: str(error.name)),
    ),
    errors.CertificateNotFound: Row(
        code_pb2.NOT_FOUND,
        error_pb2.ERROR_REASON_CERTIFICATE_NOT_FOUND,
        lambda error: {"e_cert_id": error.e_cert_id, "platform": error.platform},
    ),
    errors.DecisionNotFound: Row(
        code_pb2.NOT_FOUND,
        error_pb2.ERROR_REASON_DECISION_NOT_FOUND,
        lambda error: {"name": error.name, "question": error.question},
    ),
    errors.RulebookNotFound: Row(
        code_pb2.NOT_FOUND,
        error_pb2.ERROR_REASON_RULEBOOK_NOT_FOUND,
        lambda error: {"digest": error.digest},
    ),
    errors.RulebookNotAccepted: Row(
        code_pb2.FAILED_PRECONDITION,
        error_pb2.ERROR_REASON_RULEBOOK_NOT_ACCEPTED,
        lambda error: {"named": error.named},
        _precondition("RULEBOOK_NOT_ACCEPTED", lambda error: str(error.named)),
    ),
    errors.ActivationRefused: Row(
        code_pb2.FAILED_PRECONDITION,
        error_pb2.ERROR_REASON_ACTIVATION_REFUSED,
        lambda error: {"digest": error.digest},
        _precondition("ACTIVATION_REFUSED", lambda error: str(error.digest)),
    ),
    errors.RulebooksOutOfReach: Row(
        code_pb2.PERMISSION_DENIED, error_pb2.ERROR_REASON_RULEBOOKS_OUT_OF_REACH
    ),
    errors.QuestionNotFound: Row(
        code_pb2.NOT_FOUND,
        error_pb2.ERROR_REASON_QUESTION_NOT_FOUND,
        lambda error: {"question": error.question},
    ),
    errors.Unauthenticated: Row(code_pb2.UNAUTHENTICATED, error_pb2.ERROR_REASON_UNAUTHENTICATED),
    errors.RoleMissing: Row(
        code_pb2.PERMISSION_DENIED,
        error_pb2.ERROR_REASON_ROLE_MISSING,
        lambda error: {"method": error.method, "role": error.needed},
    ),
    errors.SiteOutOfReach: Row(
        code_pb2.PERMISSION_DENIED,
        error_pb2.ERROR_REASON_SITE_OUT_OF_REACH,
        lambda error: {"site_id": error.site_id},
    ),
    errors.IdentityUnavailable: Row(
        code_pb2.UNAVAILABLE,
        error_pb2.ERROR_REASON_IDENTITY_UNAVAILABLE,
        details=lambda error: _retry(error.retry_after),
    ),
    errors.LimitExceeded: Row(
        code_pb2.RESOURCE_EXHAUSTED,
        error_pb2.ERROR_REASON_LIMIT_EXCEEDED,
        lambda error: {"limit": error.limit, "bound": error.bound} if error.bound else {"limit": error.limit},
        _limit,
    ),
    errors.QuotaUsedUp: Row(
        code_pb2.RESOURCE_EXHAUSTED,
        error_pb2.ERROR_REASON_QUOTA_USED_UP,
        lambda error: {"limit": str(error.a_day)},
        _quota,
    ),
    errors.DeadlineTooShort: Row(
        code_pb2.DEADLINE_EXCEEDED,
        error_pb2.ERROR_REASON_DEADLINE_TOO_SHORT,
        lambda error: {"left_seconds": f"{error.left:.3f}", "needed_seconds": f"{error.needed:.3f}"},
    ),
    errors.TookTooLong: Row(
        code_pb2.DEADLINE_EXCEEDED,
        error_pb2.ERROR_REASON_TOOK_TOO_LONG,
        lambda error: {"seconds": f"{error.seconds:g}"},
    ),
    errors.StoreUnavailable: Row(
        code_pb2.UNAVAILABLE,
        error_pb2.ERROR_REASON_STORE_UNAVAILABLE,
        details=lambda error: _retry(error.retry_after),
    ),
    errors.NoPlatform: Row(
        code_pb2.FAILED_PRECONDITION,
        error_pb2.ERROR_REASON_NO_PLATFORM,
        lambda error: {"site_id": error.site_id},
        _precondition("NO_PLATFORM", lambda error: f"sites/{error.site_id}"),
    ),
    errors.ShuttingDown: Row(
        code_pb2.UNAVAILABLE, error_pb2.ERROR_REASON_SHUTTING_DOWN, details=lambda error: _retry(0.1)
    ),
    errors.NotOffered: Row(
        code_pb2.UNIMPLEMENTED,
        error_pb2.ERROR_REASON_NOT_IMPLEMENTED,
        lambda error: {"method": error.method},
    ),
    errors.InternalFault: Row(code_pb2.INTERNAL, error_pb2.ERROR_REASON_INTERNAL),
}


def to_status(error: BaseException, request_id: str, language: str = "") -> status_pb2.Status:
    """The status for any exception. One that the table does not know is a fault of ours; its text stays here.

    The details are an ErrorInfo, a RequestInfo with the call id, what the class has besides, and where a language of
    `server.wire.localized` is given, a LocalizedMessage in it.
    """
    row = _row_of(error)
    if row is None:
        error = errors.InternalFault(request_id)
        row = TABLE[errors.InternalFault]
    info = details.ErrorInfo(
        reason=_word(row),
        domain=DOMAIN,
        metadata=row.metadata(error),
    )
    further = [details.RequestInfo(request_id=request_id), *row.details(error)]
    if language:
        text = TEXTS[info.reason].get(language, _short(str(error)))
        further.append(details.LocalizedMessage(locale=language, message=text))
    return _fitted(row.code, _short(str(error)), info, further)


def reason_of(error: BaseException) -> str:
    """The reason that an exception is told with, e.g. CASE_NOT_FOUND."""
    return _word(_row_of(error) or TABLE[errors.InternalFault])


def _word(row: Row) -> str:
    return str(ErrorReason.Name(row.reason).removeprefix(_PREFIX))


def is_ours(error: BaseException) -> bool:
    """Whether the error says in our words what happened; else it is a fault, and belongs into the log."""
    return _row_of(error) is not None and not isinstance(error, errors.InternalFault)


def _row_of(error: BaseException) -> Row | None:
    return next((TABLE[kind] for kind in type(error).__mro__ if kind in TABLE), None)


def _fitted(code: int, message: str, info: details.ErrorInfo, further: list[Message]) -> status_pb2.Status:
    """The status with as many field violations as metadata may hold, which the ErrorInfo counts."""
    bad_requests = [detail for detail in further if isinstance(detail, details.BadRequest)]
    violations = bad_requests[0].field_violations if bad_requests else []
    while True:
        if _TOTAL in info.metadata:
            info.metadata[_SHOWN] = str(len(violations))
        status = status_pb2.Status(code=code, message=message, details=map(_packed, [info, *further]))
        if len(violations) <= 1 or _bytes_on_the_wire(status) <= _MOST_BYTES:
            return status
        del violations[len(violations) * 3 // 4 :]


def _bytes_on_the_wire(status: status_pb2.Status) -> int:
    encoded = sum(1 if sign.isascii() else 3 * len(sign.encode()) for sign in status.message)
    size: int = status.ByteSize()
    return size * 4 // 3 + encoded


def _packed(message: Message) -> AnyMessage:
    packed = AnyMessage()
    packed.Pack(message)
    return packed


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_MESSAGE else text[: _LONGEST_MESSAGE - 1] + "…"
