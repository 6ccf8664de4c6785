"""What a platform's answer means: from an answer and a manifest's clauses to one of the closed set. Pure.

An answer that cannot be read as what its clause says it means is Unknown, whatever its status.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from engine.certificate import LONGEST_ID, CertificateStatus, ECertId, normalise_e_cert_id
from engine.declaration import Json
from engine.platform import (
    Duplicate,
    Issued,
    LookupAnswer,
    Misconfigured,
    NotFound,
    NotSent,
    Pending,
    ProofKind,
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
from server.platforms.bodies import read_object
from server.platforms.expression import Expression, ExpressionFailed
from server.platforms.manifest import Clause, Manifest, Meaning, OperationName, Reads, Wait
from server.platforms.proof import LONGEST_PROOF
from server.platforms.transport import Lost, Reply

__all__ = ["Answer", "classify", "read_object"]

Answer = LookupAnswer | StatusAnswer | VoidAnswer

_LONGEST_TEXT: Final = 1000
_MOST_CODES: Final = 1000
_LONGEST_WAIT: Final = 86400.0
_DEFAULT_POLL: Final = timedelta(seconds=1)


def classify(answer: Reply | Lost, manifest: Manifest, operation: OperationName, now: datetime) -> Answer:
    """What the answer to an operation means."""
    if isinstance(answer, Lost):
        return Unknown(answer.because) if answer.sent else NotSent(answer.because)
    asked = manifest.operations[operation]
    body = read_object(answer.body)
    try:
        clause = next((clause for clause in asked.about(answer.status) if _fits(clause, answer, body)), None)
    except ExpressionFailed:
        clause = Clause((), Meaning.UNKNOWN)
    if clause is None:
        return Unknown(f"an answer with HTTP status {answer.status} that says nothing of what was done")
    signed = manifest.capabilities.proof is ProofKind.JWS
    reading = _Reading(asked.reads, manifest.statuses, clause.wait, answer, body, now, signed=signed)
    meaning = reading.as_(clause.means)
    return meaning or Unknown(f"an answer with HTTP status {answer.status} that could not be read")


def _fits(clause: Clause, reply: Reply, body: dict[str, Json] | None) -> bool:
    """Whether an answer of a status of the clause fits it. Raises ExpressionFailed where that cannot be told."""
    if clause.headers and any(
        reply.headers.get(name, "").strip() != value for name, value in clause.headers.items()
    ):
        return False
    return clause.when is None or (body is not None and clause.when(body) is True)


class _Reading:
    """One answer, read as what a clause says that it means; None where it lacks what that needs."""

    def __init__(
        self,
        reads: Reads,
        statuses: Mapping[str, CertificateStatus],
        wait: Wait,
        reply: Reply,
        body: dict[str, Json] | None,
        now: datetime,
        *,
        signed: bool,
    ) -> None:
        self._signed = signed
        self._reads = reads
        self._statuses = statuses
        self._wait = wait
        self._reply = reply
        self._body = body
        self._now = now

    def as_(self, meaning: Meaning) -> Answer | None:
        return _AS[meaning](self)

    def issued(self) -> Issued | None:
        found = self._certificate()
        return Issued(*found) if found else None

    def duplicate(self) -> Duplicate | None:
        found = self._certificate()
        reference = self._text(self._reads.reference, LONGEST_ID)
        return Duplicate(*found, reference=Reference(reference) if reference else None) if found else None

    def _certificate(self) -> tuple[ECertId, str] | None:
        e_cert_id = normalise_e_cert_id(self._text(self._reads.e_cert_id, LONGEST_ID) or "")
        # Without signatures a status query proves it, which is asked for by itself.
        proof = self._text(self._reads.proof, LONGEST_PROOF) if self._signed else ""
        return (e_cert_id, proof) if e_cert_id and proof is not None else None

    def rejected(self) -> Rejected | None:
        codes = _find(self._reads.codes, self._body)
        if not isinstance(codes, list) or not codes or len(codes) > _MOST_CODES:
            return None
        rejections = [self._rejection(code) for code in codes]
        return None if None in rejections else Rejected(tuple(found for found in rejections if found))

    def _rejection(self, body: Json) -> Rejection | None:
        code, line = _find(self._reads.code, body), _find(self._reads.line_id, body)
        text = _find(self._reads.text, body)
        if not isinstance(code, str) or not 0 < len(code) <= LONGEST_ID:
            return None
        line_id = line[:LONGEST_ID] if isinstance(line, str) else ""
        return Rejection(code, line_id, text[:_LONGEST_TEXT] if isinstance(text, str) else "")

    def review(self) -> Review:
        return Review(self._because(), self._platform_id())

    def pending(self) -> Pending:
        after = self._after()
        return Pending(_DEFAULT_POLL if after is None else after, self._platform_id())

    def retryable(self) -> Retryable:
        return Retryable(self._because(), self._after())

    def unknown(self) -> Unknown:
        return Unknown(self._because())

    def misconfigured(self) -> Misconfigured:
        return Misconfigured(self._because())

    def told(self) -> Told | None:
        status = self._statuses.get(self._text(self._reads.status, LONGEST_ID) or "")
        return Told(status, self._now) if status else None

    def _platform_id(self) -> str:
        found = _find(self._reads.platform_id, self._body)
        told = str(found) if isinstance(found, int) and not isinstance(found, bool) else found
        return told if isinstance(told, str) and len(told) <= LONGEST_ID else ""

    def _because(self) -> str:
        said = _find(self._reads.because, self._body)
        shown = f": {said[:_LONGEST_TEXT]}" if isinstance(said, str) and said else ""
        return f"the platform answered with HTTP status {self._reply.status}{shown}"

    def _after(self) -> timedelta | None:
        seconds = _find(self._wait.body, self._body)
        if isinstance(seconds, int | float) and not isinstance(seconds, bool):
            return timedelta(seconds=min(max(seconds, 0.0), _LONGEST_WAIT))
        written = self._reply.headers.get(self._wait.header, "").strip()
        if written.isascii() and written.isdecimal():
            return timedelta(seconds=min(int(written[:10]), _LONGEST_WAIT))
        return self._wait.otherwise

    def _text(self, expression: Expression | None, longest: int) -> str | None:
        text = _find(expression, self._body)
        return text if isinstance(text, str) and 0 < len(text) <= longest else None


def _find(expression: Expression | None, data: Json) -> Json:
    return None if expression is None else expression.find(data)


_AS: Final[Mapping[Meaning, Callable[[_Reading], Answer | None]]] = {
    Meaning.ISSUED: _Reading.issued,
    Meaning.DUPLICATE: _Reading.duplicate,
    Meaning.REJECTED: _Reading.rejected,
    Meaning.REVIEW: _Reading.review,
    Meaning.PENDING: _Reading.pending,
    Meaning.RETRYABLE: _Reading.retryable,
    Meaning.UNKNOWN: _Reading.unknown,
    Meaning.MISCONFIGURED: _Reading.misconfigured,
    Meaning.NOT_FOUND: lambda _: NotFound(),
    Meaning.TOLD: _Reading.told,
    Meaning.VOIDED: lambda _: Voided(),
}
