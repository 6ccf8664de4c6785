"""Answers of the workflow as the contract's messages."""

from origingate.v1 import case_pb2, case_service_pb2, receipt_pb2

from server.store.receipts import Receipt
from server.wire.records import case_to_proto
from server.wire.texts import decision_of
from server.workflow.answering import Answer
from server.workflow.casework import CaseView
from server.workflow.deciding import WORKFLOW


def case_message(view: CaseView) -> case_pb2.Case:
    """All of a case that callers are told."""
    decided = [view.decisions[question] for question in WORKFLOW if question in view.decisions]
    return case_to_proto(view.case, view.declaration, decided, view.certificate, view.attempts)


def decisions_message(answer: Answer) -> case_service_pb2.OrderDecisions:
    """The decisions that answer a request."""
    return case_service_pb2.OrderDecisions(
        **{question: decision_of(body) for question, body in answer.decisions.items()},
        receipt=receipt_message(answer.receipt),
    )


def receipt_message(receipt: Receipt | None) -> receipt_pb2.Receipt | None:
    """A receipt; None where there is none."""
    if receipt is None:
        return None
    return receipt_pb2.Receipt(
        position=receipt.position,
        envelope=receipt.envelope,
        event=receipt.event,
        inclusion=receipt.inclusion,
        head=receipt.head,
    )
