"""Answers that others' code made, held to the bounds of our records."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from engine.certificate import LONGEST_ID, normalise_e_cert_id
from engine.platform import (
    Duplicate,
    Issued,
    LookupAnswer,
    Misconfigured,
    NotSent,
    Pending,
    Reference,
    Rejected,
    Rejection,
    Retryable,
    Review,
    StatusAnswer,
    Told,
    Unknown,
    VoidAnswer,
)
from server.platforms.proof import LONGEST_PROOF

Answer = LookupAnswer | StatusAnswer | VoidAnswer

LONGEST_TEXT: Final = 1000
_MOST_CODES: Final = 1000
_NO_TIME: Final = timedelta(0)
_LONGEST_WAIT: Final = timedelta(days=1)


def bounded(answer: Answer) -> Answer | None:
    """The answer with its ids normalised, its texts and waits cut; None where it lacks what makes it one."""
    match answer:
        case Issued() | Duplicate():
            return _certificate(answer)
        case Rejected(codes=codes):
            return _rejected(codes)
        case Pending(poll_after=wait):
            return Pending(_wait(wait), _id(answer.platform_id))
        case Retryable(because=because, after=after):
            return Retryable(because[:LONGEST_TEXT], None if after is None else _wait(after))
        case Review(because=because, platform_id=platform_id):
            return Review(because[:LONGEST_TEXT], _id(platform_id))
        case NotSent() | Unknown() | Misconfigured():
            return replace(answer, because=answer.because[:LONGEST_TEXT])
        case Told(proof=proof) if len(proof) > LONGEST_PROOF:
            return replace(answer, proof="")
        case _:
            return answer


def _certificate(answer: Issued | Duplicate) -> Issued | Duplicate | None:
    e_cert_id = normalise_e_cert_id(answer.e_cert_id)
    if not 0 < len(e_cert_id) <= LONGEST_ID or not 0 < len(answer.proof) <= LONGEST_PROOF:
        return None
    if isinstance(answer, Issued):
        return replace(answer, e_cert_id=e_cert_id)
    told = answer.reference or ""
    reference = Reference(told) if 0 < len(told) <= LONGEST_ID else None
    return replace(answer, e_cert_id=e_cert_id, reference=reference)


def _rejected(codes: tuple[Rejection, ...]) -> Rejected | None:
    if not 0 < len(codes) <= _MOST_CODES or not all(0 < len(code.code) <= LONGEST_ID for code in codes):
        return None
    return Rejected(
        tuple(Rejection(code.code, code.line_id[:LONGEST_ID], code.text[:LONGEST_TEXT]) for code in codes)
    )


def _id(platform_id: str) -> str:
    """Cut short it would be another one's."""
    return platform_id if len(platform_id) <= LONGEST_ID else ""


def _wait(wait: timedelta) -> timedelta:
    return min(max(wait, _NO_TIME), _LONGEST_WAIT)
