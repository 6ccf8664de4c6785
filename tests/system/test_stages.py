"""An order stage by stage over a socket, on the command line, and in operators' hands."""

import json
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from origingate.v1 import case_pb2, case_service_pb2, operator_service_pb2, operator_service_pb2_grpc

from tests.system.processes import Sandbox, Server, order, origingate, wait_for

ORDERS = Path(__file__).resolve().parents[2] / "examples" / "orders"
NOWHERE = f"cases/{0:032x}"


def state(case: Any) -> str:
    """The state of a case, without its prefix."""
    return case_pb2.CaseState.Name(case.state).removeprefix("CASE_STATE_")


def details(call: Any, kind: Any) -> Any:
    """A detail of the status with which a call has to fail."""
    with pytest.raises(grpc.RpcError) as caught:
        call()
    status = rpc_status.from_call(caught.value)
    found = kind()
    for detail in status.details:
        if detail.Unpack(found):
            return found
    raise LookupError(kind.DESCRIPTOR.full_name)


def reason(call: Any) -> str:
    """The reason for which a call has to fail."""
    return str(details(call, error_details_pb2.ErrorInfo).reason)


def cli(server: Server, *words: str, code: int = 0) -> Any:
    """What `origingate case ...` prints as JSON."""
    done = origingate("case", *words, "--to", server.address, "--json")
    assert (code, "") == (done.returncode, "" if code else done.stderr), done.stderr
    return json.loads(done.stdout) if done.stdout else done.stderr


def test_stage_by_stage(shared: Server) -> None:
    """Inquiry, order, declaration, certificate, hand-off: each call takes the case on by one stage."""
    said = order(order_id="stages-1", request_id="stages-1-order")
    inquiry = case_service_pb2.OpenInquiryRequest(request_id="stages-1-a", site=said.site)
    inquiry.order.order_id = "stages-1"
    opened = shared.cases.OpenInquiry(inquiry, timeout=10)
    assert ("INQUIRY", "UNDETERMINED") == (state(opened.case), opened.decisions.scope.outcome)
    name = opened.case.name
    placed = shared.cases.PlaceOrder(
        case_service_pb2.PlaceOrderRequest(request_id="stages-1-b", site=said.site, order=said.order),
        timeout=10,
    )
    assert ("ORDERED", "IN_SCOPE", name) == (
        state(placed.case),
        placed.decisions.scope.outcome,
        placed.case.name,
    )
    declared = shared.cases.Declare(
        case_service_pb2.DeclareRequest(request_id="stages-1-c", name=name, declaration=said.declaration),
        timeout=10,
    )
    assert ("DECLARED", "VALID") == (state(declared.case), declared.decisions.certification.outcome)
    certify = case_service_pb2.CertifyRequest(request_id="stages-1-d", name=name)
    certified = shared.cases.Certify(certify, timeout=20)
    assert ("CERTIFIED", "ELIGIBLE") == (state(certified.case), certified.decisions.prereview.outcome)
    assert certified.e_cert_id == shared.cases.Certify(certify, timeout=20).e_cert_id != ""
    hand_off = case_service_pb2.HandOffRequest(request_id="stages-1-e", name=name)
    handed_off = shared.cases.HandOff(hand_off, timeout=20)
    assert ("HANDED_OFF", True) == (state(handed_off.case), handed_off.handed_off)
    cancel = case_service_pb2.CancelRequest(request_id="stages-1-f", name=name, reason="the buyer withdrew")
    cancelled = shared.cases.Cancel(cancel, timeout=20)
    assert ("CANCELLED", "CERTIFICATE_STATUS_REVOKED") == (
        state(cancelled.case),
        case_pb2.DESCRIPTOR.pool.FindEnumTypeByName("origingate.v1.CertificateStatus")
        .values_by_number[cancelled.case.certificate.status]
        .name,
    )


def test_conflict_and_supersede(shared: Server) -> None:
    """Another content under a certificate is a typed conflict; with supersede it takes the certificate's place."""
    said = order(order_id="stages-2", request_id="stages-2-order")
    first = shared.process_order(said)
    said.order.lines.items[1].quantity.value = "40"
    request = case_service_pb2.DeclareRequest(
        request_id="stages-2-a", name=first.case.name, declaration=said.declaration, order=said.order
    )
    conflict = details(
        lambda: shared.cases.Declare(request, timeout=10), case_service_pb2.DeclarationConflict
    )
    assert (first.e_cert_id, [("2", "quantity", "4", "40")]) == (
        conflict.e_cert_id,
        [(each.item, each.field, each.was, each.now) for each in conflict.differences],
    )
    request.supersede = True
    superseded = shared.cases.Declare(request, timeout=20)
    assert ("CERTIFIED", 2) == (state(superseded.case), superseded.case.declaration_version)
    assert "" != superseded.e_cert_id != first.e_cert_id
    certify = case_service_pb2.CertifyRequest(request_id="stages-2-b", name=first.case.name)
    assert superseded.e_cert_id == shared.cases.Certify(certify, timeout=20).e_cert_id


def test_refused(shared: Server) -> None:
    """A stage that cannot be says which state forbids it; a case that is not there, and bad form, say so."""
    said = order(order_id="stages-3", request_id="stages-3-order")
    said.ClearField("declaration")
    name = shared.process_order(said).case.name
    certify = case_service_pb2.CertifyRequest(request_id="stages-3-a", name=name)
    assert "CASE_STATE" == reason(lambda: shared.cases.Certify(certify, timeout=10))
    certify.name = NOWHERE
    assert "CASE_NOT_FOUND" == reason(lambda: shared.cases.Certify(certify, timeout=10))
    certify.name = "cases/1"
    assert "REQUEST_INVALID" == reason(lambda: shared.cases.Certify(certify, timeout=10))
    cancel = case_service_pb2.CancelRequest(request_id="stages-3-b", name=name)
    assert "REQUEST_INVALID" == reason(lambda: shared.cases.Cancel(cancel, timeout=10))


def test_commands(shared: Server) -> None:
    """The same on the command line, one command a stage."""
    file = str(ORDERS / "01-eligible.json")
    name = cli(shared, "inquire", file)["case"]["name"]
    assert "CASE_STATE_ORDERED" == cli(shared, "place", file)["case"]["state"]
    assert "CASE_STATE_DECLARED" == cli(shared, "declare", name, file)["case"]["state"]
    assert "eCertId" in cli(shared, "certify", name)
    assert "ELIGIBLE" == cli(shared, "decide", name)["decisions"]["prereview"]["outcome"]
    assert cli(shared, "hand-off", name)["handedOff"]
    assert "CASE_STATE_CANCELLED" == cli(shared, "cancel", name, "--reason", "a test")["case"]["state"]
    assert "CASE_STATE" in cli(shared, "hand-off", name, code=1)


def test_work_list(shared: Server, shared_sandbox: Sandbox) -> None:
    """A certificate that does not prove itself waits in the work list until an operator has settled it."""
    shared_sandbox.fault("wrong_signature")
    answer = shared.process_order(order(order_id="stages-4", request_id="stages-4-order"))
    name = answer.case.name
    assert "MANUAL" == state(answer.case)
    with grpc.insecure_channel(shared.address) as channel:
        operators = operator_service_pb2_grpc.OperatorServiceStub(channel)
        listed = operators.ListManualCases(operator_service_pb2.ListManualCasesRequest(), timeout=10)
        [one] = [each for each in listed.cases if each.case.name == name]
        assert ("sandbox", answer.case.attempts[0].reference) == (one.platform, one.reference)
        adopt = operator_service_pb2.AdoptCertificateRequest(
            request_id="stages-4-a", name=name, e_cert_id="SBX-0000", reason="a test"
        )
        assert "CERTIFICATE_UNPROVED" == reason(lambda: operators.AdoptCertificate(adopt, timeout=10))
    done = origingate("case", "void", name, "--reason", "a test", "--to", shared.address, "--json")
    assert "CASE_STATE_DECLARED" == json.loads(done.stdout)["case"]["state"]
    done = origingate("case", "manual", "--to", shared.address)
    assert (0, False) == (done.returncode, name.removeprefix("cases/")[:8] in done.stdout)


def test_void_that_waits_for_the_platform(shared: Server, shared_sandbox: Sandbox) -> None:
    """A case is CANCELLING for as long as the platform does not confirm, and CANCELLED once it does."""
    name = shared.process_order(order(order_id="stages-5", request_id="stages-5-order")).case.name
    shared_sandbox.fault("down", operation="void", times=None)
    cancel = case_service_pb2.CancelRequest(request_id="stages-5-a", name=name, reason="a test")
    assert "CANCELLING" == state(shared.cases.Cancel(cancel, timeout=1).case)
    shared_sandbox.mend()
    wait_for(lambda: state(shared.case(name)) == "CANCELLED")


def test_void_that_the_platform_refuses(shared: Server, shared_sandbox: Sandbox) -> None:
    """A certificate that the platform has replaced by itself cannot be voided: a person has to look at it."""
    answer = shared.process_order(order(order_id="stages-6", request_id="stages-6-order"))
    shared_sandbox.replace(answer.e_cert_id)
    cancel = case_service_pb2.CancelRequest(request_id="stages-6-a", name=answer.case.name, reason="a test")
    assert "MANUAL" == state(shared.cases.Cancel(cancel, timeout=10).case)
