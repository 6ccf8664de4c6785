"""Promises about certificates in force: their status, voiding, and what the status says then."""

import time
from typing import Final

from engine.certificate import CertificateStatus, ECertId
from engine.platform import Capabilities, Issued, NotFound, Told, Voided
from server.platforms.conformance.broken import Broken, CannotBeTried
from server.platforms.conformance.buyer import BECAUSE, Buyer
from server.platforms.conformance.model import Promise
from server.platforms.conformance.words import told

THEME: Final = "status and voids"
NOTHING: Final = ECertId("CHECK-NO-SUCH-CERTIFICATE")
MOST_REASONS: Final = 5
# As much as our own reasons take, in letters that a form of bytes may count otherwise.
_LONG_REASON: Final = "Orden cancelada por el comprador: ñ, 取消. " * 7


async def active(buyer: Buyer) -> str:
    """ACTIVE."""
    issued = await buyer.certificate(buyer.submission())
    answer = await buyer.in_view(issued.e_cert_id)
    if not isinstance(answer, Told) or answer.status is not CertificateStatus.ACTIVE:
        raise Broken("ACTIVE of what was just issued", told(answer))
    return told(answer)


async def status_of_nothing(buyer: Buyer) -> str:
    """NOT_FOUND."""
    answer = await buyer.status(NOTHING)
    if not isinstance(answer, NotFound):
        raise Broken("NOT_FOUND of an e-Cert ID that was never issued", told(answer))
    return told(answer)


async def voids(buyer: Buyer) -> str:
    """VOIDED."""
    issued = await buyer.certificate(buyer.submission())
    return await _voided(buyer, issued, BECAUSE)


async def voids_twice(buyer: Buyer) -> str:
    """VOIDED each time."""
    issued = await buyer.certificate(buyer.submission())
    await _voided(buyer, issued, BECAUSE)
    answer = await buyer.void(issued.e_cert_id)
    if not isinstance(answer, Voided):
        raise Broken("VOIDED, for twice is the same as once", told(answer))
    return "VOIDED twice"


async def void_of_nothing(buyer: Buyer) -> str:
    """NOT_FOUND."""
    answer = await buyer.void(NOTHING)
    if not isinstance(answer, NotFound):
        raise Broken("NOT_FOUND of an e-Cert ID that was never issued", told(answer))
    return told(answer)


async def revocation(buyer: Buyer) -> str:
    """REVOKED."""
    issued = await buyer.certificate(buyer.submission())
    await _voided(buyer, issued, BECAUSE)
    began = time.monotonic()
    answer = await buyer.out_of_force(issued.e_cert_id)
    settle = buyer.can.settle_time.total_seconds()
    if not isinstance(answer, Told) or answer.status is not CertificateStatus.REVOKED:
        raise Broken(f"REVOKED within the settle time of {settle:g} s after the void", told(answer))
    return f"{told(answer)} after {time.monotonic() - began:.3f} s"


async def new_after_void(buyer: Buyer) -> str:
    """Another certificate."""
    submission = buyer.submission()
    first = await buyer.certificate(submission)
    await _voided(buyer, first, BECAUSE)
    second = await buyer.certificate(buyer.again(submission), "a new certificate, for the first is void")
    if second.e_cert_id == first.e_cert_id:
        raise Broken("a new certificate, for the first is void", f"the first again, {told(second)}")
    return f"{told(second)} after {first.e_cert_id} was voided"


async def reasons(buyer: Buyer) -> str:
    """Each is taken."""
    tried = buyer.can.void_reasons[:MOST_REASONS]
    for reason in tried:
        await _voided(buyer, await buyer.certificate(buyer.submission()), reason)
    return f"taken: {', '.join(tried)}"


async def any_reason(buyer: Buyer) -> str:
    """A long text in several scripts is taken."""
    return await _voided(buyer, await buyer.certificate(buyer.submission()), _LONG_REASON)


async def window(_buyer: Buyer) -> str:
    """It cannot be waited for."""
    raise CannotBeTried("its end is not waited for; every void of the suite came within it")


async def _voided(buyer: Buyer, issued: Issued, because: str) -> str:
    answer = await buyer.void(issued.e_cert_id, because)
    if not isinstance(answer, Voided):
        raise Broken(f"VOIDED, of {issued.e_cert_id} because {because[:40]!r}", told(answer))
    return told(answer)


def _promised(can: Capabilities) -> bool:
    return can.void


PROMISES: Final = (
    Promise("status", THEME, "A certificate that was just issued is in force.", active),
    Promise(
        "status-of-nothing", THEME, "An e-Cert ID that was never issued is not found.", status_of_nothing
    ),
    Promise("void", THEME, "A certificate can be voided.", voids, _promised, harmless=True),
    Promise("void-twice", THEME, "Voiding twice is the same as once.", voids_twice, _promised),
    Promise("void-of-nothing", THEME, "What was never issued cannot be voided.", void_of_nothing, _promised),
    Promise("revocation", THEME, "The status tells that a certificate was voided.", revocation, _promised),
    Promise(
        "new-after-void",
        THEME,
        "What was voided can be certified anew under a new reference.",
        new_after_void,
        _promised,
    ),
    Promise(
        "void-reasons",
        THEME,
        "Each reason that is promised is taken.",
        reasons,
        lambda can: can.void and bool(can.void_reasons),
    ),
    Promise(
        "void-any-reason",
        THEME,
        "A reason is taken as any text of 300 letters.",
        any_reason,
        lambda can: can.void and not can.void_reasons,
    ),
    Promise(
        "void-window",
        THEME,
        "Within the window it can be voided.",
        window,
        lambda can: can.void_window is not None,
    ),
)
