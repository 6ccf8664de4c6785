"""Promises about submissions: one certificate for one content, and a certificate of what was sent."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from engine.declaration import Json
from engine.platform import (
    Binding,
    Capabilities,
    Duplicate,
    Idempotency,
    Issued,
    LookupAnswer,
    Misconfigured,
    NotFound,
    NotSent,
    ProofKind,
    Rejected,
    Review,
)
from server.platforms.conformance.broken import Broken, CannotBeTried
from server.platforms.conformance.buyer import Buyer, named
from server.platforms.conformance.model import Promise
from server.platforms.conformance.words import told

THEME: Final = "certificates"
MOST_LINES: Final = 2000


async def issues(buyer: Buyer) -> str:
    """A certificate for the order."""
    return told(await buyer.certificate(buyer.submission()))


async def too_late(buyer: Buyer) -> str:
    """Nothing leaves."""
    submission = replace(buyer.submission(), in_time=lambda: False)
    answer = await buyer.submit(submission)
    if not isinstance(answer, NotSent):
        raise Broken("NOT_SENT, for the submission said that it is too late", told(answer))
    if buyer.can.lookup_by_reference:
        found = await buyer.lookup(submission)
        if not isinstance(found, NotFound):
            raise Broken("NOT_FOUND of what was not sent", told(found))
    return told(answer)


async def same_reference(buyer: Buyer) -> str:
    """The first certificate again."""
    submission = buyer.submission()
    first = await buyer.certificate(submission)
    second = await buyer.certificate(submission, f"{told(first)} again")
    if second.e_cert_id != first.e_cert_id:
        raise Broken(f"{told(first)} again", told(second))
    return f"{told(first)} twice"


async def at_once(buyer: Buyer) -> str:
    """One certificate for two requests that cross."""
    submission = buyer.submission()
    both = await asyncio.gather(buyer.decided(submission), buyer.decided(submission))
    # What a platform says to the one that came second is its own; there must not be two certificates.
    issued = {answer.e_cert_id for answer in both if isinstance(answer, Issued | Duplicate)}
    last = await buyer.certificate(submission, "the certificate of one of two requests that crossed")
    if issued - {last.e_cert_id}:
        raise Broken("one certificate", " and ".join(sorted({*issued, last.e_cert_id})))
    return f"{told(last)} for both"


async def same_content(buyer: Buyer) -> str:
    """A duplicate of the first."""
    submission = buyer.submission()
    first = await buyer.certificate(submission)
    answer = await buyer.decided(buyer.again(submission))
    if not isinstance(answer, Duplicate) or answer.e_cert_id != first.e_cert_id:
        raise Broken(f"DUPLICATE of {first.e_cert_id}", told(answer))
    if answer.reference not in (None, submission.reference):
        raise Broken(f"DUPLICATE under {submission.reference}", f"under {answer.reference}")
    return told(answer)


async def another_content(buyer: Buyer) -> str:
    """No second certificate under the reference of the first."""
    first = buyer.submission()
    issued = await buyer.certificate(first)
    second = replace(buyer.submission(), reference=first.reference)
    answer = await buyer.decided(second)
    if isinstance(answer, Issued | Duplicate) and answer.e_cert_id != issued.e_cert_id:
        raise Broken("no second certificate under one reference", told(answer))
    return told(answer)


async def wrong_digest(buyer: Buyer) -> str:
    """Refused, or certified so that the proof tells."""
    submission = buyer.submission()
    other = buyer.submission().digest
    answer = await buyer.decided(replace(submission, digest=other))
    if not isinstance(answer, Issued | Duplicate):
        return _clear(answer, "a refusal, for the digest is not that of the content")
    verdict = await buyer.proved(answer.proof, digest=submission.digest)
    if verdict.claims is None:
        raise Broken("a proof that tells what was certified", verdict.because)
    if verdict.claims.digest not in (submission.digest, other):
        raise Broken("a proof of what was sent", f"one of {verdict.claims.digest}")
    what = "the content" if verdict.good else "the digest that was sent"
    return f"it was certified, and its proof tells that {what} was"


async def most_lines(buyer: Buyer) -> str:
    """As many lines as it says are taken."""
    most = buyer.can.most_lines or 0
    if most > MOST_LINES:
        raise CannotBeTried(f"declarations of more than {MOST_LINES} lines are not made up")
    issued = await buyer.certificate(buyer.submission(_with_lines(most)), f"a certificate for {most} lines")
    more = await buyer.decided(buyer.submission(_with_lines(most + 1)))
    return (
        f"{told(issued)} with {most} lines; with one more: {_clear(more, 'a clear answer to one line more')}"
    )


def _with_lines(count: int) -> Callable[[dict[str, Json]], None]:
    def change(content: dict[str, Json]) -> None:
        lines = named(content, "order", "lines")
        one = next(iter(lines.values()), {})
        content["order"] = {
            **named(content, "order"),
            "lines": {str(number): one for number in range(1, count + 1)},
        }

    return change


def _clear(answer: LookupAnswer, expected: str) -> str:
    if isinstance(answer, Issued | Duplicate | Rejected | Misconfigured | NotSent | Review):
        return told(answer)
    raise Broken(expected, told(answer))


def _by_reference(can: Capabilities) -> bool:
    return can.idempotency is not Idempotency.NONE


def _by_content(can: Capabilities) -> bool:
    return can.idempotency is Idempotency.CONTENT


def _by_digest(can: Capabilities) -> bool:
    return can.proof is ProofKind.JWS and can.binding is not Binding.CLAIMS


# Where it does not hold, nothing else can be tried.
ISSUE: Final = Promise("issue", THEME, "An order in good form is certified.", issues)
PROMISES: Final = (
    ISSUE,
    Promise("too-late", THEME, "What is too late to be sent does not leave.", too_late),
    Promise(
        "same-reference",
        THEME,
        "The same submission again is answered with the same certificate.",
        same_reference,
        _by_reference,
        harmless=True,
    ),
    Promise(
        "same-reference-at-once",
        THEME,
        "Two of the same submission that cross bring one certificate.",
        at_once,
        _by_reference,
    ),
    Promise(
        "same-content",
        THEME,
        "The same content under another reference is a duplicate, and says of which certificate.",
        same_content,
        _by_content,
        harmless=True,
    ),
    Promise(
        "another-content",
        THEME,
        "Another content under a reference that is taken brings no second certificate.",
        another_content,
        _by_reference,
    ),
    Promise(
        "wrong-digest",
        THEME,
        "A digest that is not that of the content is refused, or told by the proof.",
        wrong_digest,
        _by_digest,
    ),
    Promise(
        "most-lines",
        THEME,
        "As many lines as are promised are taken, and one more is answered clearly.",
        most_lines,
        lambda can: can.most_lines is not None,
    ),
)
