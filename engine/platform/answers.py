"""What is sent to a platform, and the closed set of its answers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NewType

from engine.canonical_json import canonical_json
from engine.certificate import CertificateStatus, ECertId
from engine.declaration import Content

Reference = NewType("Reference", str)


def reference(tenant: str, declaration: str, version: int, platform: str, generation: int) -> Reference:
    """Our name of one submission at a platform: `og-` and 40 hex digits, the same for the same five values.

    `declaration` is the name of the case or blanket declaration. The generation rises only where the platform surely did
    not process the one before: after NotFound, after a Retryable or NotSent.
    """
    parts = canonical_json([tenant, declaration, version, platform, generation])
    return Reference(f"og-{sha256(parts).hexdigest()[:40]}")


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
