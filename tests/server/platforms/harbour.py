"""A platform that differs from the sandbox in paths, shapes, claims, and in how it is told who asks.

It is connected by harbour.yaml alone. Its tokens come from a server of their own, and every request is sealed by HMAC;
what is not is answered with 401.
"""

import base64
import dataclasses
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from joserfc import jws
from joserfc.jwk import ECKey

from engine.platform import Platform
from server.platforms import Manifest, open_platforms
from server.platforms.accounts import Account, Accounts
from server.platforms.auth.kinds import Auth
from server.platforms.manifest_file import read_one
from server.platforms.secret import Secret
from tests.server.platforms.conftest import utc_now

FILE = Path(__file__).with_name("harbour.yaml")
CLIENT, PASSWORD, SEAL_KEY, SEAL_KEY_ID = "client one", "p+ss:w/rd", "seal-secret", "key-7"
SECRETS = {
    "client_id": Secret(CLIENT),
    "client_secret": Secret(PASSWORD),
    "hmac_key": Secret(SEAL_KEY),
    "hmac_key_id": Secret(SEAL_KEY_ID),
}


class Harbour:
    """What it issued, which tokens it takes, and what it was asked."""

    def __init__(self) -> None:
        self.key = ECKey.generate_key("P-256", {"kid": "seal-1"})
        self.documents: dict[str, dict[str, str]] = {}
        self.tokens: list[str] = []
        self.life: object = 3600
        self.asked: list[str] = []
        self.bodies: list[object] = []
        self.next_answers: list[web.Response] = []

    async def token(self, request: web.Request) -> web.Response:
        form = await request.post()
        pair = base64.b64encode(b"client+one:p%2Bss%3Aw%2Frd").decode()
        if request.headers.get("Authorization") != f"Basic {pair}" or form["scope"] != "declare void":
            return web.json_response({"error": "invalid_client", "error_description": PASSWORD}, status=401)
        self.tokens.append(f"token-{len(self.tokens) + 1}")
        return web.json_response(
            {"access_token": self.tokens[-1], "token_type": "bearer", "expires_in": self.life}
        )

    @web.middleware
    async def sealed(self, request: web.Request, handler) -> web.StreamResponse:  # type: ignore[no-untyped-def]
        """Lets through what bears the newest token and a seal that fits."""
        body = await request.read()
        path, _, query = request.raw_path.partition("?")
        self.asked.append(f"{request.method} {request.raw_path}")
        if self.next_answers:
            return self.next_answers.pop(0)
        if request.headers.get("Authorization") != f"Bearer {self.tokens[-1] if self.tokens else ''}":
            return web.json_response({"result": "WHO"}, status=401)
        stamp = request.headers.get("X-Seal-Time", "0")
        told = [request.method, path, query, stamp, SEAL_KEY_ID, hashlib.sha512(body).hexdigest()]
        seal = hmac.digest(SEAL_KEY.encode(), "\n".join(told).encode(), "sha512")
        fits = request.headers.get("X-Seal") == f"v1={base64.b64encode(seal).decode()}"
        if not fits or abs(time.time() - int(stamp)) > 60 or request.headers["X-Seal-Key"] != SEAL_KEY_ID:
            return web.json_response({"result": "SEAL"}, status=401)
        return await handler(request)

    async def submit(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.bodies.append(body)
        reference, digest = request.match_info["reference"], body["hash"]
        assert (digest, "short") == (request.headers["X-Digest"], request.query["form"])
        if reference in self.documents:
            return self._answer("OK", self.documents[reference])
        for document in self.documents.values():
            if document["hash"] == digest and document["state"] == "V":
                return self._answer("EXISTS", document)
        cert = {"no": f"HB/{len(self.documents) + 1}", "ref": reference, "hash": digest}
        claims = {"iss": "https://harbour.example", "iat": int(time.time()), "cert": cert}
        seal = jws.serialize_compact({"alg": "ES256", "kid": "seal-1"}, json.dumps(claims), self.key)
        self.documents[reference] = {**cert, "state": "V", "seal": seal}
        return self._answer("OK", self.documents[reference])

    async def search(self, request: web.Request) -> web.Response:
        [reference] = (await request.json())["refs"]
        found = self.documents.get(reference)
        return web.json_response({"found": [] if found is None else [{"doc": found}]})

    async def document(self, request: web.Request) -> web.Response:
        for document in self.documents.values():
            if document["no"] == request.match_info["no"]:
                if request.method == "DELETE":
                    document["state"] = "W"
                return self._answer("OK", document)
        return web.json_response({"result": "NONE"}, status=404)

    async def seals(self, _request: web.Request) -> web.Response:
        return web.json_response({"keys": [self.key.as_dict(private=False)]})

    async def ping(self, _request: web.Request) -> web.Response:
        return web.Response(text="pong")

    def _answer(self, said: str, document: dict[str, str]) -> web.Response:
        return web.json_response({"doc": document}, headers={"X-Result": said})


def manifest() -> Manifest:
    """What harbour.yaml says."""
    read = read_one(FILE).manifest
    assert read is not None
    return read


@asynccontextmanager
async def _served(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def serving() -> AsyncIterator[tuple[Harbour, str, str]]:
    """The platform, its address, and that of its token endpoint, at ports that are free."""
    behind = Harbour()
    tokens = web.Application()
    tokens.add_routes([web.post("/oauth/token", behind.token)])
    app = web.Application(middlewares=[behind.sealed])
    app.add_routes(
        [
            web.put("/api/declarations/{reference}", behind.submit),
            web.post("/api/search", behind.search),
            web.get("/api/documents/{no}", behind.document, allow_head=False),
            web.delete("/api/documents/{no}", behind.document),
            web.get("/seals", behind.seals, allow_head=False),
            web.get("/ping", behind.ping, allow_head=False),
        ]
    )
    async with _served(tokens) as token_url, _served(app) as url:
        yield behind, url, f"{token_url}/oauth/token"


@asynccontextmanager
async def harbour(secrets: dict[str, Secret] = SECRETS) -> AsyncIterator[tuple[Harbour, Platform]]:
    """The platform, and it as a server asks it by harbour.yaml."""
    async with serving() as (behind, url, token_url):
        read = manifest()
        assert read.auth.oauth2 is not None
        oauth2 = dataclasses.replace(read.auth.oauth2, token_url=token_url)
        auth: Auth = dataclasses.replace(read.auth, oauth2=oauth2)
        accounts = Accounts("accounts.yaml", {("dev", "harbour"): Account("dev", "harbour", secrets)})
        asked = dataclasses.replace(read, base_url=url, auth=auth)
        async with await open_platforms([asked], utc_now, accounts) as platforms:
            platform = platforms.find("harbour")
            assert platform is not None
            yield behind, platform
