"""A platform that does as little as one can: it signs a certificate for every submission, after a time that it is told.

The time that it takes to read and sign is part of that time.
"""

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path

import uvloop
from aiohttp import web
from joserfc import jws
from joserfc.jwk import ECKey

KEY = ECKey.generate_key("P-256", {"kid": "bench", "alg": "ES256", "use": "sig"})
HEADER = {"alg": "ES256", "kid": "bench"}
ISSUER = "urn:origin-gate:bench"


class Platform:
    """Issues at once, or after `seconds`."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.issued = 0

    async def submit(self, request: web.Request) -> web.Response:
        loop = asyncio.get_running_loop()
        ends = loop.time() + self.seconds
        asked = json.loads(await request.read())
        self.issued += 1
        e_cert_id = f"BENCH-{self.issued}"
        claims = {
            "iss": ISSUER,
            "iat": 1_700_000_000,
            "e_cert_id": e_cert_id,
            "reference": asked["reference"],
            "declaration_digest": asked["digest"],
        }
        proof = jws.serialize_compact(HEADER, json.dumps(claims), KEY, algorithms=["ES256"])
        if (left := ends - loop.time()) > 0:
            await asyncio.sleep(left)
        return web.json_response(
            {"state": "issued", "certificate": {"e_cert_id": e_cert_id, "proof": proof}}, status=201
        )

    async def takes(self, request: web.Request) -> web.Response:
        self.seconds = float(request.match_info["seconds"])
        return web.json_response({})

    async def keys(self, _request: web.Request) -> web.Response:
        return web.json_response({"keys": [KEY.as_dict(private=False)]})


async def serve(told: Callable[[str], object]) -> None:
    """Serves until it is ended; its address is told."""
    platform = Platform()
    app = web.Application()
    app.add_routes(
        [
            web.post("/v1/certificates", platform.submit),
            web.post("/takes/{seconds}", platform.takes),
            web.get("/.well-known/jwks.json", platform.keys),
        ]
    )
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    told(f"http://127.0.0.1:{runner.addresses[0][1]}")
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve(Path(sys.argv[1]).write_text))
