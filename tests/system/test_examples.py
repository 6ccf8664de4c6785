"""The demo's orders, through real processes, over gRPC and HTTP alone."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from origingate.v1 import case_service_pb2, decision_pb2

from tests.system.processes import EXAMPLES, Server, order

EXPECTED = json.loads((EXAMPLES / "expected.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def answers(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, case_service_pb2.ProcessOrderResponse]]:
    """Every example, sent in the order of the file names to one server with its own sandbox."""
    server = Server(tmp_path_factory.mktemp("examples"), "--embedded-sandbox")
    yield {name: server.process_order(order(Path(name).stem)) for name in sorted(EXPECTED)}
    assert 0 == server.stop()


@pytest.mark.parametrize("name", sorted(EXPECTED))
@pytest.mark.xdist_group("examples")
def test_example(answers: dict[str, case_service_pb2.ProcessOrderResponse], name: str) -> None:
    """Each example is answered as expected.json says."""
    answer = answers[name]
    assert EXPECTED[name] == {
        "scope": answer.scope.outcome,
        "certification": answer.certification.outcome,
        "prereview": answer.prereview.outcome,
        "favourable": decision_pb2.Favourable.Name(answer.prereview.favourable).removeprefix("FAVOURABLE_"),
        "e_cert_id": answer.HasField("e_cert_id"),
        "missing": list(answer.prereview.missing),
    }


@pytest.mark.xdist_group("examples")
def test_each_example_has_an_expectation() -> None:
    """No example is left out."""
    assert {path.name for path in (EXAMPLES / "orders").glob("*.json")} == set(EXPECTED)


@pytest.mark.xdist_group("examples")
def test_change_after_issue_is_named(answers: dict[str, case_service_pb2.ProcessOrderResponse]) -> None:
    """An order changed after its certificate was issued gets the line, the field, what was and what is."""
    (difference,) = answers["12-changed-after-issue.json"].differences
    assert ("2", "quantity", "4", "40") == (difference.item, difference.field, difference.was, difference.now)


@pytest.mark.xdist_group("examples")
def test_several_findings(answers: dict[str, case_service_pb2.ProcessOrderResponse]) -> None:
    """An invalid certification names each of its faults, with what would mend it."""
    findings = answers["07-certification-invalid.json"].certification.findings
    assert {
        "IMPORTER_ADDRESS_OUTSIDE_PARTIES",
        "LANGUAGE",
        "SIGNATURE_MISSING",
        "STATEMENT_MISSING",
    } == {finding.reason for finding in findings}
    assert all(finding.remedy and finding.citations for finding in findings)


@pytest.mark.xdist_group("examples")
def test_mandate_is_marked_as_reported(answers: dict[str, case_service_pb2.ProcessOrderResponse]) -> None:
    """What is only reported is marked so; the law's own questions rest on enacted law alone."""
    answer = answers["01-eligible.json"]
    assert decision_pb2.STANDING_REPORTED == answer.scope.standing
    assert decision_pb2.STANDING_ENACTED == answer.certification.standing
    assert decision_pb2.STANDING_ENACTED == answer.origin.standing
