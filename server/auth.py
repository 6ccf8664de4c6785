"""Who calls: the principal of a call, with its tenant and roles."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Final, Protocol
from urllib.parse import unquote

from server.errors import RoleMissing, Unauthenticated

Metadata = Mapping[str, str | bytes]
# What TLS has proved of the other end, by gRPC's names; asking for it costs, so it is asked for only where it counts.
Proven = Callable[[], Mapping[str, Sequence[bytes]]]


class Role(StrEnum):
    """What a caller may be. Names and meaning are those of the contract's `Role`."""

    ORDER_SYSTEM = "ORDER_SYSTEM"
    RULE_AUTHOR = "RULE_AUTHOR"
    OPERATOR = "OPERATOR"
    AUDITOR = "AUDITOR"


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller that is known. What it asks for and what is kept for it belongs to its tenant.

    `sites` are those of its tenant's that it may ask about; None where it may ask about any.
    """

    tenant: str
    name: str
    roles: frozenset[Role]
    sites: frozenset[str] | None = None


class Authenticator(Protocol):
    """Finds out who calls."""

    async def authenticate(self, peer: str, metadata: Metadata, proven: Proven) -> Principal:
        """The caller. `peer` is gRPC's name of the other end.

        Raises Unauthenticated for a stranger, IdentityUnavailable where it cannot be found out just now.
        """
        ...


DEVELOPER: Final = Principal("dev", "developer", frozenset(Role))

# Open to everybody: they tell nothing that belongs to a tenant, and probes have no identity.
OPEN_SERVICES: Final = ("/grpc.health.v1.", "/grpc.reflection.v1.", "/grpc.reflection.v1alpha.")


class LoopbackAuthenticator:
    """Takes every caller on this machine for the developer and refuses all others.

    It is for development. Behind a proxy on the same machine every caller would seem to be local.
    """

    async def authenticate(self, peer: str, metadata: Metadata, proven: Proven) -> Principal:
        """The developer, for a caller on a loopback address or a Unix socket."""
        if is_local(peer):
            return DEVELOPER
        raise Unauthenticated(
            "this server knows no identities and serves its own machine only",
            "Call it from there, or set up identities.",
        )


class NobodyIsAsked:
    """Takes everybody who can reach the server for the developer: for networks where that is what is wanted."""

    async def authenticate(self, peer: str, metadata: Metadata, proven: Proven) -> Principal:
        """The developer, wherever the caller is."""
        return DEVELOPER


# As many as are connected at a time, about: each connection is a new name.
@lru_cache(maxsize=256)
def is_local(peer: str) -> bool:
    """Whether a peer by gRPC's name, `ipv4:127.0.0.1:50051` or `ipv6:%5B::1%5D:50051`, is this machine."""
    family, _, rest = peer.partition(":")
    if family in ("unix", "unix-abstract"):
        return True
    if family not in ("ipv4", "ipv6"):
        return False
    host = unquote(rest).rpartition(":")[0].strip("[]")
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback


def require_role(principal: Principal, method: str, needed: Role | None) -> None:
    """Raises RoleMissing unless the principal has the role; a method that names no role is open to nobody."""
    if needed is None or needed not in principal.roles:
        raise RoleMissing(method, needed or "", principal.roles)
