"""A whole life of certificates between a real server and a real sandbox: the case says what the platform says."""

import json
import urllib.request
from typing import Any

import pytest
from origingate.v1 import case_pb2, case_service_pb2

from tests.system.processes import Sandbox, Server, order, wait_for

STATE = case_pb2.CaseState.Name


def new_order(name: str) -> case_service_pb2.ProcessOrderRequest:
    """An order that no other test sends."""
    return order(order_id=f"order-{name}", request_id=f"request-{name}")


def ask(sandbox: Sandbox, path: str, body: dict[str, Any] | None = None) -> Any:
    """What the sandbox answers."""
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(sandbox.url + path, data), timeout=5) as answer:
        return json.loads(answer.read())


def standing(sandbox: Sandbox) -> list[str]:
    """The statuses of all certificates, sorted."""
    return sorted(entry["status"] for entry in ask(sandbox, "/ledger")["entries"] if "status" in entry)


@pytest.mark.parametrize(
    ("fault", "more"),
    [
        ("duplicate_without_content", {}),
        ("slow_drip", {"seconds": 30}),
        ("lag", {"seconds": 0.5}),
    ],
)
def test_unclear_answer(shared: Server, shared_sandbox: Sandbox, fault: str, more: dict[str, Any]) -> None:
    """However the answer to a submission is spoilt, the order ends with one certificate, the only one in force."""
    before = standing(shared_sandbox).count("active")
    shared_sandbox.fault(fault, **more)
    if fault == "lag":
        shared_sandbox.fault("drop_reply")
    name = shared.process_order(new_order(fault), timeout=4).case.name
    wait_for(lambda: shared.case(name).state == case_pb2.CASE_STATE_CERTIFIED)
    assert before + 1 == standing(shared_sandbox).count("active")


def test_share_of_submissions(shared: Server, shared_sandbox: Sandbox) -> None:
    """A share of all replies gets lost: each order is certified, with one certificate in force for each."""
    before = standing(shared_sandbox).count("active")
    shared_sandbox.fault("drop_reply", rate=0.4, seed=1)
    names = [shared.process_order(new_order(f"share-{number}"), timeout=3).case.name for number in range(6)]
    happened = ask(shared_sandbox, "/faults")["faults"][0]["happened"]
    shared_sandbox.mend()
    wait_for(lambda: {case_pb2.CASE_STATE_CERTIFIED} == {shared.case(name).state for name in names})
    assert (2, before + 6) == (happened, standing(shared_sandbox).count("active"))


def test_late_revocation(server: Server, sandbox: Sandbox) -> None:
    """A certificate that is revoked later is seen to be, the next time that its status is asked."""
    sandbox.fault("late_revocation", seconds=3600)
    first = server.process_order(new_order("late"))
    ask(sandbox, "/clock", {"forward_seconds": 3600})
    second = server.process_order(order(order_id="order-late", request_id="late-again"))
    assert ("CASE_STATE_CERTIFIED", "CASE_STATE_REVOKED") == (
        STATE(first.case.state),
        STATE(second.case.state),
    )


def test_expired(server: Server, sandbox: Sandbox) -> None:
    """A certificate that has expired by the platform's clock is no certificate any more."""
    first = server.process_order(new_order("expired"))
    ask(sandbox, "/clock", {"forward_seconds": 365 * 86400})
    second = server.process_order(order(order_id="order-expired", request_id="expired-again"))
    assert ("CASE_STATE_CERTIFIED", "CASE_STATE_EXPIRED") == (
        STATE(first.case.state),
        STATE(second.case.state),
    )
    assert not second.HasField("e_cert_id")
