"""ScreeningService."""

from typing import Any

import structlog
from origingate.v1 import screening_service_pb2, screening_service_pb2_grpc

from server.calls import current_call
from server.errors import OriginGateError
from server.logs import trace_of
from server.services.reach import require_site
from server.wire.decisions import decision_to_proto
from server.wire.requests import read
from server.wire.statuses import to_status
from server.workflow.screening import Screening

log = structlog.get_logger()


class ScreeningServicer(screening_service_pb2_grpc.ScreeningServiceServicer):
    """Answers without a case."""

    def __init__(self, screening: Screening) -> None:
        self._screening = screening

    async def CheckScope(
        self, request: screening_service_pb2.CheckScopeRequest, context: Any
    ) -> screening_service_pb2.CheckScopeResponse:
        """Is this site and order within the rule?"""
        asked = read(request)
        decision = await self._screening.scope(current_call().principal, asked)
        return screening_service_pb2.CheckScopeResponse(scope=decision_to_proto(decision, asked.hypothetical))

    async def DecidePreReview(
        self, request: screening_service_pb2.DecidePreReviewRequest, context: Any
    ) -> screening_service_pb2.DecidePreReviewResponse:
        """Would the order be eligible for the pre-review?"""
        asked = read(request)
        answered = await self._screening.prereview(current_call().principal, asked, request.e_cert_id)
        return screening_service_pb2.DecidePreReviewResponse(
            **{decision.question: decision_to_proto(decision, asked.hypothetical) for decision in answered}
        )

    async def BatchCheckScope(
        self, request: screening_service_pb2.BatchCheckScopeRequest, context: Any
    ) -> screening_service_pb2.BatchCheckScopeResponse:
        """CheckScope for many orders; a bad item never fails the others."""
        read(request)
        return screening_service_pb2.BatchCheckScopeResponse(
            items=[await self._result(item) for item in request.items]
        )

    async def _result(
        self, item: screening_service_pb2.CheckScopeRequest
    ) -> screening_service_pb2.BatchCheckScopeResult:
        call = current_call()
        try:
            asked = read(item)
            require_site(call.principal, item)
            decision = await self._screening.scope(call.principal, asked)
        except OriginGateError as error:
            return screening_service_pb2.BatchCheckScopeResult(error=to_status(error, call.request_id))
        except Exception as error:
            # As for a call of its own: the log gets it, the other items get their answers.
            log.error("a batch item failed", request_id=call.request_id, trace=trace_of(error))
            return screening_service_pb2.BatchCheckScopeResult(error=to_status(error, call.request_id))
        return screening_service_pb2.BatchCheckScopeResult(
            scope=decision_to_proto(decision, asked.hypothetical)
        )
