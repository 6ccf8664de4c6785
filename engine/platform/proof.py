"""What a platform's proof has to say, and whether it does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.binding import Said
from engine.certificate import Claims, ECertId
from engine.declaration import Content
from engine.platform.answers import Reference

# Public keys by key id, each a JSON Web Key.
PublicKeys = Mapping[str, Mapping[str, str]]


class ProofReason(StrEnum):
    """Why a proof holds or not; the first that applies, in this order of examination."""

    GOOD = "GOOD"
    NO_KEYS = "NO_KEYS"
    MALFORMED = "MALFORMED"
    WRONG_ALGORITHM = "WRONG_ALGORITHM"
    UNKNOWN_KEY = "UNKNOWN_KEY"
    BAD_SIGNATURE = "BAD_SIGNATURE"
    CLAIMS_MISSING = "CLAIMS_MISSING"
    NOT_ACTIVE = "NOT_ACTIVE"
    WRONG_ISSUER = "WRONG_ISSUER"
    SANDBOX = "SANDBOX"
    NOT_YET_ISSUED = "NOT_YET_ISSUED"
    WRONG_E_CERT_ID = "WRONG_E_CERT_ID"
    WRONG_REFERENCE = "WRONG_REFERENCE"
    WRONG_DIGEST = "WRONG_DIGEST"
    NOT_BOUND = "NOT_BOUND"
    WRONG_CONTENT = "WRONG_CONTENT"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True, slots=True)
class Expected:
    """What a proof has to say. What is None is not examined, so a proof may be read before it is matched.

    `content` is what a proof without our digest is compared with, field by field.
    """

    now: datetime
    e_cert_id: ECertId | None = None
    reference: Reference | None = None
    digest: str | None = None
    content: Content | None = None


@dataclass(frozen=True, slots=True)
class ProofVerdict:
    """Whether a proof holds.

    `claims` and `key`, the key that verifies it as a JSON Web Key, are set whenever the signature holds, so that a
    mismatch can be named. `said` is what it says of declared fields, where these bind it.
    """

    reason: ProofReason
    because: str
    claims: Claims | None = None
    key_id: str | None = None
    key: Mapping[str, str] | None = None
    said: Said | None = None

    @property
    def good(self) -> bool:
        """The proof holds, and says everything that was expected."""
        return self.reason is ProofReason.GOOD

    @property
    def examined(self) -> bool:
        """False where no key was there to examine it with; that is neither good nor bad."""
        return self.reason is not ProofReason.NO_KEYS
