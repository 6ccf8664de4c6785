"""ScreeningService."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable
from contextlib import aclosing
from typing import Any, Final, TypeVar

import structlog
from google.rpc.status_pb2 import Status
from origingate.v1 import decision_pb2, screening_service_pb2, screening_service_pb2_grpc

from server.calls import Call, current_call
from server.errors import OriginGateError
from server.logs import trace_of
from server.services.reach import Reach, require_site
from server.store.errors import StoreUnavailable
from server.wire.decisions import decision_to_proto
from server.wire.requests import read
from server.wire.statuses import to_status
from server.workflow.screening import Screened, Screening
from server.workflow.streams import Streams

log = structlog.get_logger()

# So many items of a batch are decided before other calls have their turn: a few milliseconds.
AT_ONCE: Final = 25

_Item = TypeVar(
    "_Item", screening_service_pb2.StreamCheckScopeRequest, screening_service_pb2.StreamDecideRequest
)


class ScreeningServicer(screening_service_pb2_grpc.ScreeningServiceServicer):
    """Answers without a case."""

    def __init__(self, screening: Screening, reach: Reach, streams: Streams) -> None:
        self._screening = screening
        self._reach = reach
        self._streams = streams

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
        principal = current_call().principal
        screened = await self._screening.screen_prereview(principal, read(request), request.e_cert_id)
        await self._screening.keep(principal, [screened])
        return _decisions(screened)

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
            answers.append(await _answer(call, self._scope(call, item)))
        await self._keep(call, answers)
        return screening_service_pb2.BatchCheckScopeResponse(items=map(_result, answers))

    async def StreamCheckScope(
        self, request_iterator: AsyncIterator[screening_service_pb2.StreamCheckScopeRequest], context: Any
    ) -> AsyncIterator[screening_service_pb2.StreamCheckScopeResponse]:
        """CheckScope for a stream of orders."""
        async with aclosing(self._answered(request_iterator, self._streamed_scope)) as answered:
            async for key, answer in answered:
                yield screening_service_pb2.StreamCheckScopeResponse(
                    key=key,
                    scope=None if isinstance(answer, Status) else _scope_message(answer),
                    error=answer if isinstance(answer, Status) else None,
                )

    async def StreamDecide(
        self, request_iterator: AsyncIterator[screening_service_pb2.StreamDecideRequest], context: Any
    ) -> AsyncIterator[screening_service_pb2.StreamDecideResponse]:
        """DecidePreReview for a stream of orders."""
        async with aclosing(self._answered(request_iterator, self._streamed_prereview)) as answered:
            async for key, answer in answered:
                yield screening_service_pb2.StreamDecideResponse(
                    key=key,
                    decisions=None if isinstance(answer, Status) else _decisions(answer),
                    error=answer if isinstance(answer, Status) else None,
                )

    async def _answered(
        self, items: AsyncIterator[_Item], screen: Callable[[Call, _Item], Awaitable[Screened]]
    ) -> AsyncGenerator[tuple[str, Screened | Status], None]:
        """The key of each item with its answer, once that is kept."""
        call = current_call()
        async with aclosing(self._streams.groups(items)) as groups:
            async for group in groups:
                answers = [await _answer(call, screen(call, item)) for item in group]
                await self._keep(call, answers)
                for item, answer in zip(group, answers, strict=True):
                    yield item.key, answer

    async def _scope(self, call: Call, item: screening_service_pb2.CheckScopeRequest) -> Screened:
        asked = read(item)
        require_site(call.principal, item)
        return await self._screening.screen_scope(call.principal, asked)

    async def _streamed_scope(
        self, call: Call, said: screening_service_pb2.StreamCheckScopeRequest
    ) -> Screened:
        read(said)
        return await self._scope(call, said.item)

    async def _streamed_prereview(
        self, call: Call, said: screening_service_pb2.StreamDecideRequest
    ) -> Screened:
        read(said)
        asked = read(said.item)
        await self._reach.require(call.principal, said.item)
        await asyncio.sleep(0)  # other calls have their turn
        return await self._screening.screen_prereview(call.principal, asked, said.item.e_cert_id)

    async def _keep(self, call: Call, answers: Iterable[Screened | Status]) -> None:
        await self._screening.keep(
            call.principal, [answer for answer in answers if isinstance(answer, Screened)]
        )


async def _answer(call: Call, screening: Awaitable[Screened]) -> Screened | Status:
    """An item's answer, or why it has none, as the same request alone would have failed."""
    try:
        return await screening
    except StoreUnavailable:
        # No item could be answered, and none is told to be at fault.
        raise
    except OriginGateError as error:
        return to_status(error, call.request_id)
    except Exception as error:
        # As for a call of its own: the log gets it, the other items get their answers.
        log.error("an item failed", method=call.method, request_id=call.request_id, trace=trace_of(error))
        return to_status(error, call.request_id)


def _result(answer: Screened | Status) -> screening_service_pb2.BatchCheckScopeResult:
    if isinstance(answer, Status):
        return screening_service_pb2.BatchCheckScopeResult(error=answer)
    return screening_service_pb2.BatchCheckScopeResult(scope=_scope_message(answer))


def _scope_message(screened: Screened) -> decision_pb2.Decision:
    [decision] = screened.answered
    return decision_to_proto(decision, screened.asked.hypothetical)


def _decisions(screened: Screened) -> screening_service_pb2.DecidePreReviewResponse:
    return screening_service_pb2.DecidePreReviewResponse(
        **{
            decision.question: decision_to_proto(decision, screened.asked.hypothetical)
            for decision in screened.answered
        }
    )
