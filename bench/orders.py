"""The example orders, as messages and as facts."""

from pathlib import Path

from google.protobuf import json_format
from origingate.v1 import case_service_pb2, screening_service_pb2

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


def example(name: str) -> case_service_pb2.ProcessOrderRequest:
    """The request of examples/orders/NAME.json."""
    text = (EXAMPLES / "orders" / f"{name}.json").read_text("utf-8")
    return json_format.Parse(text, case_service_pb2.ProcessOrderRequest())


def scope_request() -> screening_service_pb2.CheckScopeRequest:
    """The eligible example's site and order as a screening."""
    order = example("01-eligible")
    return screening_service_pb2.CheckScopeRequest(site=order.site, order=order.order)
