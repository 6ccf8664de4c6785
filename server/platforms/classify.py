"""What a platform's answer means: from an answer and a manifest's clauses to one of the closed set. Pure.

An answer that cannot be read as what its clause says it means is Unknown, whatever its status.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from engine.certificate import LONGEST_ID, ECertId, normalise_e_cert_id
from engine.declaration import Json
from engine.platform import (
    Duplicate,
    Issued,
    LookupAnswer,
    Misconfigured,
    NotFound,
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
    Voided,
)
from server.platforms.manifest import Clause, Manifest, Meaning, OperationName
from server.platforms.proof import LONGEST_PROOF
from server.platforms.transport import Lost, Reply

Answer = LookupAnswer | StatusAnswer | VoidAnswer

_LONGEST_TEXT: Final = 1000
_MOST_CODES: Final = 1000
_LONGEST_WAIT: Final = 86400.0
_DEFAULT_POLL: Final = 1.0


def classify(answer: Reply | Lost, manifest: Manifest, operation: OperationName, now: datetime) -> Answer:
    """What the answer to an operation means."""
    if isinstance(answer, Lost):
        return Unknown(answer.because) if answer.sent else NotSent(answer.because)
    body = read_object(answer.body)
    for clause in manifest.operations[operation].clauses:
        if _fits(clause, answer.status, body):
            meaning = _Reading(manifest, answer, body, now).as_(clause.means)
            return meaning or Unknown(f"an answer with HTTP status {answer.status} that could not be read")
    return Unknown(f"an answer with HTTP status {answer.status} that says nothing of what was done")


def read_object(body: bytes) -> dict[str, Json] | None:
    """The JSON object that a body is, or None if it is anything else."""
    try:
        content = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _refuse(constant: str) -> Json:
    raise ValueError(f"{constant} is not JSON")


def find(body: Json, path: str) -> Json:
    """The value at a dotted path, or None where the path leads nowhere."""
    for name in path.split("."):
        if not isinstance(body, dict):
            return None
        body = body.get(name)
    return body


def _fits(clause: Clause, status: int, body: dict[str, Json] | None) -> bool:
    return clause.first <= status <= clause.last and all(
        find(body, path) == value and type(find(body, path)) is type(value)
        for path, value in clause.where.items()
    )


class _Reading:
    """One answer, read as what a clause says that it means; None where it lacks what that needs."""

    def __init__(self, manifest: Manifest, reply: Reply, body: dict[str, Json] | None, now: datetime) -> None:
        self._manifest = manifest
        self._fields = manifest.fields
        self._reply = reply
        self._body = body
        self._now = now

    def as_(self, meaning: Meaning) -> Answer | None:
        read: dict[Meaning, Callable[[], Answer | None]] = {
            Meaning.ISSUED: self._issued,
            Meaning.DUPLICATE: self._duplicate,
            Meaning.REJECTED: self._rejected,
            Meaning.REVIEW: lambda: Review(self._because()),
            Meaning.PENDING: lambda: Pending(self._poll_after()),
            Meaning.RETRYABLE: lambda: Retryable(self._because(), self._retry_after()),
            Meaning.UNKNOWN: lambda: Unknown(self._because()),
            Meaning.MISCONFIGURED: lambda: Misconfigured(self._because()),
            Meaning.NOT_FOUND: NotFound,
            Meaning.TOLD: self._told,
            Meaning.VOIDED: Voided,
        }
        return read[meaning]()

    def _issued(self) -> Issued | None:
        found = self._certificate()
        return Issued(*found) if found else None

    def _duplicate(self) -> Duplicate | None:
        found = self._certificate()
        reference = self._text(self._fields.reference, LONGEST_ID)
        return Duplicate(*found, reference=Reference(reference) if reference else None) if found else None

    def _certificate(self) -> tuple[ECertId, str] | None:
        e_cert_id = normalise_e_cert_id(self._text(self._fields.e_cert_id, LONGEST_ID) or "")
        proof = self._text(self._fields.proof, LONGEST_PROOF)
        return (e_cert_id, proof) if e_cert_id and proof else None

    def _rejected(self) -> Rejected | None:
        codes = find(self._body, self._fields.codes)
        if not isinstance(codes, list) or not codes or len(codes) > _MOST_CODES:
            return None
        rejections = [self._rejection(code) for code in codes]
        return None if None in rejections else Rejected(tuple(found for found in rejections if found))

    def _rejection(self, body: Json) -> Rejection | None:
        code, line = find(body, self._fields.code), find(body, self._fields.code_line)
        text = find(body, self._fields.code_text)
        if not isinstance(code, str) or not 0 < len(code) <= LONGEST_ID:
            return None
        line_id = line[:LONGEST_ID] if isinstance(line, str) else ""
        return Rejection(code, line_id, text[:_LONGEST_TEXT] if isinstance(text, str) else "")

    def _told(self) -> Told | None:
        status = self._manifest.statuses.get(self._text(self._fields.status, LONGEST_ID) or "")
        return Told(status, self._now) if status else None

    def _because(self) -> str:
        said = find(self._body, self._fields.because)
        shown = f": {said[:_LONGEST_TEXT]}" if isinstance(said, str) and said else ""
        return f"the platform answered with HTTP status {self._reply.status}{shown}"

    def _poll_after(self) -> timedelta:
        seconds = find(self._body, self._fields.poll_after)
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            return self._retry_after() or timedelta(seconds=_DEFAULT_POLL)
        return timedelta(seconds=min(max(seconds, 0.0), _LONGEST_WAIT))

    def _retry_after(self) -> timedelta | None:
        seconds = self._reply.headers.get("retry-after", "").strip()
        if not seconds.isascii() or not seconds.isdecimal():
            return None
        return timedelta(seconds=min(int(seconds[:10]), _LONGEST_WAIT))

    def _text(self, path: str, longest: int) -> str | None:
        text = find(self._body, path)
        return text if isinstance(text, str) and 0 < len(text) <= longest else None
