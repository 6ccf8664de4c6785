"""Callers that TLS has proved to hold a certificate; its subject alternative names say who they are."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cryptography import x509

from server.auth import Principal
from server.errors import Unauthenticated
from server.identity.issuer import CertifiedCaller
from server.recent import Recent

# By which names gRPC tells the subject alternative names of a certificate that it has verified.
NAMES: Final[Mapping[str, str]] = {
    "dns": "peer_dns",
    "uri": "peer_uri",
    "email": "peer_email",
    "ip": "peer_ip",
}
_PEM: Final = "x509_pem_cert"
_MOST: Final = 1_000


@dataclass(frozen=True, slots=True)
class _Met:
    principal: Principal
    until: datetime


class Certified:
    """Finds the caller by its certificate. A connection outlives its certificate; what is asked over it then does not."""

    def __init__(self, callers: Iterable[CertifiedCaller], clock: Callable[[], datetime]) -> None:
        self._principals = {
            (each.kind, each.value): Principal(
                each.tenant, f"certificate:{each.name}", each.roles, each.sites
            )
            for each in callers
        }
        self._clock = clock
        self._met = Recent[bytes, _Met](_MOST)

    def caller(self, proven: Mapping[str, Sequence[bytes]]) -> Principal | None:
        """Whose certificate it is; None where there is none. Raises Unauthenticated for one that nobody here has."""
        pem = next(iter(proven.get(_PEM, ())), None)
        if pem is None:
            return None
        met = self._met.get(pem)
        if met is None:
            met = self._met.keep(pem, self._first_met(pem, proven))
        if met.until <= self._clock():
            raise Unauthenticated(
                "the certificate's time is over", "Connect again with one that is in force."
            )
        return met.principal

    def _first_met(self, pem: bytes, proven: Mapping[str, Sequence[bytes]]) -> _Met:
        found = [
            principal
            for (kind, value), principal in self._principals.items()
            if value.encode() in proven.get(NAMES[kind], ())
        ]
        if len(found) != 1:
            what = "names nobody that" if not found else "names several that"
            raise Unauthenticated(
                f"the certificate {what} this server knows",
                "Ask the operator to name its subject alternative name, once.",
            )
        until = x509.load_pem_x509_certificate(pem).not_valid_after_utc
        return _Met(found[0], until.astimezone(UTC))
