"""What a verification of a certificate says: five parts that are never mixed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.certificate import CertificateStatus, Difference


class Verdict(StrEnum):
    """What one part found. The names are those of the contract."""

    GOOD = "GOOD"
    BAD = "BAD"
    NOT_EXAMINED = "NOT_EXAMINED"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a verification: what was found, and why, for people."""

    verdict: Verdict
    because: str


@dataclass(frozen=True, slots=True)
class Verification:
    """All parts. `status_told` and `status_at` are set where the platform told a status."""

    transport: Part
    document: Part
    status: Part
    match: Part
    use: Part
    status_told: CertificateStatus | None
    status_at: datetime | None
    differences: tuple[Difference, ...]
    sandbox: bool
