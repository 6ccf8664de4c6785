"""What happens around every call, seen by a real client of a real server."""

import asyncio
from typing import NoReturn

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2
from structlog.testing import capture_logs

from server import errors
from server.auth import DEVELOPER

from .serving import GOOD, SERVICE, Auditors, Client, Strangers, serving


async def test_answer(client: Client):
    """A good order is answered."""
    assert await client.serves()


async def test_principal(client: Client):
    """A method sees who calls."""
    await client.ask(GOOD)
    assert DEVELOPER == client.service.calls[0].principal


async def test_method(client: Client):
    """A method sees its own name."""
    await client.ask(GOOD)
    assert f"{SERVICE}/CheckScope" == client.service.calls[0].method


async def test_request_id(client: Client):
    """The caller's request id is the call's, and comes back with the answer."""
    call = client.channel.unary_unary(f"{SERVICE}/CheckScope")(
        GOOD.SerializeToString(), metadata=(("x-request-id", "from-caller-1"),)
    )
    await call
    assert "from-caller-1" == dict(await call.trailing_metadata())["x-request-id"]
    assert "from-caller-1" == client.service.calls[0].request_id


@pytest.mark.parametrize("unusable", ["", " ", "with blank", "x" * 101, "<script>"])
async def test_request_id_unusable(client: Client, unusable: str):
    """An id that cannot stand in logs is replaced by one of ours."""
    await client.ask(GOOD, metadata=(("x-request-id", unusable),))
    assert "made-0" == client.service.calls[0].request_id


async def test_request_id_of_a_failed_call(client: Client):
    """A call that fails tells its request id in the trailing metadata and in the status."""
    refusal = await client.refusal(b"", metadata=(("x-request-id", "r-1"),))
    assert ("r-1", "r-1") == (
        refusal.request_id,
        refusal.detail(error_details_pb2.RequestInfo).request_id,
    )


async def test_deadline(client: Client):
    """A method can see how long its caller waits; gRPC rounds ten seconds up on their way."""
    await client.ask(GOOD)
    left = client.service.calls[0].time_left(asyncio.get_running_loop().time())
    assert left is not None and 5 < left <= 11


async def test_no_deadline(client: Client):
    """A caller that sets no deadline gets the longest time that a call may take here."""
    await client.channel.unary_unary(f"{SERVICE}/CheckScope")(GOOD.SerializeToString())
    left = client.service.calls[0].time_left(asyncio.get_running_loop().time())
    assert left is not None and 50 < left <= 60


async def test_long_deadline(client: Client):
    """So does one that sets a longer deadline."""
    await client.channel.unary_unary(f"{SERVICE}/CheckScope")(GOOD.SerializeToString(), timeout=3600)
    left = client.service.calls[0].time_left(asyncio.get_running_loop().time())
    assert left is not None and 50 < left <= 60


async def test_stranger():
    """A caller that is not known is refused before the method runs."""
    async with serving(Strangers()) as client:
        refusal = await client.refusal(GOOD)
        assert (grpc.StatusCode.UNAUTHENTICATED, "UNAUTHENTICATED") == (refusal.code, refusal.reason)
        assert [] == client.service.calls


async def test_role_missing():
    """A caller without the role that the contract names is refused."""
    async with serving(Auditors()) as client:
        refusal = await client.refusal(GOOD, metadata=(("tenant", "t-1"),))
        assert (grpc.StatusCode.PERMISSION_DENIED, "ROLE_MISSING") == (refusal.code, refusal.reason)
        assert "ORDER_SYSTEM" in refusal.status.message


async def test_method_without_role(client: Client):
    """A method that names no role is open to nobody."""
    refusal = await client.refusal(GOOD, "/test.Streams/NoRole")
    assert (grpc.StatusCode.PERMISSION_DENIED, "ROLE_MISSING") == (refusal.code, refusal.reason)


async def test_health_needs_no_identity():
    """A probe is answered though nobody knows it."""
    async with serving(Strangers()) as client:
        answer = health_pb2.HealthCheckResponse.FromString(
            await client.ask(b"", "/grpc.health.v1.Health/Check")
        )
        assert health_pb2.HealthCheckResponse.SERVING == answer.status


async def test_health_of_an_unknown_service(client: Client):
    """What a method aborts with by itself stays as it is."""
    request = health_pb2.HealthCheckRequest(service="nothing")
    assert grpc.StatusCode.NOT_FOUND == (await client.refusal(request, "/grpc.health.v1.Health/Check")).code


async def test_method_not_built(client: Client):
    """A method of the contract that this server does not have is UNIMPLEMENTED, with the reason."""
    refusal = await client.refusal(b"", f"{SERVICE}/DecidePreReview")
    assert (grpc.StatusCode.UNIMPLEMENTED, "NOT_IMPLEMENTED") == (refusal.code, refusal.reason)


@pytest.mark.parametrize("method", ["/origingate.v1.CaseService/GetCase", "/no.Such/Method"])
async def test_service_not_there(client: Client, method: str):
    """So is a service that is not there."""
    refusal = await client.refusal(b"", method)
    assert (grpc.StatusCode.UNIMPLEMENTED, "NOT_IMPLEMENTED") == (refusal.code, refusal.reason)


async def test_own_error(client: Client):
    """An error in our words is told as it is."""

    def before() -> NoReturn:
        raise errors.CaseNotFound("cases/1")

    client.service.before = before
    refusal = await client.refusal(GOOD)
    assert (grpc.StatusCode.NOT_FOUND, "CASE_NOT_FOUND", str(errors.CaseNotFound("cases/1"))) == (
        refusal.code,
        refusal.reason,
        refusal.status.message,
    )


@pytest.mark.parametrize(
    "kind", [ValueError, KeyError, RuntimeError, AssertionError, NotImplementedError, OSError]
)
async def test_stray_exception(client: Client, kind: type[Exception]):
    """No text of a stray exception reaches a client or the log, which has its place and request id."""

    def before() -> NoReturn:
        raise kind("secret of Juan Perez")

    client.service.before = before
    with capture_logs() as logs:
        refusal = await client.refusal(GOOD, metadata=(("x-request-id", "r-1"),))
    assert (grpc.StatusCode.INTERNAL, "INTERNAL") == (refusal.code, refusal.reason)
    assert "secret" not in refusal.seen and kind.__name__ not in refusal.seen
    assert ["r-1"] == [log["request_id"] for log in logs]
    assert "secret" not in str(logs) and f"builtins.{kind.__name__}" in logs[0]["trace"]
    client.service.before = lambda: None
    assert await client.serves()


async def test_other_parts_errors():
    """The errors of other parts are told in our words where the server knows how."""

    def translate(error: Exception) -> Exception:
        return errors.StoreUnavailable() if isinstance(error, ConnectionError) else error

    def before() -> NoReturn:
        raise ConnectionError("postgresql://user:secret@host")

    async with serving(translate=translate) as client:
        client.service.before = before
        refusal = await client.refusal(GOOD)
        assert (grpc.StatusCode.UNAVAILABLE, "STORE_UNAVAILABLE") == (refusal.code, refusal.reason)
        assert "secret" not in refusal.seen


async def test_language(client: Client):
    """A call that likes Spanish best is refused in Spanish too, with nothing of the request in that text."""

    def before() -> NoReturn:
        raise errors.CaseNotFound("cases/1")

    client.service.before = before
    refusal = await client.refusal(GOOD, metadata=(("accept-language", "es-MX, en;q=0.5"),))
    told = refusal.detail(error_details_pb2.LocalizedMessage)
    assert ("es", "No existe ese expediente. Compruebe su nombre.") == (told.locale, told.message)


async def test_client_goes_away(client: Client):
    """A caller that leaves ends its method and is no fault: nothing is logged, and the server serves on."""
    with capture_logs() as logs:
        call = client.channel.unary_unary("/test.Streams/Endless")(GOOD.SerializeToString())
        await client.service.began.wait()
        call.cancel()
        await asyncio.wait_for(client.service.ended.wait(), timeout=5)
    assert [] == logs
    assert await client.serves()


async def test_leaked_cancellation(client: Client):
    """A cancellation that is not the call's own is a fault of ours; the caller is answered, not left waiting."""

    def before() -> NoReturn:
        raise asyncio.CancelledError

    client.service.before = before
    with capture_logs() as logs:
        refusal = await client.refusal(GOOD)
    assert (grpc.StatusCode.INTERNAL, 1) == (refusal.code, len(logs))
