"""What a platform can do, and within which times."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


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
