"""What an operator's file says of callers: the issuers of tokens, and the names in certificates."""

from dataclasses import dataclass
from datetime import timedelta

from server.auth import Role

# A claim by its name, or by the names on the way to it.
Claim = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Issuer:
    """Whose tokens are believed, and what they say of their bearers.

    Either `tenant` or `tenant_claim` is set, and either `roles` or `roles_claim`; `role_names` says which role stands
    for which word of the claim, where the words are not the roles' own names. Without `sites_claim` a token is for any
    site of its tenant.
    """

    issuer: str
    audiences: tuple[str, ...]
    keys: str
    algorithms: tuple[str, ...]
    tenant: str | None
    tenant_claim: Claim | None
    roles: frozenset[Role]
    roles_claim: Claim | None
    role_names: dict[str, Role]
    sites_claim: Claim | None
    name_claim: Claim
    skew: timedelta


@dataclass(frozen=True, slots=True)
class CertifiedCaller:
    """Who a client certificate with this subject alternative name is; `kind` is dns, uri, email or ip."""

    kind: str
    value: str
    tenant: str
    name: str
    roles: frozenset[Role]
    sites: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Identities:
    """All that the file says."""

    issuers: tuple[Issuer, ...] = ()
    certified: tuple[CertifiedCaller, ...] = ()
