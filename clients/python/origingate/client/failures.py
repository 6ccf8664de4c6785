"""Why a call got no answer: one exception, with the stable reason and what belongs to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeVar, cast

import grpc
from google.protobuf.message import DecodeError, Message
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

DOMAIN: Final = "origingate.dev"

Detail = TypeVar("Detail", bound=Message)


@dataclass(frozen=True, slots=True)
class Violation:
    """One field that is at fault: its path, e.g. "order.lines.items[0].hs", a stable code, and what is wrong, for people."""

    field: str
    reason: str
    description: str


class CallFailed(Exception):
    """No answer could be given. A wrong order is no such thing: it is an answer with findings.

    `code` is gRPC's. `reason` is the stable one, e.g. "REQUEST_INVALID"; it is empty where the error is not of Origin Gate
    itself, e.g. where nothing could be reached. `retry_after` is in seconds, None where the server named no time.
    `request_id` is what was sent, with which the call can be repeated; empty for calls that have none. `call_id` finds the
    call in the server's logs.
    """

    def __init__(self, code: grpc.StatusCode, message: str, status: status_pb2.Status | None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.reason = ""
        self.metadata: Mapping[str, str] = {}
        self.request_id = ""
        info = self.detail(error_details_pb2.ErrorInfo)
        if info is not None and info.domain == DOMAIN:
            self.reason = info.reason
            self.metadata = dict(info.metadata)
        asked = self.detail(error_details_pb2.RequestInfo)
        self.call_id = "" if asked is None else asked.request_id
        wait = self.detail(error_details_pb2.RetryInfo)
        self.retry_after = None if wait is None else wait.retry_delay.ToTimedelta().total_seconds()
        bad = self.detail(error_details_pb2.BadRequest)
        self.violations = tuple(
            Violation(each.field, each.reason, each.description)
            for each in (bad.field_violations if bad else ())
        )

    def __str__(self) -> str:
        return f"{self.reason or self.code.name}: {self.message}"

    def detail(self, kind: type[Detail]) -> Detail | None:
        """A further part of the error, e.g. a DeclarationConflict; None where it has none of that kind."""
        for each in self.status.details if self.status is not None else ():
            if each.Is(kind.DESCRIPTOR):
                found = kind()
                each.Unpack(found)
                return found
        return None


def failed(error: grpc.RpcError) -> CallFailed:
    """The exception for an error as gRPC raises it."""
    if not isinstance(error, grpc.Call | grpc.aio.AioRpcError):
        return CallFailed(grpc.StatusCode.UNKNOWN, str(error), None)
    return CallFailed(error.code(), error.details() or "", _status(error))


def _status(error: grpc.Call | grpc.aio.AioRpcError) -> status_pb2.Status | None:
    """The status with details that our servers send; None where somebody else answered, or nobody did."""
    try:
        # Of an asynchronous call's error it reads the same three things.
        status: status_pb2.Status | None = rpc_status.from_call(cast(grpc.Call, error))
    except (ValueError, DecodeError):
        return None
    return status
