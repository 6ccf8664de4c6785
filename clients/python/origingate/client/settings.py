"""How a client speaks to its server: securely, with a deadline on every call, repeating what is safe to repeat."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import grpc
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.descriptor_pb2 import MethodOptions
from origingate.v1 import (
    case_service_pb2,
    certificate_service_pb2,
    evidence_service_pb2,
    operator_service_pb2,
    rulebook_service_pb2,
    screening_service_pb2,
    site_service_pb2,
)

DEADLINE: Final = 10.0
ATTEMPTS: Final = 4
# While a call waits, a connection that was silent for so long is asked for a sign of life, which has so long to come. The
# heartbeats of a watch come more often, so that it asks for nothing.
SILENCE: Final = 20.0
SIGN_OF_LIFE: Final = 10.0
SERVICES: Final[tuple[ServiceDescriptor, ...]] = tuple(
    service
    for file in (
        case_service_pb2, certificate_service_pb2, evidence_service_pb2, operator_service_pb2, rulebook_service_pb2,
        screening_service_pb2, site_service_pb2,
    )
    for service in file.DESCRIPTOR.services_by_name.values()
)  # fmt: skip
_SAFE: Final = frozenset({MethodOptions.IDEMPOTENT, MethodOptions.NO_SIDE_EFFECTS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How to speak to a server.

    `plaintext` speaks without TLS: on loopback, or where something else encrypts the way. Otherwise TLS is used, with the
    system's authorities or with those of `authorities` (PEM); `certificate` and `certificate_key` (PEM) are shown where the
    server wants to see one. `api_key` is an API key, or a token of an issuer that the server believes, and goes with every
    call. `deadline` is the time in seconds that a call may take when it names none itself; None sets none, and ProcessOrder
    then waits as long as the server lets it. `attempts` is how often a call that is safe to repeat is made at most while no
    server can be reached. `options` are further options of gRPC's channel, which count before those that are set here.
    """

    plaintext: bool = False
    authorities: bytes | None = None
    certificate: bytes | None = None
    certificate_key: bytes | None = field(default=None, repr=False)
    api_key: str = field(default="", repr=False)
    deadline: float | None = DEADLINE
    attempts: int = ATTEMPTS
    options: tuple[tuple[str, Any], ...] = ()

    @property
    def credentials(self) -> grpc.ChannelCredentials | None:
        """What TLS needs; None without TLS."""
        if self.plaintext:
            return None
        return grpc.ssl_channel_credentials(self.authorities, self.certificate_key, self.certificate)

    @property
    def channel_options(self) -> list[tuple[str, Any]]:
        """The channel's options: a client comes back soon to a server that was away, also where none said that it went."""
        ours: dict[str, Any] = {
            "grpc.service_config": service_config(self.attempts),
            "grpc.initial_reconnect_backoff_ms": 100,
            "grpc.max_reconnect_backoff_ms": 2000,
            "grpc.keepalive_time_ms": round(SILENCE * 1000),
            "grpc.keepalive_timeout_ms": round(SIGN_OF_LIFE * 1000),
            # Of every ping, also of gRPC's own; without it gRPC waits a minute even for those above.
            "grpc.http2.ping_timeout_ms": round(SIGN_OF_LIFE * 1000),
            # A watch sends nothing but such pings; by itself gRPC would stop after two.
            "grpc.http2.max_pings_without_data": 0,
        }
        # Of two with one name gRPC would take the first.
        return list((ours | dict(self.options)).items())

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        """What goes with every call: the key, and the trace that the caller is in, where OpenTelemetry is there."""
        key = (("authorization", f"Bearer {self.api_key}"),) if self.api_key else ()
        return (*key, *_trace())


def service_config(attempts: int) -> str:
    """gRPC's service config: calls go round all addresses of a name, and those that are safe to repeat are repeated.

    The contract says by `idempotency_level` which these are: reads, and calls whose `request_id` makes them safe.
    """
    config: dict[str, Any] = {"loadBalancingConfig": [{"round_robin": {}}]}
    if attempts > 1:
        policy = {
            "maxAttempts": min(attempts, 5), "initialBackoff": "0.1s", "maxBackoff": "2s", "backoffMultiplier": 2,
            "retryableStatusCodes": ["UNAVAILABLE"],
        }  # fmt: skip
        config["methodConfig"] = [{"name": list(_safe(SERVICES)), "retryPolicy": policy}]
    return json.dumps(config)


def _safe(services: Iterable[ServiceDescriptor]) -> Iterable[dict[str, str]]:
    for service in services:
        for method in service.methods:
            streams = method.client_streaming or method.server_streaming
            if not streams and method.GetOptions().idempotency_level in _SAFE:
                yield {"service": service.full_name, "method": method.name}


def _trace() -> tuple[tuple[str, str], ...]:
    inject = _injecting()
    if inject is None:
        return ()
    carrier: dict[str, str] = {}
    inject(carrier)
    return tuple(carrier.items())


@cache
def _injecting() -> Callable[[dict[str, str]], None] | None:
    """What puts the present trace into a carrier; None where OpenTelemetry is not there. It is looked for once."""
    try:
        from opentelemetry import propagate
    except ImportError:
        return None
    return propagate.inject
