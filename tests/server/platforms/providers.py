"""Providers for tests: one that says what a test scripts, over a real socket; and the example in Go, as a process."""

import asyncio
import dataclasses
import functools
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import grpc
import grpc.aio
import pytest
from google.protobuf.duration_pb2 import Duration
from origingate.provider.v1 import answer_pb2, capabilities_pb2
from origingate.provider.v1 import platform_provider_service_pb2 as messages
from origingate.provider.v1.platform_provider_service_pb2_grpc import (
    PlatformProviderServiceServicer,
    add_PlatformProviderServiceServicer_to_server,
)

from engine.platform import Platform
from server.platforms import open_platforms
from server.platforms.accounts import Account, Accounts
from server.platforms.manifest_file import read_one
from server.platforms.provider.manifest import ProviderManifest
from tests.server.platforms.conftest import utc_now

GO = Path(__file__).parents[3] / "clients" / "go"
NAME = "example-provider"
PATIENCE = 60.0

Say = Callable[[grpc.aio.ServicerContext], Awaitable[object]]


def manifest(address: str, **changed: object) -> ProviderManifest:
    """What the example's file says, at another address; sandbox certificates count, and waits are short."""
    read = read_one(GO / "provider" / "platform.yaml").manifest
    assert isinstance(read, ProviderManifest)
    proof = dataclasses.replace(read.proof, sandbox_allowed=True)
    return dataclasses.replace(read, address=address, proof=proof, **changed)


@asynccontextmanager
async def asking(asked: ProviderManifest, account: Account | None = None) -> AsyncIterator[Platform]:
    """The platform behind a provider, as a server asks it."""
    accounts = Accounts("accounts.yaml", {("dev", NAME): account} if account else {})
    async with await open_platforms([asked], utc_now, accounts) as platforms:
        platform = platforms.find(NAME)
        assert platform is not None
        yield platform


def described() -> messages.DescribeResponse:
    """What the example says of itself."""
    return messages.DescribeResponse(
        title="scripted",
        capabilities=capabilities_pb2.Capabilities(
            binding=capabilities_pb2.BINDING_DIGEST,
            proof=capabilities_pb2.PROOF_KIND_JWS,
            lookup_by_reference=True,
            lookup_window=Duration(seconds=86400),
            settle_time=Duration(nanos=200_000_000),
            send_timeout=Duration(seconds=1),
            idempotency=capabilities_pb2.IDEMPOTENCY_CONTENT,
            void=True,
            replace=True,
            delivery=capabilities_pb2.DELIVERY_POLL,
        ),
    )


def issued() -> messages.SubmitResponse:
    """A certificate without a proof that holds."""
    return messages.SubmitResponse(issued=answer_pb2.Issued(e_cert_id="P-1", proof="a.b.c"))


class Scripted(PlatformProviderServiceServicer):
    """Answers each method by what stands in `says`: a message, or a function of the call's context."""

    def __init__(self) -> None:
        self.says: dict[str, object] = {"Describe": described(), "Submit": issued()}
        self.asked: list[tuple[str, object]] = []
        self.address = ""
        self.server: grpc.aio.Server | None = None

    def count(self, method: str) -> int:
        """How often a method was asked."""
        return sum(name == method for name, _ in self.asked)

    async def _say(self, method: str, request: object, context: grpc.aio.ServicerContext) -> object:
        self.asked.append((method, request))
        said = self.says[method]
        return await said(context) if callable(said) else said

    async def Describe(self, request, context):
        return await self._say("Describe", request, context)

    async def Submit(self, request, context):
        return await self._say("Submit", request, context)

    async def Lookup(self, request, context):
        return await self._say("Lookup", request, context)

    async def Status(self, request, context):
        return await self._say("Status", request, context)

    async def Void(self, request, context):
        return await self._say("Void", request, context)

    async def Keys(self, request, context):
        return await self._say("Keys", request, context)

    async def Health(self, request, context):
        return await self._say("Health", request, context)


async def start(scripted: Scripted, address: str, tls: grpc.ServerCredentials | None = None) -> None:
    """Serves at the address; port 0 takes a free one."""
    server = grpc.aio.server(options=[("grpc.max_send_message_length", 64 * 1024 * 1024)])
    add_PlatformProviderServiceServicer_to_server(scripted, server)
    port = server.add_secure_port(address, tls) if tls else server.add_insecure_port(address)
    await server.start()
    scripted.server = server
    scripted.address = address if address.startswith("unix:") else f"{address.rpartition(':')[0]}:{port}"


@asynccontextmanager
async def scripted_provider(tls: grpc.ServerCredentials | None = None) -> AsyncIterator[Scripted]:
    """A provider that says what it is told, over a Unix socket, or with TLS on a port that is free."""
    scripted = Scripted()
    with tempfile.TemporaryDirectory(prefix="og-") as folder:
        await start(scripted, "localhost:0" if tls else f"unix:{folder}/p.sock", tls)
        try:
            yield scripted
        finally:
            await scripted.server.stop(0)


# Kept as long as the process, which removes it in the end.
_BUILT = tempfile.TemporaryDirectory(prefix="og-go-", ignore_cleanup_errors=True)


@functools.cache
def built_example() -> Path:
    """The example provider, built once. Where Go is missing the test is skipped, and fails with CI=true."""
    if shutil.which("go") is None:
        assert os.environ.get("CI") != "true", "the example provider needs 'go', which is not installed here"
        pytest.skip("'go' is not installed here")
    program = Path(_BUILT.name) / "provider"
    subprocess.run(["go", "build", "-o", program, "./provider"], cwd=GO, check=True, timeout=PATIENCE)
    return program


@asynccontextmanager
async def running_example(program: Path, *words: str, listen: str = "") -> AsyncIterator[str]:
    """The example provider as a process of its own; its address, by default a Unix socket's."""
    with tempfile.TemporaryDirectory(prefix="og-") as folder:
        process = await asyncio.create_subprocess_exec(
            program, "--listen", listen or f"unix:{folder}/p.sock", *words, stdout=asyncio.subprocess.PIPE
        )
        try:
            assert process.stdout is not None
            line = await asyncio.wait_for(process.stdout.readline(), PATIENCE)
            assert line.startswith(b"serving at "), line
            yield line.decode().removeprefix("serving at ").strip()
        finally:
            process.terminate()
            assert 0 == await asyncio.wait_for(process.wait(), PATIENCE)
