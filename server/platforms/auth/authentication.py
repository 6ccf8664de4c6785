"""Tells a platform who asks, by what its manifest wants and its account has."""

import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from server.platforms.auth.kinds import Auth
from server.platforms.auth.signing import signature_headers
from server.platforms.auth.tokens import Tokens, fetch_token
from server.platforms.secret import Secret
from server.platforms.transport import Limits, Transport


@dataclass(frozen=True, slots=True, repr=False)
class Signed:
    """A request that says who asks. `token` is the one that it was given, if any."""

    url: str
    headers: Mapping[str, str]
    token: Secret | None


class Authentication:
    """For one platform, and one tenant's account there."""

    def __init__(
        self,
        auth: Auth,
        secrets: Mapping[str, Secret],
        transport: Transport,
        limits: Limits,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._auth = auth
        self._secrets = secrets
        self._clock = clock
        self._tokens: Tokens | None = None
        if (oauth2 := auth.oauth2) is not None:
            client = secrets["client_id"], secrets["client_secret"]
            self._tokens = Tokens(lambda: fetch_token(transport, oauth2, *client, limits), monotonic)
        self._fixed = self._fixed_headers()

    async def close(self) -> None:
        """Ends what is under way."""
        if self._tokens is not None:
            await self._tokens.close()

    @property
    def has_tokens(self) -> bool:
        """Whether a token may have to be fetched first."""
        return self._tokens is not None

    def renew(self, refused: Secret) -> None:
        """The platform did not take this token: the next request gets another one."""
        if self._tokens is not None:
            self._tokens.refuse(refused)

    async def signed(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Signed:
        """The request with all that tells who asks. Raises NoToken."""
        token = await self._tokens.get() if self._tokens is not None else None
        key = self._auth.api_key
        if key is not None and key.query is not None:
            mark = "&" if "?" in url else "?"
            url += f"{mark}{quote(key.query, safe='')}={quote(self._secrets['api_key'].reveal(), safe='')}"
        told = {**headers, **self._fixed}
        if token is not None:
            told["authorization"] = f"Bearer {token.reveal()}"
        if (rules := self._auth.hmac) is not None:
            key_id = self._secrets["hmac_key_id"].reveal() if "hmac_key_id" in self._secrets else ""
            now = int(self._clock().timestamp())
            told |= signature_headers(
                rules, self._secrets["hmac_key"].reveal(), key_id, method, url, body, now
            )
        return Signed(url, told, token)

    def _fixed_headers(self) -> dict[str, str]:
        fixed = {}
        if (key := self._auth.api_key) is not None and key.header is not None:
            fixed[key.header] = f"{key.prefix}{self._secrets['api_key'].reveal()}"
        if self._auth.basic:
            pair = f"{self._secrets['username'].reveal()}:{self._secrets['password'].reveal()}"
            fixed["authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        return fixed
