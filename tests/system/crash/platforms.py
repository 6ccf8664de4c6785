"""Sandboxes in one process, one for each lane: `python -m tests.system.crash.platforms FOLDER...`.

For each folder it serves a sandbox that keeps its state there, and writes their addresses as a line of JSON. It ends at the
end of its input. A sandbox here can also be told to refuse operations as the sandbox never does.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from aiohttp import web

from server.sandbox.api import sandbox_app
from server.sandbox.clock import SandboxClock
from server.sandbox.issuer import Issuer, Terms
from server.sandbox.ledger import Ledger
from server.sandbox.signing import SigningKeys

REFUSED: Final = web.AppKey("refused", dict[str, int])


@web.middleware
async def refusing(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Answers `not_found` with the status that is set for the operation, and does nothing."""
    refused = request.app[REFUSED]
    if request.path == "/refuse":
        refused.clear()
        refused.update(await request.json())
        return web.json_response({})
    status = refused.get(request.match_info.route.name or "")
    if status is not None:
        return web.json_response({"error": "not_found"}, status=status)
    return await handler(request)


async def _serve(folders: list[Path]) -> None:
    runners, addresses = [], []
    for folder in folders:
        folder.mkdir(parents=True)
        clock = SandboxClock(lambda: datetime.now(UTC), folder)
        issuer = Issuer(Ledger(folder), SigningKeys(folder), clock, Terms(timedelta(days=365)))
        app = sandbox_app(issuer, clock)
        app[REFUSED] = {}
        app.middlewares.insert(0, refusing)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        runners.append(runner)
        addresses.append(f"http://127.0.0.1:{runner.addresses[0][1]}")
    sys.stdout.write(json.dumps(addresses) + "\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    for runner in runners:
        await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(_serve([Path(word) for word in sys.argv[1:]]))
