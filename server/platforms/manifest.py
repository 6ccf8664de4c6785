"""How a platform is asked and understood, as data: operations, addresses, what answers mean."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final
from urllib.parse import quote

import rfc8785

from engine.certificate import CertificateStatus
from engine.declaration import Json
from engine.platform import Capabilities
from server.platforms.addresses import ManifestError, Network, hold_address, is_loopback
from server.platforms.auth.kinds import NO_AUTH, Auth
from server.platforms.expression import Expression
from server.platforms.notices.rules import NoticeRules
from server.platforms.proof import ProofRules
from server.platforms.skeleton import Skeleton

__all__ = [
    "Clause",
    "Manifest",
    "ManifestError",
    "Meaning",
    "Operation",
    "OperationName",
    "Reads",
    "Wait",
    "is_loopback",
]


class OperationName(StrEnum):
    """What a platform can be asked."""

    SUBMIT = "submit"
    REPLACE = "replace"
    LOOKUP = "lookup"
    LOOKUP_BY_ID = "lookup_by_id"
    STATUS = "status"
    VOID = "void"
    KEYS = "keys"
    HEALTH = "health"


class Meaning(StrEnum):
    """What an answer can mean."""

    ISSUED = "ISSUED"
    DUPLICATE = "DUPLICATE"
    REJECTED = "REJECTED"
    REVIEW = "REVIEW"
    PENDING = "PENDING"
    RETRYABLE = "RETRYABLE"
    UNKNOWN = "UNKNOWN"
    MISCONFIGURED = "MISCONFIGURED"
    NOT_FOUND = "NOT_FOUND"
    TOLD = "TOLD"
    VOIDED = "VOIDED"


@dataclass(frozen=True, slots=True)
class Wait:
    """Where an answer says after how many seconds to come again: in its body, else a header, else `otherwise`."""

    body: Expression | None = None
    header: str = "retry-after"
    otherwise: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """An answer whose status is in one of the ranges, with these headers, for which `when` holds, means this.

    Header names are in lower case. What is empty or None is not looked at.
    """

    statuses: tuple[tuple[int, int], ...]
    means: Meaning
    headers: Mapping[str, str] = field(default_factory=dict)
    when: Expression | None = None
    wait: Wait = Wait()


@dataclass(frozen=True, slots=True)
class Reads:
    """Where values stand in an answer's body; `code`, `line_id` and `text` are asked of each of `codes`."""

    e_cert_id: Expression | None = None
    proof: Expression | None = None
    reference: Expression | None = None
    platform_id: Expression | None = None
    status: Expression | None = None
    because: Expression | None = None
    codes: Expression | None = None
    code: Expression | None = None
    line_id: Expression | None = None
    text: Expression | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """What is sent, and what the answers mean: the first clause that fits, UNKNOWN where none does.

    `{name}` in the path is replaced by the value, percent-encoded.
    """

    method: str
    path: str
    clauses: tuple[Clause, ...] = ()
    reads: Reads = Reads()
    headers: Skeleton | None = None
    query: Skeleton | None = None
    body: Skeleton | None = None
    _by_status: dict[int, tuple[Clause, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def about(self, status: int) -> tuple[Clause, ...]:
        """The clauses that answers of this status can fit, in order. Looked for once a status."""
        found = self._by_status.get(status)
        if found is None:
            found = tuple(
                clause
                for clause in self.clauses
                if any(first <= status <= last for first, last in clause.statuses)
            )
            self._by_status[status] = found
        return found


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that has to be known to speak with one platform. `source` is what its file says."""

    name: str
    title: str
    base_url: str
    capabilities: Capabilities
    proof: ProofRules
    operations: Mapping[OperationName, Operation]
    statuses: Mapping[str, CertificateStatus]
    connect_timeout: timedelta
    source: Json
    network: Network = Network.PUBLIC
    auth: Auth = NO_AUTH
    # Shows how a platform would be connected; it is never asked.
    example: bool = False
    # How it tells what it decides later, where it calls us.
    notices: NoticeRules | None = None

    def __post_init__(self) -> None:
        hold_address(self.base_url, self.network)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The names of the secrets that an account has to have."""
        sealed = self.notices is not None and self.notices.seal is not None
        return (*self.auth.secrets, "notice_key") if sealed else self.auth.secrets

    @property
    def digest(self) -> str:
        """`sha256:` and 64 hex digits; the same for the same manifest."""
        set_by_settings = [
            self.base_url,
            dataclasses.asdict(self.capabilities),
            [self.proof.sandbox_allowed, self.connect_timeout],
        ]
        return f"sha256:{sha256(rfc8785.dumps(_plain([self.source, set_by_settings]))).hexdigest()}"

    def address(self, operation: OperationName, **values: str) -> str | None:
        """Where to send it. None where a value would lead to another place than the path says."""
        if any(value.strip(".") == "" for value in values.values()):
            return None
        path = self.operations[operation].path
        if "{" in path:
            for name, value in values.items():
                path = path.replace(f"{{{name}}}", quote(value, safe=""))
        return f"{self.base_url.rstrip('/')}{path}"


def _plain(value: object) -> Json:
    match value:
        case timedelta():
            return value.total_seconds()
        case Mapping():
            return {str(name): _plain(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case str():
            return str(value)
        case None | bool() | int() | float():
            return value
        case _:
            raise TypeError(f"a manifest holds no {type(value).__name__}")


# What each operation may mean, and by what names its requests know what they are about.
_ANYWHERE: Final = frozenset({Meaning.RETRYABLE, Meaning.UNKNOWN, Meaning.MISCONFIGURED})
_DECIDED: Final = frozenset(
    {Meaning.ISSUED, Meaning.DUPLICATE, Meaning.REJECTED, Meaning.REVIEW, Meaning.PENDING}
)
MEANINGS: Final[Mapping[OperationName, frozenset[Meaning]]] = {
    OperationName.SUBMIT: _ANYWHERE | _DECIDED,
    OperationName.REPLACE: _ANYWHERE | _DECIDED,
    OperationName.LOOKUP: _ANYWHERE | _DECIDED | {Meaning.NOT_FOUND},
    OperationName.LOOKUP_BY_ID: _ANYWHERE | _DECIDED | {Meaning.NOT_FOUND},
    OperationName.STATUS: _ANYWHERE | {Meaning.TOLD, Meaning.NOT_FOUND},
    OperationName.VOID: _ANYWHERE | {Meaning.VOIDED, Meaning.NOT_FOUND, Meaning.REJECTED},
    OperationName.KEYS: frozenset(),
    OperationName.HEALTH: frozenset(),
}
NAMES: Final[Mapping[OperationName, tuple[str, ...]]] = {
    OperationName.SUBMIT: ("reference", "digest", "content", "lines", "goods"),
    OperationName.REPLACE: ("replaces", "reference", "digest", "content", "lines", "goods"),
    OperationName.LOOKUP: ("reference",),
    OperationName.LOOKUP_BY_ID: ("platform_id", "reference"),
    OperationName.STATUS: ("e_cert_id",),
    OperationName.VOID: ("e_cert_id", "because", "reason"),
    OperationName.KEYS: (),
    OperationName.HEALTH: (),
}
# Of these, what a path may hold.
IN_PATHS: Final = frozenset({"reference", "platform_id", "e_cert_id", "replaces"})
