"""Bad input: each kind gets its status, and the server serves on."""

import random

import grpc
import pytest
from google.protobuf.message import Message
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money
from origingate.v1 import order_pb2, screening_service_pb2, site_pb2

from .serving import SERVICE, Client, asking


def with_line(**line: object) -> screening_service_pb2.CheckScopeRequest:
    """A CheckScope request for an order of one line."""
    return asking(order_pb2.Order(lines=order_pb2.OrderLines(items=[order_pb2.OrderLine(**line)])))


UNKNOWN_ENUM = screening_service_pb2.CheckScopeRequest.FromString(b"\x0a\x02\x18\x63\x12\x04\x1a\x02US")


@pytest.mark.parametrize(
    ("field", "reason", "request_"),
    [
        ("site.kind", "ENUM_DEFINED_ONLY", UNKNOWN_ENUM),
        (
            "order.originating_value",
            "MONEY_NEGATIVE",
            asking(order_pb2.Order(originating_value=Money(currency_code="USD", units=-1))),
        ),
        ("order.lines.items[0].hs", "STRING_PATTERN", with_line(line_id="1", hs="72AB")),
        (
            "order.import_date",
            "DATE_EXISTS",
            asking(order_pb2.Order(import_date=Date(year=2026, month=2, day=30))),
        ),
        ("order", "ORDER_EMPTY", asking(order_pb2.Order())),
        ("order", "REQUIRED", screening_service_pb2.CheckScopeRequest(site=site_pb2.Site())),
        ("order.destination", "COUNTRY_EXISTS", asking(order_pb2.Order(destination="XX"))),
    ],
    ids=[
        "unknown enum",
        "negative money",
        "letters in HS",
        "30 February",
        "empty order",
        "no order",
        "no country",
    ],
)
async def test_field(client: Client, field: str, reason: str, request_: Message):
    """A field with a bad value is INVALID_ARGUMENT with that field, and the server serves on."""
    refusal = await client.refusal(request_)
    assert (grpc.StatusCode.INVALID_ARGUMENT, "REQUEST_INVALID", [(field, reason)]) == (
        refusal.code,
        refusal.reason,
        refusal.violations,
    )
    assert await client.serves()


@pytest.mark.parametrize(
    "body",
    [b"\x12\x04\x1a\x02\xff\xfe", b"\x12\x40\x1a\x02US", b"\xff" * 20, b"\x0b" * 500],
    ids=["broken UTF-8", "cut off", "no message", "groups without end"],
)
async def test_unreadable_bytes(client: Client, body: bytes):
    """Bytes that are no message are the caller's mistake, told like one."""
    refusal = await client.refusal(body)
    assert (grpc.StatusCode.INVALID_ARGUMENT, "REQUEST_INVALID", [("", "MESSAGE_READABLE")]) == (
        refusal.code,
        refusal.reason,
        refusal.violations,
    )
    assert await client.serves()


async def test_too_large(client: Client):
    """10 MB of order are RESOURCE_EXHAUSTED; gRPC says so itself, before the server sees any of it."""
    refusal = await client.refusal(with_line(line_id="1", description="x" * 10_000_000))
    assert (grpc.StatusCode.RESOURCE_EXHAUSTED, "") == (refusal.code, refusal.reason)
    assert await client.serves()


async def test_large_and_bad(client: Client):
    """A message as large as may be, full of faults, is answered and its status arrives whole."""
    order = order_pb2.Order()
    for _ in range(500):
        order.lines.items.add(hs="x", description="y" * 3000, unit="z" * 30)
    refusal = await client.refusal(asking(order))
    assert (grpc.StatusCode.INVALID_ARGUMENT, "REQUEST_INVALID") == (refusal.code, refusal.reason)
    assert 1 < len(refusal.violations) < 100
    assert await client.serves()


async def test_batch(client: Client):
    """A bad item of a batch has the error that it would have had alone; its neighbours are answered."""
    bad = asking(order_pb2.Order(import_date=Date(year=2026, month=2, day=30)))
    batch = screening_service_pb2.BatchCheckScopeRequest(
        items=[asking(order_pb2.Order(destination="US")), bad]
    )
    body = await client.ask(batch, f"{SERVICE}/BatchCheckScope", metadata=(("x-request-id", "r-1"),))
    answer = screening_service_pb2.BatchCheckScopeResponse.FromString(body)
    alone = await client.refusal(bad, metadata=(("x-request-id", "r-1"),))
    assert ("US", alone.status) == (answer.items[0].scope.outcome, answer.items[1].error)


async def test_random_bytes(client: Client):
    """Whatever bytes come, the answer is a decision or INVALID_ARGUMENT with our reason."""
    dice = random.Random(20260701)
    whole = asking(order_pb2.Order(order_id="A-1", destination="US")).SerializeToString()
    for _ in range(300):
        body = bytearray(whole if dice.random() < 0.7 else dice.randbytes(dice.randrange(60)))
        for _ in range(dice.randrange(1, 4)):
            if body:
                body[dice.randrange(len(body))] = dice.randrange(256)
        assert await client.outcome(bytes(body)) in {"OK", "REQUEST_INVALID"}
    assert await client.serves()
