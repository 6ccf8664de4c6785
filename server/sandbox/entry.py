"""One submission in the sandbox's ledger, and what is said of its certificate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal

State = Literal["issued", "pending", "review", "rejected", "duplicate"]
Status = Literal["active", "revoked", "replaced", "expired"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A submission and what became of it; only an issued one has a certificate. Times: seconds since 1970."""

    reference: str
    digest: str
    state: State
    e_cert_id: str = ""
    proof: str = ""
    issued_at: int = 0
    expires_at: int = 0
    revoked: bool = False
    # Why it was voided, in the words of who did it.
    because: str = ""
    # From when on the platform itself has revoked it, where that is settled already.
    revoked_from: float | None = None
    # The e-Cert ID of the certificate that this one is to stand in the place of, and of the one in its place.
    replaces: str = ""
    replaced_by: str = ""
    # The e-Cert ID that was in force for this content when a pending submission was decided.
    duplicate_of: str = ""
    # Until then a look-up and a status do not see it.
    seen_from: float = 0.0
    polls_left: int = 0
    codes: tuple[Mapping[str, str], ...] = ()
    # What its certificate says of what was submitted, of a sandbox that certifies by fields; else nothing.
    certified: Mapping[str, Any] = field(default_factory=dict)

    @property
    def submission_id(self) -> str:
        """The sandbox's own id of the submission."""
        return f"sub-{sha256(self.reference.encode()).hexdigest()[:16]}"

    def status(self, now: float) -> Status:
        """What is said of its certificate. What is not active does not become so again."""
        if self.revoked or (self.revoked_from is not None and now >= self.revoked_from):
            return "revoked"
        if self.replaced_by:
            return "replaced"
        return "expired" if now >= self.expires_at else "active"
