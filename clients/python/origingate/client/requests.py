"""Requests as both clients send them: with an id that was never used before, and going on after the last answer."""

from __future__ import annotations

import secrets
from typing import Final

import grpc
from origingate.client.failures import CallFailed
from origingate.v1 import case_service_pb2

LONGEST_PAUSE: Final = 5.0
"""Seconds between tries to reach a server that went away, at most."""


def new_request_id() -> str:
    """An id for a request that nobody used before."""
    return secrets.token_hex(16)


def named(request: case_service_pb2.ProcessOrderRequest) -> case_service_pb2.ProcessOrderRequest:
    """The request, or a copy with a new id where it has none."""
    if request.request_id:
        return request
    copy = case_service_pb2.ProcessOrderRequest()
    copy.CopyFrom(request)
    copy.request_id = new_request_id()
    return copy


def gone_on(request: case_service_pb2.WatchCasesRequest, answer: case_service_pb2.WatchCasesResponse) -> None:
    """Has a watch begin after an answer from now on."""
    request.after = answer.token
    request.start = case_service_pb2.WATCH_START_UNSPECIFIED


def went_away(error: CallFailed, request: case_service_pb2.WatchCasesRequest) -> bool:
    """Whether the server went away in the middle of a watch. One that was never there is not waited for."""
    return error.code is grpc.StatusCode.UNAVAILABLE and bool(request.after)


def next_pause(pause: float) -> float:
    """The next pause after one that was in vain, in seconds."""
    return min(pause * 2 or 0.1, LONGEST_PAUSE)


def nobody() -> None:
    """Tells nobody."""
