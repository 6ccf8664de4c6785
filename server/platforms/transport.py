"""One HTTP request and its answer, or the knowledge of whether anything of it left.

What matters of a failure is whether bytes could have reached the platform, so that is what is kept of it.
"""

import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from types import SimpleNamespace
from typing import Final, Self

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from engine.platform import always
from server.platforms.addresses import AddressRefused
from server.spans import OUTGOING

LARGEST_ANSWER: Final = 1024 * 1024
# Shorter than servers keep idle connections, so that a request seldom meets one that is just being closed.
KEPT_ALIVE: Final = 10.0
CONNECTIONS: Final = 64
# Seconds for which it is known where a name leads.
NAMES_KEPT: Final = 30
NO_HEADERS: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds until there is a connection, and until the whole answer is there."""

    connect: float
    total: float


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Lost:
    """No whole answer came. If not `sent`, nothing can have reached the platform."""

    sent: bool
    because: str


class _TooLate(Exception):
    """The time in which bytes may leave is over, and none has left."""


class Transport:
    """Sends requests: each at most once, without redirects, cookies, or anything of the environment."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    @classmethod
    async def open(
        cls,
        connections: int = CONNECTIONS,
        *,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
        names_kept: int = NAMES_KEPT,
    ) -> Self:
        """A transport with its own pool of connections; `close` it in the end.

        `resolver` says where names lead, and may refuse them; `tls` is whom to trust, and who we are.
        """
        session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0,
                limit_per_host=connections,
                keepalive_timeout=KEPT_ALIVE,
                ttl_dns_cache=names_kept,
                resolver=resolver,
                ssl=True if tls is None else tls,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            trace_configs=[_departures()],
            headers={
                "Accept": "application/json",
                "Accept-Encoding": "identity",
                "User-Agent": "origin-gate",
            },
        )
        # aiohttp sends a GET, PUT or DELETE again when a kept connection drops; here nothing is sent twice.
        session._retry_connection = False
        return cls(session)

    async def close(self) -> None:
        """Closes all connections."""
        await self._session.close()

    async def exchange(
        self,
        method: str,
        url: str,
        body: bytes | None,
        limits: Limits,
        in_time: Callable[[], bool] = always,
        *,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> Reply | Lost:
        """The answer to one request, within the limits. Raises nothing but CancelledError.

        Where it is not `in_time` any more when the first byte is to leave, none does.
        """
        if body is not None:
            headers = {"Content-Type": "application/json", **headers}

        async def whole(response: aiohttp.ClientResponse) -> Reply | Lost:
            content = await _read(response)
            if content is None:
                return Lost(True, f"the answer is larger than {LARGEST_ANSWER} bytes")
            return _reply(response, content)

        return await self._exchange(method, url, body, headers, limits, whole, in_time)

    async def tell(self, url: str, body: bytes, headers: Mapping[str, str], limits: Limits) -> Reply | Lost:
        """Posts JSON with further headers; the head of the answer counts, and its body is left out."""

        async def head(response: aiohttp.ClientResponse) -> Reply | Lost:
            return _reply(response, b"")

        return await self._exchange(
            "POST", url, body, {"Content-Type": "application/json", **headers}, limits, head
        )

    async def _exchange(
        self,
        method: str,
        url: str,
        body: bytes | None,
        headers: Mapping[str, str],
        limits: Limits,
        read: Callable[[aiohttp.ClientResponse], Awaitable[Reply | Lost]],
        in_time: Callable[[], bool] = always,
    ) -> Reply | Lost:
        departure = SimpleNamespace(sent=False, in_time=in_time)
        # Above the threshold aiohttp rounds timeouts up to whole seconds, and a lease counts on exact ones.
        timeout = aiohttp.ClientTimeout(
            total=limits.total, connect=limits.connect, ceil_threshold=limits.total + 1
        )
        try:
            async with self._session.request(
                method,
                URL(url, encoded=True),
                data=None if body is None else BytesIO(body),
                headers={**OUTGOING.get(), **headers},
                allow_redirects=False,
                timeout=timeout,
                trace_request_ctx=departure,
            ) as response:
                return await read(response)
        except TimeoutError:
            if departure.sent:
                return Lost(True, f"no whole answer within {limits.total:g} s")
            return Lost(False, f"could not connect within {min(limits.connect, limits.total):g} s")
        except _TooLate:
            return Lost(False, "it was too late to send it")
        except Exception as error:  # Whatever it is, only whether bytes left counts for what happens next.
            if departure.sent:
                return Lost(True, "the connection broke before a whole answer came")
            return Lost(False, f"could not connect{_reason(error)}")


def _reply(response: aiohttp.ClientResponse, body: bytes) -> Reply:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Reply(response.status, headers, body)


def _departures() -> aiohttp.TraceConfig:
    """Notes, before the first byte is written, that the request has got a connection."""

    async def departed(
        _session: aiohttp.ClientSession, context: SimpleNamespace, _parameters: object
    ) -> None:
        context.trace_request_ctx.sent = True

    async def departs(_session: aiohttp.ClientSession, context: SimpleNamespace, _parameters: object) -> None:
        departure = context.trace_request_ctx
        if not departure.in_time():
            departure.sent = False
            raise _TooLate

    trace = aiohttp.TraceConfig()
    # It comes before anything is written, also with a connection that there was.
    trace.on_request_headers_sent.append(departs)
    trace.on_connection_create_end.append(departed)
    trace.on_connection_reuseconn.append(departed)
    return trace


async def _read(response: aiohttp.ClientResponse) -> bytes | None:
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > LARGEST_ANSWER:
            response.close()
            return None
    return bytes(content)


def _reason(error: Exception) -> str:
    match error:
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientConnectorSSLError():
            return ": its TLS certificate or protocol was not accepted"
        case aiohttp.ClientConnectorDNSError(os_error=AddressRefused(strerror=because)):
            return f": {because}"
        case aiohttp.ClientConnectorDNSError():
            return ": its name could not be resolved"
        case OSError(strerror=str(text)) if text:
            return f": {text.lower()}"
        case _:
            return ""
