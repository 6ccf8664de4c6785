"""A real server behind the border, and how to speak to it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1 import health, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from origingate.v1 import (
    decision_pb2,
    order_pb2,
    screening_service_pb2,
    screening_service_pb2_grpc,
    site_pb2,
)

from server import errors
from server.auth import Authenticator, LoopbackAuthenticator, Metadata, Principal, Proven, Role
from server.calls import Call, current_call
from server.errors import OriginGateError
from server.interceptors import Around, Border, Translation, as_it_is, nobody_refused, nothing_around
from server.limits.bounds import ServerBounds, TenantBounds
from server.limits.limiting import Limiting
from server.wire import requests
from server.wire.methods import method_roles, service_names
from server.wire.statuses import to_status

SERVICE = "/origingate.v1.ScreeningService"
LARGEST_MESSAGE = 4 * 1024 * 1024

Behaviour = Callable[[], Any]


def asking(order: order_pb2.Order) -> screening_service_pb2.CheckScopeRequest:
    """A CheckScope request."""
    return screening_service_pb2.CheckScopeRequest(site=site_pb2.Site(), order=order)


MANY = ServerBounds(calls_at_once=100, streams_at_once=100, database_queue=100)
MANY_OF_EACH = TenantBounds(calls_at_once=100, streams_at_once=100)
GOOD = asking(order_pb2.Order(destination="US"))


class Strangers:
    """Knows nobody."""

    async def authenticate(self, peer: str, metadata: Metadata, proven: Proven) -> Principal:
        """Refuses everybody."""
        raise errors.Unauthenticated("no key was given", "Send one.")


class Auditors:
    """Takes the tenant from the metadata, and everybody for an auditor."""

    async def authenticate(self, peer: str, metadata: Metadata, proven: Proven) -> Principal:
        """An auditor of the tenant that the metadata name."""
        return Principal(str(metadata["tenant"]), "eve", frozenset({Role.AUDITOR}))


class Screening(screening_service_pb2_grpc.ScreeningServiceServicer):
    """Answers the destination of each order as the outcome; `before` stands for whatever a method does."""

    def __init__(self) -> None:
        self.before: Behaviour = lambda: None
        self.calls: list[Call] = []
        self.began = asyncio.Event()
        self.ended = asyncio.Event()
        self.yielded = 0

    async def CheckScope(self, request: Any, context: Any) -> Any:
        self.calls.append(current_call())
        await asyncio.sleep(0)
        self.before()
        asked = requests.read(request)
        outcome = str(asked.facts["order"].get("destination"))
        return screening_service_pb2.CheckScopeResponse(scope=decision_pb2.Decision(outcome=outcome))

    async def BatchCheckScope(self, request: Any, context: Any) -> Any:
        requests.read(request)
        response = screening_service_pb2.BatchCheckScopeResponse()
        for item in request.items:
            answer = response.items.add()
            try:
                answer.scope.outcome = str(requests.read(item).facts["order"].get("destination"))
            except OriginGateError as error:
                answer.error.CopyFrom(to_status(error, current_call().request_id))
        return response


def streaming(service: Screening) -> grpc.GenericRpcHandler:
    """The streaming kinds of method, each echoing what it reads, and a method that waits for ever."""
    kind = screening_service_pb2.CheckScopeRequest

    async def one_to_many(request: Any, context: Any) -> AsyncIterator[Any]:
        for _ in range(2):
            yield request
        service.before()

    async def gushing(request: Any, context: Any) -> AsyncIterator[Any]:
        while True:
            service.yielded += 1
            yield request

    async def many_to_one(stream: Any, context: Any) -> Any:
        return [request async for request in stream][-1]

    async def many_to_many(stream: Any, context: Any) -> AsyncIterator[Any]:
        async for request in stream:
            yield request

    async def written(request: Any, context: Any) -> None:
        await context.write(request)
        await context.write(request)

    async def audit(request: Any, context: Any) -> Any:
        return request

    async def endless(request: Any, context: Any) -> None:
        service.began.set()
        try:
            await asyncio.Event().wait()
        finally:
            service.ended.set()

    both = {"request_deserializer": kind.FromString, "response_serializer": kind.SerializeToString}
    return grpc.method_handlers_generic_handler(
        "test.Streams",
        {
            "OneToMany": grpc.unary_stream_rpc_method_handler(one_to_many, **both),
            "Gushing": grpc.unary_stream_rpc_method_handler(gushing, **both),
            "ManyToOne": grpc.stream_unary_rpc_method_handler(many_to_one, **both),
            "ManyToMany": grpc.stream_stream_rpc_method_handler(many_to_many, **both),
            "Written": grpc.unary_stream_rpc_method_handler(written, **both),
            "Endless": grpc.unary_unary_rpc_method_handler(endless, **both),
            "Audit": grpc.unary_unary_rpc_method_handler(audit, **both),
            "NoRole": grpc.unary_unary_rpc_method_handler(many_to_one, **both),
        },
    )


@dataclass(frozen=True, slots=True)
class Refused:
    """How a call failed, as the client sees it."""

    code: grpc.StatusCode
    status: status_pb2.Status
    request_id: str
    seen: str = field(repr=False)

    @property
    def reason(self) -> str:
        """The reason of the ErrorInfo; empty where there is none."""
        return self.detail(error_details_pb2.ErrorInfo).reason

    @property
    def violations(self) -> list[tuple[str, str]]:
        """Field and reason of each violation."""
        violations = self.detail(error_details_pb2.BadRequest).field_violations
        return [(violation.field, violation.reason) for violation in violations]

    def detail(self, kind: type[Any]) -> Any:
        """The detail of that type; an empty one where there is none."""
        message = kind()
        for packed in self.status.details:
            if packed.Is(kind.DESCRIPTOR):
                packed.Unpack(message)
        return message


@dataclass(frozen=True, slots=True)
class Client:
    """Speaks to the server in messages or in bytes."""

    channel: grpc.aio.Channel
    service: Screening
    border: Border

    async def ask(
        self, request: Message | bytes, method: str = f"{SERVICE}/CheckScope", **call: Any
    ) -> bytes:
        """The answer's bytes. Raises AioRpcError."""
        body = request if isinstance(request, bytes) else request.SerializeToString()
        answer: bytes = await self.channel.unary_unary(method)(body, timeout=10, **call)
        return answer

    async def refusal(
        self, request: Message | bytes, method: str = f"{SERVICE}/CheckScope", **call: Any
    ) -> Refused:
        """How a call that must fail failed."""
        try:
            answer = await self.ask(request, method, **call)
        except grpc.aio.AioRpcError as error:
            return refused(error)
        raise AssertionError(f"it was answered: {answer!r}")

    async def outcome(self, request: bytes) -> str:
        """OK, or the reason why not."""
        try:
            await self.ask(request)
        except grpc.aio.AioRpcError as error:
            return refused(error).reason
        return "OK"

    async def serves(self) -> bool:
        """Whether a good order is answered."""
        answer = screening_service_pb2.CheckScopeResponse.FromString(await self.ask(GOOD))
        return answer.scope.outcome == "US"


def refused(error: grpc.aio.AioRpcError) -> Refused:
    """What the client can see of a failed call."""
    metadata = dict(error.trailing_metadata())
    details = metadata.get("grpc-status-details-bin", b"")
    assert isinstance(details, bytes)
    request_id = str(metadata.get("x-request-id", ""))
    return Refused(error.code(), status_pb2.Status.FromString(details), request_id, f"{error} {metadata}")


@dataclass
class Bounds:
    """What the server of a test takes; `spent` has what was counted against daily quotas."""

    server: ServerBounds = MANY
    tenant: TenantBounds = MANY_OF_EACH
    longest: float = 60.0
    largest: int = LARGEST_MESSAGE
    waiting: int = 0
    spent: list[tuple[str, int, int]] = field(default_factory=list)

    async def of(self, tenant: str) -> TenantBounds:
        """Those of every tenant."""
        return self.tenant

    async def spend(self, tenant: str, count: int, a_day: int) -> None:
        """Takes note, and refuses more than a day has."""
        self.spent.append((tenant, count, a_day))
        if sum(spent for _, spent, _ in self.spent) > a_day:
            raise errors.QuotaUsedUp(a_day, 3600)


@asynccontextmanager
async def serving(
    authenticator: Authenticator | None = None,
    translate: Translation = as_it_is,
    around: Around = nothing_around,
    bounds: Bounds | None = None,
    refused: Callable[[str, str], None] = nobody_refused,
) -> AsyncIterator[Client]:
    """A server on a free port of this machine with everything that a real one has, and a client of it."""
    names = ("OneToMany", "Gushing", "ManyToOne", "ManyToMany", "Written", "Endless")
    roles = {f"/test.Streams/{name}": Role.ORDER_SYSTEM for name in names}
    roles["/test.Streams/Audit"] = Role.AUDITOR
    bounds = bounds or Bounds()
    all_roles = {**method_roles(), **roles}
    border = Border(
        authenticator or LoopbackAuthenticator(),
        all_roles,
        iter(f"made-{number}" for number in range(1_000_000)).__next__,
        translate,
        around=around,
        refused=refused,
        limiting=Limiting(all_roles, bounds.server, bounds.of, bounds.spend, lambda: bounds.waiting),
        longest=bounds.longest,
        largest=bounds.largest,
    )
    server = grpc.aio.server(
        interceptors=(border,), options=[("grpc.max_receive_message_length", LARGEST_MESSAGE)]
    )
    service = Screening()
    screening_service_pb2_grpc.add_ScreeningServiceServicer_to_server(service, server)
    server.add_generic_rpc_handlers((streaming(service),))
    health_pb2_grpc.add_HealthServicer_to_server(health.aio.HealthServicer(), server)
    reflection.enable_server_reflection((*service_names(), reflection.SERVICE_NAME), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield Client(channel, service, border)
    await server.stop(None)
