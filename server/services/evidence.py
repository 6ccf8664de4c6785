"""EvidenceService."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any

from origingate.v1 import evidence_service_pb2, evidence_service_pb2_grpc

from engine.checkpoint import read_checkpoint, verifier_key
from engine.explanation import Explanation
from server.calls import current_call
from server.export import export_case
from server.log_keys import key_octets
from server.services.answers import receipt_message
from server.services.pages import size_of
from server.store import Store
from server.store.signing import HeadRecord, heads_kept, keys_known, log_origin, newest_head
from server.wire.records import timestamp
from server.wire.requests import read
from server.wire.texts import decision_of
from server.wire.tokens import page_token, read_page_token
from server.workflow.evidence import Evidence

_ASKED = ("heads",)


class EvidenceServicer(evidence_service_pb2_grpc.EvidenceServiceServicer):
    """Why an order passed, and the proof of it."""

    def __init__(self, store: Store, evidence: Evidence) -> None:
        self._store = store
        self._evidence = evidence

    async def GetReceipt(
        self, request: evidence_service_pb2.GetReceiptRequest, context: Any
    ) -> evidence_service_pb2.GetReceiptResponse:
        """A receipt."""
        read(request)
        tenant = current_call().principal.tenant
        found = await self._evidence.receipt(tenant, request.name, request.question)
        return evidence_service_pb2.GetReceiptResponse(receipt=receipt_message(found))

    async def GetDecision(
        self, request: evidence_service_pb2.GetDecisionRequest, context: Any
    ) -> evidence_service_pb2.GetDecisionResponse:
        """A decision, explained again."""
        read(request)
        tenant = current_call().principal.tenant
        found = await self._evidence.explained(tenant, request.name, request.question)
        decision = found.decision
        return evidence_service_pb2.GetDecisionResponse(
            decision_id=decision.decision_id,
            decision=decision_of(decision.body),
            facts=decision.facts,
            case_name=decision.case_name or "",
            declaration_version=decision.declaration_version or 0,
            decided_at=timestamp(decision.decided_at),
            rules=_rules(found.explanation) if found.explanation is not None else (),
            unexplained=found.unexplained,
        )

    async def Replay(
        self, request: evidence_service_pb2.ReplayRequest, context: Any
    ) -> evidence_service_pb2.ReplayResponse:
        """A decision, decided again."""
        read(request)
        tenant = current_call().principal.tenant
        found = await self._evidence.replayed(tenant, request.name, request.question, request.rulebook_digest)
        return evidence_service_pb2.ReplayResponse(
            same=found.same,
            decision=decision_of(found.now),
            differences=[
                evidence_service_pb2.DecisionDifference(path=each.path, was=each.was, now=each.now)
                for each in found.differences
            ],
        )

    async def ListHeads(
        self, request: evidence_service_pb2.ListHeadsRequest, context: Any
    ) -> evidence_service_pb2.ListHeadsResponse:
        """A page of signed heads."""
        read(request)
        begin: tuple[int, datetime] | tuple[()] = ()
        if request.page_token:
            at, name = read_page_token("page_token", request.page_token, _ASKED)
            begin = (int(name.removeprefix("heads/"), 16), at)
        size = size_of(request.page_size)
        kept, newest, keys, origin = await self._store.read(
            lambda c: (heads_kept(c, size + 1, *begin), newest_head(c), keys_known(c), log_origin(c))
        )
        answer = evidence_service_pb2.ListHeadsResponse(
            heads=[_head(each.head) for each in kept[:size]],
            keys=[
                evidence_service_pb2.LogKey(
                    public_key=each.public_key,
                    verifier_key=verifier_key(origin, key_octets(each.public_key)),
                    from_size=each.from_size,
                    added_at=timestamp(each.added_at),
                )
                for each in keys
            ],
            newest=None if newest is None else _head(newest),
        )
        if len(kept) > size:
            answer.next_page_token = _token(kept[size])
        return answer

    async def ExportEvidence(
        self, request: evidence_service_pb2.ExportEvidenceRequest, context: Any
    ) -> AsyncIterator[evidence_service_pb2.ExportEvidenceResponse]:
        """A case as one file. The next chunk is made once the caller took the one before."""
        read(request)
        caller = current_call().principal
        chunks = export_case(
            self._store.read_waiting, caller.tenant, request.name, self._evidence.served, caller.sites
        )
        while chunk := await asyncio.to_thread(next, chunks, b""):
            yield evidence_service_pb2.ExportEvidenceResponse(chunk=chunk)


def _token(first: HeadRecord) -> str:
    return page_token(_ASKED, first.at, f"heads/{first.size:x}")


def _head(text: str) -> evidence_service_pb2.SignedHead:
    head = read_checkpoint(text).head
    return evidence_service_pb2.SignedHead(size=head.size, signed_at=timestamp(head.at), head=text)


def _rules(explanation: Explanation) -> Iterator[evidence_service_pb2.ExplainedRule]:
    """What became of each rule, at each place."""
    for rule in explanation.rules:
        if not rule.places:
            yield evidence_service_pb2.ExplainedRule(
                rule=rule.rule, outcome=rule.outcome, state=rule.state, because=rule.because
            )
        for place in rule.places:
            yield evidence_service_pb2.ExplainedRule(
                rule=rule.rule,
                outcome=rule.outcome,
                state=place.state,
                place=place.place,
                clauses=[
                    evidence_service_pb2.ExplainedClause(
                        clause=clause.text, says=clause.says, holds=clause.holds
                    )
                    for clause in place.clauses
                ],
            )
