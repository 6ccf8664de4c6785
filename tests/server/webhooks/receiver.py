"""An order system that takes webhooks: a real HTTP server that verifies, remembers, and answers as a test wants."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from aiohttp import web
from standardwebhooks import Webhook

SECRET = "whsec_" + "A" * 43 + "="


class Told(NamedTuple):
    """A webhook that came, with what was answered."""

    id: str
    body: dict[str, Any]
    status: int

    @property
    def event(self) -> tuple[str, int]:
        """Which case, and the version after the event."""
        return self.body["data"]["caseName"], self.body["data"]["version"]


class Receiver:
    """Answers 200 unless `answers` says otherwise; `open` is cleared while it is to answer nothing."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.answers: Callable[[dict[str, Any]], int] = lambda body: 200
        self.headers: dict[str, str] = {}
        self.open = asyncio.Event()
        self.open.set()
        self.arrived: asyncio.Queue[str] = asyncio.Queue()
        self.under_way = 0
        self.most_under_way = 0
        self.url = ""

    @property
    def taken(self) -> list[Told]:
        """What was answered with 200."""
        return [told for told in self.told if told.status == 200]

    async def take(self, request: web.Request) -> web.Response:
        """Verifies a webhook by the package that order systems use, and answers."""
        text = await request.text()
        Webhook(SECRET).verify(text, dict(request.headers))
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        self.arrived.put_nowait(request.headers["webhook-id"])
        try:
            await self.open.wait()
        finally:
            self.under_way -= 1
        body = json.loads(text)
        status = self.answers(body)
        self.told.append(Told(request.headers["webhook-id"], body, status))
        return web.Response(status=status, headers=self.headers)


@asynccontextmanager
async def receiving(port: int = 0) -> AsyncIterator[Receiver]:
    """A receiver on loopback, at a port of its own unless one is given."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield receiver
    finally:
        receiver.open.set()
        await runner.cleanup()
