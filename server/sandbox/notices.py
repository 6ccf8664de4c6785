"""The sandbox calls who asks it: a notice about a submission or a certificate, sent when it is told to.

With a key the notice is sealed: `x-notice-signature` is the HMAC-SHA256, in hex, of the header `x-notice-time`, a full stop
and the body. Without one its body is a JWS by the sandbox's newest key.
"""

import hmac
import json
from collections.abc import Callable
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from engine.declaration import Json
from server.platforms.manifest import is_loopback
from server.sandbox.answers import error, malformed
from server.sandbox.faults.fault import read_problems
from server.sandbox.signing import SigningKeys

_PATIENCE: Final = aiohttp.ClientTimeout(total=10)


class Told(BaseModel):
    """What to send to whom."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    reference: str = ""
    id: str = ""
    e_cert_id: str = ""
    key: str = ""

    @field_validator("url")
    @classmethod
    def _here(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme != "http" or not is_loopback(parts.hostname or ""):
            raise ValueError("an address on this machine is expected")
        return url


def sends_notices(keys: SigningKeys, clock: Callable[[], datetime]) -> web.RouteDef:
    """The address at which the sandbox is told to call."""

    async def send(request: web.Request) -> web.Response:
        try:
            told = Told.model_validate_json(await request.read())
        except ValidationError as invalid:
            return malformed(read_problems(invalid))
        about: dict[str, Json] = {
            name: value for name in ("reference", "id", "e_cert_id") if (value := getattr(told, name))
        }
        now = int(clock().timestamp())
        headers = {}
        if told.key:
            body = json.dumps({"about": about}).encode()
            seal = hmac.digest(told.key.encode(), f"{now}.".encode() + body, "sha256").hex()
            headers = {"x-notice-time": str(now), "x-notice-signature": seal}
        else:
            body = keys.sign({"iat": now, "about": about}).encode()
        try:
            async with (
                aiohttp.ClientSession(timeout=_PATIENCE, trust_env=False) as session,
                session.post(told.url, data=body, headers=headers, allow_redirects=False) as answer,
            ):
                return web.json_response({"status": answer.status})
        except (aiohttp.ClientError, TimeoutError) as failed:
            return error(502, "not_taken", because=type(failed).__name__)

    return web.post("/notices", send)
