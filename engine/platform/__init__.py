"""The port to origin verification platforms: what can be asked of one, and the closed set of its answers.

An adapter never guesses. What it cannot tell apart from "perhaps processed" is Unknown, and after Unknown
only a look-up by our reference decides.
"""

from engine.platform.answers import (
    Duplicate,
    Health,
    Issued,
    LookupAnswer,
    Misconfigured,
    NoAnswer,
    NotFound,
    NotSent,
    Outcome,
    Pending,
    Reference,
    Rejected,
    Rejection,
    Retryable,
    Review,
    StatusAnswer,
    Submission,
    Told,
    Unknown,
    VoidAnswer,
    Voided,
    always,
    endless,
    reference,
)
from engine.platform.capabilities import (
    Binding,
    Capabilities,
    Delivery,
    Idempotency,
    ProofKind,
)
from engine.platform.port import (
    Platform,
)
from engine.platform.proof import (
    Expected,
    ProofReason,
    ProofVerdict,
    PublicKeys,
)

__all__ = [
    "Binding",
    "Capabilities",
    "Delivery",
    "Duplicate",
    "Expected",
    "Health",
    "Idempotency",
    "Issued",
    "LookupAnswer",
    "Misconfigured",
    "NoAnswer",
    "NotFound",
    "NotSent",
    "Outcome",
    "Pending",
    "Platform",
    "ProofKind",
    "ProofReason",
    "ProofVerdict",
    "PublicKeys",
    "Reference",
    "Rejected",
    "Rejection",
    "Retryable",
    "Review",
    "StatusAnswer",
    "Submission",
    "Told",
    "Unknown",
    "VoidAnswer",
    "Voided",
    "always",
    "endless",
    "reference",
]
