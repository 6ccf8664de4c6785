"""A platform that is down, slow, or lies: the case says so truthfully, and no e-Cert ID is returned."""

from typing import Any

import pytest
from origingate.v1 import case_pb2, case_service_pb2, certificate_pb2, certificate_service_pb2

from tests.system.processes import Sandbox, Server, order, wait_for

STATE = case_pb2.CaseState.Name
ATTEMPT = case_pb2.AttemptState.Name


def new_order(name: str) -> case_service_pb2.ProcessOrderRequest:
    """An order that no other test sends."""
    return order(order_id=f"order-{name}", request_id=f"request-{name}")


@pytest.mark.parametrize(
    ("fault", "state", "attempt"),
    [
        ("wrong_signature", "MANUAL", "UNPROVED"),
        ("wrong_digest", "MANUAL", "UNPROVED"),
        ("reject", "REJECTED", "REJECTED"),
        ("review", "IN_REVIEW", "REVIEW"),
        ("pending", "VERIFYING", "PENDING"),
    ],
)
def test_fault(shared: Server, shared_sandbox: Sandbox, fault: str, state: str, attempt: str) -> None:
    """What the platform did is what the case says; nothing else is taken for a certificate."""
    shared_sandbox.fault(fault, **({"polls": 1000} if fault == "pending" else {}))
    answer = shared.process_order(new_order(fault), timeout=4)
    assert (f"CASE_STATE_{state}", f"ATTEMPT_STATE_{attempt}") == (
        STATE(answer.case.state),
        ATTEMPT(answer.case.attempts[0].state),
    )
    assert not answer.HasField("e_cert_id")
    assert "" != answer.case.attempts[0].because


@pytest.mark.parametrize(
    "fault",
    ["drop_reply", "half_reply", "unreadable_reply", "error_before_commit", "error_after_commit"],
)
def test_unclear_reply(shared: Server, shared_sandbox: Sandbox, fault: str) -> None:
    """After an unclear reply only a look-up decides, and the order ends with one certificate all the same."""
    shared_sandbox.fault(fault)
    name = shared.process_order(new_order(fault), timeout=3).case.name
    wait_for(lambda: shared.case(name).state == case_pb2.CASE_STATE_CERTIFIED)
    issued = case_pb2.ATTEMPT_STATE_ISSUED
    assert 1 == sum(attempt.state == issued for attempt in shared.case(name).attempts)


def test_platform_busy(server: Server, sandbox: Sandbox) -> None:
    """A platform that is busy for a moment is asked again within the call; one that stays so leaves the case declared."""
    sandbox.fault("too_many", times=2)
    answer = server.process_order(new_order("busy"), timeout=5)
    assert ("ELIGIBLE", 1) == (answer.prereview.outcome, len(answer.case.attempts))
    sandbox.fault("too_many", times=3)
    answer = server.process_order(new_order("still-busy"), timeout=5)
    assert ("CASE_STATE_DECLARED", "ATTEMPT_STATE_RETRYABLE") == (
        STATE(answer.case.state),
        ATTEMPT(answer.case.attempts[0].state),
    )


def test_platform_down(server: Server, sandbox: Sandbox) -> None:
    """Where no byte could be sent the case waits, declared, for another call."""
    sandbox.kill()
    answer = server.process_order(order(), timeout=5)
    assert (case_pb2.CASE_STATE_DECLARED, case_pb2.ATTEMPT_STATE_NOT_SENT) == (
        answer.case.state,
        answer.case.attempts[0].state,
    )
    assert ["certificate.status"] == list(answer.prereview.missing)
    assert ["INELIGIBLE", "REVIEW", "ELIGIBLE"] == list(answer.prereview.possible)


def test_platform_slow(server: Server, sandbox: Sandbox) -> None:
    """A caller with little time is answered in time with the case, which is certified a little later."""
    sandbox.fault("latency", seconds=4)
    answer = server.process_order(order(), timeout=2)
    assert case_pb2.CASE_STATE_VERIFYING == answer.case.state
    assert not answer.HasField("e_cert_id")
    wait_for(lambda: server.case(answer.case.name).state == case_pb2.CASE_STATE_CERTIFIED)
    again = server.process_order(order())
    assert (again.case.certificate.e_cert_id, "ELIGIBLE") == (again.e_cert_id, again.prereview.outcome)


def test_revoked(shared: Server, shared_sandbox: Sandbox) -> None:
    """A certificate that its platform revoked is no certificate any more: the order is ineligible."""
    first = shared.process_order(new_order("revoked"))
    shared_sandbox.revoke(first.e_cert_id)
    second = shared.process_order(order(order_id="order-revoked", request_id="another-request"))
    assert ("INELIGIBLE", ["CERTIFICATE_REVOKED"]) == (
        second.prereview.outcome,
        [finding.reason for finding in second.prereview.findings],
    )
    assert not second.HasField("e_cert_id")
    assert case_pb2.CASE_STATE_REVOKED == second.case.state


def test_rejected_as_it_is(shared: Server, shared_sandbox: Sandbox) -> None:
    """What the platform rejected is not sent again as it is; a changed declaration is a new version."""
    shared_sandbox.fault(
        "reject", codes=[{"code": "HS_DOUBTFUL", "line_id": "2", "text": "the HS code is doubtful"}]
    )
    first = shared.process_order(new_order("rejected"))
    assert ("INELIGIBLE", "NO_CERTIFICATE") == (
        first.prereview.outcome,
        first.prereview.findings[0].reason,
    )
    second = shared.process_order(order(order_id="order-rejected", request_id="as-it-is-again"))
    assert ("INELIGIBLE", 1) == (second.prereview.outcome, len(second.case.attempts))
    assert "line 2: the HS code is doubtful" in second.case.attempts[0].because
    changed = order(order_id="order-rejected", request_id="mended-now")
    changed.declaration.goods.items[1].hs = "7213.99"
    third = shared.process_order(changed)
    assert ("ELIGIBLE", 2) == (third.prereview.outcome, third.case.declaration_version)


def verify(server: Server, e_cert_id: str, **given: Any) -> Any:
    """The five parts of a verification, by name."""
    request = certificate_service_pb2.VerifyCertificateRequest(e_cert_id=e_cert_id, **given)
    answer = server.certificates.VerifyCertificate(request, timeout=10)
    name = certificate_service_pb2.Verdict.Name
    parts = ("transport", "document", "status", "match", "use")
    return {part: name(getattr(answer, part).verdict).removeprefix("VERDICT_") for part in parts}, answer


def test_verify(server: Server, sandbox: Sandbox) -> None:
    """A certificate is verified in five parts; what was not asked is never good."""
    request = order()
    e_cert_id = server.process_order(request).e_cert_id
    given = {"site": request.site, "order": request.order, "declaration": request.declaration}
    parts, answer = verify(server, f" {e_cert_id}\u200b", **given)
    assert dict.fromkeys(("transport", "document", "status", "match", "use"), "GOOD") == parts
    assert answer.sandbox
    parts, _ = verify(server, e_cert_id)
    assert {
        "transport": "GOOD",
        "document": "GOOD",
        "status": "GOOD",
        "match": "NOT_EXAMINED",
        "use": "NOT_EXAMINED",
    } == parts
    request.order.lines.items[0].quantity.value = "9"
    parts, answer = verify(server, e_cert_id, **given)
    assert ("BAD", "GOOD") == (parts["match"], parts["use"])
    assert ["order.lines[1].quantity"] == [difference.path for difference in answer.differences]
    sandbox.revoke(e_cert_id)
    parts, answer = verify(server, e_cert_id, **given)
    assert ("GOOD", "BAD") == (parts["transport"], parts["status"])
    assert certificate_pb2.CERTIFICATE_STATUS_REVOKED == answer.certificate_status
    sandbox.kill()
    parts, _ = verify(server, e_cert_id, **given)
    assert ("BAD", "NOT_EXAMINED") == (parts["transport"], parts["status"])
