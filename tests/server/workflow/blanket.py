"""Orders of a blanket certificate: the one that it is issued for, and those that are to stand under it."""

import json
from decimal import Decimal

from origingate.v1 import case_service_pb2

from server.store import events
from server.workflow.answering import Answer
from tests.server.workflow.faulty import Faulty
from tests.server.workflow.house import TENANT, Clock, House, order

Request = case_service_pb2.ProcessOrderRequest


def blanket(request_id: str = "blanket-1", quantity: str = "100", drawn: str = "10") -> Request:
    """An order that gets a blanket certificate for so many tons of its first good, and draws some of them itself."""

    def change(request: Request) -> None:
        declaration = request.declaration
        declaration.certified_on.year, declaration.certified_on.month, declaration.certified_on.day = (
            2026,
            1,
            1,
        )
        good = declaration.goods.items[0]
        good.quantity.value, good.unit = quantity, "t"
        request.order.lines.items[0].quantity.value = drawn

    return order(request_id, "09-blanket-two-readings", change)


def under(e_cert_id: str, number: int = 1, quantity: str = "8", request_id: str = "") -> Request:
    """Another order of one line of that good, to stand under a certificate."""

    def change(request: Request) -> None:
        request.order.order_id = f"UNDER-{number}"
        request.ClearField("declaration")
        del request.order.lines.items[1]
        request.order.lines.items[0].quantity.value = quantity
        request.use.e_cert_id = e_cert_id

    return order(request_id or f"under-{number:04}", change=change)


def recognised(clock: Clock) -> Faulty:
    """A platform in memory that counts as recognised."""
    platform = Faulty(clock())
    platform.name = "crossnet"
    return platform


async def issued(house: House, quantity: str = "100", drawn: str = "10") -> str:
    """The e-Cert ID of a blanket certificate."""
    answer = await house.process(blanket(quantity=quantity, drawn=drawn))
    assert answer.e_cert_id is not None
    return answer.e_cert_id


async def left(house: House, e_cert_id: str) -> Decimal | None:
    """What is left of its first good."""
    return (await house.ledgers.of(TENANT, e_cert_id, "")).goods[0].left


def because(answer: Answer) -> list[str]:
    """What the findings of the pre-review say."""
    return [finding["because"] for finding in json.loads(answer.decisions["prereview"])["findings"]]


async def told(house: House, name: str) -> list[str]:
    """The events of a case."""
    page = await house.store.read(lambda c: events.read(c, TENANT, [name], 0, 100))
    return [json.loads(one.event)["event"] for one in page.events]
