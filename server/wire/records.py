"""From the store's records to the contract's messages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from google.protobuf.timestamp_pb2 import Timestamp
from origingate.v1 import (
    case_event_pb2,
    case_pb2,
    certificate_pb2,
    decision_pb2,
    declaration_pb2,
    order_pb2,
)

from engine.case import CaseState
from server.wire.texts import decision_of, message_kept

if TYPE_CHECKING:
    from server.store.events import EventRecord
    from server.store.listing import CaseSummary
    from server.store.records import (
        AttemptRecord,
        CaseRecord,
        CertificateRecord,
        DecisionRecord,
        DeclarationRecord,
    )

_STATE_OF = {case_pb2.CaseState.Value(f"CASE_STATE_{state}"): state for state in CaseState}


def case_to_proto(
    case: CaseRecord,
    declaration: DeclarationRecord | None = None,
    decisions: Iterable[DecisionRecord] = (),
    certificate: CertificateRecord | None = None,
    attempts: Iterable[AttemptRecord] = (),
) -> case_pb2.Case:
    """The case with all that belongs to it; decisions and attempts in the order given."""
    message = case_pb2.Case(
        name=case.name,
        state=f"CASE_STATE_{case.state}",
        site_id=case.site_id,
        order_id=case.order_id,
        create_time=timestamp(case.created_at),
        update_time=timestamp(case.updated_at),
        order=message_kept(case.order, order_pb2.Order) if case.order else None,
        declaration_version=case.declaration_version,
        decisions=map(_decision_to_proto, decisions),
        attempts=map(attempt_to_proto, attempts),
        version=case.version,
        erase_time=timestamp(case.erased_at) if case.erased_at is not None else None,
    )
    if declaration is not None and declaration.declaration:
        message.declaration.CopyFrom(message_kept(declaration.declaration, declaration_pb2.Declaration))
    if certificate is not None:
        message.certificate.CopyFrom(certificate_to_proto(certificate))
    return message


def _decision_to_proto(decision: DecisionRecord) -> decision_pb2.Decision:
    """A decision as it was recorded; what is left of one that is erased."""
    if decision.body:
        return decision_of(decision.body)
    return decision_pb2.Decision(
        question=decision.question, outcome=decision.outcome, rulebook_digest=decision.rulebook_digest
    )


def summary_to_proto(case: CaseSummary | CaseRecord) -> case_pb2.Case:
    """What a list tells of a case."""
    return case_pb2.Case(
        name=case.name,
        state=f"CASE_STATE_{case.state}",
        site_id=case.site_id,
        order_id=case.order_id,
        create_time=timestamp(case.created_at),
        update_time=timestamp(case.updated_at),
        declaration_version=case.declaration_version,
        version=case.version,
    )


def event_to_proto(record: EventRecord, event: Mapping[str, Any]) -> case_event_pb2.CaseEvent:
    """An event of a case. A word of a newer version, which may write beside this one, is told as not given."""
    return case_event_pb2.CaseEvent(
        case_name=record.case_name,
        site_id=record.site_id,
        order_id=record.order_id,
        kind=_known(case_event_pb2.CaseEventKind, "CASE_EVENT_KIND_", event["event"]),
        from_state=_known(case_pb2.CaseState, "CASE_STATE_", event["from"]),
        to_state=_known(case_pb2.CaseState, "CASE_STATE_", event["to"]),
        version=event["version"],
        declaration_version=event["declaration_version"],
        actor=event["actor"],
        reason=event["reason"],
        time=timestamp(record.at),
    )


def states_of(numbers: Iterable[int]) -> tuple[CaseState, ...]:
    """States as the engine names them, each once, in its order."""
    named = {_STATE_OF[number] for number in numbers}
    return tuple(state for state in CaseState if state in named)


def _known(kind: Any, prefix: str, word: str | None) -> Any:
    name = f"{prefix}{word}"
    return name if name in kind.DESCRIPTOR.values_by_name else f"{prefix}UNSPECIFIED"


def attempt_to_proto(attempt: AttemptRecord) -> case_pb2.Attempt:
    """One try at one platform."""
    return case_pb2.Attempt(
        platform=attempt.platform,
        reference=attempt.reference,
        state=f"ATTEMPT_STATE_{attempt.state}",
        because=attempt.because,
        planned_at=timestamp(attempt.planned_at),
        ended_at=timestamp(attempt.ended_at) if attempt.ended_at is not None else None,
        replaces=attempt.replaces,
    )


def certificate_to_proto(certificate: CertificateRecord) -> certificate_pb2.Certificate:
    """A certificate that was adopted, with its status as last told."""
    return certificate_pb2.Certificate(
        e_cert_id=certificate.e_cert_id,
        platform=certificate.platform,
        status=f"CERTIFICATE_STATUS_{certificate.status}",
        status_at=timestamp(certificate.status_at),
        issued_at=timestamp(certificate.issued_at),
        binding=f"BINDING_{certificate.binding}",
        declaration_digest=certificate.declaration_digest,
        proof=certificate.proof,
        sandbox=certificate.sandbox,
        case_name=certificate.case_name,
        compared_fields=json.loads(certificate.compared) if certificate.compared else (),
    )


def timestamp(at: datetime) -> Timestamp:
    """The moment as the contract has it."""
    stamp = Timestamp()
    stamp.FromDatetime(at)
    return stamp
