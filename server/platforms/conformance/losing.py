"""Promises about lost replies: what was done is found out, and nothing is bought twice.

The reply is lost on our side: the connection is closed at some moment after the request began to leave. What the platform
did of it is its own; whatever it is, a look-up has to tell.
"""

import time
from typing import Final

from engine.platform import Capabilities, Idempotency, Issued, NotFound
from server.platforms.conformance.broken import Broken
from server.platforms.conformance.buyer import Buyer
from server.platforms.conformance.model import Promise
from server.platforms.conformance.words import told

THEME: Final = "lost replies"
# When the connection is closed, in shares of the time that a submission usually takes.
MOMENTS: Final = (0.0, 0.5, 0.9)


async def looked_up(buyer: Buyer) -> str:
    """The certificate, or a NOT_FOUND that stays true."""
    usual = await _usual(buyer)
    return "; ".join([await _looked_up(buyer, usual * moment) for moment in MOMENTS])


async def sent_again(buyer: Buyer) -> str:
    """One certificate."""
    usual = await _usual(buyer)
    seen = []
    for moment in MOMENTS:
        submission = buyer.submission()
        await buyer.lose(submission, usual * moment)
        before = await buyer.lookup(submission) if buyer.can.lookup_by_reference else NotFound()
        issued = await buyer.certificate(submission, "the certificate, for the reference is the same")
        if isinstance(before, Issued) and before.e_cert_id != issued.e_cert_id:
            raise Broken(f"{told(before)}, which a look-up had found", told(issued))
        if buyer.can.lookup_by_reference:
            found = await buyer.settled(submission, await buyer.found(submission))
            if found.e_cert_id != issued.e_cert_id:
                raise Broken("one certificate", f"{told(issued)}, and a look-up finds {found.e_cert_id}")
        seen.append(told(issued))
    return "; ".join(seen)


async def _looked_up(buyer: Buyer, after: float) -> str:
    submission = buyer.submission()
    await buyer.lose(submission, after)
    found = await buyer.found(submission)
    if not isinstance(found, NotFound):
        return f"found {told(await buyer.settled(submission, found))}"
    # It can be believed now, so that another reference is as it would be in earnest.
    issued = await buyer.certificate(
        buyer.again(submission), "a certificate, for the first submission was NOT_FOUND"
    )
    late = await buyer.lookup(submission)
    if not isinstance(late, NotFound):
        settle = buyer.can.settle_time.total_seconds()
        raise Broken(f"NOT_FOUND to stay true after the settle time of {settle:g} s", told(late))
    return f"it had not arrived; {told(issued)} under another reference"


async def _usual(buyer: Buyer) -> float:
    began = time.monotonic()
    await buyer.submit(buyer.submission())
    return time.monotonic() - began


def _found_by_reference(can: Capabilities) -> bool:
    return can.lookup_by_reference


PROMISES: Final = (
    Promise(
        "lost-reply",
        THEME,
        "After a lost reply a look-up tells what was done, and goes on telling it.",
        looked_up,
        _found_by_reference,
    ),
    Promise(
        "lost-reply-again",
        THEME,
        "After a lost reply the same submission again brings one certificate.",
        sent_again,
        lambda can: can.idempotency is not Idempotency.NONE,
    ),
)
