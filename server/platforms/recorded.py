"""Answers to status queries as proofs: kept as they came, with their time, and read again as often as somebody asks.

Nothing signs them. They prove something because this server recorded what the platform's own address answered; what
anybody else brings in this form proves nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from engine.certificate import (
    LONGEST_ID,
    CertificateStatus,
    Claims,
    ClaimsError,
    ECertId,
    normalise_e_cert_id,
)
from engine.declaration import Json
from engine.platform import Expected, ProofReason, ProofVerdict
from server.platforms.bodies import read_object
from server.platforms.manifest import Reads
from server.platforms.proof import LONGEST_PROOF
from server.platforms.proof_rules import ProofRules, examine

ASKED: Final = "status"
_MALFORMED: Final = ProofVerdict(ProofReason.MALFORMED, "The proof is no recorded answer to a status query.")


def recorded(platform: str, e_cert_id: ECertId, http_status: int, body: bytes, at: datetime) -> str:
    """An answer as it is kept; empty where it is too long, or no text."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return ""
    record = {
        "asked": ASKED,
        "platform": platform,
        "e_cert_id": e_cert_id,
        "at": at.isoformat(),
        "http_status": http_status,
        "body": text,
    }
    kept = json.dumps(record)
    return kept if len(kept) <= LONGEST_PROOF else ""


def verify_recorded(
    proof: str,
    expected: Expected,
    rules: ProofRules,
    reads: Reads,
    statuses: Mapping[str, CertificateStatus],
) -> ProofVerdict:
    """Whether a recorded answer says ACTIVE of what is expected, and the fields that it tells agree. Pure."""
    record = read_object(proof.encode()) if len(proof) <= LONGEST_PROOF else None
    read = None if record is None else _read(record)
    if read is None:
        return _MALFORMED
    platform, asked_for, at, body = read
    told = _text(reads.status.find(body) if reads.status else None)
    status = statuses.get(told)
    if status is not CertificateStatus.ACTIVE:
        because = f"The platform's answer of {at:%Y-%m-%d %H:%M} UTC does not say that it is in force."
        return ProofVerdict(ProofReason.NOT_ACTIVE, because)
    named = normalise_e_cert_id(_text(reads.e_cert_id.find(body) if reads.e_cert_id else None))
    claims = Claims(
        issuer=platform,
        e_cert_id=named or asked_for,
        reference=_text(reads.reference.find(body) if reads.reference else None),
        digest="",
        issued_at=at,
        expires_at=None,
        sandbox=body.get("sandbox") is True,
    )
    try:
        said = None if rules.compares is None else rules.compares.said(body)
    except ClaimsError as error:
        return ProofVerdict(ProofReason.CLAIMS_MISSING, f"The recorded answer cannot be read: {error}.")
    reason, because = examine(claims, said, expected, rules)
    verdict = ProofVerdict(reason, because, claims, said=said)
    if not verdict.good:
        return verdict
    good = f"The platform's answer of {at:%Y-%m-%d %H:%M} UTC, which was recorded, says what was expected."
    return replace(verdict, because=good)


def _read(record: Mapping[str, Json]) -> tuple[str, ECertId, datetime, dict[str, Json]] | None:
    platform, e_cert_id, at = (_text(record.get(name)) for name in ("platform", "e_cert_id", "at"))
    body = record.get("body")
    content = read_object(body.encode()) if isinstance(body, str) else None
    if record.get("asked") != ASKED or not platform or not e_cert_id or content is None:
        return None
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return None if moment.tzinfo is None else (platform, ECertId(e_cert_id), moment, content)


def _text(value: Json) -> str:
    return value if isinstance(value, str) and len(value) <= LONGEST_ID else ""
