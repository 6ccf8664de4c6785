"""How decisions, differences and records become messages."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from google.type.date_pb2 import Date
from origingate.v1 import case_pb2, certificate_pb2, decision_pb2, order_pb2

from engine.case import AttemptState, CaseState
from engine.certificate import CertificateStatus, Difference
from engine.decision import Decision, Finding, Incurable
from engine.platform import Binding
from engine.rulebook import ALL_STANDINGS, Citation, Standing
from server.store.records import AttemptRecord, CaseRecord, CertificateRecord, DecisionRecord
from server.wire.decisions import decision_to_proto, differences_to_proto
from server.wire.records import attempt_to_proto, case_to_proto, certificate_to_proto

AT = datetime(2026, 7, 1, 12, 30, 15, 250_000, tzinfo=UTC)

FINDING = Finding(
    rule="signed",
    reason="SIGNATURE_MISSING",
    outcome="INVALID",
    because="It is not signed.",
    remedy="Sign it.",
    cites=(Citation("19cfr182.12", "(a)(5)", "19 CFR 182.12", Standing.ENACTED),),
    place="declaration.goods[0]",
    values={"keep_until": "2031-07-15"},
    standing=Standing.ENACTED,
)

DECISION = Decision(
    question="certification",
    outcome="UNDETERMINED",
    possible=("INVALID", "VALID"),
    favourable="UNKNOWN",
    findings=(FINDING,),
    otherwise=None,
    missing=("declaration.signed",),
    incurable=(Incurable("rvc", "declaration.goods[1]", "divide_by_zero"),),
    standing=Standing.REPORTED,
    rulebook="usmca",
    rulebook_digest="sha256:aa",
    facts_digest="sha256:bb",
    on=date(2026, 7, 1),
    enforce=(Standing.ENACTED, Standing.REPORTED),
    language_version="1",
    reference_data="ISO",
    asserted=(("declaration.signed", "caller"),),
)

CASE = CaseRecord(
    tenant="dev",
    name="cases/0123",
    site_id="shop-1",
    order_id="A-1",
    state=CaseState.CERTIFIED,
    version=7,
    declaration_version=2,
    site="{}",
    order='{"destination": "US", "later": 1}',
    created_at=AT,
    updated_at=AT,
)

ATTEMPT = AttemptRecord(
    tenant="dev",
    reference="og-1",
    case_name="cases/0123",
    declaration_version=2,
    platform="sandbox",
    generation=1,
    digest="sha256:cc",
    manifest_digest="sha256:dd",
    state=AttemptState.ISSUED,
    because="issued",
    detail="",
    planned_at=AT,
    deadline_at=AT,
    sent_at=AT,
    ended_at=None,
    fence=1,
    lease_owner=None,
    lease_until=None,
    send_lease_until=None,
    due_at=None,
    sweep_until=None,
)

CERTIFICATE = CertificateRecord(
    tenant="dev",
    platform="sandbox",
    e_cert_id="SBX-1",
    case_name="cases/0123",
    declaration_version=2,
    reference="og-1",
    status="ACTIVE",
    status_at=AT,
    issued_at=AT,
    binding="DIGEST",
    declaration_digest="sha256:cc",
    proof="a.b.c",
    sandbox=True,
    adopted_at=AT,
)


def test_decision():
    """A decision says everything that the engine said, under the contract's names."""
    finding = decision_pb2.Finding(
        rule="signed",
        reason="SIGNATURE_MISSING",
        outcome="INVALID",
        because="It is not signed.",
        remedy="Sign it.",
        citations=[
            decision_pb2.Citation(
                source="19cfr182.12", title="19 CFR 182.12", standing="STANDING_ENACTED", at="(a)(5)"
            )
        ],
        place="declaration.goods[0]",
        values={"keep_until": "2031-07-15"},
        standing="STANDING_ENACTED",
    )
    expected = decision_pb2.Decision(
        question="certification",
        outcome="UNDETERMINED",
        possible=["INVALID", "VALID"],
        favourable="FAVOURABLE_UNKNOWN",
        findings=[finding],
        missing=["declaration.signed"],
        standing="STANDING_REPORTED",
        rulebook="usmca",
        rulebook_digest="sha256:aa",
        facts_digest="sha256:bb",
        on=Date(year=2026, month=7, day=1),
        enforce=["STANDING_ENACTED", "STANDING_REPORTED"],
        language_version="1",
        reference_data="ISO",
        incurable=[decision_pb2.Incurable(rule="rvc", place="declaration.goods[1]", code="divide_by_zero")],
        asserted={"declaration.signed": "caller"},
    )
    assert expected == decision_to_proto(DECISION)


def test_hypothetical():
    """A screening under assumptions is marked, and so is what it says besides."""
    message = decision_to_proto(replace(DECISION, advisory=DECISION), hypothetical=True)
    assert (True, True) == (message.hypothetical, message.advisory.hypothetical)


def test_otherwise():
    """What the question says where no rule decides is told with its citations."""
    message = decision_to_proto(replace(DECISION, findings=(), otherwise=FINDING))
    assert ("It is not signed.", "(a)(5)") == (message.otherwise.because, message.otherwise.citations[0].at)


def test_not_there_is_not_set():
    """Without an advisory or an `otherwise` the fields are not set."""
    message = decision_to_proto(DECISION)
    assert (False, False) == (message.HasField("advisory"), message.HasField("otherwise"))


@pytest.mark.parametrize("favourable", ["YES", "NO", "UNKNOWN", None])
def test_favourable(favourable: str | None):
    """The answer in three values, or none where the question has no favourable outcomes."""
    message = decision_to_proto(replace(DECISION, favourable=favourable))
    assert f"FAVOURABLE_{favourable or 'UNSPECIFIED'}" == decision_pb2.Favourable.Name(message.favourable)


@pytest.mark.parametrize("standing", ALL_STANDINGS)
def test_standing(standing: Standing):
    """Every standing of the engine is one of the contract's."""
    message = decision_to_proto(replace(DECISION, standing=standing))
    assert f"STANDING_{standing.name}" == decision_pb2.Standing.Name(message.standing)


def test_differences():
    """A difference keeps its place and what was and is."""
    difference = Difference("order.lines[2].quantity", "2", "quantity", "12", "13")
    expected = certificate_pb2.Difference(
        path="order.lines[2].quantity", item="2", field="quantity", was="12", now="13"
    )
    assert [expected] == differences_to_proto([difference])


def test_case():
    """A case has what belongs to it; a field that a newer version kept is left out."""
    decision = DecisionRecord(
        "dev", "d-1", "cases/0123", 2, "scope", "IN_SCOPE", '{"outcome": "IN_SCOPE"}', "", "", None, AT
    )
    message = case_to_proto(CASE, None, [decision], CERTIFICATE, [ATTEMPT])
    assert ("cases/0123", case_pb2.CASE_STATE_CERTIFIED, 2) == (
        message.name,
        message.state,
        message.declaration_version,
    )
    assert order_pb2.Order(destination="US") == message.order
    assert ["IN_SCOPE"] == [decision.outcome for decision in message.decisions]
    assert ("SBX-1", "og-1") == (message.certificate.e_cert_id, message.attempts[0].reference)
    assert not message.HasField("declaration")
    assert message.create_time.ToDatetime(UTC) == AT


def test_attempt_that_has_not_ended():
    """A try that goes on has no end."""
    assert not attempt_to_proto(ATTEMPT).HasField("ended_at")


def test_attempt_that_replaces():
    """A try to replace a certificate names it; any other names none."""
    assert "SBX-1" == attempt_to_proto(replace(ATTEMPT, replaces="SBX-1")).replaces
    assert not attempt_to_proto(ATTEMPT).HasField("replaces")


@pytest.mark.parametrize("state", CaseState)
def test_case_states(state: CaseState):
    """Every state of a case is one of the contract's."""
    assert f"CASE_STATE_{state}" == case_pb2.CaseState.Name(case_to_proto(replace(CASE, state=state)).state)


@pytest.mark.parametrize("state", AttemptState)
def test_attempt_states(state: AttemptState):
    """Every state of an attempt is one of the contract's."""
    message = attempt_to_proto(replace(ATTEMPT, state=state))
    assert f"ATTEMPT_STATE_{state}" == case_pb2.AttemptState.Name(message.state)


@pytest.mark.parametrize("status", CertificateStatus)
def test_certificate_statuses(status: CertificateStatus):
    """Every status of a certificate is one of the contract's."""
    message = certificate_to_proto(replace(CERTIFICATE, status=status))
    assert f"CERTIFICATE_STATUS_{status}" == certificate_pb2.CertificateStatus.Name(message.status)


@pytest.mark.parametrize("binding", [Binding.DIGEST, Binding.CLAIMS])
def test_bindings(binding: Binding):
    """Every binding by which a certificate can be adopted is one of the contract's."""
    message = certificate_to_proto(replace(CERTIFICATE, binding=binding))
    assert f"BINDING_{binding}" == certificate_pb2.Binding.Name(message.binding)
