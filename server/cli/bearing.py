"""A channel whose calls bear a key. It stands apart because gRPC takes long to import."""

from __future__ import annotations

from typing import Any, NamedTuple

import grpc


class _Details(NamedTuple):
    """A call as gRPC describes it to interceptors."""

    method: str
    timeout: float | None
    metadata: Any
    credentials: Any
    wait_for_ready: Any
    compression: Any


# Its stubs give these classes parameters, which gRPC's own do not take.
class Bearing(grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor):  # type: ignore[type-arg]
    """Adds `authorization` to every call: gRPC's own credentials for calls refuse a way that is open, also to loopback."""

    def __init__(self, key: str) -> None:
        self._metadata = (("authorization", f"Bearer {key}"),)

    @classmethod
    def over(cls, channel: grpc.Channel, key: str) -> grpc.Channel:
        """The channel, bearing the key."""
        return grpc.intercept_channel(channel, cls(key))

    def intercept_unary_unary(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        """One question, one answer."""
        return continuation(self._with(client_call_details), request)

    def intercept_unary_stream(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        """One question, many answers."""
        return continuation(self._with(client_call_details), request)

    def _with(self, details: Any) -> _Details:
        metadata = (*(details.metadata or ()), *self._metadata)
        return _Details(
            details.method,
            details.timeout,
            metadata,
            details.credentials,
            details.wait_for_ready,
            details.compression,
        )
