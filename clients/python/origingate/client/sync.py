"""The synchronous client."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

import grpc
from origingate.client.calls import Guarded
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


class Client:
    """Speaks to one Origin Gate; for many threads at once. Make one for a program, and close it at the end.

        with Client("gate.example:443", Settings(api_key=key)) as gate:
            answer = gate.process_order(request)

    Each service of the contract is a stub: `gate.screening.CheckScope(request)`. Every call has a deadline, and raises
    CallFailed where it gets no answer. Nothing is connected before the first call.
    """

    def __init__(self, target: str, settings: Settings | None = None) -> None:
        how = settings or Settings()
        credentials, options = how.credentials, how.channel_options
        self._to(
            grpc.insecure_channel(target, options)
            if credentials is None
            else grpc.secure_channel(target, credentials, options),
            how,
        )

    @classmethod
    def over(cls, channel: grpc.Channel, settings: Settings | None = None) -> Self:
        """A client over a channel that is there already, which it closes at its end; TLS and options are the channel's."""
        client = cls.__new__(cls)
        client._to(channel, settings or Settings())
        return client

    def _to(self, channel: grpc.Channel, settings: Settings) -> None:
        self.channel = Guarded(channel, settings)
        self.screening = screening_service_pb2_grpc.ScreeningServiceStub(self.channel)
        self.certificates = certificate_service_pb2_grpc.CertificateServiceStub(self.channel)
        self.cases = case_service_pb2_grpc.CaseServiceStub(self.channel)
        self.evidence = evidence_service_pb2_grpc.EvidenceServiceStub(self.channel)
        self.rulebooks = rulebook_service_pb2_grpc.RulebookServiceStub(self.channel)
        self.sites = site_service_pb2_grpc.SiteServiceStub(self.channel)
        self.operators = operator_service_pb2_grpc.OperatorServiceStub(self.channel)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection. Calls that still wait fail."""
        self.channel.close()

    def process_order(
        self, request: case_service_pb2.ProcessOrderRequest, timeout: float | None = None
    ) -> case_service_pb2.ProcessOrderResponse:
        """Takes an order through all stages. It waits for the platform until shortly before its deadline.

        The request_id makes the call safe to repeat: the same id with the same content never buys a second certificate. An
        order system keeps its own with the order. A request without one is sent with a new one, as a copy; where that
        fails, `request_id` of CallFailed tells which.
        """
        request = named(request)
        try:
            answer: case_service_pb2.ProcessOrderResponse = self.cases.ProcessOrder(request, timeout=timeout)
        except CallFailed as error:
            error.request_id = request.request_id
            raise
        return answer

    def watch_cases(
        self,
        request: case_service_pb2.WatchCasesRequest | None = None,
        on_gone: Callable[[], None] = nobody,
    ) -> Iterator[case_service_pb2.WatchCasesResponse]:
        """Tells every event of the caller's cases, over servers that go away and come back: none is missed.

        After such a gap, of which `on_gone` is told, an event may be told twice. `request` is changed as answers come, so
        that it goes on after the last; keep `request.after` to go on in another process. An answer without an event says
        that all that happened was told. Raises CallFailed where the first answer does not come, or not for want of a server.
        """
        request = case_service_pb2.WatchCasesRequest() if request is None else request
        pause = 0.0
        while True:
            try:
                for answer in self.cases.WatchCases(request):
                    gone_on(request, answer)
                    pause = 0.0
                    yield answer
            except CallFailed as error:
                if not went_away(error, request):
                    raise
            if not pause:
                on_gone()
            pause = next_pause(pause)
            time.sleep(pause)
