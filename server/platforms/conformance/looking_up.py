"""Promises about look-ups: what was submitted is found by our reference, and what was not is not."""

import time
from dataclasses import replace
from typing import Final

from engine.platform import Capabilities, Issued, NotFound, ProofKind
from server.platforms.conformance.broken import Broken
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
        "lookup-of-nothing",
        THEME,
        "A reference that was never sent is not found.",
        finds_nothing,
        _promised,
        harmless=True,
    ),
)
