"""ScreeningService."""

import asyncio
from typing import Any, Final

import structlog
from google.rpc.status_pb2 import Status
from origingate.v1 import screening_service_pb2, screening_service_pb2_grpc

from server.calls import Call, current_call
from server.errors import OriginGateError
from server.logs import trace_of
from server.services.reach import require_site
from server.wire.decisions import decision_to_proto
from server.wire.requests import read
from server.wire.statuses import to_status
from server.workflow.screening import Screened, Screening

log = structlog.get_logger()

# So many items of a batch are decided before other calls have their turn: a few milliseconds.
AT_ONCE: Final = 25


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
        call = current_call()
        answers = []
        for number, item in enumerate(request.items):
            if number % AT_ONCE == AT_ONCE - 1:
                await asyncio.sleep(0)  # other calls have their turn
            answers.append(self._screened(call, item))
        await self._screening.keep(
            call.principal, [answer for answer in answers if isinstance(answer, Screened)]
        )
        return screening_service_pb2.BatchCheckScopeResponse(items=map(_result, answers))

    def _screened(self, call: Call, item: screening_service_pb2.CheckScopeRequest) -> Screened | Status:
        """An item's answer, or why it has none, as the same request alone would have failed."""
        try:
            asked = read(item)
            require_site(call.principal, item)
            return self._screening.screen_scope(call.principal, asked)
        except OriginGateError as error:
            return to_status(error, call.request_id)
        except Exception as error:
            # As for a call of its own: the log gets it, the other items get their answers.
            log.error("a batch item failed", request_id=call.request_id, trace=trace_of(error))
            return to_status(error, call.request_id)


def _result(answer: Screened | Status) -> screening_service_pb2.BatchCheckScopeResult:
    if isinstance(answer, Status):
        return screening_service_pb2.BatchCheckScopeResult(error=answer)
    [decision] = answer.answered
    return screening_service_pb2.BatchCheckScopeResult(
        scope=decision_to_proto(decision, answer.asked.hypothetical)
    )
