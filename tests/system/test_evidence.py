"""Evidence over gRPC: receipts, decisions explained and decided again, signed heads; and the command line's word on them."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import grpc
import pytest
from google.protobuf import json_format
from origingate.v1 import (
    case_service_pb2,
    evidence_service_pb2,
    evidence_service_pb2_grpc,
    receipt_pb2,
)

from server.errors import DecisionNotFound, RulebookNotFound
from tests.system.processes import PROJECT, Sandbox, Server, order, origingate, wait_for
from tests.system.rule_folder import QUICK


@pytest.fixture(scope="module")
def answer(shared: Server) -> case_service_pb2.ProcessOrderResponse:
    """The answer to an order, certified."""
    return shared.process_order(order(order_id="evidence", request_id="evidence-1"))


@pytest.fixture
def evidence(shared: Server) -> evidence_service_pb2_grpc.EvidenceServiceStub:
    """Who answers about evidence."""
    return evidence_service_pb2_grpc.EvidenceServiceStub(shared.channel)


def verified(server: Server, receipt: receipt_pb2.Receipt, *words: str) -> tuple[int, str]:
    """What `origingate receipt verify` says of it."""
    file = server.folder / "receipt.json"
    file.write_text(json_format.MessageToJson(receipt), "utf-8")
    keys = words or ("--key", str(server.folder / "og.db.log-key.pub.pem"))
    done = origingate("receipt", "verify", str(file), *keys)
    return done.returncode, done.stdout + done.stderr


def test_receipt_of_an_order(shared: Server, answer: case_service_pb2.ProcessOrderResponse) -> None:
    """ProcessOrder's receipt is verified without the server, and says what was decided about what."""
    code, said = verified(shared, answer.receipt)
    event = json.loads(answer.receipt.event)
    assert (0, True) == (code, "holds. Entry" in said)
    assert {
        "question": "prereview",
        "outcome": "ELIGIBLE",
        "e_cert_id": answer.e_cert_id,
        "declaration_digest": answer.case.certificate.declaration_digest,
        "facts_digest": answer.prereview.facts_digest,
        "rulebook_digest": answer.prereview.rulebook_digest,
        "decision": event["decision"],
    } == event


def test_receipt_again(
    shared: Server,
    answer: case_service_pb2.ProcessOrderResponse,
    evidence: evidence_service_pb2_grpc.EvidenceServiceStub,
) -> None:
    """A receipt can be had again, by the decision or by the case, against a later head."""
    shared.process_order(order(order_id="evidence-later", request_id="evidence-2"))
    decision = json.loads(answer.receipt.event)["decision"]
    for name in (decision, answer.case.name):
        again = evidence.GetReceipt(evidence_service_pb2.GetReceiptRequest(name=name), timeout=5).receipt
        assert (answer.receipt.position, answer.receipt.event) == (again.position, again.event)
        assert again.head != answer.receipt.head
        assert 0 == verified(shared, again)[0]


def test_receipt_that_was_changed(shared: Server, answer: case_service_pb2.ProcessOrderResponse) -> None:
    """A receipt that says another outcome does not hold."""
    changed = receipt_pb2.Receipt()
    changed.CopyFrom(answer.receipt)
    changed.event = changed.event.replace("ELIGIBLE", "INELIGIBLE")
    code, said = verified(shared, changed)
    assert (1, True) == (code, "its event is not the one that its entry names" in said)


def test_receipt_of_another_key(
    shared: Server, answer: case_service_pb2.ProcessOrderResponse, tmp_path: Path
) -> None:
    """A receipt whose head another key signed does not hold."""
    origingate("log", "key", "new", str(tmp_path / "other.pem"))
    code, said = verified(shared, answer.receipt, "--key", str(tmp_path / "other.pub.pem"))
    assert (1, True) == (code, "signed by none of the keys" in said)


def test_every_stage_has_a_receipt(shared: Server) -> None:
    """Each stage that answers decisions answers their receipt; that of a later stage knows more."""
    request = order(order_id="staged", request_id="staged-0001")
    inquiry = shared.cases.OpenInquiry(
        case_service_pb2.OpenInquiryRequest(request_id="staged-0002", site=request.site, order=request.order),
        timeout=10,
    )
    said = json.loads(inquiry.decisions.receipt.event)
    assert ("prereview", False) == (said["question"], "declaration_digest" in said)
    assert 0 == verified(shared, inquiry.decisions.receipt)[0]
    again = shared.cases.DecideCase(
        case_service_pb2.DecideCaseRequest(name=inquiry.case.name, request_id="staged-0003"), timeout=10
    )
    assert said["decision"] != json.loads(again.decisions.receipt.event)["decision"]


def test_get_decision(
    answer: case_service_pb2.ProcessOrderResponse,
    evidence: evidence_service_pb2_grpc.EvidenceServiceStub,
) -> None:
    """A decision is told as it was recorded, with its facts, and explained from them rule by rule."""
    found = evidence.GetDecision(evidence_service_pb2.GetDecisionRequest(name=answer.case.name), timeout=20)
    assert (answer.prereview, answer.case.name, 1, "") == (
        found.decision,
        found.case_name,
        found.declaration_version,
        found.unexplained,
    )
    assert answer.e_cert_id in found.facts
    fired = {rule.rule for rule in found.rules if rule.state == "fired"}
    assert {finding.rule for finding in answer.prereview.findings} == fired
    assert all(rule.clauses or rule.because for rule in found.rules)


def test_replay(
    answer: case_service_pb2.ProcessOrderResponse,
    evidence: evidence_service_pb2_grpc.EvidenceServiceStub,
) -> None:
    """Decided again from its stored facts by its own rulebook a decision is the same, bit for bit."""
    found = evidence.Replay(evidence_service_pb2.ReplayRequest(name=answer.case.name), timeout=20)
    assert (True, answer.prereview, 0) == (found.same, found.decision, len(found.differences))


def test_replay_by_another_rulebook(sandbox: Sandbox, serve: Callable[..., Server], tmp_path: Path) -> None:
    """By another stored rulebook the differences are told by path."""
    folder = tmp_path / "rules"
    folder.mkdir()
    for file in (PROJECT / "rules" / "usmca").iterdir():
        if file.suffix in (".yaml", ".csv") and not file.name.endswith("_test.yaml"):
            text = file.read_text("utf-8")
            (folder / file.name).write_text(
                text.replace('money("2500.00 USD")', 'money("2000.00 USD")'), "utf-8"
            )
    first = serve("--sandbox-url", sandbox.url)
    answered = first.process_order(order())
    first.stop()
    other = serve("--sandbox-url", sandbox.url, "--rulebook", str(folder), **QUICK)
    with sqlite3.connect(tmp_path / "og.db") as database:
        wait_for(lambda: 2 == database.execute("SELECT count(*) FROM rulebooks").fetchone()[0], other.process)
    stub = evidence_service_pb2_grpc.EvidenceServiceStub(other.channel)
    with sqlite3.connect(tmp_path / "og.db") as database:
        digests = {digest for (digest,) in database.execute("SELECT digest FROM rulebooks")}
    [new] = digests - {answered.prereview.rulebook_digest}
    own = stub.Replay(evidence_service_pb2.ReplayRequest(name=answered.case.name), timeout=20)
    by_new = stub.Replay(
        evidence_service_pb2.ReplayRequest(name=answered.case.name, rulebook_digest=new), timeout=20
    )
    assert (True, False) == (own.same, by_new.same)
    changed = {difference.path: difference for difference in by_new.differences}
    assert (f'"{answered.prereview.rulebook_digest}"', f'"{new}"') == (
        changed["rulebookDigest"].was,
        changed["rulebookDigest"].now,
    )


def test_list_heads(shared: Server, evidence: evidence_service_pb2_grpc.EvidenceServiceStub) -> None:
    """Signed heads come page by page, with the newest one and every key that signed."""
    every, token = [], ""
    while True:
        page = evidence.ListHeads(
            evidence_service_pb2.ListHeadsRequest(page_size=1, page_token=token), timeout=5
        )
        every += page.heads
        token = page.next_page_token
        if not token:
            break
    assert sorted(head.size for head in every) == [head.size for head in every]
    assert page.newest.size >= every[-1].size
    [key] = page.keys
    assert key.verifier_key.startswith(page.newest.head.splitlines()[0] + "+")


@pytest.mark.parametrize(
    ("call", "request_", "error"),
    [
        ("GetReceipt", evidence_service_pb2.GetReceiptRequest(name="none"), DecisionNotFound("none")),
        (
            "GetDecision",
            evidence_service_pb2.GetDecisionRequest(name="cases/0", question="scope"),
            DecisionNotFound("cases/0", "scope"),
        ),
        ("Replay", evidence_service_pb2.ReplayRequest(name="none"), DecisionNotFound("none")),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_not_found(
    call: str,
    request_: object,
    error: Exception,
    evidence: evidence_service_pb2_grpc.EvidenceServiceStub,
) -> None:
    """What is not in the caller's records is not found."""
    with pytest.raises(grpc.RpcError) as refused:
        getattr(evidence, call)(request_, timeout=5)
    assert (grpc.StatusCode.NOT_FOUND, str(error)) == (refused.value.code(), refused.value.details())


def test_rulebook_not_found(
    answer: case_service_pb2.ProcessOrderResponse,
    evidence: evidence_service_pb2_grpc.EvidenceServiceStub,
) -> None:
    """By a rulebook that is not stored nothing is decided."""
    asked = evidence_service_pb2.ReplayRequest(name=answer.case.name, rulebook_digest="sha256:none")
    with pytest.raises(grpc.RpcError) as refused:
        evidence.Replay(asked, timeout=5)
    assert str(RulebookNotFound("sha256:none")) == refused.value.details()
