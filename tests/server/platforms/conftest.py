"""A sandbox, a platform that asks it, and a server that answers with whatever bytes a test wants."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from engine.declaration import certified_content, digest
from engine.platform import Platform, Reference, Submission, reference
from server.platforms import open_platforms, sandbox_manifest
from server.sandbox import Sandbox, start_sandbox


def utc_now() -> datetime:
    return datetime.now(UTC)


def submission_of(generation: int = 0, order_id: str = "AN-1001") -> Submission:
    content = certified_content(
        "dev", "shop", {"order_id": order_id, "lines": ({"line_id": "1"},)}, {"signed": True}
    )
    return Submission(
        reference("dev", f"cases/{order_id}", 1, "sandbox", generation), digest(content), content
    )


@pytest.fixture
def submission() -> Submission:
    """One declaration on its way."""
    return submission_of()


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox on a free port."""
    running = await start_sandbox()
    yield running
    await running.stop()


@asynccontextmanager
async def asking(url: str, *, sandbox_allowed: bool = True, seconds: float = 5.0) -> AsyncIterator[Platform]:
    """The platform at that address."""
    manifest = sandbox_manifest(url, sandbox_allowed=sandbox_allowed, send_timeout=timedelta(seconds=seconds))
    async with await open_platforms([manifest], utc_now) as platforms:
        platform = platforms.find("sandbox")
        assert platform
        yield platform


@pytest.fixture
async def platform(sandbox: Sandbox) -> AsyncIterator[Platform]:
    """The sandbox, as the server asks it."""
    async with asking(sandbox.url) as found:
        yield found


Post = Callable[..., Awaitable[dict[str, object]]]


@pytest.fixture
async def post(sandbox: Sandbox) -> AsyncIterator[Post]:
    """Posts to one of the sandbox's addresses for tests: `await post("/faults", fault="down")`."""
    async with aiohttp.ClientSession() as session:

        async def _post(path: str, **body: object) -> dict[str, object]:
            async with session.post(f"{sandbox.url}{path}", data=json.dumps(body)) as response:
                assert response.status == 200, await response.text()
                return await response.json()

        yield _post


class RawServer:
    """Answers each request on each connection with the next of `answers`; after the last, it only reads.

    An empty answer closes the connection.
    """

    def __init__(self, answers: list[bytes]) -> None:
        self.answers = answers
        self.requests: list[bytes] = []
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await _request(reader):
                self.requests.append(head)
                if not self.answers:
                    await reader.read()
                    return
                answer = self.answers.pop(0)
                if not answer:
                    return
                writer.write(answer)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()


async def _request(reader: asyncio.StreamReader) -> bytes:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""
    length = next(
        (
            int(line.split(b":")[1])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length")
        ),
        0,
    )
    return head + await reader.readexactly(length)


@asynccontextmanager
async def raw_server(*answers: bytes) -> AsyncIterator[RawServer]:
    """A server on a free port that answers with these bytes."""
    raw = RawServer(list(answers))
    server = await asyncio.start_server(raw.serve, "127.0.0.1", 0)
    raw.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield raw
    finally:
        server.close()
        await asyncio.sleep(0)


def answer(status: int, body: bytes | dict[str, object] = b"", **headers: str) -> bytes:
    """An HTTP answer as bytes."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {"Content-Length": str(len(content))} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status} X\r\n{head}\r\n".encode() + content


NOWHERE = Reference("og-nowhere")
