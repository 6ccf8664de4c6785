"""What calls, platforms and the store tell, counted; calls over a real server."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import grpc
import pytest

from engine.certificate import CertificateStatus
from engine.platform import NotSent, Told
from server import errors
from server.platforms.guarded import Asked as Operation
from server.platforms.guarded import Spared
from server.telemetry.codes import code_of
from server.telemetry.counting import Asked, Calls
from server.telemetry.metrics import Metrics
from tests.server.border.serving import GOOD, MANY_OF_EACH, SERVICE, Bounds, Client, serving

from .test_together import values

COUNT = "origingate_call_duration_seconds_count"


@pytest.fixture
def metrics() -> Metrics:
    """What is counted."""
    return Metrics()


@pytest.fixture
def calls(metrics: Metrics) -> Calls:
    """What counts calls."""
    return Calls(metrics)


@pytest.fixture
async def client(calls: Calls) -> AsyncIterator[Client]:
    """A client of a server whose calls are counted."""
    async with serving(around=calls.one) as client:
        yield client


async def counts(metrics: Metrics, expected: int) -> dict[str, float]:
    """The calls by method and code, once so many have ended: a client has its answer a little before that."""
    for _ in range(100):
        found = values(metrics.collect(), COUNT)
        if sum(found.values()) >= expected:
            break
        await asyncio.sleep(0.01)
    return found


async def test_answered(client: Client, metrics: Metrics) -> None:
    """A call that is answered is OK."""
    await client.ask(GOOD)
    await client.ask(GOOD)
    assert {f"method={SERVICE}/CheckScope,code=OK": 2.0} == await counts(metrics, 2)


async def test_refused(client: Client, metrics: Metrics) -> None:
    """A call that is refused has the status that its caller got, also where the fault is ours."""
    await client.refusal(b"")
    client.service.before = lambda: 1 / 0
    await client.refusal(GOOD)
    expected = {f"method={SERVICE}/CheckScope,code={code}": 1.0 for code in ("INVALID_ARGUMENT", "INTERNAL")}
    assert expected == await counts(metrics, 2)


async def test_reasons() -> None:
    """Whoever counts hears why a call was refused, and which bound it exceeded where it did."""
    heard: list[tuple[str, str]] = []
    bounds = Bounds(tenant=replace(MANY_OF_EACH, rate=0.001, burst=1))
    async with serving(bounds=bounds, refused=lambda *why: heard.append(why)) as client:
        await client.refusal(b"")
        await client.refusal(GOOD)
    assert [("REQUEST_INVALID", ""), ("LIMIT_EXCEEDED", "TENANT_RATE")] == heard


async def test_no_such_method(client: Client, metrics: Metrics) -> None:
    """Names that callers make up become no series."""
    for name in ("One", "Two"):
        await client.refusal(GOOD, f"/made.up.Service/{name}")
    assert {"method=,code=UNIMPLEMENTED": 2.0} == await counts(metrics, 2)


async def test_given_up(client: Client, metrics: Metrics, calls: Calls) -> None:
    """A call that its caller broke off is CANCELLED. Until then it is in flight."""
    endless = client.channel.unary_unary("/test.Streams/Endless")
    call = endless(GOOD.SerializeToString())
    await client.service.began.wait()
    assert 1 == calls.in_flight
    call.cancel()
    assert {"method=/test.Streams/Endless,code=CANCELLED": 1.0} == await counts(metrics, 1)
    assert 0 == calls.in_flight


@pytest.mark.parametrize(
    ("left", "code"), [(0.0, "DEADLINE_EXCEEDED"), (0.5, "CANCELLED"), (None, "CANCELLED")]
)
def test_out_of_time(left: float | None, code: str) -> None:
    """A call that gRPC broke off when its deadline had passed is told apart from one whose caller went away."""

    class Context:
        def time_remaining(self) -> float | None:
            return left

    assert code == code_of(asyncio.CancelledError(), Context())


async def test_stream(client: Client, metrics: Metrics) -> None:
    """A stream is one call, and ends with its last answer or its error."""
    stream = client.channel.unary_stream("/test.Streams/OneToMany")
    assert 2 == len([answer async for answer in stream(GOOD.SerializeToString())])

    def fails() -> None:
        raise errors.CaseNotFound("cases/1")

    client.service.before = fails
    with pytest.raises(grpc.aio.AioRpcError):
        [answer async for answer in stream(GOOD.SerializeToString())]
    expected = {f"method=/test.Streams/OneToMany,code={code}": 1.0 for code in ("OK", "NOT_FOUND")}
    assert expected == await counts(metrics, 2)


def test_platforms(metrics: Metrics) -> None:
    """Answers of platforms are counted by what they say, and apart from them the calls that were not made."""
    asked = Asked(metrics)
    in_force = Told(CertificateStatus.ACTIVE, datetime.now(UTC))
    for answer in (in_force, NotSent("no"), asyncio.CancelledError(), ValueError("x"), Spared.BREAKER):
        asked("harbour", Operation.STATUS, answer, 0.2)
    found = metrics.collect()
    outcomes = ("ACTIVE", "NOT_SENT", "CANCELLED", "FAILED")
    assert {f"platform=harbour,operation=status,outcome={word}": 1.0 for word in outcomes} == values(
        found, "origingate_platform_call_duration_seconds_count"
    )
    assert {"platform=harbour,operation=status,because=breaker": 1.0} == values(
        found, "origingate_platform_not_asked_total"
    )
