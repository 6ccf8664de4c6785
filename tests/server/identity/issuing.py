"""An issuer of tokens: a real HTTP server with its keys, and a pen."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from aiohttp import web
from joserfc import jws
from joserfc.jwk import ECKey, Key, RSAKey

from server.auth import Role
from server.identity.issuer import Issuer

ISSUER, AUDIENCE = "https://login.example/shops", "origin-gate"


def trusted(**changes: Any) -> Issuer:
    """An issuer as an operator's file may name it."""
    usual: dict[str, Any] = {
        "issuer": ISSUER,
        "audiences": (AUDIENCE,),
        "keys": "http://127.0.0.1/keys",
        "algorithms": ("ES256",),
        "tenant": None,
        "tenant_claim": ("tenant",),
        "roles": frozenset(),
        "roles_claim": ("realm", "roles"),
        "role_names": {"og-orders": Role.ORDER_SYSTEM, "og-audit": Role.AUDITOR},
        "sites_claim": None,
        "name_claim": ("sub",),
        "skew": timedelta(seconds=30),
    }
    return Issuer(**{**usual, **changes})


def claims(**changes: Any) -> dict[str, Any]:
    """What a good token says; None takes a claim away."""
    now = time.time()
    usual = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "orders-7",
        "iat": now,
        "exp": now + 300,
        "tenant": "acme",
        "realm": {"roles": ["og-orders", "offline_access"]},
    }
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


def new_key(kind: str = "EC", kid: str = "key-1") -> Key:
    """A key pair."""
    if kind == "RSA":
        return RSAKey.generate_key(2048, {"kid": kid})
    return ECKey.generate_key("P-256", {"kid": kid})


def written(key: Key, said: dict[str, Any], algorithm: str = "ES256", **header: Any) -> str:
    """A token; None takes a header away."""
    head = {"alg": algorithm, "kid": key.kid, "typ": "JWT", **header}
    head = {name: value for name, value in head.items() if value is not None}
    return jws.serialize_compact(head, json.dumps(said).encode(), key, algorithms=[algorithm])


def public(*keys: Key) -> dict[str, dict[str, str]]:
    """Keys by id, as a ring has them."""
    return {str(key.kid): {k: str(v) for k, v in key.as_dict(private=False).items()} for key in keys}


class Login:
    """Publishes keys, and counts how often it is asked for them."""

    def __init__(self) -> None:
        self.keys: list[Key] = [new_key()]
        self.asked = 0
        self.status = 200
        self.address = ""

    async def answer(self, request: web.Request) -> web.Response:
        """The keys as a JWK Set."""
        self.asked += 1
        body = {"keys": [key.as_dict(private=False) for key in self.keys]}
        return web.json_response(body, status=self.status)


@asynccontextmanager
async def login() -> AsyncIterator[Login]:
    """An issuer's server on a free port."""
    issuer = Login()
    app = web.Application()
    app.router.add_get("/keys", issuer.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    issuer.address = f"http://127.0.0.1:{runner.addresses[0][1]}/keys"
    yield issuer
    await runner.cleanup()
