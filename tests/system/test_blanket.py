"""A blanket certificate and the orders under it, on real servers: exactly as many are covered as have room."""

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import grpc
import pytest
from origingate.v1 import case_pb2, case_service_pb2, certificate_service_pb2, certificate_service_pb2_grpc

from tests.system.blanket import blanket, under
from tests.system.processes import Sandbox, Server, order, origingate, wait_for

WANTED, ROOM = 200, 150


def issued(server: Server, number: int = 1, quantity: str = "100") -> Any:
    """The case of a blanket certificate."""
    answer = server.cases.ProcessOrder(
        blanket(f"BLANKET-{number}", f"blanket-{number:04}", quantity, f"batch {number}"), timeout=20
    )
    assert "" != answer.e_cert_id
    return answer.case


def ledger(server: Server, e_cert_id: str) -> Any:
    """The certificate's ledger."""
    stub = certificate_service_pb2_grpc.CertificateServiceStub(server.channel)
    return stub.GetLedger(certificate_service_pb2.GetLedgerRequest(e_cert_id=e_cert_id), timeout=5).ledger


def drawn_at_once(servers: list[Server]) -> tuple[Counter[str], Counter[str], str]:
    """Of 200 orders of half a ton that come at once where 75 t are left: states, outcomes, and what is left then."""
    # The order that the certificate is issued for draws 8 t.
    e_cert_id = issued(servers[0], quantity="83").certificate.e_cert_id

    def send(number: int) -> Any:
        request = under(e_cert_id, f"UNDER-{number}", f"under-{number:04}", "0.5", "batch 1")
        return servers[number % len(servers)].cases.ProcessOrder(request, timeout=60)

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(send, range(WANTED)))
    states = Counter(case_pb2.CaseState.Name(answer.case.state) for answer in answers)
    outcomes = Counter(answer.prereview.outcome for answer in answers)
    return states, outcomes, ledger(servers[-1], e_cert_id).goods[0].left.value


EXPECTED = (
    Counter(CASE_STATE_CERTIFIED=ROOM, CASE_STATE_DECLARED=WANTED - ROOM),
    Counter(ELIGIBLE=ROOM, INELIGIBLE=WANTED - ROOM),
    "0",
)


def test_many_at_once(shared: Server) -> None:
    """On SQLite exactly 150 of 200 orders are covered; the others are told what is left, and nothing is left."""
    assert EXPECTED == drawn_at_once([shared])


def test_many_at_once_on_two_servers(sandbox: Sandbox, serve: Callable[..., Server], database: str) -> None:
    """The same on PostgreSQL with two server processes, each of which takes half of the orders."""
    words = ("--sandbox-url", sandbox.url, "--database", database)
    assert EXPECTED == drawn_at_once([serve(*words), serve(*words)])


@pytest.fixture
def number() -> int:
    """A number of its own for each test that shares a server."""
    return next(_NUMBERS)


_NUMBERS = count(1000)


def test_affected(shared: Server, number: int) -> None:
    """The cases under a certificate are listed by its e-Cert ID, and on the command line; one that gave back is not."""
    own = issued(shared, number)
    e_cert_id = own.certificate.e_cert_id
    covered, cancelled = (
        shared.cases.ProcessOrder(
            under(e_cert_id, f"UNDER-{number}-{part}", f"under-{number}-{part}", goods=f"batch {number}"),
            timeout=20,
        ).case
        for part in ("a", "b")
    )
    gone = case_service_pb2.CancelRequest(
        request_id=f"cancel-{number}", name=cancelled.name, reason="not wanted"
    )
    shared.cases.Cancel(gone, timeout=20)
    listed = case_service_pb2.ListCasesRequest(filter=case_service_pb2.CaseFilter(e_cert_id=f" {e_cert_id} "))
    names = {case.name for case in shared.cases.ListCases(listed, timeout=5).cases}
    assert {own.name, covered.name} == names
    printed = origingate("case", "affected", e_cert_id, "--to", shared.address, "--json").stdout
    assert [own.name, covered.name] == [json.loads(line)["name"] for line in printed.splitlines()]


def test_ledger_on_the_command_line(shared: Server, number: int) -> None:
    """Operators see what is left of a certificate, in tons."""
    e_cert_id = issued(shared, number).certificate.e_cert_id
    printed = origingate("case", "ledgers", e_cert_id, "--to", shared.address).stdout
    assert "92 t" in printed
    assert "no limit" in printed


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda request: request.declaration.SetInParent(), grpc.StatusCode.INVALID_ARGUMENT),
        (
            lambda request: [request.use.goods.add(line_id="1", good_id=good) for good in "12"],
            grpc.StatusCode.INVALID_ARGUMENT,
        ),
        (lambda request: setattr(request.use, "e_cert_id", "SBX-NOBODYS"), grpc.StatusCode.NOT_FOUND),
    ],
    ids=["beside a declaration", "two goods for a line", "not ours"],
)
def test_refused(shared: Server, number: int, change: Callable[[Any], Any], code: grpc.StatusCode) -> None:
    """A use that contradicts itself is refused, and so is one of a certificate that our records do not have."""
    request = under("SBX-1", f"UNDER-{number}", f"under-{number:04}")
    change(request)
    with pytest.raises(grpc.RpcError) as refused:
        shared.cases.ProcessOrder(request, timeout=5)
    assert code == refused.value.code()


def test_no_ledger(shared: Server, number: int) -> None:
    """A certificate for a single shipment has no ledger."""
    answer = shared.process_order(order(order_id=f"SINGLE-{number}", request_id=f"single-{number:04}"))
    with pytest.raises(grpc.RpcError) as refused:
        ledger(shared, answer.e_cert_id)
    assert grpc.StatusCode.NOT_FOUND == refused.value.code()


def test_used_once(shared: Server, number: int) -> None:
    """A certificate for a single shipment that a second order names is a finding with the name of the first case."""
    first = shared.process_order(order(order_id=f"FIRST-{number}", request_id=f"first-{number:04}"))
    second = shared.cases.ProcessOrder(
        under(first.e_cert_id, f"SECOND-{number}", f"second-{number:04}"), timeout=20
    )
    found = {finding.reason: finding.because for finding in second.prereview.findings}
    assert ("INELIGIBLE", "") == (second.prereview.outcome, second.e_cert_id)
    assert first.case.name in found["CERTIFICATE_USED_ALREADY"]


def test_revoked(shared: Server, shared_sandbox: Sandbox, number: int) -> None:
    """Once a decision hears that a blanket certificate is revoked, the orders under it are REVOKED too."""
    own = issued(shared, number)
    e_cert_id = own.certificate.e_cert_id
    request = under(e_cert_id, f"UNDER-{number}", f"under-{number:04}", goods=f"batch {number}")
    name = shared.cases.ProcessOrder(request, timeout=20).case.name
    shared_sandbox.revoke(e_cert_id)
    shared.cases.DecideCase(
        case_service_pb2.DecideCaseRequest(request_id=f"decide-{number}", name=own.name), timeout=20
    )
    wait_for(lambda: case_pb2.CASE_STATE_REVOKED == shared.case(name).state)
