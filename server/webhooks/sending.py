"""One delivery of one webhook, and what its answer means."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from server.platforms.transport import Lost, Reply, Transport
from server.webhooks.endpoints import Endpoint
from server.webhooks.signing import signed

# However long an endpoint asks to be left alone, it is tried again after that.
LONGEST_WAIT: Final = timedelta(hours=1)

_NOT_NOW = frozenset({429, 503})
_AGAIN = frozenset({408, 425})


@dataclass(frozen=True, slots=True)
class Delivered:
    """The endpoint took it."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The endpoint will never take it."""

    because: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The endpoint did not take it, and may take it later.

    `away`: it takes nothing now, whatever it is sent. `wait`: it asks not to be tried before.
    """

    because: str
    away: bool
    wait: timedelta | None = None


Answer = Delivered | Refused | Failed
# Told of each try: to which endpoint, what came of it, and in how many seconds.
Heard = Callable[[Endpoint, Answer, float], None]


def unheard(endpoint: Endpoint, answer: Answer, seconds: float) -> None:
    """Nobody counts."""


class Sender:
    """Sends signed webhooks."""

    def __init__(self, transport: Transport, clock: Callable[[], datetime], heard: Heard = unheard) -> None:
        self._transport = transport
        self._clock = clock
        self._heard = heard

    async def send(self, endpoint: Endpoint, message_id: str, body: str) -> Answer:
        """Sends a webhook once, within the endpoint's limits. Raises nothing but CancelledError."""
        content = body.encode()
        headers = signed(endpoint.secrets, message_id, self._clock(), content)
        began = time.monotonic()
        answer = await self._transport.tell(endpoint.url, content, headers, endpoint.limits)
        meaning = meaning_of(answer, self._clock())
        self._heard(endpoint, meaning, time.monotonic() - began)
        return meaning


def meaning_of(answer: Reply | Lost, now: datetime) -> Answer:
    """What an answer means for its webhook."""
    if isinstance(answer, Lost):
        return Failed(answer.because, away=not answer.sent)
    said = f"it answered {answer.status}"
    if 200 <= answer.status < 300:
        return Delivered()
    if answer.status in _NOT_NOW:
        return Failed(said, away=True, wait=_wait(answer, now))
    if answer.status in _AGAIN or not 400 <= answer.status < 500:
        return Failed(said, away=False, wait=_wait(answer, now))
    return Refused(said)


def _wait(reply: Reply, now: datetime) -> timedelta | None:
    """What Retry-After asks for, in seconds or as a date, within bounds; None where it says nothing of use."""
    text = reply.headers.get("retry-after", "").strip()
    try:
        if text.isascii() and text.isdecimal():
            wait = timedelta(seconds=min(int(text[:9]), LONGEST_WAIT.total_seconds()))
        else:
            wait = parsedate_to_datetime(text) - now
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait, timedelta()), LONGEST_WAIT)
