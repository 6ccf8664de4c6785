"""VerifyCertificate: five questions about a certificate that are never mixed, and "not asked" is never good."""

import asyncio
import json
from dataclasses import dataclass, field, replace
from typing import Final

from engine.binding import Said, compared, unbound
from engine.certificate import CertificateStatus, Difference, ECertId, differences, normalise_e_cert_id
from engine.coverage import Coverage, Covers, Falls
from engine.declaration import Content, digest
from engine.platform import Expected, NotFound, Platform, ProofKind, ProofReason, ProofVerdict, Told
from engine.verification import Part, Verdict, Verification
from server.errors import CertificateNotFound
from server.platforms import Platforms, prove
from server.store import Store, cases, certificates
from server.store.records import CertificateRecord
from server.workflow.casework import content_of_case
from server.workflow.covering import examined, use_of
from server.workflow.deciding import Clock, Facts

KEPT_KEY: Final = "Its key is the one that we kept when the certificate was adopted."
MATCH_UNASKED: Final = "No order and declaration were given to compare it with."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be verified: the certificate, and the order that it should be for.

    `platform` and `proof` are empty where our records have to do; `content` is None where nothing is to be matched.
    `order` is the order's id at its site, as (site_id, order_id), where both are known; `facts` are all that is said of it.
    """

    tenant: str
    e_cert_id: str
    platform: str
    proof: str
    content: Content | None
    order: tuple[str, str] | None
    facts: Facts = field(default_factory=dict)


class Verifying:
    """Verifies certificates against their platform, their proof and our records."""

    def __init__(self, store: Store, platforms: Platforms, clock: Clock, patience: float) -> None:
        self._store = store
        self._platforms = platforms
        self._clock = clock
        self._patience = patience

    async def verify(self, wanted: Wanted) -> Verification:
        """The five parts. Raises CertificateNotFound where neither our records nor the caller say whose it is."""
        e_cert_id = normalise_e_cert_id(wanted.e_cert_id)
        record = await self._store.read(
            lambda c: certificates.find(c, wanted.tenant, e_cert_id, wanted.platform or None)
        )
        platform = self._platforms.find(wanted.platform or (record.platform if record else ""))
        proof = _proof(wanted, record, platform)
        if record is None and (platform is None or not proof):
            raise CertificateNotFound(e_cert_id, wanted.platform)
        transport, status, told = await self._status(platform, e_cert_id)
        verdict = await self._proof(platform, proof, e_cert_id, record)
        was = await self._store.read(lambda c: content_of_case(c, record)) if record else None
        match, differing = _match(wanted, verdict, was)
        use = await self._use(wanted, record)
        covered = await self._covered(wanted, record, verdict) if record else None
        if covered is not None:
            (match, use), differing = covered, ()
        return Verification(
            transport=transport,
            document=_document(verdict),
            status=status,
            match=match,
            use=use,
            status_told=told.status if told else None,
            status_at=told.at if told else None,
            differences=differing,
            sandbox=_is_sandbox(verdict, record),
        )

    async def _status(self, platform: Platform | None, e_cert_id: ECertId) -> tuple[Part, Part, Told | None]:
        unknown = Part(Verdict.NOT_EXAMINED, "The platform was not heard, so its status is not known.")
        if platform is None:
            return Part(Verdict.NOT_EXAMINED, "The platform is not set up on this server."), unknown, None
        try:
            async with asyncio.timeout(self._patience):
                answer = await platform.status(e_cert_id)
        except TimeoutError:
            late = f"The platform did not answer within {self._patience:g} s."
            return Part(Verdict.BAD, late), unknown, None
        match answer:
            case Told(status=status):
                good = Verdict.GOOD if status is CertificateStatus.ACTIVE else Verdict.BAD
                said = f"The platform says that it is {status.lower()}."
                return Part(Verdict.GOOD, "The platform answered."), Part(good, said), answer
            case NotFound():
                strange = Part(Verdict.BAD, "The platform does not know this e-Cert ID.")
                return Part(Verdict.GOOD, "The platform answered."), strange, None
            case _:
                return Part(Verdict.BAD, f"The platform gave no answer: {answer.because}."), unknown, None

    async def _proof(
        self, platform: Platform | None, proof: str, e_cert_id: ECertId, record: CertificateRecord | None
    ) -> ProofVerdict | None:
        """A key that the platform does not publish any more, or just now, stands in our records for what it verified."""
        if platform is None or not proof:
            return None
        expected = Expected(self._clock(), e_cert_id)
        verdict = None
        try:
            async with asyncio.timeout(self._patience):
                verdict = await prove(platform, proof, expected)
        except TimeoutError:
            pass
        unverified = verdict is None or verdict.reason in (ProofReason.NO_KEYS, ProofReason.UNKNOWN_KEY)
        if unverified and record is not None and record.key is not None and record.proof == proof:
            key = json.loads(record.key)
            kept = platform.verify_proof(proof, {key["kid"]: key}, expected)
            return replace(kept, because=f"{kept.because} {KEPT_KEY}")
        return verdict

    async def _covered(
        self, wanted: Wanted, record: CertificateRecord, verdict: ProofVerdict | None
    ) -> tuple[Part, Part] | None:
        """Match and use of a blanket certificate for an order of another case; None where it is not that."""
        if wanted.order is None or verdict is None or verdict.claims is None:
            return None
        if verdict.claims.digest != record.declaration_digest:
            return None
        use = await self._store.read(lambda c: use_of(c, record.tenant, record.e_cert_id, record.platform))
        if use is None:
            return None
        seen = await self._store.read(lambda c: examined(c, use, wanted.facts))
        return covered_parts(seen.found) if seen.covers and seen.found is not None else None

    async def _use(self, wanted: Wanted, record: CertificateRecord | None) -> Part:
        if record is None:
            return Part(Verdict.NOT_EXAMINED, "Our records do not have it; whether it was used is not known.")
        if wanted.order is None:
            return Part(Verdict.NOT_EXAMINED, "No order was given that it should be used for.")
        case = await self._store.read(lambda c: cases.find(c, record.tenant, record.case_name))
        if case is not None and (case.site_id, case.order_id) == wanted.order:
            return Part(Verdict.GOOD, f"It was issued for this order, {case.name}.")
        return Part(Verdict.BAD, f"It serves another order, {record.case_name}.")


def _proof(wanted: Wanted, record: CertificateRecord | None, platform: Platform | None) -> str:
    """The proof to look at. What nothing signs is one only where it stands in our records: there we wrote it ourselves."""
    kept = record.proof if record else ""
    if platform is not None and platform.capabilities.proof is ProofKind.STATUS:
        return kept if wanted.proof in ("", kept) else ""
    return wanted.proof or kept


def _document(verdict: ProofVerdict | None) -> Part:
    if verdict is None:
        return Part(Verdict.NOT_EXAMINED, "There is no proof, or no platform whose keys could examine it.")
    if not verdict.examined:
        return Part(Verdict.NOT_EXAMINED, verdict.because)
    return Part(Verdict.GOOD if verdict.good else Verdict.BAD, verdict.because)


def _match(
    wanted: Wanted, verdict: ProofVerdict | None, was: Content | None
) -> tuple[Part, tuple[Difference, ...]]:
    if wanted.content is None:
        return Part(Verdict.NOT_EXAMINED, MATCH_UNASKED), ()
    if verdict is None or verdict.claims is None:
        return Part(Verdict.NOT_EXAMINED, "No proof holds that could say what was certified."), ()
    if verdict.said is not None:
        return _match_of_fields(wanted.content, verdict.said, was)
    if verdict.claims.digest == digest(wanted.content):
        return Part(Verdict.GOOD, "The proof names the digest of this order and declaration."), ()
    return _other(differences(was, wanted.content) if was is not None else ())


def _match_of_fields(
    content: Content, said: Said, was: Content | None
) -> tuple[Part, tuple[Difference, ...]]:
    """Of a certificate without our digest: the fields that it tells; and all the others where our records have them."""
    if found := compared(said, content) or (differences(was, content) if was is not None else ()):
        return _other(found)
    if lacks := unbound(said.fields, content):
        return Part(Verdict.NOT_EXAMINED, f"The proof does not say {', '.join(lacks)}."), ()
    return Part(Verdict.GOOD, f"The proof says the same of {', '.join(said.fields)}."), ()


def _other(found: tuple[Difference, ...]) -> tuple[Part, tuple[Difference, ...]]:
    named = (
        "; ".join(map(str, found)) or "what differs cannot be told, because its content is not in our records"
    )
    return Part(Verdict.BAD, f"It is for other content: {named}."), found


def covered_parts(found: Coverage) -> tuple[Part, Part]:
    """Match and use of a blanket certificate: its goods and its period, and then what is left of its quantities."""
    match found:
        case Covers():
            same = "The order is of goods of the blanket certificate, and within its period."
            return Part(Verdict.GOOD, same), Part(
                Verdict.GOOD, "It is a blanket certificate, and enough is left."
            )
        case Falls(gaps=gaps):
            other = "; ".join(str(gap) for gap in gaps if gap.left is None)
            over = "; ".join(str(gap) for gap in gaps if gap.left is not None)
            return (
                Part(Verdict.BAD, f"The blanket certificate does not cover the order: {other}.")
                if other
                else Part(Verdict.NOT_EXAMINED, "Too little is left, so the rest was not looked at."),
                Part(Verdict.BAD, f"Too little is left: {over}.")
                if over
                else Part(Verdict.NOT_EXAMINED, "What is left says nothing of an order that is not covered."),
            )
        case _:
            lacking = f"Whether it covers the order depends on {', '.join(found.missing)}."
            return Part(Verdict.NOT_EXAMINED, lacking), Part(Verdict.NOT_EXAMINED, lacking)


def _is_sandbox(verdict: ProofVerdict | None, record: CertificateRecord | None) -> bool:
    if verdict is not None and verdict.claims is not None:
        return verdict.claims.sandbox
    return record is not None and record.sandbox
