"""Servers that follow one another at one address, and what order systems do meanwhile."""

import shutil
from pathlib import Path
from typing import Any, Final

import grpc
from origingate.v1 import (
    case_service_pb2,
    case_service_pb2_grpc,
    screening_service_pb2,
    screening_service_pb2_grpc,
)

from tests.server.platforms.authority import authority
from tests.system.callers import AWAY
from tests.system.meanwhile import Meanwhile
from tests.system.processes import Sandbox, Server, order

QUICK: Final = {
    "ORIGINGATE_ATTEMPT_TIMEOUT": "2",
    "ORIGINGATE_LEASE": "4",
    "ORIGINGATE_SETTLE": "0.2",
    "ORIGINGATE_RECONCILE_EVERY": "0.2",
    "ORIGINGATE_CONNECTION_AGE": "5",
}


def good_request() -> screening_service_pb2.CheckScopeRequest:
    """A request that is in scope."""
    example = order()
    return screening_service_pb2.CheckScopeRequest(site=example.site, order=example.order)


class House:
    """One server at a time, over TLS, and a client of whichever there is."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        self._folder, self._sandbox = folder, sandbox
        self._signer = authority(folder)
        self._certificates = 0
        self.address = "127.0.0.1:0"
        self.rotate()
        self.begin()
        trust = grpc.ssl_channel_credentials((folder / "ca.pem").read_bytes())
        self.channel = grpc.secure_channel(self.address, trust)
        self.cases = case_service_pb2_grpc.CaseServiceStub(self.channel)
        self.screening = screening_service_pb2_grpc.ScreeningServiceStub(self.channel)

    @property
    def process(self) -> Any:
        """The server's process."""
        return self.server.process

    @property
    def log(self) -> Path:
        """What all of them said."""
        return self.server.log

    def begin(self) -> None:
        """Starts a server, on the address of the one before."""
        self.server = Server(
            self._folder, "--listen", self.address, "--sandbox-url", self._sandbox.url,
            "--tls-cert", str(self._folder / "tls.pem"), "--tls-key", str(self._folder / "tls.key"), **QUICK,
        )  # fmt: skip
        self.address = self.server.address

    def drain(self) -> int:
        """Ends the server in order; its exit code."""
        return self.server.stop()

    def rotate(self) -> None:
        """Puts a new certificate in the place of the one before, and then its key."""
        self._certificates += 1
        certificate, key = self._signer.issue(f"server-{self._certificates}")
        shutil.move(certificate, self._folder / "tls.pem")
        shutil.move(key, self._folder / "tls.key")

    def process_order(
        self, request: case_service_pb2.ProcessOrderRequest, timeout: float = 20
    ) -> case_service_pb2.ProcessOrderResponse:
        """As an order system asks."""
        answer: case_service_pb2.ProcessOrderResponse = self.cases.ProcessOrder(request, timeout=timeout)
        return answer


class Scopes(Meanwhile):
    """Asks the same again and again, and wants the same answer each time."""

    def __init__(self, house: House) -> None:
        super().__init__(pause=0.02)
        self._house = house
        self._request = good_request()
        self.answers: set[tuple[str, str, str]] = set()
        self.count = 0
        self.start()

    def step(self) -> None:
        """One question; a server that is away just now is asked again."""
        try:
            said = self._house.screening.CheckScope(self._request, timeout=20).scope
        except grpc.RpcError as error:
            if error.code() not in AWAY:
                raise
            return
        self.answers.add((said.outcome, said.facts_digest, said.rulebook_digest))
        self.count += 1
