"""Whatever is raised in any method of any service of the real server, no text of it reaches a caller or the log."""

import importlib
import pkgutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NoReturn

import grpc
import pytest
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2
from structlog.testing import capture_logs

import server.services
from server.app import started
from server.settings import Settings
from server.store import Store
from server.workflow.screening import Screening
from tests.system.asking import CODES, METHODS, Names, request_for
from tests.system.processes import EXAMPLES

from .serving import Refused, refused

SECRET = "postgresql://user:hunter2@host and Juan Perez"


class Stray(Exception):
    """An exception that nobody expects."""


@pytest.fixture
async def channel(tmp_path: Path) -> AsyncIterator[grpc.aio.Channel]:
    """A connection to the real server, in this process."""
    settings = Settings(
        listen="127.0.0.1:0",
        database=f"sqlite:///{tmp_path}/og.db",
        sites=EXAMPLES / "sites.yaml",
        heartbeat=0.2,
        reconcile_every=600,
    )
    async with started(settings) as addresses, grpc.aio.insecure_channel(addresses.grpc) as channel:
        yield channel


async def refusal(channel: grpc.aio.Channel, path: str) -> Refused:
    """How a good call of the method fails."""
    request = request_for(path, Names()).SerializeToString()
    try:
        if METHODS[path].client_streaming:
            call = channel.stream_stream(path)(iter([request]), timeout=20)
            answers = [answer async for answer in call]
            return of_item(GetMessageClass(METHODS[path].output_type).FromString(answers[0]))
        if METHODS[path].server_streaming:
            answers = [answer async for answer in channel.unary_stream(path)(request, timeout=20)]
        else:
            answers = [await channel.unary_unary(path)(request, timeout=20)]
    except grpc.aio.AioRpcError as error:
        return refused(error)
    raise AssertionError(f"{path} was answered: {answers}")


def of_item(answer: Any) -> Refused:
    """How an item of a stream failed."""
    info = error_details_pb2.RequestInfo()
    for detail in answer.error.details:
        if detail.Is(info.DESCRIPTOR):
            detail.Unpack(info)
    return Refused(CODES[answer.error.code], answer.error, info.request_id, str(answer))


async def assert_silent(channel: grpc.aio.Channel, path: str) -> None:
    """The method fails as a fault of ours, with the call's id and nothing else; the log has the place."""
    with capture_logs() as logs:
        found = await refusal(channel, path)
    assert (path, grpc.StatusCode.INTERNAL, "INTERNAL") == (path, found.code, found.reason)
    assert found.request_id in found.status.message
    for text in (found.seen, str(found.status), str(logs)):
        assert "hunter2" not in text and "Juan" not in text
    assert "Stray" not in found.seen
    assert any("Stray" in str(log.get("trace")) for log in logs)


def raising(*_: Any, **__: Any) -> NoReturn:
    """Stands for any fault."""
    raise Stray(SECRET)


async def test_in_every_method(channel: grpc.aio.Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is raised while a request is read stays inside, in every method."""
    for module in pkgutil.iter_modules(server.services.__path__, "server.services."):
        loaded = importlib.import_module(module.name)
        if hasattr(loaded, "read"):
            monkeypatch.setattr(loaded, "read", raising)
    for path in METHODS:
        if not path.endswith("/BatchCheckScope"):
            await assert_silent(channel, path)


async def test_in_the_store(channel: grpc.aio.Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the store raises, deep inside the work of a method, stays inside too, in every method that uses it."""

    async def work(*_: Any) -> NoReturn:
        raise Stray(SECRET)

    monkeypatch.setattr(Store, "read", work)
    monkeypatch.setattr(Store, "read_waiting", raising)
    monkeypatch.setattr(Store, "write", work)
    for path in METHODS:
        if not path.endswith("/TestRulebook"):  # it looks at what it is given, and at nothing else
            await assert_silent(channel, path)


async def test_in_a_batch(channel: grpc.aio.Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is raised for an item of a batch is told in that item's own error, as silently."""

    monkeypatch.setattr(Screening, "screen_scope", raising)
    path = "/origingate.v1.ScreeningService/BatchCheckScope"
    with capture_logs() as logs:
        answer = await channel.unary_unary(path)(request_for(path, Names()).SerializeToString(), timeout=20)
    assert b"INTERNAL" in answer
    assert b"hunter2" not in answer and "hunter2" not in str(logs)
    assert any("Stray" in str(log.get("trace")) for log in logs)
