"""One request: its answer, or whether anything of it left."""

import asyncio
import socket

import pytest

from server.platforms.transport import LARGEST_ANSWER, Limits, Lost, Reply, Transport
from tests.server.platforms.conftest import answer, raw_server

LIMITS = Limits(connect=2.0, total=2.0)


@pytest.fixture
async def transport():
    """A transport with connections of its own."""
    opened = await Transport.open()
    yield opened
    await opened.close()


async def test_reply(transport):
    """A whole answer: status, headers in lower case, body."""
    async with raw_server(answer(418, b"teapot", X_Kind="Pot")) as raw:
        reply = await transport.exchange("GET", raw.url, None, LIMITS)
    assert Reply(418, {"content-length": "6", "x-kind": "Pot"}, b"teapot") == reply


async def test_large_request(transport):
    """A large declaration leaves whole, with its length."""
    body = b"x" * 3_000_000
    async with raw_server(answer(200)) as raw:
        await transport.exchange("POST", raw.url, body, LIMITS)
        head, _, sent = raw.requests[0].partition(b"\r\n\r\n")
    assert (True, body) == (b"content-length: 3000000" in head.lower(), sent)


async def test_refused_connection(transport):
    """Where nobody listens, nothing was sent."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        lost = await transport.exchange("POST", url, b"{}", LIMITS)
    assert (False, True) == (lost.sent, lost.because.startswith("could not connect"))


async def test_too_late(transport):
    """Where the time to send is over when there is a connection, a new one or one that was kept, no byte leaves."""
    async with raw_server(answer(200), answer(200)) as raw:
        late = await transport.exchange("POST", raw.url, b"{}", LIMITS, lambda: False)
        assert (Lost(False, "it was too late to send it"), []) == (late, raw.requests)
        assert 200 == (await transport.exchange("POST", raw.url, b"{}", LIMITS)).status
        assert late == await transport.exchange("POST", raw.url, b"{}", LIMITS, lambda: False)
        assert 1 == len(raw.requests)


async def test_name_that_does_not_resolve(transport):
    """A host that does not exist gets nothing."""
    lost = await transport.exchange("POST", "http://platform.invalid", b"{}", LIMITS)
    assert Lost(False, "could not connect: its name could not be resolved") == lost


async def test_no_tls(transport):
    """A server that does not speak TLS got no byte of the request."""
    async with raw_server() as raw:
        lost = await transport.exchange("POST", raw.url.replace("http:", "https:"), b"{}", LIMITS)
    assert lost.sent is False


async def test_no_free_connection(transport):
    """A request that waits for a connection all its time was never sent."""
    async with raw_server() as raw:
        narrow = await Transport.open(connections=1)
        first = asyncio.create_task(narrow.exchange("POST", raw.url, b"{}", Limits(connect=1, total=1)))
        await asyncio.sleep(0.1)
        second = await narrow.exchange("POST", raw.url, b"{}", Limits(connect=0.2, total=1))
        await first
        await narrow.close()
    assert Lost(False, "could not connect within 0.2 s") == second


async def test_no_answer(transport):
    """A server that never answers may have processed the request."""
    async with raw_server() as raw:
        lost = await transport.exchange("POST", raw.url, b"{}", Limits(connect=1, total=0.2))
    assert Lost(True, "no whole answer within 0.2 s") == lost


@pytest.mark.parametrize(
    "bytes_",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{",
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 20_000 + b"\r\n\r\n",
    ],
)
async def test_broken_answer(transport, bytes_):
    """An answer that breaks off, or is none, leaves it open what was done."""
    async with raw_server(bytes_, b"") as raw:
        lost = await transport.exchange("POST", raw.url, b"{}", Limits(connect=1, total=0.5))
    assert isinstance(lost, Lost)
    assert lost.sent is True


async def test_slow_drip(transport):
    """Bytes that keep coming do not lengthen the time."""
    async with raw_server(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{") as raw:
        lost = await transport.exchange("GET", raw.url, None, Limits(connect=1, total=0.3))
    assert Lost(True, "no whole answer within 0.3 s") == lost


async def test_answer_too_large(transport):
    """An endless answer is cut off."""
    async with raw_server(answer(200, b"x" * (LARGEST_ANSWER + 1))) as raw:
        lost = await transport.exchange("GET", raw.url, None, Limits(connect=5, total=5))
    assert Lost(True, f"the answer is larger than {LARGEST_ANSWER} bytes") == lost


async def test_compressed_answer_stays_compressed(transport):
    """Nothing is unpacked, so that a small answer can never become a large one."""
    async with raw_server(answer(200, b"\x1f\x8b\x08", Content_Encoding="gzip")) as raw:
        reply = await transport.exchange("GET", raw.url, None, LIMITS)
    assert reply.body == b"\x1f\x8b\x08"


async def test_redirect_is_an_answer(transport):
    """A redirect is not followed: another address is never sent anything."""
    async with raw_server(answer(307, Location="/elsewhere")) as raw:
        reply = await transport.exchange("POST", raw.url, b"{}", LIMITS)
        seen = len(raw.requests)
    assert (307, 1) == (reply.status, seen)


async def test_nothing_is_sent_twice(transport):
    """A GET on a kept connection that drops is not silently sent again, as the HTTP library would."""
    async with raw_server(answer(200), b"", answer(200)) as raw:
        await transport.exchange("GET", raw.url, None, LIMITS)
        lost = await transport.exchange("GET", raw.url, None, LIMITS)
        seen = len(raw.requests)
    assert (True, 2) == (lost.sent, seen)


async def test_no_proxy_of_the_environment(transport, monkeypatch):
    """A proxy that the environment names is not asked."""
    async with raw_server(answer(200, b"direct")) as raw:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
        reply = await transport.exchange("GET", raw.url, None, LIMITS)
    assert reply.body == b"direct"


async def test_no_cookies(transport):
    """A cookie that a platform sets is not sent back."""
    async with raw_server(answer(200, Set_Cookie="a=b"), answer(200)) as raw:
        await transport.exchange("GET", raw.url, None, LIMITS)
        await transport.exchange("GET", raw.url, None, LIMITS)
        second = raw.requests[1]
    assert b"cookie" not in second.lower()
