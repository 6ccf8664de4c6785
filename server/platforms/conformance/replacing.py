"""Promises about certificates that take another one's place in one step."""

from typing import Final

from engine.certificate import CertificateStatus
from engine.platform import Capabilities, Duplicate, Idempotency, Issued, LookupAnswer, Told, Unknown
from server.platforms.conformance.broken import Broken
from server.platforms.conformance.buyer import Buyer
from server.platforms.conformance.model import Promise
from server.platforms.conformance.voiding import NOTHING
from server.platforms.conformance.words import told

THEME: Final = "replacing"


async def replaces(buyer: Buyer) -> str:
    """The new one is in force and found, and the old one is not in force any more."""
    old = await buyer.certificate(buyer.submission())
    submission = buyer.submission()
    new = await buyer.replaced(submission, old.e_cert_id)
    ended = await buyer.out_of_force(old.e_cert_id)
    if not isinstance(ended, Told) or ended.status is CertificateStatus.ACTIVE:
        raise Broken(f"that {old.e_cert_id} is out of force once {new.e_cert_id} is issued", told(ended))
    status = await buyer.in_view(new.e_cert_id)
    if not isinstance(status, Told) or status.status is not CertificateStatus.ACTIVE:
        raise Broken("ACTIVE of what was just issued", told(status))
    if buyer.can.lookup_by_reference:
        _same(new, await buyer.found(submission))
    return f"{told(new)}; {old.e_cert_id} is {ended.status}"


async def again(buyer: Buyer) -> str:
    """The certificate of the first time."""
    old = await buyer.certificate(buyer.submission())
    submission = buyer.submission()
    new = await buyer.replaced(submission, old.e_cert_id)
    _same(new, await buyer.replaced(submission, old.e_cert_id))
    return f"{told(new)} twice"


async def ended(buyer: Buyer) -> str:
    """No certificate, and a clear answer."""
    old = await buyer.certificate(buyer.submission())
    await buyer.replaced(buyer.submission(), old.e_cert_id)
    answer = await buyer.replace(buyer.submission(), old.e_cert_id)
    return _nothing(answer, f"a refusal, for {old.e_cert_id} is replaced already")


async def nothing(buyer: Buyer) -> str:
    """No certificate, and a clear answer."""
    answer = await buyer.replace(buyer.submission(), NOTHING)
    return _nothing(answer, "a refusal to replace what was never issued")


def _same(new: Issued, answer: LookupAnswer) -> None:
    if not isinstance(answer, Issued) or answer.e_cert_id != new.e_cert_id:
        raise Broken(f"{told(new)} again", told(answer))


def _nothing(answer: LookupAnswer, expected: str) -> str:
    if isinstance(answer, Issued | Duplicate | Unknown):
        raise Broken(expected, told(answer))
    return told(answer)


def _promised(can: Capabilities) -> bool:
    return can.replace


PROMISES: Final = (
    Promise("replace", THEME, "A certificate is replaced in one step.", replaces, _promised),
    Promise(
        "replace-again",
        THEME,
        "Replacing by the same submission again is answered with the same certificate.",
        again,
        lambda can: can.replace and can.idempotency is not Idempotency.NONE,
    ),
    Promise("replace-ended", THEME, "What is out of force cannot be replaced.", ended, _promised),
    Promise("replace-nothing", THEME, "What was never issued cannot be replaced.", nothing, _promised),
)
