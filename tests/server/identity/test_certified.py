"""Callers that hold a certificate, over real TLS."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import grpc
import pytest
from cryptography import x509

from server.auth import Principal, Role
from server.errors import Unauthenticated
from server.identity.certified import Certified
from server.identity.issuer import CertifiedCaller
from tests.server.platforms.authority import Authority, authority

from .people import now

KNOWN = [
    ("dns", "orders.acme.example"),
    ("uri", "spiffe://acme/orders"),
    ("email", "ops@acme.example"),
    ("ip", "192.0.2.7"),
]
ROLES = frozenset({Role.ORDER_SYSTEM})
NAMES = {
    "dns": x509.DNSName("orders.acme.example"),
    "uri": x509.UniformResourceIdentifier("spiffe://acme/orders"),
    "email": x509.RFC822Name("ops@acme.example"),
    "ip": x509.IPAddress(ip_address("192.0.2.7")),
    "stranger": x509.DNSName("orders.acme.example.evil.example"),
}


@pytest.fixture
def signer(tmp_path: Path) -> Authority:
    """Who signs certificates."""
    return authority(tmp_path)


@asynccontextmanager
async def proven(signer: Authority, *names: str) -> AsyncIterator[dict[str, Sequence[bytes]]]:
    """What gRPC tells a server of a caller whose certificate has these names."""
    seen: list[dict[str, Sequence[bytes]]] = []

    async def method(request: bytes, context: Any) -> bytes:
        seen.append(context.auth_context())
        return request

    certificate, key = signer.issue("server")
    trust = (signer.folder / "ca.pem").read_bytes()
    server = grpc.aio.server()
    server.add_generic_rpc_handlers(
        [grpc.method_handlers_generic_handler("a.B", {"C": grpc.unary_unary_rpc_method_handler(method)})]
    )
    pair = [(key.read_bytes(), certificate.read_bytes())]
    port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials(pair, trust, True))
    await server.start()
    certificate, key = signer.issue("client", names=tuple(NAMES[name] for name in names))
    credentials = grpc.ssl_channel_credentials(trust, key.read_bytes(), certificate.read_bytes())
    async with grpc.aio.secure_channel(f"127.0.0.1:{port}", credentials) as channel:
        await channel.unary_unary("/a.B/C")(b"x", timeout=10)
    yield seen[0]
    await server.stop(None)


def certified(*known: tuple[str, str]) -> Certified:
    """Knows these names, each as somebody of the tenant acme."""
    callers = [CertifiedCaller(*name, "acme", f"caller-{n}", ROLES, None) for n, name in enumerate(known)]
    return Certified(callers, now)


@pytest.mark.parametrize("number", range(4))
async def test_caller(signer: Authority, number: int) -> None:
    """A name of each kind says who the caller is."""
    async with proven(signer, KNOWN[number][0]) as said:
        expected = Principal("acme", f"certificate:caller-{number}", ROLES)
        assert expected == certified(*KNOWN).caller(said)


async def test_stranger(signer: Authority) -> None:
    """A good certificate of somebody whom nobody named is refused; that a known name is a part of his helps nothing."""
    async with proven(signer, "stranger") as said:
        with pytest.raises(Unauthenticated, match="names nobody that this server knows"):
            certified(*KNOWN).caller(said)


async def test_kind_counts(signer: Authority) -> None:
    """A name is one of its kind: the same text as another kind is somebody else."""
    async with proven(signer, "uri") as said:
        with pytest.raises(Unauthenticated, match="names nobody"):
            certified(("dns", "spiffe://acme/orders")).caller(said)


async def test_two_names(signer: Authority) -> None:
    """A certificate that names two callers is refused: who of them calls is not known."""
    async with proven(signer, "dns", "uri") as said:
        with pytest.raises(Unauthenticated, match="names several"):
            certified(*KNOWN).caller(said)


async def test_ends_on_an_open_connection(signer: Authority) -> None:
    """A connection that outlives its certificate says nothing of its caller any more."""
    async with proven(signer, "dns") as said:
        later = [CertifiedCaller("dns", "orders.acme.example", "acme", "orders", ROLES, None)]
        with pytest.raises(Unauthenticated, match="time is over"):
            Certified(later, lambda: now() + timedelta(days=2)).caller(said)


def test_without() -> None:
    """Where TLS has proved nothing, nobody is known by it."""
    assert certified(*KNOWN).caller({}) is None
