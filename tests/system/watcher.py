"""A client that watches cases as an order system would: it keeps the last token, and comes back with it."""

import threading
import time
from collections.abc import Callable

import grpc
from origingate.v1 import case_event_pb2, case_service_pb2, case_service_pb2_grpc

PAUSE = 0.05


class Watcher(threading.Thread):
    """Watches from the beginning until it is stopped; whenever the stream ends it asks for the address again."""

    def __init__(self, address: Callable[[], str]) -> None:
        super().__init__(daemon=True)
        self._address = address
        self._stopping = threading.Event()
        self._call: grpc.Future | None = None
        self.events: list[case_event_pb2.CaseEvent] = []
        self.ends: list[grpc.StatusCode] = []
        self.failure: BaseException | None = None
        self.start()

    def run(self) -> None:
        token = ""
        try:
            while not self._stopping.is_set():
                token = self._watched(token)
                time.sleep(PAUSE)
        except BaseException as error:
            self.failure = error

    def stop(self) -> None:
        """Ends the watch. Raises what it failed with."""
        self._stopping.set()
        if self._call is not None:
            self._call.cancel()
        self.join(30)
        if self.failure is not None:
            raise self.failure

    def _watched(self, token: str) -> str:
        """One stream to its end; the last token."""
        start = case_service_pb2.WATCH_START_UNSPECIFIED if token else case_service_pb2.WATCH_START_BEGINNING
        with grpc.insecure_channel(self._address()) as channel:
            stub = case_service_pb2_grpc.CaseServiceStub(channel)
            self._call = stub.WatchCases(case_service_pb2.WatchCasesRequest(after=token, start=start))
            try:
                for answer in self._call:
                    token = answer.token
                    if answer.HasField("event"):
                        self.events.append(answer.event)
            except grpc.RpcError as error:
                self.ends.append(error.code())
                if error.code() not in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED):
                    raise
        return token
