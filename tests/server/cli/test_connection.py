"""How commands speak to a server: over a channel of grpcio-testing, which answers as the test says."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import grpc
import grpc_testing
import pytest
from google.protobuf import any_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status
from origingate.client import Client
from origingate.v1 import case_pb2, case_service_pb2, case_service_pb2_grpc

from server.cli.connection import Unanswered, call, channel_to

ADDRESS = "127.0.0.1:50051"
SERVICE = case_service_pb2.DESCRIPTOR.services_by_name["CaseService"]
GET_CASE = SERVICE.methods_by_name["GetCase"]
CASE = case_pb2.Case(name="cases/" + "0" * 32)


class Line:
    """A channel, and a caller on a thread of its own, because the caller waits."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.channel = grpc_testing.channel([SERVICE], grpc_testing.strict_real_time())
        self._pool = pool

    def calls(self, timeout: float = 5.0) -> "Future[Any]":
        """Calls GetCase."""
        stub = Client.over(self.channel).cases
        request = case_service_pb2.GetCaseRequest(name=CASE.name)
        return self._pool.submit(call, stub.GetCase, request, timeout, ADDRESS)

    def answered(
        self,
        response: Any = None,
        code: grpc.StatusCode = grpc.StatusCode.OK,
        details: str = "",
        metadata: Any = (),
    ) -> Any:
        """The request that the server gets, which it answers so."""
        _, request, rpc = self.channel.take_unary_unary(GET_CASE)
        rpc.send_initial_metadata(())
        rpc.terminate(response, metadata, code, details)
        return request

    def failure(self, code: grpc.StatusCode, details: str = "", metadata: Any = ()) -> str:
        """What the caller is told of a call that ended so."""
        calling = self.calls()
        self.answered(None, code, details, metadata)
        error = calling.exception(timeout=5)
        assert isinstance(error, Unanswered)
        return str(error)


@pytest.fixture
def line() -> Iterator[Line]:
    """A line to a server."""
    with ThreadPoolExecutor(1) as pool:
        yield Line(pool)


def told(code: int, message: str, *details: Any) -> Any:
    """A status with details, as our server sends it."""
    packed = []
    for detail in details:
        packed.append(any_pb2.Any())
        packed[-1].Pack(detail)
    status = rpc_status.to_status(status_pb2.Status(code=code, message=message, details=packed))
    return {"code": status.code, "details": status.details, "metadata": status.trailing_metadata}


def test_answer(line: Line) -> None:
    """A call that is answered returns the answer, and sends what it was given."""
    calling = line.calls()
    assert CASE.name == line.answered(case_service_pb2.GetCaseResponse(case=CASE)).name
    assert CASE == calling.result(timeout=5).case


def test_no_server(line: Line) -> None:
    """Where no server answers, it is said where, and how to start one."""
    assert (
        "No server answers at 127.0.0.1:50051. Start one with `origingate serve`, or name another with --to."
    ) == line.failure(grpc.StatusCode.UNAVAILABLE, "connection refused")


def test_too_late(line: Line) -> None:
    """Where the answer does not come in time, it is said how to wait longer."""
    assert (
        "The server at 127.0.0.1:50051 did not answer in time. Allow more with --timeout."
    ) == line.failure(grpc.StatusCode.DEADLINE_EXCEEDED)


def test_fields(line: Line) -> None:
    """A request that breaks rules of form is told with its reason, and each field in a line."""
    violations = [
        {"field": "order.lines[0].hs", "description": "write digits"},
        {"field": "site.site_id", "description": "it is needed"},
    ]
    status = told(
        code_pb2.INVALID_ARGUMENT,
        "The request breaks rules of form.",
        error_details_pb2.ErrorInfo(reason="REQUEST_INVALID", domain="origingate.dev"),
        error_details_pb2.BadRequest(field_violations=violations),
    )
    assert [
        "INVALID_ARGUMENT, REQUEST_INVALID: The request breaks rules of form.",
        "  order.lines[0].hs: write digits",
        "  site.site_id: it is needed",
    ] == line.failure(**status).splitlines()


def test_unavailable_and_said_why(line: Line) -> None:
    """A server that answers that something else is out of reach is not said to be absent."""
    info = error_details_pb2.ErrorInfo(reason="STORE_UNAVAILABLE", domain="origingate.dev")
    status = told(code_pb2.UNAVAILABLE, "The store cannot be reached just now.", info)
    assert "UNAVAILABLE, STORE_UNAVAILABLE: The store cannot be reached just now." == line.failure(**status)


@pytest.mark.parametrize(
    "trailer", [b"", b"\xff\xff", status_pb2.Status(code=5, message="x").SerializeToString()]
)
def test_somebody_else_answers(line: Line, trailer: bytes) -> None:
    """Details that nobody can read, or that contradict the status, are left out."""
    metadata = (("grpc-status-details-bin", trailer),)
    assert "NOT_FOUND: There is no case." == line.failure(
        grpc.StatusCode.NOT_FOUND, "There is no case.", metadata
    )


def test_nothing_listens() -> None:
    """A real channel to a port where nothing listens fails in the same words, and is closed."""
    request = case_service_pb2.GetCaseRequest(name=CASE.name)
    with (
        channel_to("127.0.0.1:1") as channel,
        pytest.raises(Unanswered, match="No server answers"),
    ):
        call(case_service_pb2_grpc.CaseServiceStub(channel).GetCase, request, 2.0, "127.0.0.1:1")
    with pytest.raises(ValueError, match="closed"):
        case_service_pb2_grpc.CaseServiceStub(channel).GetCase(request, timeout=1)
