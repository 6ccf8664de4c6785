"""The asynchronous client: the same as the synchronous one, to be awaited."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import grpc
from origingate.client.calls import AioBothStream, AioStream, AioUnary
from origingate.client.failures import CallFailed
from origingate.client.requests import gone_on, named, next_pause, nobody, went_away
from origingate.client.settings import Settings
from origingate.v1 import (
    case_service_pb2,
    case_service_pb2_grpc,
    certificate_service_pb2_grpc,
    evidence_service_pb2_grpc,
    operator_service_pb2_grpc,
    rulebook_service_pb2_grpc,
    screening_service_pb2_grpc,
    site_service_pb2_grpc,
)

if TYPE_CHECKING:
    from origingate.v1.case_service_pb2_grpc import CaseServiceAsyncStub
    from origingate.v1.certificate_service_pb2_grpc import CertificateServiceAsyncStub
    from origingate.v1.evidence_service_pb2_grpc import EvidenceServiceAsyncStub
    from origingate.v1.operator_service_pb2_grpc import OperatorServiceAsyncStub
    from origingate.v1.rulebook_service_pb2_grpc import RulebookServiceAsyncStub
    from origingate.v1.screening_service_pb2_grpc import ScreeningServiceAsyncStub
    from origingate.v1.site_service_pb2_grpc import SiteServiceAsyncStub


class AsyncClient:
    """Speaks to one Origin Gate from one event loop; otherwise as Client.

    async with AsyncClient("gate.example:443", Settings(api_key=key)) as gate:
        answer = await gate.process_order(request)
    """

    def __init__(self, target: str, settings: Settings | None = None) -> None:
        how = settings or Settings()
        credentials, options = how.credentials, how.channel_options
        around: list[Any] = [AioUnary(how), AioStream(how), AioBothStream(how)]
        self.channel = (
            grpc.aio.insecure_channel(target, options, interceptors=around)
            if credentials is None
            else grpc.aio.secure_channel(target, credentials, options, interceptors=around)
        )
        self.screening: ScreeningServiceAsyncStub = screening_service_pb2_grpc.ScreeningServiceStub(
            self.channel
        )
        self.certificates: CertificateServiceAsyncStub = certificate_service_pb2_grpc.CertificateServiceStub(
            self.channel
        )
        self.cases: CaseServiceAsyncStub = case_service_pb2_grpc.CaseServiceStub(self.channel)
        self.evidence: EvidenceServiceAsyncStub = evidence_service_pb2_grpc.EvidenceServiceStub(self.channel)
        self.rulebooks: RulebookServiceAsyncStub = rulebook_service_pb2_grpc.RulebookServiceStub(self.channel)
        self.sites: SiteServiceAsyncStub = site_service_pb2_grpc.SiteServiceStub(self.channel)
        self.operators: OperatorServiceAsyncStub = operator_service_pb2_grpc.OperatorServiceStub(self.channel)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends the connection. Calls that still wait fail."""
        await self.channel.close(None)

    async def process_order(
        self,
        request: case_service_pb2.ProcessOrderRequest,
        timeout: float | None = None,  # noqa: ASYNC109 - gRPC tells the server the deadline
    ) -> case_service_pb2.ProcessOrderResponse:
        """Takes an order through all stages, as Client.process_order does."""
        request = named(request)
        try:
            return await self.cases.ProcessOrder(request, timeout=timeout)
        except CallFailed as error:
            error.request_id = request.request_id
            raise

    async def watch_cases(
        self,
        request: case_service_pb2.WatchCasesRequest | None = None,
        on_gone: Callable[[], None] = nobody,
    ) -> AsyncIterator[case_service_pb2.WatchCasesResponse]:
        """Tells every event of the caller's cases, as Client.watch_cases does."""
        request = case_service_pb2.WatchCasesRequest() if request is None else request
        pause = 0.0
        while True:
            call = self.cases.WatchCases(request)
            try:
                async for answer in call:
                    gone_on(request, answer)
                    pause = 0.0
                    yield answer
            except CallFailed as error:
                if not went_away(error, request):
                    raise
            finally:
                # Who leaves ends the stream; gRPC would keep it open.
                call.cancel()
            if not pause:
                on_gone()
            pause = next_pause(pause)
            await asyncio.sleep(pause)
