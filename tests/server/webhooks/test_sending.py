"""One delivery: what an answer means, and what is sent at all."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from server.platforms.transport import Lost, Reply, Transport
from server.webhooks.sending import Delivered, Failed, Refused, Sender, meaning_of
from tests.server.platforms.conftest import answer, raw_server
from tests.server.webhooks.conftest import endpoint

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def meaning(status: int, retry_after: str | None = None) -> object:
    headers = {} if retry_after is None else {"retry-after": retry_after}
    return meaning_of(Reply(status, headers, b""), NOW)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_delivered(status: int) -> None:
    """Any 2xx: it was taken."""
    assert Delivered() == meaning(status)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 422, 451])
def test_refused(status: int) -> None:
    """A 4xx: it will never be taken."""
    assert Refused(f"it answered {status}") == meaning(status)


@pytest.mark.parametrize("status", [301, 302, 308, 408, 425, 500, 501, 502, 504, 599, 600])
def test_failed(status: int) -> None:
    """All else may be taken later, redirects too: they are not followed."""
    assert Failed(f"it answered {status}", away=False) == meaning(status)


@pytest.mark.parametrize("status", [429, 503])
def test_not_now(status: int) -> None:
    """Two answers say that nothing is taken now."""
    assert Failed(f"it answered {status}", away=True) == meaning(status)


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("0", timedelta()),
        ("30", timedelta(seconds=30)),
        (" 30 ", timedelta(seconds=30)),
        ("86400", HOUR),
        ("9" * 400, HOUR),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), timedelta(seconds=90)),
        (format_datetime(NOW - HOUR, usegmt=True), timedelta()),
        (format_datetime(NOW + timedelta(days=400), usegmt=True), HOUR),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        ("²", None),
    ],
)
def test_retry_after(text: str, wait: timedelta | None) -> None:
    """Retry-After, in seconds or as a date, is kept to within an hour; what it cannot mean is passed over."""
    assert Failed("it answered 503", away=True, wait=wait) == meaning(503, text)


def test_lost() -> None:
    """Where nothing was sent the endpoint is away; where something was, the try counts."""
    assert [Failed("x", away=True), Failed("x", away=False)] == [
        meaning_of(Lost(sent, "x"), NOW) for sent in (False, True)
    ]


@pytest.fixture
async def sender() -> AsyncIterator[Sender]:
    """Sends, by the real time."""
    transport = await Transport.open()
    yield Sender(transport, lambda: datetime.now(UTC))
    await transport.close()


async def test_request(sender: Sender) -> None:
    """A webhook is a POST of JSON with three headers of its own, each for a new signature the present time."""
    async with raw_server(answer(204)) as raw:
        assert Delivered() == await sender.send(endpoint(f"{raw.url}/hook?key=1"), "evt_1", '{"id":"é"}')
        head, _, body = raw.requests[0].partition(b"\r\n\r\n")
    lines = dict(line.lower().split(": ", 1) for line in head.decode().split("\r\n")[1:])
    assert b"POST /hook?key=1 HTTP/1.1" == head.split(b"\r\n")[0]
    assert ("application/json", "evt_1") == (lines["content-type"], lines["webhook-id"])
    assert abs(int(lines["webhook-timestamp"]) - datetime.now(UTC).timestamp()) < 5
    assert '{"id":"é"}'.encode() == body


async def test_redirect(sender: Sender) -> None:
    """A redirect is not followed."""
    async with raw_server(answer(200)) as target, raw_server(answer(302, Location=target.url)) as raw:
        assert Failed("it answered 302", away=False) == await sender.send(endpoint(raw.url), "evt_1", "{}")
        assert [] == target.requests


async def test_large_answer(sender: Sender) -> None:
    """The head of an answer counts, however large its body is."""
    async with raw_server(answer(200, b"x" * 5_000_000)) as raw:
        assert Delivered() == await sender.send(endpoint(raw.url), "evt_1", "{}")


async def test_own_certificate(sender: Sender, tmp_path: Path) -> None:
    """An endpoint whose TLS certificate nobody vouches for is sent nothing."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - HOUR)
        .not_valid_after(now + HOUR)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "own.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    sent: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sent.append(await reader.read(1))
        writer.close()

    async with await asyncio.start_server(take, "127.0.0.1", 0, ssl=context) as server:
        port = server.sockets[0].getsockname()[1]
        failed = await sender.send(endpoint(f"https://127.0.0.1:{port}/"), "evt_1", "{}")
    assert Failed("could not connect: its TLS certificate or protocol was not accepted", away=True) == failed
    assert [] == sent
