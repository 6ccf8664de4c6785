"""Which calls the client repeats, against a server that can be reached at the third try."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from origingate.client import AsyncClient, CallFailed, Client, Settings
from origingate.v1 import case_service_pb2


class Flaky(grpc.GenericRpcHandler):
    """A server of every method that is out of reach twice; it counts what came, by method."""

    def __init__(self) -> None:
        self.came: Counter[str] = Counter()
        self.request_ids: list[str] = []

    def service(self, handler_call_details: Any) -> Any:
        """The method, whichever it is."""
        method = handler_call_details.method.rpartition("/")[2]

        def answer(body: bytes, context: grpc.ServicerContext) -> bytes:
            self.came[method] += 1
            if method == "ProcessOrder":
                self.request_ids.append(case_service_pb2.ProcessOrderRequest.FromString(body).request_id)
            if self.came[method] < 3:
                context.abort(grpc.StatusCode.UNAVAILABLE, "away")
            return b""

        return grpc.unary_unary_rpc_method_handler(answer)


@pytest.fixture
def flaky() -> Flaky:
    """What the server saw."""
    return Flaky()


@pytest.fixture
def address(flaky: Flaky) -> Iterator[str]:
    """Where the server serves."""
    with ThreadPoolExecutor(2) as pool:
        server = grpc.server(pool, handlers=[flaky])
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        yield f"127.0.0.1:{port}"
        server.stop(None).wait()


def test_repeated(flaky: Flaky, address: str) -> None:
    """A read is repeated, and so is an order, with the request_id that it had at first."""
    with Client(address, Settings(plaintext=True)) as gate:
        gate.cases.GetCase(case_service_pb2.GetCaseRequest())
        gate.process_order(case_service_pb2.ProcessOrderRequest())
    assert {"GetCase": 3, "ProcessOrder": 3} == flaky.came
    assert (1, True) == (len(set(flaky.request_ids)), bool(flaky.request_ids[0]))


async def test_repeated_asynchronously(flaky: Flaky, address: str) -> None:
    """The asynchronous client does the same."""
    async with AsyncClient(address, Settings(plaintext=True)) as gate:
        await gate.process_order(case_service_pb2.ProcessOrderRequest())
    assert ({"ProcessOrder": 3}, 1) == (flaky.came, len(set(flaky.request_ids)))


def test_not_repeated(flaky: Flaky, address: str) -> None:
    """With one attempt nothing is repeated."""
    with (
        Client(address, Settings(plaintext=True, attempts=1)) as gate,
        pytest.raises(CallFailed, match="away"),
    ):
        gate.cases.GetCase(case_service_pb2.GetCaseRequest())
    assert {"GetCase": 1} == flaky.came
