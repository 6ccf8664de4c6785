"""Rulebooks, their activations and their trials as the contract's messages."""

import json

from origingate.v1 import rulebook_service_pb2

from server.activation.report import Report
from server.store import RulebookRecord
from server.store.activations import ActivationRecord
from server.store.proposals import ProposalRecord
from server.store.rulebooks import StoredRulebook
from server.store.servings import ServingRecord
from server.wire.records import timestamp


def stored_to_proto(record: StoredRulebook | RulebookRecord) -> rulebook_service_pb2.StoredRulebook:
    """A rulebook that was accepted."""
    return rulebook_service_pb2.StoredRulebook(
        digest=record.digest, name=record.name, stored_at=timestamp(record.stored_at)
    )


def files_to_proto(text: str) -> list[rulebook_service_pb2.RulebookFile]:
    """The files of a stored rulebook."""
    return [
        rulebook_service_pb2.RulebookFile(path=path, text=said)
        for path, said in sorted(json.loads(text).items())
    ]


def activation_to_proto(record: ActivationRecord, named: bool) -> rulebook_service_pb2.Activation:
    """An activation; with the people's names and words where these are to be told."""
    return rulebook_service_pb2.Activation(
        number=record.number,
        rulebook_digest=record.rulebook_digest,
        activated_at=timestamp(record.activated_at),
        activated_by=record.activated_by if named else "",
        approved_by=(record.approved_by or "") if named else "",
        because=record.because if named else "",
    )


def proposal_to_proto(record: ProposalRecord) -> rulebook_service_pb2.Proposal:
    """A rulebook that waits for a second person."""
    return rulebook_service_pb2.Proposal(
        rulebook_digest=record.rulebook_digest,
        proposed_by=record.proposed_by,
        proposed_at=timestamp(record.proposed_at),
        because=record.because,
    )


def serving_to_proto(record: ServingRecord) -> rulebook_service_pb2.Serving:
    """What a process serves."""
    return rulebook_service_pb2.Serving(
        process=record.owner,
        rulebook_digest=record.rulebook_digest,
        activation=record.activation,
        since=timestamp(record.since),
        seen_at=timestamp(record.seen_at),
    )


def trial_to_proto(report: Report) -> rulebook_service_pb2.RulebookTrial:
    """What a trial found."""
    return rulebook_service_pb2.RulebookTrial(
        accepted=report.accepted,
        digest=report.digest,
        name=report.name,
        faults=[
            rulebook_service_pb2.RulebookFault(
                file=each.file, line=each.line, column=each.column, code=each.code, text=each.text
            )
            for each in report.against
        ],
        total_faults=report.faults,
        passed=report.passed,
        failed=report.failed,
        skipped=report.skipped,
        second_opinion=f"SECOND_OPINION_{report.opinion}",
        compared=report.compared,
    )
