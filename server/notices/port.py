"""Takes platforms' notices: bounded in size, time and number, believed only where they are signed, answered with nothing.

POST /v1/notices/{platform}
"""

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Final

import structlog
from aiohttp import web

from engine.platform import Platform
from server.platforms import Platforms
from server.platforms.guarded.bulkhead import NoPlace, Rate
from server.platforms.notices import Disbelieved, Notice
from server.recent import Recent
from server.store.errors import StoreError

LARGEST: Final = 64 * 1024
# Seconds in which a notice has to be here as a whole.
PATIENCE: Final = 5.0
AT_ONCE: Final = 32
# Of one platform, in each process; what is more waits for the platform's next try, or for the poll.
A_SECOND: Final = 50.0
REMEMBERED: Final = 10_000
# Seconds between two complaints of one platform's notices.
COMPLAINS_EVERY: Final = 60.0

# Told of each call of a platform that may call: with which HTTP status it was answered.
Heard = Callable[[str, int], None]

log = structlog.get_logger("notices")


def unheard(platform: str, status: int) -> None:
    """Nobody counts."""


class NoticePort:
    """The application that takes notices. `noticed` has what a platform names looked at."""

    def __init__(
        self,
        platforms: Platforms,
        noticed: Callable[[str, Notice], Awaitable[object]],
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
        heard: Heard = unheard,
    ) -> None:
        self._heard = heard
        self._platforms = platforms
        self._noticed = noticed
        self._clock = clock
        self._monotonic = monotonic
        self._rates = {name: Rate(A_SECOND, monotonic) for name in platforms.notices}
        self._seen = Recent[tuple[str, bytes], bool](REMEMBERED)
        self._complained: dict[str, float] = {}
        self._taking = 0

    def app(self) -> web.Application:
        """The application."""
        app = web.Application(client_max_size=LARGEST)
        app.add_routes([web.post("/v1/notices/{platform}", self.take)])
        return app

    async def take(self, request: web.Request) -> web.Response:
        """204: taken, whatever our records have of it; it may come again. Else why not, in a status without a body."""
        name = request.match_info["platform"]
        platform = self._platforms.find(name)
        if platform is None or name not in self._platforms.notices:
            return web.Response(status=404)
        answer = await self._taken(platform, request)
        self._heard(name, answer.status)
        return answer

    async def _taken(self, platform: Platform, request: web.Request) -> web.Response:
        if self._taking >= AT_ONCE:
            return _later(503)
        self._taking += 1
        try:
            async with asyncio.timeout(PATIENCE):
                body = await request.read()
            return await self._read(platform, request, body)
        except TimeoutError:
            return web.Response(status=408)
        finally:
            self._taking -= 1

    async def _read(self, platform: Platform, request: web.Request, body: bytes) -> web.Response:
        name = platform.name
        headers = {key.lower(): value for key, value in request.headers.items()}
        notice = await self._platforms.notices[name].read(platform, headers, body, self._clock())
        if isinstance(notice, Disbelieved):
            self._complain(name, notice)
            return web.Response(status=401)
        if self._seen.get((name, notice.mark)):
            return web.Response(status=204)
        try:
            self._rates[name].wait(0.0)
        except NoPlace:
            return _later(429)
        try:
            await self._noticed(name, notice)
        except StoreError:
            return _later(503)
        self._seen.keep((name, notice.mark), True)
        return web.Response(status=204)

    def _complain(self, name: str, why: Disbelieved) -> None:
        """Tells who set it up, but not as often as whoever calls wants."""
        now = self._monotonic()
        if now - self._complained.get(name, float("-inf")) >= COMPLAINS_EVERY:
            self._complained[name] = now
            log.warning("a notice was not believed", platform=name, because=why.because)


def _later(status: int) -> web.Response:
    return web.Response(status=status, headers={"Retry-After": "1"})


async def bound(
    port: NoticePort, address: str, stack: AsyncExitStack, tls: ssl.SSLContext | None, *, shared: bool
) -> str:
    """Serves at an address until the stack ends; the address as it is then. Raises OSError.

    `shared`: other processes serve at the same one.
    """
    runner = web.AppRunner(port.app(), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    host, _, number = address.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    await web.TCPSite(runner, host, int(number), ssl_context=tls, reuse_port=shared or None).start()
    there, taken = runner.addresses[0][:2]
    return f"[{there}]:{taken}" if ":" in there else f"{there}:{taken}"
