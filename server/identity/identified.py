"""The one way in for callers that have to prove who they are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from server.auth import Metadata, Principal, Proven
from server.errors import Unauthenticated
from server.identity.api_key import PREFIX
from server.identity.certified import Certified
from server.identity.fresh import Fresh
from server.identity.keys import ApiKeys
from server.identity.tokens import Tokens

_HEADER: Final = "authorization"
_SCHEME: Final = "bearer"


@dataclass(frozen=True, slots=True)
class Proofs:
    """What the operator's file gives rise to: it is made anew when the file changes."""

    tokens: Tokens | None
    certified: Certified | None


class Identified:
    """Takes a caller for whom it proves to be: by an API key or a token in `authorization`, else by its certificate.

    What a caller shows has to hold: with a key that does not, its certificate helps it nothing. Whoever is named by a
    token or a certificate belongs to a tenant that an operator has made.
    """

    def __init__(self, keys: ApiKeys, proofs: Callable[[], Proofs], tenants: Fresh[str, bool]) -> None:
        self._keys = keys
        self._proofs = proofs
        self._tenants = tenants

    async def authenticate(self, peer: str, metadata: Metadata, proven: Proven) -> Principal:
        """The caller. Raises Unauthenticated, and IdentityUnavailable."""
        shown = metadata.get(_HEADER)
        if shown is not None:
            text = _bearer(shown)
            if text.startswith(PREFIX):
                return await self._keys.caller(text)
            tokens = self._proofs().tokens
            if tokens is None:
                raise Unauthenticated(
                    "what was shown is no API key, and no tokens are taken here", "Send an API key."
                )
            return await self._of_known_tenant(await tokens.caller(text))
        certified = self._proofs().certified
        if certified is not None:
            principal = certified.caller(proven())
            if principal is not None:
                return await self._of_known_tenant(principal)
        raise Unauthenticated(
            "nothing was shown that says who calls", "Send `authorization: Bearer` and an API key or a token."
        )

    async def _of_known_tenant(self, principal: Principal) -> Principal:
        if not await self._tenants.get(principal.tenant):
            raise Unauthenticated(
                "it is of a tenant that this server does not have", "Ask the operator to make the tenant."
            )
        return principal


def _bearer(shown: str | bytes) -> str:
    scheme, _, text = shown.partition(" ") if isinstance(shown, str) else ("", "", "")
    if scheme.lower() != _SCHEME or not text:
        raise Unauthenticated(
            "`authorization` does not begin with Bearer",
            "Send `authorization: Bearer` and an API key or a token.",
        )
    return text.strip()
