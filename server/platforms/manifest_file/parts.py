"""What a manifest may say: its keys, and the form of each. docs/platforms.md says what they mean."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from engine.certificate import CertificateStatus
from engine.platform import Binding, Delivery, Idempotency, ProofKind
from server.platforms.addresses import Network
from server.platforms.auth.kinds import Encoding, Hash, SendClient, Signed
from server.platforms.manifest import Meaning
from server.platforms.manifest_file.forms import (
    AnyHeader,
    Duration,
    Header,
    Jmespath,
    Name,
    Skew,
    Span,
    Statuses,
    Truth,
    Visible,
    read_duration,
)
from server.platforms.notices.rules import KeyForm, Sealed

Text = Annotated[str, Field(min_length=1, max_length=200)]
# By what a platform is asked; only of `http` its own interface is described.
Kind = Literal["http", "plugin", "provider"]


class Part(BaseModel):
    """A mapping of a manifest: no keys but these."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class CapabilitiesPart(Part):
    """What the platform can do, and within which times."""

    binding: Binding
    proof: ProofKind = ProofKind.JWS
    lookup_by_reference: Truth
    lookup_by_platform_id: Truth = False
    lookup_window: Duration
    settle_time: Span
    send_timeout: Duration
    idempotency: Idempotency = Idempotency.NONE
    idempotency_life: Duration | None = None
    void: Truth
    void_window: Duration | None = None
    void_reasons: tuple[Text, ...] = ()
    replace: Truth = False
    delivery: Delivery = Delivery.POLL
    most_lines: int | None = Field(None, ge=1, le=1_000_000)
    calls_a_second: float | None = Field(None, gt=0, le=100_000)
    calls_at_once: int | None = Field(None, ge=1, le=10_000)


class ClaimsPart(Part):
    """Where a signed proof says what it claims, if not under the usual names."""

    e_cert_id: Jmespath | None = None
    reference: Jmespath | None = None
    declaration_digest: Jmespath | None = None


class ProofPart(Part):
    """What every signed proof of the platform has to meet."""

    issuer: Text
    algorithms: tuple[Literal["ES256", "Ed25519", "EdDSA"], ...] = Field(("ES256",), min_length=1)
    skew: Skew = read_duration("2 min")
    claims: ClaimsPart = ClaimsPart()


class EachPart(Part):
    """Where goods or lines stand, and of each its id and its fields."""

    each: Jmespath
    id: Jmespath
    fields: dict[str, Jmespath] = Field(default_factory=dict)


class ComparesPart(Part):
    """Where the platform says the declared fields that bind its certificates."""

    fields: dict[str, Jmespath] = Field(default_factory=dict)
    goods: EachPart | None = None
    lines: EachPart | None = None


class ApiKeyPart(Part):
    """A key in a header or in the query."""

    header: AnyHeader | None = None
    query: Visible | None = None
    prefix: Visible = ""


class OAuth2Part(Part):
    """A token by client credentials."""

    token_url: str
    scope: Visible = ""
    audience: Visible = ""
    client: SendClient = SendClient.HEADER


class HmacPart(Part):
    """A signature over each request."""

    header: AnyHeader
    signs: tuple[Signed, ...] = Field(min_length=1, max_length=20)
    prefix: Visible = ""
    hash: Hash = Hash.SHA256
    encoding: Encoding = Encoding.HEX
    timestamp_header: Header | None = None
    key_id_header: Header | None = None


class Nothing(Part):
    """`{}`: it is wanted, and there is nothing to say of it."""


class AuthPart(Part):
    """How the platform is told who asks; several may be needed."""

    api_key: ApiKeyPart | None = None
    basic: Nothing | None = None
    oauth2: OAuth2Part | None = None
    hmac: HmacPart | None = None
    mtls: Nothing | None = None


class SealPart(Part):
    """An HMAC over each notice."""

    header: AnyHeader
    timestamp_header: AnyHeader
    id_header: AnyHeader | None = None
    signs: tuple[Sealed, ...] = (Sealed.TIMESTAMP, Sealed.BODY)
    joined_by: Visible = "."
    prefix: Visible = ""
    hash: Hash = Hash.SHA256
    encoding: Encoding = Encoding.HEX
    key: KeyForm = KeyForm.TEXT


class NoticeReadsPart(Part):
    """Where a notice says what it is about."""

    reference: Jmespath | None = None
    platform_id: Jmespath | None = None
    e_cert_id: Jmespath | None = None


class NoticesPart(Part):
    """What the platform tells by calling us, and how that is known to be its word."""

    hmac: SealPart | None = None
    jws: Nothing | None = None
    reads: NoticeReadsPart
    age: Duration = read_duration("5 min")


class ReadsPart(Part):
    """Where values stand in an answer's body."""

    e_cert_id: Jmespath | None = None
    proof: Jmespath | None = None
    reference: Jmespath | None = None
    platform_id: Jmespath | None = None
    status: Jmespath | None = None
    because: Jmespath | None = None
    codes: Jmespath | None = None
    code: Jmespath | None = None
    line_id: Jmespath | None = None
    text: Jmespath | None = None


class WaitPart(Part):
    """Where an answer says when to come again."""

    body: Jmespath | None = None
    header: AnyHeader = "retry-after"
    otherwise: Span | None = None


class AnswerPart(Part):
    """One clause: which answers it is about, and what they mean."""

    status: Statuses
    headers: dict[AnyHeader, Text] = Field(default_factory=dict)
    when: Jmespath | None = None
    means: Meaning
    wait: WaitPart = WaitPart()


class OperationPart(Part):
    """How one thing is asked, and what the answers mean. Headers, query and body are read apart."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: Visible
    query: dict[str, Any] | None = None
    headers: dict[Header, Any] | None = None
    body: Any = None
    reads: ReadsPart | None = None
    answers: tuple[AnswerPart, ...] = Field(min_length=1)


class ProbePart(Part):
    """How health or keys are asked for: 200 is the one good answer."""

    method: Literal["GET", "POST"] = "GET"
    path: Visible


class OperationsPart(Part):
    """What the platform can be asked."""

    submit: OperationPart
    replace: OperationPart | None = None
    lookup: OperationPart | None = None
    lookup_by_id: OperationPart | None = None
    status: OperationPart
    void: OperationPart | None = None
    keys: ProbePart | None = None
    health: ProbePart


class ManifestPart(Part):
    """A whole manifest."""

    manifest: Literal["1"]
    kind: Kind = "http"
    platform: Name
    title: Text
    example: Truth = False
    address: str
    network: Network = Network.PUBLIC
    connect_timeout: Duration = read_duration("5 s")
    capabilities: CapabilitiesPart
    proof: ProofPart | None = None
    compares: ComparesPart | None = None
    auth: AuthPart = AuthPart()
    reads: ReadsPart = ReadsPart()
    statuses: dict[str, CertificateStatus] = Field(min_length=1)
    operations: OperationsPart
    notices: NoticesPart | None = None
