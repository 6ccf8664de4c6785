"""How a platform is asked and understood, as data: operations, addresses, what answers mean."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from ipaddress import ip_address
from typing import Final
from urllib.parse import quote, urlsplit

import rfc8785

from engine.certificate import CertificateStatus
from engine.declaration import Json
from engine.platform import Capabilities
from server.platforms.proof import ProofRules


class ManifestError(Exception):
    """A manifest cannot be used; the text says what is wrong with it and how to mend it."""


class OperationName(StrEnum):
    """What a platform can be asked."""

    SUBMIT = "submit"
    LOOKUP = "lookup"
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
class Clause:
    """An answer with a status from `first` to `last`, whose body holds each value of `where`, means this.

    `where` is keyed by dotted paths into the body.
    """

    first: int
    last: int
    means: Meaning
    where: Mapping[str, Json] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """Method, path and what the answers mean: the first clause that fits, UNKNOWN where none does.

    `{name}` in the path is replaced by the value, percent-encoded.
    """

    method: str
    path: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """Where values stand in an answer's body, as dotted paths; `code...` are paths into one of `codes`."""

    e_cert_id: str = "certificate.e_cert_id"
    proof: str = "certificate.proof"
    reference: str = "certificate.reference"
    status: str = "status"
    because: str = "because"
    poll_after: str = "poll_after_seconds"
    codes: str = "codes"
    code: str = "code"
    code_line: str = "line_id"
    code_text: str = "text"


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that has to be known to speak with one platform."""

    name: str
    base_url: str
    capabilities: Capabilities
    proof: ProofRules
    operations: Mapping[OperationName, Operation]
    statuses: Mapping[str, CertificateStatus]
    fields: Fields
    connect_timeout: timedelta

    def __post_init__(self) -> None:
        _hold_address(self.base_url)
        if missing := [name.value for name in OperationName if name not in self.operations]:
            raise ManifestError(f"the platform {self.name} lacks operations: {', '.join(missing)}")

    @property
    def digest(self) -> str:
        """`sha256:` and 64 hex digits; the same for the same manifest."""
        return f"sha256:{sha256(rfc8785.dumps(_plain(dataclasses.asdict(self)))).hexdigest()}"

    def address(self, operation: OperationName, **values: str) -> str | None:
        """Where to send it. None where a value would lead to another place than the path says."""
        if any(value.strip(".") == "" for value in values.values()):
            return None
        path = self.operations[operation].path.format(
            **{name: quote(v, safe="") for name, v in values.items()}
        )
        return f"{self.base_url.rstrip('/')}{path}"


_LOOPBACK_NAME: Final = "localhost"


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    try:
        return host == _LOOPBACK_NAME or ip_address(host).is_loopback
    except ValueError:
        return False


def _hold_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ManifestError(f"{url!r} is no address; write it like https://platform.example") from error
    if not host or port == 0 or parts.scheme not in ("http", "https"):
        raise ManifestError(f"{url!r} is no address; write it like https://platform.example")
    if parts.username is not None or parts.query or parts.fragment:
        raise ManifestError(f"the address of {host} may hold neither credentials nor a query")
    if parts.scheme == "http" and not is_loopback(host):
        raise ManifestError(
            f"{url!r} is not encrypted; only a platform on this machine may be asked over http"
        )


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
            raise ManifestError(f"a manifest holds no {type(value).__name__}")
