"""Sends what no client sends, at a pace that leaves room for others; each kind of it again and again."""

import random
import socket
import ssl
import time
from collections import Counter
from itertools import cycle
from typing import Final

import grpc
from origingate.v1 import screening_service_pb2

from tests.system.meanwhile import Meanwhile
from tests.system.soak.frames import PATH, SPOILED, mutated

LOOK: Final = 0.05
# What a message that was changed may be answered: it is still one, or it is the caller's mistake. Nothing is our fault.
ALLOWED: Final = frozenset({"OK", "INVALID_ARGUMENT", "NOT_FOUND", "FAILED_PRECONDITION"})
STOPPING: Final = frozenset({"UNAVAILABLE", "CANCELLED"})


class Malformed(Meanwhile):
    """Connections and messages that are wrong, `a_second` of each, until it is stopped; `sent` counts them by kind."""

    def __init__(
        self,
        address: str,
        channel: grpc.Channel,
        good: bytes,
        seed: int,
        a_second: float = 20,
        tls: bool = False,
    ) -> None:
        super().__init__(pause=1 / a_second)
        host, _, port = address.rpartition(":")
        self._place = (host, int(port))
        self._ask = channel.unary_unary(PATH)
        self._good = good
        self._dice = random.Random(seed)
        self._kinds = cycle(SPOILED)
        self._tls = tls
        self.sent: Counter[str] = Counter()
        self.codes: Counter[str] = Counter()
        self.start()

    def step(self) -> None:
        """A connection of the next kind, and a message."""
        self._connect(next(self._kinds))
        self._mutate()

    def _connect(self, kind: str) -> None:
        data = SPOILED[kind](self._good, self._dice)
        self.sent[kind] += 1
        try:
            with socket.create_connection(self._place, timeout=5) as plain:
                # Every other one over TLS, where there is TLS: the rest is noise to it.
                if self._tls and self.sent[kind] % 2:
                    trust = ssl.create_default_context()
                    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
                    trust.set_alpn_protocols(["h2"])
                    with trust.wrap_socket(plain) as secured:
                        self._speak(secured, data)
                else:
                    self._speak(plain, data)
        except OSError:
            # It was cut off, which is well.
            pass

    def _speak(self, connection: socket.socket, data: bytes) -> None:
        connection.sendall(data)
        connection.settimeout(LOOK)
        end = time.monotonic() + LOOK
        while time.monotonic() < end and connection.recv(4096):
            pass

    def _mutate(self) -> None:
        request = mutated(self._good, self._dice)
        try:
            screening_service_pb2.CheckScopeResponse.FromString(self._ask(request, timeout=20))
            code = "OK"
        except grpc.RpcError as error:
            code = error.code().name
        self.codes[code] += 1
        assert code in ALLOWED | STOPPING, (code, request)
