"""A sandbox that is spoken to over HTTP, and a clock that a test moves."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import aiohttp
import pytest

from engine.declaration import digest
from server.sandbox import SandboxSettings, start_sandbox

DAY = timedelta(days=1)

Call = Callable[..., Awaitable[tuple[int, Any]]]


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 7, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def submission(reference: str, content: str = "x") -> dict[str, Any]:
    """What is submitted under a reference."""
    certified = {"schema": "x", "content": content}
    return {"reference": reference, "digest": digest(certified), "content": certified}


@asynccontextmanager
async def calling(settings: SandboxSettings) -> AsyncIterator[Call]:
    """Calls a sandbox: `await call("GET", "/v1/health")` is a status and a body."""
    sandbox = await start_sandbox(settings)
    try:
        async with aiohttp.ClientSession() as session:

            async def _call(method: str, path: str, body: Any = None) -> tuple[int, Any]:
                data = body if body is None or isinstance(body, bytes | BytesIO) else json.dumps(body)
                async with session.request(method, sandbox.url + path, data=data) as response:
                    text = await response.text()
                    is_json = response.content_type == "application/json"
                    return response.status, json.loads(text) if is_json else text

            yield _call
    finally:
        await sandbox.stop()


async def issued(call: Call, reference: str, content: str = "x") -> str:
    """The e-Cert ID of a new certificate."""
    _, body = await call("POST", "/v1/certificates", submission(reference, content))
    return body["certificate"]["e_cert_id"]


async def status_of(call: Call, e_cert_id: str) -> str:
    """What the sandbox says of a certificate."""
    _, body = await call("GET", f"/v1/certificates/{e_cert_id}/status")
    return body["status"]


@pytest.fixture
def clock() -> Clock:
    """A clock that a test moves."""
    return Clock()


@pytest.fixture
async def call(clock: Clock) -> AsyncIterator[Call]:
    """Calls a sandbox whose certificates live a day."""
    async with calling(SandboxSettings(clock=clock, life=DAY)) as call:
        yield call
