"""How the sandbox platform is asked and understood."""

from datetime import timedelta

from engine.certificate import CertificateStatus
from engine.platform import Binding, Capabilities
from server.platforms.manifest import Clause, Fields, Manifest, Meaning, Operation, OperationName
from server.platforms.proof import ProofRules

SANDBOX_ISSUER = "urn:origin-gate:sandbox"

# A status says that the request was refused as such only where nothing more exact is said before.
_REFUSED = (
    Clause(429, 429, Meaning.RETRYABLE),
    Clause(300, 407, Meaning.MISCONFIGURED),
    Clause(409, 417, Meaning.MISCONFIGURED),
    Clause(422, 422, Meaning.UNKNOWN),
    Clause(426, 428, Meaning.MISCONFIGURED),
    Clause(431, 431, Meaning.MISCONFIGURED),
)
_NOT_FOUND = Clause(404, 404, Meaning.NOT_FOUND, {"error": "not_found"})
_DECIDED = (
    Clause(200, 201, Meaning.ISSUED, {"state": "issued"}),
    Clause(202, 202, Meaning.PENDING, {"state": "pending"}),
    Clause(202, 202, Meaning.REVIEW, {"state": "review"}),
    Clause(422, 422, Meaning.REJECTED, {"error": "rejected"}),
    Clause(409, 409, Meaning.DUPLICATE, {"error": "duplicate"}),
)


def sandbox_manifest(
    url: str,
    *,
    sandbox_allowed: bool,
    name: str = "sandbox",
    send_timeout: timedelta = timedelta(seconds=10),
    settle_time: timedelta = timedelta(seconds=5),
) -> Manifest:
    """The manifest of a sandbox at `url`. Raises ManifestError if that is no address that may be asked."""
    return Manifest(
        name=name,
        base_url=url,
        capabilities=Capabilities(
            binding=Binding.DIGEST,
            lookup_by_reference=True,
            void=True,
            send_timeout=send_timeout,
            settle_time=settle_time,
            lookup_window=timedelta(days=30),
        ),
        proof=ProofRules(issuer=SANDBOX_ISSUER, sandbox_allowed=sandbox_allowed),
        operations={
            OperationName.SUBMIT: Operation("POST", "/v1/certificates", (*_DECIDED, *_REFUSED)),
            OperationName.LOOKUP: Operation(
                "GET", "/v1/references/{reference}", (*_DECIDED, _NOT_FOUND, *_REFUSED)
            ),
            OperationName.STATUS: Operation(
                "GET",
                "/v1/certificates/{e_cert_id}/status",
                (Clause(200, 200, Meaning.TOLD), _NOT_FOUND, *_REFUSED),
            ),
            OperationName.VOID: Operation(
                "POST",
                "/v1/certificates/{e_cert_id}/void",
                (Clause(200, 200, Meaning.VOIDED, {"status": "revoked"}), _NOT_FOUND, *_REFUSED),
            ),
            OperationName.KEYS: Operation("GET", "/.well-known/jwks.json", ()),
            OperationName.HEALTH: Operation("GET", "/v1/health", ()),
        },
        statuses={status.value.lower(): status for status in CertificateStatus},
        fields=Fields(),
        connect_timeout=min(send_timeout, timedelta(seconds=5)),
    )
