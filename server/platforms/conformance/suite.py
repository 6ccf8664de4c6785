"""Runs the suite against a platform: tries each promise, measures, and voids what it bought."""

import time
from collections.abc import Callable, Sequence
from typing import Final

from engine.certificate import CertificateStatus, ECertId
from engine.platform import Capabilities, Issued, ProofKind, Told, Voided
from server.platforms.conformance import asking, certifying, looking_up, losing, proving, replacing, voiding
from server.platforms.conformance.broken import Broken, CannotBeTried
from server.platforms.conformance.buyer import Buyer
from server.platforms.conformance.latency import latency
from server.platforms.conformance.model import Promise, Report, State, Tried
from server.platforms.conformance.words import told

_FIRST: Final = (asking.HEALTH, certifying.ISSUE)
PROMISES: Final[tuple[Promise, ...]] = tuple(
    dict.fromkeys(
        (
            *_FIRST,
            *certifying.PROMISES,
            *proving.PROMISES,
            *looking_up.PROMISES,
            *losing.PROMISES,
            *voiding.PROMISES,
            *replacing.PROMISES,
            *asking.PROMISES,
        )
    )
)
# From the submission to the certificate, what is pending and the proof included.
CERTIFICATE: Final = "certificate"
_ORDER: Final = (CERTIFICATE, "submit", "replace", "lookup", "status", "void")


async def try_promise(promise: Promise, buyer: Buyer) -> Tried:
    """What is seen of one promise."""
    promised = promise.promised(buyer.can)
    began = time.monotonic()
    if not promised and not promise.harmless:
        return Tried(promise, State.NOT_PROMISED, "its capabilities do not say so", 0.0)
    state, expected = State.KEPT if promised else State.MORE, ""
    try:
        seen = await promise.keep(buyer)
    except Broken as broken:
        state, seen = State.BROKEN if promised else State.NOT_PROMISED, broken.seen
        expected = broken.expected if promised else ""
    except CannotBeTried as error:
        state, seen = State.NOT_TRIED, str(error)
    return Tried(promise, state, seen, time.monotonic() - began, expected)


async def run(buyer: Buyer, rounds: int, within: float, step: Callable[[], None] = lambda: None) -> Report:
    """Everything that can be seen of the buyer's platform. `step` is called after each promise and round.

    What was bought is voided in the end, also where the run is broken off.
    """
    tried: list[Tried] = []
    left: tuple[ECertId, ...] = ()
    try:
        for promise in PROMISES:
            tried.append(_in_vain(promise) if _is_stopped(tried) else await try_promise(promise, buyer))
            step()
        buyer.calls.times.clear()
        if rounds and not _is_stopped(tried):
            tried.append(await try_promise(_rounds(rounds, step), buyer))
    finally:
        left = await buyer.clear()
    return Report(
        platform=buyer.platform.name,
        manifest_digest=buyer.platform.manifest_digest,
        capabilities=buyer.can,
        tried=tuple(tried),
        latencies=tuple(
            latency(name, times, within) for name in _ORDER if (times := buyer.calls.times.get(name))
        ),
        within=within,
        bought=len(buyer.bought),
        left=left,
    )


def _is_stopped(tried: Sequence[Tried]) -> bool:
    """Whether no certificate can be had, so that there is nothing to try with."""
    return any(one.promise is certifying.ISSUE and one.state is State.BROKEN for one in tried)


def _in_vain(promise: Promise) -> Tried:
    return Tried(promise, State.NOT_TRIED, f"no certificate can be had: see {certifying.ISSUE.name}", 0.0)


def steps(rounds: int) -> int:
    """How often `run` calls `step`."""
    return len(PROMISES) + rounds


def _rounds(count: int, step: Callable[[], None]) -> Promise:
    """That what holds once holds so many times; what it takes is measured."""

    async def keep(buyer: Buyer) -> str:
        broken: list[Broken] = []
        for _ in range(count):
            try:
                await _round(buyer)
            except Broken as one:
                broken.append(one)
            step()
        if broken:
            seen = f"{len(broken)} of {count} rounds failed; the first: {broken[0].seen}"
            raise Broken(broken[0].expected, seen)
        return f"{count} round{'' if count == 1 else 's'}"

    says = "In each round a certificate is issued, found, in force and voided."
    return Promise("rounds", "latencies", says, keep)


async def _round(buyer: Buyer) -> None:
    """Buys a certificate as the server does, looks it up, asks for its status, and voids it."""
    submission, can = buyer.submission(), buyer.can
    began = time.perf_counter()
    issued = await buyer.certificate(submission)
    await _prove(buyer, can, issued, submission.reference)
    buyer.calls.times.setdefault(CERTIFICATE, []).append(time.perf_counter() - began)
    if can.lookup_by_reference and not isinstance(found := await buyer.found(submission), Issued):
        raise Broken(told(issued), told(found))
    status = await buyer.in_view(issued.e_cert_id)
    if not isinstance(status, Told) or status.status is not CertificateStatus.ACTIVE:
        raise Broken("ACTIVE of what was just issued", told(status))
    if can.void and not isinstance(voided := await buyer.void(issued.e_cert_id), Voided):
        raise Broken("VOIDED", told(voided))


async def _prove(buyer: Buyer, can: Capabilities, issued: Issued, reference: str) -> None:
    if can.proof is ProofKind.JWS:
        verdict = await buyer.proved(issued.proof, e_cert_id=issued.e_cert_id, reference=reference)
        if not verdict.good:
            raise Broken("a proof that holds", verdict.because)
