"""Promises about signed proofs: they hold, and nothing else does; and about the keys that tell."""

from typing import Final

from engine.platform import Binding, Capabilities, Issued, ProofKind, ProofReason, ProofVerdict, Submission
from server.platforms.conformance.broken import Broken
from server.platforms.conformance.buyer import Buyer
from server.platforms.conformance.model import Promise

THEME: Final = "proofs"
_NOBODYS_KEY: Final = "check-no-such-key"


async def holds(buyer: Buyer) -> str:
    """It holds, for what was submitted."""
    submission, issued = await _bought(buyer)
    bound = {"digest": submission.digest} if buyer.can.binding is Binding.DIGEST else {}
    verdict = await buyer.proved(
        await buyer.proof_of(issued),
        content=submission.content if _by_fields(buyer.can) else None,
        e_cert_id=issued.e_cert_id,
        reference=submission.reference,
        **bound,
    )
    _expect(verdict, ProofReason.GOOD)
    assert verdict.claims is not None, "a proof that holds has claims"
    sandbox = "; it says that it is a sandbox's" if verdict.claims.sandbox else ""
    by = f"signed with key {verdict.key_id}" if verdict.key_id else "by the recorded status"
    fields = f", the same in {', '.join(verdict.said.fields)}" if verdict.said else ""
    return f"{by}{fields}{sandbox}"


async def changed(buyer: Buyer) -> str:
    """A changed letter is noticed, in what is signed and in the signature."""
    _, issued = await _bought(buyer)
    head, payload, signature = issued.proof.split(".")
    forged = f"{head}.{payload}.{_other_letter(signature)}"
    _expect(await buyer.proved(forged), ProofReason.BAD_SIGNATURE)
    altered = await buyer.proved(f"{head}.{_other_letter(payload)}.{signature}")
    _expect(altered, ProofReason.BAD_SIGNATURE)
    return altered.because


async def of_another(buyer: Buyer) -> str:
    """A proof for another submission does not hold."""
    submission, issued = await _bought(buyer)
    proof = await buyer.proof_of(issued)
    verdict = await buyer.proved(proof, e_cert_id="CHECK-ANOTHER")
    _expect(verdict, ProofReason.WRONG_E_CERT_ID)
    if buyer.can.binding is Binding.DIGEST:
        # Where fields bind it, it may say nothing of our reference.
        verdict = await buyer.proved(proof, reference=buyer.nowhere())
        _expect(verdict, ProofReason.WRONG_REFERENCE)
    _expect(await buyer.proved(proof, reference=submission.reference), ProofReason.GOOD)
    return verdict.because


async def of_other_content(buyer: Buyer) -> str:
    """A proof for other content does not hold."""
    _, issued = await _bought(buyer)
    other = buyer.submission()
    if _by_fields(buyer.can):
        verdict = await buyer.proved(await buyer.proof_of(issued), content=other.content)
        _expect(verdict, ProofReason.WRONG_CONTENT)
    else:
        verdict = await buyer.proved(issued.proof, digest=other.digest)
        _expect(verdict, ProofReason.WRONG_DIGEST)
    return verdict.because


async def garbage(buyer: Buyer) -> str:
    """What is no proof is told to be none."""
    seen = [await buyer.proved(text) for text in ("", "a.b.c", "é.é.é", "x" * 30_000)]
    for verdict in seen:
        if verdict.good or verdict.claims is not None:
            raise Broken("MALFORMED", verdict.reason.value)
    return seen[0].because


async def keys(buyer: Buyer) -> str:
    """There are some, and a key that nobody has is not among them."""
    known = await buyer.calls.bounded(buyer.platform.keys)
    if not known:
        raise Broken("public keys by which proofs can be verified", "none")
    stranger = await buyer.calls.bounded(lambda: buyer.platform.keys(_NOBODYS_KEY))
    if _NOBODYS_KEY in stranger:
        raise Broken("no key under an id that was made up", f"one under {_NOBODYS_KEY}")
    return f"{len(known)} key{'' if len(known) == 1 else 's'}"


async def _bought(buyer: Buyer) -> tuple[Submission, Issued]:
    submission = buyer.submission()
    return submission, await buyer.certificate(submission)


def _expect(verdict: ProofVerdict, reason: ProofReason) -> None:
    if verdict.reason is not reason:
        raise Broken(reason.value, f"{verdict.reason.value}: {verdict.because}")


def _other_letter(text: str) -> str:
    """The text with a letter in its middle changed; at its end it could be one that does not count."""
    middle = len(text) // 2
    return f"{text[:middle]}{'B' if text[middle] == 'A' else 'A'}{text[middle + 1 :]}"


def _signed(can: Capabilities) -> bool:
    return can.proof is ProofKind.JWS


def _by_fields(can: Capabilities) -> bool:
    return can.binding is Binding.CLAIMS


def _proves(can: Capabilities) -> bool:
    return _signed(can) or _by_fields(can)


def _bound(can: Capabilities) -> bool:
    return _proves(can) and can.binding is not Binding.NONE


PROMISES: Final = (
    Promise("keys", THEME, "The keys of its proofs can be had.", keys, _signed),
    Promise(
        "proof",
        THEME,
        "The proof of a certificate holds, for the submission that brought it.",
        holds,
        _proves,
    ),
    Promise("proof-changed", THEME, "A proof that was changed does not hold.", changed, _signed),
    Promise("proof-of-another", THEME, "A proof does not hold for another submission.", of_another, _proves),
    Promise("proof-of-content", THEME, "A proof does not hold for other content.", of_other_content, _bound),
    Promise("proof-garbage", THEME, "What is no proof does not hold.", garbage, _signed),
)
