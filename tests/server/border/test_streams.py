"""Streaming calls pass the border like all others."""

import asyncio
from functools import partial
from typing import NoReturn

import grpc
import pytest
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection_pb2
from structlog.testing import capture_logs

from server import interceptors
from server.auth import Metadata, Principal, Proven, Role
from server.errors import Unauthenticated
from server.still_known import still_known

from .serving import GOOD, Client, Strangers, asking, order_pb2, refused, serving


async def test_health_watch():
    """A watch, which writes its answers by itself, passes the border too, and ends with its caller."""
    async with serving(Strangers()) as client:
        watch = client.channel.unary_stream("/grpc.health.v1.Health/Watch")(b"")
        first = health_pb2.HealthCheckResponse.FromString(await watch.read())
        watch.cancel()
        assert health_pb2.HealthCheckResponse.SERVING == first.status


async def test_reflection_needs_no_identity():
    """The contract can be read from the server by anybody."""
    async with serving(Strangers()) as client:
        method = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
        call = client.channel.stream_stream(method)()
        await call.write(reflection_pb2.ServerReflectionRequest(list_services="").SerializeToString())
        answer = reflection_pb2.ServerReflectionResponse.FromString(await call.read())
        await call.done_writing()
        services = {service.name for service in answer.list_services_response.service}
        assert "origingate.v1.ScreeningService" in services


@pytest.mark.parametrize("method", ["OneToMany", "Written"])
async def test_many_answers(client: Client, method: str):
    """A method with many answers passes the border, whether it yields them or writes them."""
    call = client.channel.unary_stream(f"/test.Streams/{method}")(GOOD.SerializeToString())
    assert 2 == len([answer async for answer in call])


async def test_many_questions(client: Client):
    """A method that reads a stream passes the border."""
    call = client.channel.stream_unary("/test.Streams/ManyToOne")(iter([GOOD.SerializeToString()] * 2))
    assert GOOD.SerializeToString() == await call


async def test_conversation(client: Client):
    """A method that reads and answers a stream passes the border, one message after the other."""
    call = client.channel.stream_stream("/test.Streams/ManyToMany")()
    for _ in range(2):
        await call.write(GOOD.SerializeToString())
        assert GOOD.SerializeToString() == await call.read()
    await call.done_writing()


async def test_stray_exception_in_a_stream(client: Client):
    """A stream that fails in the middle ends like any other call."""

    def before() -> NoReturn:
        raise ValueError("secret")

    client.service.before = before
    call = client.channel.unary_stream("/test.Streams/OneToMany")(GOOD.SerializeToString())
    with capture_logs(), pytest.raises(grpc.aio.AioRpcError) as caught:
        async for _ in call:
            pass
    refusal = refused(caught.value)
    assert (grpc.StatusCode.INTERNAL, "INTERNAL") == (refusal.code, refusal.reason)
    assert "secret" not in refusal.seen


async def test_unreadable_bytes_in_a_stream(client: Client):
    """Bytes in the middle of a stream that are no message are the caller's mistake."""
    call = client.channel.stream_stream("/test.Streams/ManyToMany")()
    await call.write(GOOD.SerializeToString())
    await call.read()
    await call.write(b"\xff\xff\xff")
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call.read()
    assert "REQUEST_INVALID" == refused(caught.value).reason


async def test_end():
    """When the server ends, a watch of health ends, and says so."""
    async with serving() as client:
        watch = client.channel.unary_stream("/grpc.health.v1.Health/Watch")(b"")
        await watch.read()
        await client.border.end(told_within=0)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await watch.read()
        assert "SHUTTING_DOWN" == refused(caught.value).reason


class Forgetful:
    """Knows everybody for a while."""

    def __init__(self) -> None:
        self.knows = True

    async def authenticate(self, peer: str, metadata: Metadata, proven: Proven) -> Principal:
        """Refuses everybody from a moment on."""
        if not self.knows:
            raise Unauthenticated("the key was revoked", "Send another one.")
        return Principal("acme", "orders", frozenset({Role.ORDER_SYSTEM}))


async def test_forgotten_in_the_middle_of_an_answer(monkeypatch: pytest.MonkeyPatch):
    """A caller that is not known any more is told so also where an answer was under way, for it does not read just then."""
    monkeypatch.setattr(interceptors, "still_known", partial(still_known, every=0.1))
    authenticator = Forgetful()
    long = asking(order_pb2.Order(destination="US", order_id="x" * 60_000)).SerializeToString()
    async with serving(authenticator) as client, asyncio.timeout(20):
        call = client.channel.unary_stream("/test.Streams/Gushing")(long)
        answers = aiter(call)
        await anext(answers)
        before = 0
        while before < client.service.yielded:
            before = client.service.yielded
            await asyncio.sleep(0.3)
        authenticator.knows = False
        await asyncio.sleep(0.5)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            [_ async for _ in answers]
        assert "UNAUTHENTICATED" == refused(caught.value).reason
