"""Traces: a real server that sends them to a real collector, from the caller's span to the platform's."""

import asyncio
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from google.protobuf.message import Message
from origingate.v1 import case_service_pb2_grpc, screening_service_pb2, screening_service_pb2_grpc

from server.app import started
from server.platforms.transport import Limits, Reply, Transport
from server.settings import Settings
from server.spans import TRACER, span
from server.starting import CannotStart
from server.telemetry.telemetry import Telemetry
from server.telemetry.tracing import PATIENCE, TO_END, Tracing
from tests.system.processes import EXAMPLES, order

from .collector import TRACES, Collector, Seen

TRACE_ID, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
SENT, NOT_SENT = f"00-{TRACE_ID}-{CALLER}-01", f"00-{'a' * 32}-{CALLER}-00"


@pytest.fixture
def collector() -> Iterator[Collector]:
    """A collector of traces."""
    running = Collector()
    yield running
    running.close()


async def followed(collector: Collector, folder: Path) -> None:
    """An order, and two calls that are refused, at a server that is followed, from its start to its end."""
    settings = Settings(
        listen="127.0.0.1:0", database=f"sqlite:///{folder}/og.db", sites=EXAMPLES / "sites.yaml",
        embedded_sandbox=True, traces=collector.url + TRACES, metrics="127.0.0.1:0",
    )  # fmt: skip
    nothing = screening_service_pb2.CheckScopeRequest()
    async with started(settings) as addresses, grpc.aio.insecure_channel(addresses.grpc) as channel:
        cases = case_service_pb2_grpc.CaseServiceStub(channel)
        answer = await cases.ProcessOrder(order(), timeout=20, metadata=metadata(SENT))
        assert "ELIGIBLE" == answer.prereview.outcome
        screening = screening_service_pb2_grpc.ScreeningServiceStub(channel)
        for trace in (SENT, NOT_SENT):
            with pytest.raises(grpc.aio.AioRpcError):
                await screening.CheckScope(nothing, timeout=20, metadata=metadata(trace))


def metadata(trace: str) -> tuple[tuple[str, str], ...]:
    return ("traceparent", trace), ("x-request-id", "r-1")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Collector:
    """A collector that was sent all that was to be sent of a few calls."""
    running = Collector()
    asyncio.run(followed(running, tmp_path_factory.mktemp("followed")))
    running.close()
    return running


def test_an_order(collected: Collector) -> None:
    """A call is a span of its caller's trace; below it stand its decisions, its commits, and the call to the platform."""
    ours = [one for one in collected.spans if one.trace_id == TRACE_ID]
    [call] = named(ours, "origingate.v1.CaseService/ProcessOrder")
    assert (CALLER, False) == (call.parent, call.failed)
    assert {
        "rpc.system.name": "grpc",
        "rpc.method": "origingate.v1.CaseService/ProcessOrder",
        "rpc.response.status_code": "OK",
        "origingate.request_id": "r-1",
        "origingate.tenant": "dev",
    } == call.attributes
    [submit] = named(ours, "platform submit")
    told = {"platform": "sandbox", "operation": "submit", "outcome": "ISSUED"}
    assert (call.span_id, {f"origingate.{key}": value for key, value in told.items()}) == (
        submit.parent,
        submit.attributes,
    )
    decided = named(ours, "decide")
    assert {"prereview": "ELIGIBLE"}.items() <= {
        one.attributes["origingate.question"]: one.attributes["origingate.outcome"] for one in decided
    }.items()
    assert {call.span_id} == {one.parent for one in [*decided, *named(ours, "commit")]}
    [refused] = named(ours, "origingate.v1.ScreeningService/CheckScope")
    assert ("INVALID_ARGUMENT", False) == (refused.attributes["rpc.response.status_code"], refused.failed)
    assert {"origin-gate 0.1.0"} == collected.services


def named(spans: list[Seen], name: str) -> list[Seen]:
    """The spans of that name; there are some."""
    found = [one for one in spans if one.name == name]
    assert found, f"no span is named {name}"
    return found


def test_nothing_personal(collected: Collector) -> None:
    """What is sent to a collector says nothing of what stands in an order."""
    said = list(words(order().declaration))
    assert len(said) > 10
    assert [] == [value for value in said if value.encode() in collected.body]


def words(message: Message) -> Iterator[str]:
    """Every text below a message that is long enough to be told from others."""
    for field, value in message.ListFields():
        for one in value if field.is_repeated else [value]:
            if isinstance(one, Message):
                yield from words(one)
            elif isinstance(one, str) and len(one) > 3:
                yield one


def test_not_sampled(collected: Collector) -> None:
    """Where its caller decided that a trace is not kept, nothing of it is sent."""
    assert [] == [one for one in collected.spans if one.trace_id == "a" * 32]


async def test_to_the_platform(collector: Collector) -> None:
    """Who is asked on the way is told the trace and the span in which he is asked, and nobody else is told anything."""
    tracing = Tracing(collector.url + TRACES, 1.0)
    token = TRACER.set(tracing.span)
    transport = await Transport.open()
    limits = Limits(connect=5, total=5)
    with span("platform submit", outgoing=True, platform="harbour"):
        assert isinstance(await transport.exchange("POST", collector.url + "/p", b"{}", limits), Reply)
    await transport.exchange("POST", collector.url + "/p", b"{}", limits)
    with pytest.raises(ValueError, match="secret"), span("decide"):
        raise ValueError("secret")
    await transport.close()
    TRACER.reset(token)
    tracing.end()
    submit, decided = collector.spans
    told, untold = collector.asked
    assert f"00-{submit.trace_id}-{submit.span_id}" == told["traceparent"].rpartition("-")[0]
    assert "traceparent" not in untold
    assert (True, {"error.type": "ValueError"}) == (decided.failed, decided.attributes)
    assert b"secret" not in collector.body


def test_collector_away() -> None:
    """A collector that takes connections and answers nothing keeps no server from its end, and no span from being made."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        tracing = Tracing(f"http://127.0.0.1:{silent.getsockname()[1]}{TRACES}", 1.0)
        with tracing.span("decide", outgoing=False, attributes={}):
            pass
        began = time.monotonic()
        tracing.end()
        assert TO_END <= time.monotonic() - began < PATIENCE


async def test_off(collector: Collector) -> None:
    """Without a collector there are no spans, and no system that is asked is told of any."""
    transport = await Transport.open()
    with span("platform submit", outgoing=True) as said:
        said.say(outcome="ISSUED")
        await transport.exchange("POST", collector.url + "/p", b"{}", Limits(connect=5, total=5))
    await transport.close()
    [asked] = collector.asked
    assert "traceparent" not in asked


def test_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra a server that is to send traces does not start, and says what to install."""
    monkeypatch.delitem(sys.modules, "server.telemetry.tracing", raising=False)
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(CannotStart, match=r"Install origin-gate\[otel\], or leave out --traces") as refused:
        Telemetry.of(Settings(traces="http://127.0.0.1:4318/v1/traces"))
    assert 2 == refused.value.exit_code


@pytest.mark.parametrize("url", ["127.0.0.1:4318", "ftp://127.0.0.1/v1/traces", "http://"])
def test_no_address(url: str) -> None:
    """What is no address of a collector is refused, with an example."""
    with pytest.raises(ValueError, match=r"write it like http://127.0.0.1:4318/v1/traces"):
        Settings(traces=url)
