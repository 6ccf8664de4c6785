"""Certificates that change while a server serves, over real sockets."""

import asyncio
import shutil
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc
import pytest
from cryptography import x509
from structlog.testing import capture_logs

from server.tls.pair import TlsFiles
from server.tls.reloading import Certificates
from tests.server.platforms.authority import Authority, authority


class Served:
    """A server over TLS with two methods: one answers at once, one goes on until it is told to end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.signer = authority(folder)
        self.take(self.signer, "first")
        shutil.copy(folder / "ca.pem", folder / "clients.pem")
        files = TlsFiles(folder / "tls.pem", folder / "tls.key", folder / "clients.pem")
        self.lasts: list[datetime] = []
        self.certificates = Certificates(files, lambda: datetime.now(UTC), lasts=self.lasts.append)
        self.end = asyncio.Event()
        self.server = grpc.aio.server()
        self.server.add_generic_rpc_handlers(
            [
                grpc.method_handlers_generic_handler(
                    "a.B",
                    {
                        "Echo": grpc.unary_unary_rpc_method_handler(self.echo),
                        "Long": grpc.unary_stream_rpc_method_handler(self.long),
                    },
                )
            ]
        )
        self.port, self.other_port = (
            self.server.add_secure_port("127.0.0.1:0", self.certificates.credentials()) for _ in range(2)
        )

    async def echo(self, request: bytes, context: Any) -> bytes:
        return request

    async def long(self, request: bytes, context: Any) -> AsyncIterator[bytes]:
        yield b"begun"
        await self.end.wait()
        yield b"ended"

    def take(self, signer: Authority, name: str) -> None:
        """Puts another certificate in the place of the server's, in two steps as people do."""
        certificate, key = signer.issue(name)
        shutil.copy(certificate, self.folder / "tls.pem")
        shutil.copy(key, self.folder / "tls.key")

    def channel(self, trust: Path | None = None) -> grpc.aio.Channel:
        """A connection of its own by a caller with a certificate."""
        certificate, key = self.signer.issue("client")
        roots = (trust or self.folder / "ca.pem").read_bytes()
        credentials = grpc.ssl_channel_credentials(roots, key.read_bytes(), certificate.read_bytes())
        options = [("grpc.use_local_subchannel_pool", 1)]
        return grpc.aio.secure_channel(f"127.0.0.1:{self.port}", credentials, options)

    async def shown(self, port: int | None = None) -> str:
        """The certificate that a new connection is shown."""
        return await asyncio.to_thread(ssl.get_server_certificate, ("127.0.0.1", port or self.port))


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    """A server with a certificate."""
    served = Served(tmp_path)
    await served.server.start()
    yield served
    await served.server.stop(None)


async def test_ports(served: Served) -> None:
    """Each port of a server shows the new certificate, whichever is asked first."""
    before = await served.shown()
    served.take(served.signer, "second")
    served.certificates.look()
    after = [await served.shown(port) for port in (served.port, served.other_port)]
    assert after[0] == after[1] != before


async def test_rotation_during_calls(served: Served) -> None:
    """New connections are shown the new certificate; a call that runs, and its connection, go on undisturbed."""
    before = await served.shown()
    async with served.channel() as channel:
        running = channel.unary_stream("/a.B/Long")(b"", timeout=30)
        assert b"begun" == await running.read()
        served.take(served.signer, "second")
        served.certificates.look()
        assert (served.folder / "second.pem").read_text("ascii").strip() == (await served.shown()).strip()
        assert before != await served.shown()
        assert b"x" == await channel.unary_unary("/a.B/Echo")(b"x", timeout=10)
        served.end.set()
        assert b"ended" == await running.read()


async def test_how_long_it_lasts(served: Served) -> None:
    """Whoever watches is told until when the certificate that is shown is in force, and of the next one again."""
    assert [until_of(await served.shown())] == served.lasts
    served.take(served.signer, "second")
    served.certificates.look()
    assert until_of(await served.shown()) == served.lasts[1]
    assert 2 == len(served.lasts)


def until_of(pem: str) -> datetime:
    """When a certificate's time is over."""
    return x509.load_pem_x509_certificate(pem.encode()).not_valid_after_utc


async def test_bad_file(served: Served) -> None:
    """A file that cannot be used changes nothing, and is told once with what is wrong; a good one then counts."""
    before = await served.shown()
    shutil.copy(served.signer.issue("other")[1], served.folder / "tls.key")
    with capture_logs() as logs:
        served.certificates.look()
        served.certificates.look()
    assert before == await served.shown()
    assert ["changed files cannot be used"] == [each["event"] for each in logs]
    assert "it is not the key of the certificate" in logs[0]["because"]
    served.take(served.signer, "second")
    with capture_logs() as logs:
        served.certificates.look()
    assert ["changed files are used"] == [each["event"] for each in logs]
    assert before != await served.shown()


async def test_callers_of_other_authorities(served: Served, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whom to let in changes with the file too: a caller of an authority that went is not let in any more."""
    async with served.channel() as channel:
        assert b"x" == await channel.unary_unary("/a.B/Echo")(b"x", timeout=10)
    other = authority(tmp_path_factory.mktemp("other"))
    shutil.copy(other.folder / "ca.pem", served.folder / "clients.pem")
    served.certificates.look()
    async with served.channel() as channel:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await channel.unary_unary("/a.B/Echo")(b"x", timeout=10)
    assert grpc.StatusCode.UNAVAILABLE == refused.value.code()


async def test_many_rotations(served: Served) -> None:
    """No call of many fails while certificates change one after the other."""
    answered = 0

    async def call() -> None:
        nonlocal answered
        for _ in range(10):
            async with served.channel() as channel:
                assert b"x" == await channel.unary_unary("/a.B/Echo")(b"x", timeout=30)
                answered += 1

    async def rotate() -> None:
        for number in range(20):
            served.take(served.signer, f"next-{number}")
            await asyncio.to_thread(served.certificates.look)

    await asyncio.gather(call(), call(), rotate())
    assert 20 == answered


async def test_looks_by_itself(served: Served) -> None:
    """Changed files are found without being told."""
    before = await served.shown()
    looking = asyncio.create_task(served.certificates.run(every=0.01))
    served.take(served.signer, "second")
    while before == await served.shown():
        pass
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
