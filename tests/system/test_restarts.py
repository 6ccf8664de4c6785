"""What a process left behind is found again by the next."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from origingate.v1 import case_pb2

from tests.system.processes import Sandbox, Server, order, wait_for

QUICK = {
    "ORIGINGATE_ATTEMPT_TIMEOUT": "6",
    "ORIGINGATE_LEASE": "8",
    "ORIGINGATE_SETTLE": "0.2",
    "ORIGINGATE_RECONCILE_EVERY": "0.1",
}


def test_restart(sandbox: Sandbox, serve: Callable[..., Server]) -> None:
    """After a stop and a start GetCase answers the same, and the same request gets the same answer."""
    first = serve("--sandbox-url", sandbox.url)
    answer = first.process_order(order())
    before = first.case(answer.case.name)
    assert 0 == first.stop()
    second = serve("--sandbox-url", sandbox.url)
    assert before == second.case(answer.case.name)
    again = second.process_order(order())
    # Of the same entry, against the head that there is now.
    assert answer.receipt.event == again.receipt.event
    for one in (answer, again):
        one.ClearField("receipt")
    assert answer == again


def test_killed_while_the_platform_works(sandbox: Sandbox, serve: Callable[..., Server]) -> None:
    """A server killed between transaction 1 and 2 leaves a case that the next one finds, and finishes by look-up."""
    sandbox.fault("latency", seconds=4)
    first = serve("--sandbox-url", sandbox.url, **QUICK)
    name = first.process_order(order(), timeout=2).case.name
    first.kill()
    second = serve("--sandbox-url", sandbox.url, **QUICK)
    found = second.case(name)
    assert found.state in (case_pb2.CASE_STATE_VERIFYING, case_pb2.CASE_STATE_RECONCILING)
    assert not found.HasField("certificate")
    wait_for(lambda: second.case(name).state == case_pb2.CASE_STATE_CERTIFIED)
    answer = second.process_order(order())
    assert ("ELIGIBLE", 1) == (answer.prereview.outcome, len(answer.case.attempts))
    assert answer.e_cert_id == answer.case.certificate.e_cert_id != ""


def test_killed_and_never_received(sandbox: Sandbox, serve: Callable[..., Server]) -> None:
    """Where the platform never had the submission, a next generation is sent, and only after the settle time."""
    sandbox.fault("down", times=None)
    first = serve("--sandbox-url", sandbox.url, **QUICK)
    name = first.process_order(order(), timeout=2).case.name
    first.kill()
    sandbox.mend()
    second = serve("--sandbox-url", sandbox.url, **QUICK)
    wait_for(lambda: second.case(name).state == case_pb2.CASE_STATE_CERTIFIED)
    never_had, issued = second.case(name).attempts
    assert (case_pb2.ATTEMPT_STATE_RETRYABLE, case_pb2.ATTEMPT_STATE_ISSUED) == (
        never_had.state,
        issued.state,
    )
    assert never_had.reference != issued.reference


def test_same_request_at_once(server: Server) -> None:
    """Sixteen callers with one request_id get one case and one certificate."""
    with ThreadPoolExecutor(16) as callers:
        answers = list(callers.map(lambda _: server.process_order(order()), range(16)))
    assert 1 == len({answer.case.name for answer in answers})
    assert 1 == len({answer.e_cert_id for answer in answers})
    assert 1 == len(answers[0].case.attempts)


def test_same_order_in_different_requests(server: Server) -> None:
    """Requests of different ids about one order join one case and one certificate."""
    with ThreadPoolExecutor(8) as callers:
        requests = [order(request_id=f"request-{number}") for number in range(8)]
        answers = list(callers.map(server.process_order, requests))
    assert 1 == len({answer.e_cert_id for answer in answers})
    assert {"ELIGIBLE"} == {answer.prereview.outcome for answer in answers}


def test_request_id_reused(server: Server) -> None:
    """A request_id with another content is refused, and changes nothing."""
    first = server.process_order(order())
    with pytest.raises(grpc.RpcError) as refused:
        server.process_order(order("03-to-canada", request_id="test-01-eligible"))
    assert grpc.StatusCode.INVALID_ARGUMENT == refused.value.code()
    assert server.case(first.case.name) == first.case
