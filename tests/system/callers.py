"""Order systems under load: each sends order after order, and repeats what got no answer under the same request_id."""

import time
from pathlib import Path
from typing import Protocol

import grpc
from origingate.v1 import case_service_pb2

from tests.system.meanwhile import Meanwhile
from tests.system.processes import order, wait_for
from tests.system.started import Started

PAUSE = 0.1
# What may be said while a server or its database is away; anything else is a fault. CANCELLED is what gRPC makes of a call
# that comes just as a server stops.
AWAY = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED)


class Serving(Protocol):
    """A server, or what stands before several that follow one another."""

    @property
    def process(self) -> Started: ...

    @property
    def log(self) -> Path: ...

    def process_order(
        self, request: case_service_pb2.ProcessOrderRequest, timeout: float = 20
    ) -> case_service_pb2.ProcessOrderResponse: ...


class Caller(Meanwhile):
    """Sends orders to a server until it is stopped; `answers` has the last answer to each by its order's id."""

    def __init__(self, server: Serving, name: str) -> None:
        super().__init__()
        self._server = server
        self._name = name
        self._number = 0
        self.answers: dict[str, case_service_pb2.ProcessOrderResponse] = {}
        self.repeated = 0
        self.start()

    def step(self) -> None:
        """The next order, or the same once more where it got no answer."""
        if self._answered(f"{self._name}-{self._number}"):
            self._number += 1

    def goes_on(self, by: int = 3) -> None:
        """Waits until some more orders were answered."""
        before = len(self.answers)
        wait_for(
            lambda: self.failure or len(self.answers) >= before + by, self._server.process, self._server.log
        )

    def _answered(self, name: str) -> bool:
        request = order(order_id=name, request_id=f"request-{name}")
        try:
            self.answers[name] = self._server.process_order(request, timeout=20)
        except grpc.RpcError as error:
            if error.code() not in AWAY:
                raise
            self.repeated += 1
            time.sleep(PAUSE)
            return False
        return True
