"""What every call of the synchronous client has, over a channel of grpcio-testing, which answers as the test says."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import grpc_testing
import pytest
from google.protobuf import any_pb2
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status
from origingate.client import CallFailed, Client, Settings, Violation
from origingate.v1 import case_pb2, case_service_pb2

SERVICE = case_service_pb2.DESCRIPTOR.services_by_name["CaseService"]
CASE = "cases/" + "0" * 32
OK = grpc.StatusCode.OK


class Line:
    """A client, and the server's side of its channel."""

    def __init__(self, pool: ThreadPoolExecutor, settings: Settings) -> None:
        self._pool = pool
        self.channel = grpc_testing.channel([SERVICE], grpc_testing.strict_real_time())
        self.client = Client.over(self.channel, settings)

    def asks(self, method: Any, *words: Any, **more: Any) -> Any:
        """The caller waits on a thread of its own."""
        return self._pool.submit(method, *words, **more)

    def taken(self, name: str) -> Any:
        """What came, and the call to answer."""
        metadata, request, rpc = self.channel.take_unary_unary(SERVICE.methods_by_name[name])
        rpc.send_initial_metadata(())
        return dict(metadata), request, rpc


@pytest.fixture
def line() -> Iterator[Line]:
    """A line with a key."""
    with ThreadPoolExecutor(1) as pool:
        yield Line(pool, Settings(api_key="og_key"))


def failing(line: Line, code: grpc.StatusCode, message: str, *details: Message) -> CallFailed:
    """What is raised where the server answers so."""
    packed = []
    for detail in details:
        packed.append(any_pb2.Any())
        packed[-1].Pack(detail)
    status = rpc_status.to_status(status_pb2.Status(code=code.value[0], message=message, details=packed))
    asked = line.asks(line.client.cases.GetCase, case_service_pb2.GetCaseRequest(name=CASE))
    line.taken("GetCase")[2].terminate(None, status.trailing_metadata, code, message)
    error = asked.exception(timeout=60)
    assert isinstance(error, CallFailed)
    return error


def test_answer(line: Line) -> None:
    """A call shows the key, and returns the answer."""
    asked = line.asks(
        line.client.cases.GetCase, case_service_pb2.GetCaseRequest(name=CASE), metadata=(("x", "y"),)
    )
    metadata, request, rpc = line.taken("GetCase")
    rpc.terminate(case_service_pb2.GetCaseResponse(case=case_pb2.Case(name=CASE)), (), OK, "")
    assert (CASE, CASE) == (request.name, asked.result(timeout=60).case.name)
    assert ("y", "Bearer og_key") == (metadata["x"], metadata["authorization"])


def test_with_call(line: Line) -> None:
    """The call that brought the answer is there for who wants its trailing metadata; its errors are the same."""
    asked = line.asks(line.client.cases.GetCase.with_call, case_service_pb2.GetCaseRequest(name=CASE))
    line.taken("GetCase")[2].terminate(case_service_pb2.GetCaseResponse(), (("k", "v"),), OK, "")
    _, call = asked.result(timeout=60)
    assert ("k", "v") in tuple(call.trailing_metadata())
    asked = line.asks(line.client.cases.GetCase.with_call, case_service_pb2.GetCaseRequest(name=CASE))
    line.taken("GetCase")[2].terminate(None, (), grpc.StatusCode.NOT_FOUND, "There is none.")
    assert "NOT_FOUND: There is none." == str(asked.exception(timeout=60))


def test_failure(line: Line) -> None:
    """A failed call has all that the server said: reason, fields, when to come back, and where it stands in the logs."""
    wait = error_details_pb2.RetryInfo()
    wait.retry_delay.FromMilliseconds(1500)
    bad = error_details_pb2.BadRequest()
    bad.field_violations.add(field="order.lines[0].hs", reason="STRING_PATTERN", description="write digits")
    conflict = case_service_pb2.DeclarationConflict(case_name=CASE)
    error = failing(
        line, grpc.StatusCode.INVALID_ARGUMENT, "It breaks rules of form.",
        error_details_pb2.ErrorInfo(reason="REQUEST_INVALID", domain="origingate.dev", metadata={"site_id": "a"}),
        wait, bad, error_details_pb2.RequestInfo(request_id="call-7"), conflict,
    )  # fmt: skip
    assert "REQUEST_INVALID: It breaks rules of form." == str(error)
    assert (grpc.StatusCode.INVALID_ARGUMENT, "REQUEST_INVALID", {"site_id": "a"}, 1.5, "call-7") == (
        error.code, error.reason, error.metadata, error.retry_after, error.call_id,
    )  # fmt: skip
    assert (Violation("order.lines[0].hs", "STRING_PATTERN", "write digits"),) == error.violations
    assert (conflict, None) == (
        error.detail(case_service_pb2.DeclarationConflict), error.detail(error_details_pb2.QuotaFailure),
    )  # fmt: skip


def test_somebody_else_failed(line: Line) -> None:
    """A reason of another domain is none of ours."""
    info = error_details_pb2.ErrorInfo(reason="RATE", domain="proxy.example")
    error = failing(line, grpc.StatusCode.UNAVAILABLE, "Later.", info)
    assert ("UNAVAILABLE: Later.", "", {}, None) == (
        str(error),
        error.reason,
        error.metadata,
        error.retry_after,
    )


def test_request_id(line: Line) -> None:
    """An order without an id is sent with a new one, as a copy; one that fails tells which. An own id stays."""
    request = case_service_pb2.ProcessOrderRequest()
    asked = line.asks(line.client.process_order, request)
    _, sent, rpc = line.taken("ProcessOrder")
    rpc.terminate(None, (), grpc.StatusCode.UNAVAILABLE, "")
    assert (32, sent.request_id, "") == (
        len(sent.request_id), asked.exception(timeout=60).request_id, request.request_id,
    )  # fmt: skip
    asked = line.asks(line.client.process_order, case_service_pb2.ProcessOrderRequest(request_id="order-1-1"))
    _, sent, rpc = line.taken("ProcessOrder")
    rpc.terminate(case_service_pb2.ProcessOrderResponse(), (), OK, "")
    asked.result(timeout=60)
    assert "order-1-1" == sent.request_id
