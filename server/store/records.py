"""What the store keeps, as values. Bodies (`order`, `files` ...) are JSON texts that it never reads."""

from dataclasses import dataclass
from datetime import date, datetime

from engine.case import AttemptState, CaseState
from engine.certificate import CertificateStatus
from engine.platform import Binding
from engine.void import VoidState


@dataclass(frozen=True, slots=True)
class RulebookRecord:
    """The texts of a rulebook, by its digest."""

    digest: str
    name: str
    files: str
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """The life of one order here. `version` counts transitions; `site` and `order` are as last accepted.

    Once it is erased both are empty, as are the texts of all its other records.
    """

    tenant: str
    name: str
    site_id: str
    order_id: str
    state: CaseState
    version: int
    declaration_version: int
    site: str
    order: str
    created_at: datetime
    updated_at: datetime
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewDeclaration:
    """A version of a declaration as it comes: with its order, and the day and rulebook it is pinned to."""

    digest: str
    content: str
    site: str
    order: str
    declaration: str
    on_day: date
    rulebook_digest: str


@dataclass(frozen=True, slots=True)
class DeclarationRecord:
    """A version of a case's declaration, from 1."""

    tenant: str
    case_name: str
    version: int
    digest: str
    content: str
    site: str
    order: str
    declaration: str
    on_day: date
    rulebook_digest: str
    declared_at: datetime


@dataclass(frozen=True, slots=True)
class NewAttempt:
    """A try at a platform as it is planned. `reference` is ours, and unique for the tenant.

    It may be sent until `deadline_at`; one that is planned without a lease for as long as the first lease lasts.
    `replaces` is the e-Cert ID in whose place the platform is to certify in one step.
    """

    tenant: str
    reference: str
    case_name: str
    declaration_version: int
    platform: str
    generation: int
    digest: str
    manifest_digest: str
    deadline_at: datetime
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """The right to write an attempt's outcome. It ends when somebody else takes the attempt over."""

    tenant: str
    reference: str
    case_name: str
    fence: int


@dataclass(frozen=True, slots=True)
class AttemptRecord:
    """One try at one platform for one declaration version.

    `send_lease_until` is the end of the lease under which bytes may have left; not set while nobody was to
    send. `due_at` is when the reconciler may take it; not set while it waits for a person, and once it ended, unless
    the platform may still come up with it: then it is looked up until `sweep_until`. `platform_id` is the platform's own
    id of what is under way, where it gave one. `replaces` is the e-Cert ID in whose place the platform is to certify.
    """

    tenant: str
    reference: str
    case_name: str
    declaration_version: int
    platform: str
    generation: int
    digest: str
    manifest_digest: str
    state: AttemptState
    because: str
    detail: str
    planned_at: datetime
    deadline_at: datetime
    sent_at: datetime | None
    ended_at: datetime | None
    fence: int
    lease_owner: str | None
    lease_until: datetime | None
    send_lease_until: datetime | None
    due_at: datetime | None
    sweep_until: datetime | None
    platform_id: str | None = None
    replaces: str | None = None

    @property
    def hold(self) -> Hold:
        """The hold that the present fence stands for."""
        return Hold(self.tenant, self.reference, self.case_name, self.fence)


@dataclass(frozen=True, slots=True)
class NewCertificate:
    """A certificate whose proof and binding hold. `reference` is the attempt's that it came by.

    `compared` is a JSON list of the fields that bind it, where these do.
    """

    tenant: str
    platform: str
    e_cert_id: str
    case_name: str
    declaration_version: int
    reference: str
    status: CertificateStatus
    status_at: datetime
    issued_at: datetime
    binding: Binding
    declaration_digest: str
    proof: str
    sandbox: bool
    key: str | None = None
    compared: str | None = None


@dataclass(frozen=True, slots=True)
class CertificateRecord:
    """A certificate that was adopted, with its status as last told by its platform.

    `key` is the public key that verified its proof, as a JSON Web Key; None for one of an earlier version, or that is not
    signed. `compared` is a JSON list of the fields that bind it, where these do.
    """

    tenant: str
    platform: str
    e_cert_id: str
    case_name: str
    declaration_version: int
    reference: str
    status: CertificateStatus
    status_at: datetime
    issued_at: datetime
    binding: Binding
    declaration_digest: str
    proof: str
    sandbox: bool
    adopted_at: datetime
    key: str | None = None
    compared: str | None = None


@dataclass(frozen=True, slots=True)
class VoidRecord:
    """A certificate that is to be taken out of force at its platform, or was.

    `reason` is what the platform is told, `because` what came of the last try, for people. `fence` counts who took it
    in hand: an outcome is written only under the present one. `due_at` is when it may be taken.
    """

    tenant: str
    platform: str
    e_cert_id: str
    case_name: str
    reason: str
    state: VoidState
    because: str
    tries: int
    planned_at: datetime
    ended_at: datetime | None
    fence: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewDecision:
    """A decision as it is made. `facts` is the canonical text of the facts that it was made from."""

    tenant: str
    decision_id: str
    question: str
    outcome: str
    body: str
    rulebook_digest: str
    facts_digest: str
    facts: str
    case_name: str | None = None
    declaration_version: int | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """A recorded decision, without the facts that it was made from."""

    tenant: str
    decision_id: str
    case_name: str | None
    declaration_version: int | None
    question: str
    outcome: str
    body: str
    rulebook_digest: str
    facts_digest: str
    request_id: str | None
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class RecordedDecision(DecisionRecord):
    """A recorded decision with the facts that it was made from: what is needed to decide it again."""

    facts: str


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A request that is being answered: its content's digest, and the ids of the decisions that answer it."""

    tenant: str
    request_id: str
    method: str
    body_digest: str
    case_name: str | None = None
    decisions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """A request that was answered, or is being answered."""

    tenant: str
    request_id: str
    method: str
    body_digest: str
    case_name: str | None
    decisions: tuple[str, ...]
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class LogEntry:
    """An entry of the log. `leaf` is the RFC 9162 hash of the envelope; `event` is what watchers are told."""

    position: int
    leaf: bytes
    tenant: str
    kind: str
    subject: str
    at: datetime
    envelope: str
    event: str
