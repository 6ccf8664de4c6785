"""What a server refuses when too much comes, seen by a real client of a real server."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection_pb2
from origingate.v1 import order_pb2, screening_service_pb2

from server.limits.bounds import ServerBounds, TenantBounds

from .serving import GOOD, SERVICE, Bounds, Client, Refused, Strangers, refused, serving

BATCH = f"{SERVICE}/BatchCheckScope"
FULL = grpc.StatusCode.RESOURCE_EXHAUSTED


@asynccontextmanager
async def one_under_way(client: Client, method: str = "Endless") -> AsyncIterator[None]:
    """A call that is being served until the context ends."""
    call = client.channel.unary_unary(f"/test.Streams/{method}")(GOOD.SerializeToString())
    await client.service.began.wait()
    yield
    call.cancel()
    with suppress(asyncio.CancelledError):
        await call
    await asyncio.wait_for(client.service.ended.wait(), 5)


def told(refusal: Refused) -> tuple[grpc.StatusCode, str, str]:
    """Code, reason and bound."""
    info = refusal.detail(error_details_pb2.ErrorInfo)
    return refusal.code, info.reason, info.metadata.get("bound", "")


def pause(refusal: Refused) -> float:
    """The seconds that RetryInfo says; 0 where there is none."""
    seconds: float = refusal.detail(error_details_pb2.RetryInfo).retry_delay.ToMilliseconds() / 1000
    return seconds


def batch(count: int) -> screening_service_pb2.BatchCheckScopeRequest:
    """A batch of good orders."""
    return screening_service_pb2.BatchCheckScopeRequest(items=[GOOD] * count)


async def test_calls_at_once():
    """A server that serves as many calls as it may refuses another, says what is full and when to come, and goes on."""
    async with serving(bounds=Bounds(ServerBounds(1, 1, 100))) as client:
        async with one_under_way(client):
            refusal = await client.refusal(GOOD)
            assert (FULL, "LIMIT_EXCEEDED", "CALLS_AT_ONCE") == told(refusal)
            [violation] = refusal.detail(error_details_pb2.QuotaFailure).violations
            assert ("calls that this server serves at once", "at most 1", 1.0) == (
                violation.subject, violation.description, pause(refusal),
            )  # fmt: skip
        assert await client.serves()


async def test_others_are_served():
    """Health, reflection and people are served while order systems take all places that they have."""
    async with serving(bounds=Bounds(ServerBounds(1, 1, 100))) as client, one_under_way(client):
        assert b"" != await client.ask(b"", "/grpc.health.v1.Health/Check")
        watch = client.channel.unary_stream("/grpc.health.v1.Health/Watch")(b"")
        health = health_pb2.HealthCheckResponse.FromString(await watch.read())
        assert health_pb2.HealthCheckResponse.SERVING == health.status
        reflecting = client.channel.stream_stream(
            "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
        )()
        await reflecting.write(reflection_pb2.ServerReflectionRequest(list_services="").SerializeToString())
        assert b"" != await reflecting.read()
        assert GOOD.SerializeToString() == await client.ask(GOOD, "/test.Streams/Audit")
        watch.cancel()
        reflecting.cancel()


async def test_streams_at_once():
    """Streams are counted apart from calls; one that ended makes room."""
    async with serving(bounds=Bounds(ServerBounds(1, 1, 100))) as client:
        stream = client.channel.stream_stream("/test.Streams/ManyToMany")()
        await stream.write(GOOD.SerializeToString())
        await stream.read()
        assert await client.serves()
        second = client.channel.stream_stream("/test.Streams/ManyToMany")()
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await second.read()
        assert (FULL, "LIMIT_EXCEEDED", "STREAMS_AT_ONCE") == told(refused(caught.value))
        await stream.done_writing()
        assert grpc.StatusCode.OK == await stream.code()
        third = client.channel.stream_stream("/test.Streams/ManyToMany")()
        await third.write(GOOD.SerializeToString())
        assert GOOD.SerializeToString() == await third.read()
        await third.done_writing()


async def test_calls_of_a_tenant():
    """A tenant has as many calls under way as it may, though the server has places left."""
    async with (
        serving(bounds=Bounds(tenant=TenantBounds(1, 1))) as client,
        one_under_way(client),
    ):
        refusal = await client.refusal(GOOD)
        assert (FULL, "LIMIT_EXCEEDED", "TENANT_CALLS_AT_ONCE") == told(refusal)
        assert GOOD.SerializeToString() == await client.ask(GOOD, "/test.Streams/Audit")


async def test_refused_calls_take_no_place():
    """A call that is refused for whatever reason gives its place back."""
    bounds = Bounds(ServerBounds(1, 1, 100), TenantBounds(1, 1))
    async with serving(bounds=bounds) as client:
        for _ in range(3):
            assert "REQUEST_INVALID" == (await client.refusal(b"\xff\xff\xff")).reason
        assert await client.serves()
    async with serving(Strangers(), bounds=bounds) as client:
        for _ in range(3):
            assert "UNAUTHENTICATED" == (await client.refusal(GOOD)).reason


async def test_database_queue():
    """While more waits for the database than may, calls are refused before they add to it; people are served."""
    bounds = Bounds(ServerBounds(100, 100, 10), waiting=10)
    async with serving(bounds=bounds) as client:
        refusal = await client.refusal(GOOD)
        assert ((FULL, "LIMIT_EXCEEDED", "DATABASE_QUEUE"), 1.0) == (told(refusal), pause(refusal))
        assert GOOD.SerializeToString() == await client.ask(GOOD, "/test.Streams/Audit")
        bounds.waiting = 9
        assert await client.serves()


async def test_rate():
    """Calls beyond the tenant's rate are refused, and told when the next one may come."""
    async with serving(bounds=Bounds(tenant=TenantBounds(9, 9, rate=0.05, burst=2))) as client:
        assert await client.serves()
        assert await client.serves()
        refusal = await client.refusal(GOOD)
        assert (FULL, "LIMIT_EXCEEDED", "TENANT_RATE") == told(refusal)
        assert 0 < pause(refusal) <= 20


async def test_rate_of_a_batch():
    """Each item of a batch counts: one that is larger than the bucket is served, and paid for by those that come next."""
    async with serving(bounds=Bounds(tenant=TenantBounds(9, 9, rate=0.1, burst=2))) as client:
        await client.ask(batch(10), BATCH)
        assert 50 < pause(await client.refusal(GOOD)) <= 90


async def test_pace_of_a_stream():
    """A stream that comes faster than the rate is read no faster, and not refused."""
    async with serving(bounds=Bounds(tenant=TenantBounds(9, 9, rate=20, burst=1))) as client:
        stream = client.channel.stream_stream("/test.Streams/ManyToMany")()
        began = time.monotonic()
        for _ in range(4):
            await stream.write(GOOD.SerializeToString())
            assert GOOD.SerializeToString() == await stream.read()
        await stream.done_writing()
        assert time.monotonic() - began > 0.14


async def test_quota():
    """What order systems ask is spent, item by item; what people ask is not. Used up, the day's end is told."""
    bounds = Bounds(tenant=TenantBounds(9, 9, calls_a_day=5))
    async with serving(bounds=bounds) as client:
        await client.ask(batch(3), BATCH)
        await client.ask(GOOD, "/test.Streams/Audit")
        await client.ask(GOOD)
        assert [("dev", 3, 5), ("dev", 1, 5)] == bounds.spent
        refusal = await client.refusal(batch(2), BATCH)
        assert (FULL, "QUOTA_USED_UP", "") == told(refusal)
        assert ("5", 3600.0) == (
            refusal.detail(error_details_pb2.ErrorInfo).metadata["limit"],
            pause(refusal),
        )


async def test_quota_within_a_stream():
    """A stream ends where the quota does."""
    async with serving(bounds=Bounds(tenant=TenantBounds(9, 9, calls_a_day=1))) as client:
        stream = client.channel.stream_stream("/test.Streams/ManyToMany")()
        await stream.write(GOOD.SerializeToString())
        await stream.read()
        await stream.write(GOOD.SerializeToString())
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stream.read()
        assert (FULL, "QUOTA_USED_UP", "") == told(refused(caught.value))


@pytest.mark.parametrize("deadline", [None, 3600])
async def test_longest_call(deadline: float | None):
    """A call that takes as long as a call may is given up, whatever its deadline, and its method with it."""
    async with serving(bounds=Bounds(longest=0.2)) as client:
        call: Any = client.channel.unary_unary("/test.Streams/Endless")(
            GOOD.SerializeToString(), timeout=deadline
        )
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call
        refusal = refused(caught.value)
        assert (grpc.StatusCode.DEADLINE_EXCEEDED, "TOOK_TOO_LONG") == (refusal.code, refusal.reason)
        await asyncio.wait_for(client.service.ended.wait(), 5)


async def test_streams_last():
    """A stream may last longer than a call."""
    async with serving(bounds=Bounds(longest=0.1)) as client:
        stream = client.channel.stream_stream("/test.Streams/ManyToMany")()
        await asyncio.sleep(0.3)
        await stream.write(GOOD.SerializeToString())
        assert GOOD.SerializeToString() == await stream.read()
        await stream.done_writing()


async def test_large_answer():
    """An answer that is larger than it may be is refused in our words."""
    large = screening_service_pb2.CheckScopeRequest(site=GOOD.site, order=order_pb2.Order(destination="US"))
    many = screening_service_pb2.BatchCheckScopeRequest(items=[large] * 100)
    async with serving(bounds=Bounds(largest=500)) as client:
        assert await client.serves()
        assert (FULL, "LIMIT_EXCEEDED", "ANSWER_SIZE") == told(await client.refusal(many, BATCH))
