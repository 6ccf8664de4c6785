"""Orders of a blanket certificate: the one that it is issued for, and those that are to stand under it."""

from google.protobuf import json_format
from origingate.v1 import case_service_pb2

from tests.system.processes import PROJECT

Request = case_service_pb2.ProcessOrderRequest
FOLDER = PROJECT / "examples" / "blanket"


def blanket(order_id: str, request_id: str, quantity: str = "100", goods: str = "") -> Request:
    """An order that gets a blanket certificate for so many tons of its first good, and draws 8 of them itself.

    Its content names no order: `goods` tells the goods of one from those of another.
    """
    request = _read("certificate")
    request.request_id, request.order.order_id = request_id, order_id
    good, line = request.declaration.goods.items[0], request.order.lines.items[0]
    good.quantity.value = quantity
    good.description = line.description = _description(goods)
    return request


def under(e_cert_id: str, order_id: str, request_id: str, quantity: str = "8", goods: str = "") -> Request:
    """Another order of that good, to stand under the certificate."""
    request = _read("order")
    request.request_id, request.order.order_id = request_id, order_id
    line = request.order.lines.items[0]
    line.quantity.value, line.description = quantity, _description(goods)
    request.use.e_cert_id = e_cert_id
    return request


def _description(goods: str) -> str:
    return f"Bars and rods of non-alloy steel, hot-rolled, in coils {goods}".strip()


def _read(name: str) -> Request:
    return json_format.Parse((FOLDER / f"{name}.json").read_text("utf-8"), Request())
