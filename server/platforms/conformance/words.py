"""Answers of platforms as people read them, under the names that manifests give them."""

from typing import Final

from engine.platform import (
    Duplicate,
    Issued,
    LookupAnswer,
    Misconfigured,
    NotFound,
    NotSent,
    Pending,
    Rejected,
    Rejection,
    Retryable,
    Review,
    StatusAnswer,
    Told,
    Unknown,
    VoidAnswer,
    Voided,
)

Answer = LookupAnswer | StatusAnswer | VoidAnswer

_NAMES: Final[dict[type, str]] = {
    Misconfigured: "MISCONFIGURED",
    NotSent: "NOT_SENT",
    Retryable: "RETRYABLE",
    Review: "REVIEW",
    Unknown: "UNKNOWN",
}


def told(answer: Answer) -> str:
    """An answer in one line."""
    match answer:
        case Issued(e_cert_id=e_cert_id):
            return f"ISSUED {e_cert_id}"
        case Duplicate(e_cert_id=e_cert_id):
            return f"DUPLICATE of {e_cert_id}"
        case Rejected(codes=codes):
            return f"REJECTED: {', '.join(_reason(code) for code in codes[:3])}"
        case Pending():
            return "PENDING"
        case NotFound():
            return "NOT_FOUND"
        case Told(status=status):
            return status.value
        case Voided():
            return "VOIDED"
        case Misconfigured() | NotSent() | Retryable() | Review() | Unknown():
            return f"{_NAMES[type(answer)]}: {answer.because}"
        case _:  # An adapter may be wrong in any way.
            return f"{answer!r}, which is no answer of the port"


def _reason(one: Rejection) -> str:
    where = f" (line {one.line_id})" if one.line_id else ""
    return f"{one.code}{where}{f': {one.text}' if one.text else ''}"
