"""Tokens by client credentials: kept while they live, fetched by one caller for all, renewed before they end."""

import asyncio
from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote_plus, urlencode

from engine.declaration import Json
from server.platforms.auth.kinds import OAuth2, SendClient
from server.platforms.bodies import read_object
from server.platforms.secret import Secret
from server.platforms.transport import Limits, Lost, Reply, Transport

# Seconds.
DEFAULT_LIFE: Final = 300.0
LONGEST_LIFE: Final = 86400.0
RETRY_EVERY: Final = 1.0
# A token is renewed in the last fifth of its life, and in the last minute at most.
_LAST_PART: Final = 0.2
_LAST: Final = 60.0
_LONGEST_TOKEN: Final = 16_000
_SAID: Final = frozenset(
    {
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
    }
)


class NoToken(Exception):
    """There is no token to ask the platform with, so nothing was sent to it.

    `refused`: the token endpoint does not take our account; a person mends it.
    """

    def __init__(self, because: str, *, refused: bool = False) -> None:
        super().__init__(because)
        self.refused = refused


@dataclass(frozen=True, slots=True)
class Token:
    """A token, and for how many seconds from now it lives."""

    text: Secret
    life: float


class Tokens:
    """Keeps the token that `fetch` brings; `fetch` raises NoToken."""

    def __init__(self, fetch: Callable[[], Awaitable[Token]], monotonic: Callable[[], float]) -> None:
        self._fetch = fetch
        self._monotonic = monotonic
        self._text: Secret | None = None
        self._ends = self._renew_at = float("-inf")
        self._failed: tuple[float, NoToken] | None = None
        self._fetching: asyncio.Task[None] | None = None

    async def get(self) -> Secret:
        """A token that lives. Whoever comes while one is fetched waits for that one. Raises NoToken."""
        now = self._monotonic()
        if self._text is not None and now < self._ends:
            if now >= self._renew_at and not self._just_failed(now):
                self._begin()
            return self._text
        if self._fetching is None and self._failed is not None and self._just_failed(now):
            raise NoToken(str(self._failed[1]), refused=self._failed[1].refused)
        await asyncio.shield(self._begin())
        if self._text is None:
            failed = self._failed[1] if self._failed else NoToken("no token came")
            raise NoToken(str(failed), refused=failed.refused)
        return self._text

    def refuse(self, text: Secret) -> None:
        """Forgets a token that the platform does not take, unless another one has come meanwhile."""
        if text is self._text:
            self._text = None

    async def close(self) -> None:
        """Ends what is under way."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.wait([self._fetching])

    def _just_failed(self, now: float) -> bool:
        return self._failed is not None and now - self._failed[0] < RETRY_EVERY

    def _begin(self) -> "asyncio.Task[None]":
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._renew(), name="token")
        return self._fetching

    async def _renew(self) -> None:
        try:
            token = await self._fetch()
        except NoToken as error:
            self._failed = (self._monotonic(), error)
            if self._monotonic() >= self._ends:
                self._text = None
        else:
            now = self._monotonic()
            self._text, self._ends, self._failed = token.text, now + token.life, None
            self._renew_at = self._ends - min(_LAST, token.life * _LAST_PART)
        finally:
            self._fetching = None


async def fetch_token(
    transport: Transport, oauth2: OAuth2, client_id: Secret, client_secret: Secret, limits: Limits
) -> Token:
    """A token from the manifest's token endpoint. Raises NoToken."""
    form = {"grant_type": "client_credentials"}
    form |= {name: text for name, text in (("scope", oauth2.scope), ("audience", oauth2.audience)) if text}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if oauth2.client is SendClient.BODY:
        form |= {"client_id": client_id.reveal(), "client_secret": client_secret.reveal()}
    else:
        pair = f"{quote_plus(client_id.reveal())}:{quote_plus(client_secret.reveal())}"
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    body = urlencode(form).encode()
    match await transport.exchange("POST", oauth2.token_url, body, limits, headers=headers):
        case Lost(because=because):
            raise NoToken(f"no token: {because}")
        case Reply(status=status, body=answer):
            return _read(status, read_object(answer))


def _read(status: int, answer: dict[str, Json] | None) -> Token:
    answer = answer or {}
    if status != 200:
        # Anything else that it says could hold what we sent.
        error = answer.get("error")
        said = f", {error}" if isinstance(error, str) and error in _SAID else ""
        because = f"no token: the token endpoint answered with HTTP status {status}{said}"
        raise NoToken(because, refused=status in (400, 401, 403))
    text, kind = answer.get("access_token"), answer.get("token_type", "Bearer")
    if (
        not isinstance(text, str)
        or not 0 < len(text) <= _LONGEST_TOKEN
        or not (text.isascii() and text.isprintable())
    ):
        raise NoToken("no token: the token endpoint's answer holds none")
    if not isinstance(kind, str) or kind.lower() != "bearer":
        raise NoToken("no token: the token endpoint gives tokens of another kind than bearer", refused=True)
    life = answer.get("expires_in", DEFAULT_LIFE)
    if isinstance(life, str) and life.isdecimal():
        life = int(life[:10])
    if isinstance(life, bool) or not isinstance(life, int | float):
        life = DEFAULT_LIFE
    return Token(Secret(text), float(min(max(life, 0), LONGEST_LIFE)))
