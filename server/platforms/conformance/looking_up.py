"""Promises about look-ups: what was submitted is found by our reference, and what was not is not."""

import time
from dataclasses import replace
from typing import Final

from engine.platform import Capabilities, Issued, NoAnswer, NotFound, Pending, ProofKind, Review
from server.platforms.conformance.broken import Broken, CannotBeTried
from server.platforms.conformance.buyer import Buyer
from server.platforms.conformance.model import Promise
from server.platforms.conformance.words import told

THEME: Final = "look-ups"


async def finds(buyer: Buyer) -> str:
    """What the submission was answered."""
    submission = buyer.submission()
    issued = await buyer.certificate(submission)
    began = time.monotonic()
    found = await buyer.found(submission)
    settle = buyer.can.settle_time.total_seconds()
    if not isinstance(found, Issued) or found.e_cert_id != issued.e_cert_id:
        raise Broken(f"{told(issued)} within the settle time of {settle:g} s", told(found))
    return f"{told(found)} after {time.monotonic() - began:.3f} s"


async def proof_again(buyer: Buyer) -> str:
    """A certificate found by a look-up can be adopted."""
    submission = buyer.submission()
    await buyer.certificate(submission)
    found = await buyer.settled(submission, await buyer.found(submission))
    verdict = await buyer.proved(found.proof, e_cert_id=found.e_cert_id, reference=submission.reference)
    if not verdict.good:
        raise Broken(
            "a proof that holds, for a look-up's certificate is adopted like any other", verdict.because
        )
    return verdict.because


async def finds_nothing(buyer: Buyer) -> str:
    """NOT_FOUND."""
    answer = await buyer.lookup(replace(buyer.submission(), reference=buyer.nowhere()))
    if not isinstance(answer, NotFound):
        raise Broken("NOT_FOUND of a reference that was never sent", told(answer))
    return told(answer)


async def finds_by_id(buyer: Buyer) -> str:
    """What is under way is found by the platform's own id of it."""
    submission = buyer.submission()
    answer = await buyer.submit(submission)
    if not isinstance(answer, Pending | Review):
        raise CannotBeTried(f"it decided at once ({told(answer)}), and left nothing under way")
    if not answer.platform_id:
        raise Broken("an id of the platform's with what it has not decided", told(answer))
    found = await buyer.lookup_by_id(submission, answer.platform_id)
    if isinstance(found, NotFound | NoAnswer):
        raise Broken("what is under way, or what became of it", told(found))
    await buyer.found(submission) if buyer.can.lookup_by_reference else None
    return told(found)


def _promised(can: Capabilities) -> bool:
    return can.lookup_by_reference


PROMISES: Final = (
    Promise(
        "lookup",
        THEME,
        "A submission is found by our reference within the settle time.",
        finds,
        _promised,
        harmless=True,
    ),
    Promise(
        "lookup-proof",
        THEME,
        "The proof that a look-up brings holds.",
        proof_again,
        lambda can: _promised(can) and can.proof is ProofKind.JWS,
    ),
    Promise(
        "lookup-by-id",
        THEME,
        "What is not decided comes with an id, and is found by it.",
        finds_by_id,
        lambda can: can.lookup_by_platform_id,
    ),
    Promise(
        "lookup-of-nothing",
        THEME,
        "A reference that was never sent is not found.",
        finds_nothing,
        _promised,
        harmless=True,
    ),
)
