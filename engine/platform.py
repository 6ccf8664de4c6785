"""The port to origin verification platforms: what can be asked of one, and the closed set of its answers.

An adapter never guesses. What it cannot tell apart from "perhaps processed" is Unknown, and after Unknown
only a look-up by our reference decides.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import NewType, Protocol

from engine.binding import Said
from engine.canonical_json import canonical_json
from engine.certificate import CertificateStatus, Claims, ECertId
from engine.declaration import Content

Reference = NewType("Reference", str)

# Public keys by key id, each a JSON Web Key.
PublicKeys = Mapping[str, Mapping[str, str]]


def reference(tenant: str, declaration: str, version: int, platform: str, generation: int) -> Reference:
    """Our name of one submission at a platform: `og-` and 40 hex digits, the same for the same five values.

    `declaration` is the name of the case or blanket declaration. The generation rises only where the platform surely did
    not process the one before: after NotFound, after a Retryable or NotSent.
    """
    parts = canonical_json([tenant, declaration, version, platform, generation])
    return Reference(f"og-{sha256(parts).hexdigest()[:40]}")


class Binding(StrEnum):
    """How a platform's certificate is bound to the content that was submitted."""

    DIGEST = "DIGEST"
    CLAIMS = "CLAIMS"
    NONE = "NONE"


class Idempotency(StrEnum):
    """What of a second submission a platform knows to be the first one's."""

    NONE = "NONE"  # nothing: two submissions may bring two certificates
    KEY = "KEY"  # our reference: the same one again is answered as the first time
    CONTENT = "CONTENT"  # the content too: under another reference it is a Duplicate


class Delivery(StrEnum):
    """How a platform tells what it decides later."""

    POLL = "POLL"  # it is looked up
    WEBHOOK = "WEBHOOK"  # it calls us; what it says is looked up all the same


class ProofKind(StrEnum):
    """What a platform's certificate is proved by."""

    JWS = "JWS"  # a signed text that can be verified without the platform
    STATUS = "STATUS"  # the answer to a status query, recorded as it came


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can do, and within which times. What is None has no bound."""

    binding: Binding
    lookup_by_reference: bool
    void: bool
    # A submission and its answer take at most this long.
    send_timeout: timedelta
    # After an unclear submission, NotFound can be believed this long after it ended.
    settle_time: timedelta
    # For how long a reference can be looked up.
    lookup_window: timedelta
    idempotency: Idempotency = Idempotency.NONE
    # For how long after a submission another one is known to be the same.
    idempotency_life: timedelta | None = None
    # Whether what is under way is looked up by an id that the platform gives, besides or instead of our reference.
    lookup_by_platform_id: bool = False
    # For how long after it was issued a certificate can be voided.
    void_window: timedelta | None = None
    # The reasons for voiding that it takes; empty: any text.
    void_reasons: tuple[str, ...] = ()
    # Whether a certificate can be replaced by another one in a single step.
    replace: bool = False
    delivery: Delivery = Delivery.POLL
    proof: ProofKind = ProofKind.JWS
    # Order lines of a declaration that it takes at most.
    most_lines: int | None = None
    # Calls that it takes in a second, and at the same time.
    calls_a_second: float | None = None
    calls_at_once: int | None = None


def always() -> bool:
    """It is never too late."""
    return True


def endless() -> float:
    """There is no end to the time that is left."""
    return float("inf")


@dataclass(frozen=True, slots=True)
class Submission:
    """One declaration on its way to a platform. `digest` is the digest of `content`.

    An adapter asks `in_time` right before the first byte leaves; where it is false, nothing leaves any more, and the
    outcome is NotSent. `left` is how many seconds are left of the attempt.
    """

    reference: Reference
    digest: str
    content: Content
    in_time: Callable[[], bool] = field(default=always, compare=False)
    left: Callable[[], float] = field(default=endless, compare=False)


@dataclass(frozen=True, slots=True)
class Issued:
    """The platform issued a certificate. Nothing is proved by this alone: the proof has to hold."""

    e_cert_id: ECertId
    proof: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The platform has a certificate for this content already, under `reference` if it says so."""

    e_cert_id: ECertId
    proof: str
    reference: Reference | None


@dataclass(frozen=True, slots=True)
class Rejection:
    """One reason of a rejection. `line_id` is empty where it concerns no single line."""

    code: str
    line_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """The platform refuses the declaration as it is."""

    codes: tuple[Rejection, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """A person at the platform has it now. `platform_id` is the platform's own id of it; empty where it gives none."""

    because: str
    platform_id: str = ""


@dataclass(frozen=True, slots=True)
class Pending:
    """The platform took it and has not decided. A look-up before `poll_after` is of no use.

    `platform_id` is the platform's own id of it; empty where it gives none.
    """

    poll_after: timedelta
    platform_id: str = ""


@dataclass(frozen=True, slots=True)
class Retryable:
    """Known not to be processed; it may be sent again, not before `after` if that is given."""

    because: str
    after: timedelta | None


@dataclass(frozen=True, slots=True)
class NotSent:
    """No byte of it left."""

    because: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Bytes left, and no clear answer came. Only a look-up can tell."""

    because: str


@dataclass(frozen=True, slots=True)
class Misconfigured:
    """The platform does not take our requests: account, address or manifest is wrong. A person mends it."""

    because: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """The platform answered, and does not know what was asked for."""


@dataclass(frozen=True, slots=True)
class Told:
    """A certificate's status as the platform told it at `at`, by our clock.

    `proof` is the answer as it came, with that moment, of a platform that proves its certificates so.
    """

    status: CertificateStatus
    at: datetime
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Voided:
    """The certificate is no longer in force, and the platform said so."""


# What could not be asked, or was not answered clearly. Of a look-up or a status they say: nothing was learnt.
NoAnswer = Retryable | NotSent | Unknown | Misconfigured
Outcome = Issued | Duplicate | Rejected | Review | Pending | NoAnswer
LookupAnswer = Outcome | NotFound
StatusAnswer = Told | NotFound | NoAnswer
VoidAnswer = Voided | NotFound | Rejected | NoAnswer


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the platform answers, and what it said or why not."""

    up: bool
    because: str


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


class Platform(Protocol):
    """One recognised platform, as one tenant's account sees it.

    No method raises for anything that a platform or the network does. A cancelled `submit` is Unknown.
    """

    @property
    def name(self) -> str:
        """As in our records."""

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""

    @property
    def manifest_digest(self) -> str:
        """Digest of the configuration that it is asked by; an attempt records it."""

    async def submit(self, submission: Submission) -> Outcome:
        """Asks for a certificate; sends at most once."""

    async def lookup(self, reference: Reference, platform_id: str = "") -> LookupAnswer:
        """What became of the submission of that reference; of what the platform gave an id, which is said only where it
        can be asked by one, it is asked by that."""

    async def status(self, e_cert_id: ECertId) -> StatusAnswer:
        """Whether a certificate is in force."""

    async def void(self, e_cert_id: ECertId, because: str) -> VoidAnswer:
        """Takes a certificate out of force. Doing it twice is the same as once."""

    async def health(self) -> Health:
        """Whether the platform answers at all."""

    async def keys(self, wanted: str | None = None) -> PublicKeys:
        """The platform's public keys, by id; newer ones are looked for if `wanted` is not among them.

        Empty where none are known, or where `wanted` cannot be looked for just now.
        """

    def verify_proof(self, proof: str, keys: PublicKeys, expected: Expected) -> ProofVerdict:
        """Whether the proof holds under these keys. Pure: the same input, the same verdict."""
