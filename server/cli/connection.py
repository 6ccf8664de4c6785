"""How commands talk to a server: one synchronous channel, a deadline on every call, errors in words.

Every command imports this module, and most talk to no server: gRPC is imported by those that do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

import typer

from server.cli.screen import errors

if TYPE_CHECKING:
    import grpc
    from google.rpc import status_pb2

Request = TypeVar("Request")
Response = TypeVar("Response")

To = Annotated[str, typer.Option("--to", metavar="HOST:PORT", help="Address of the server.")]
Timeout = Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds to wait for the answer.")]
INTERRUPTED: Final = 130
"""How a command ends that is interrupted."""

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


class CallFailed(Exception):
    """The server gave no answer; the text says why and what would help."""


@contextmanager
def channel_to(address: str) -> Iterator[grpc.Channel]:
    """A channel to the server at `address`, closed at the end, which shows what the command was told to show."""
    from server.cli.showing import NotToBeShown, opened

    try:
        with opened(address) as channel:
            yield channel
    except NotToBeShown as error:
        raise fail(str(error), code=2) from error


def call(method: Callable[..., Response], request: object, timeout: float, address: str) -> Response:
    """Calls `method` with a deadline of `timeout` seconds. Raises CallFailed in the user's words."""
    import grpc

    try:
        return method(request, timeout=timeout)
    except grpc.RpcError as error:
        raise CallFailed(in_words(error, address)) from error


def in_words(error: grpc.RpcError, address: str) -> str:
    """An error status as a person reads it: what happened, the fields, what helps."""
    import grpc
    from google.rpc import error_details_pb2

    if not isinstance(error, grpc.Call):
        return f"The call to {address} failed."
    code = error.code()
    status = _status(error)
    if status is None and code is grpc.StatusCode.UNAVAILABLE:
        return (
            f"No server answers at {address}. Start one with `origingate serve`, or name another with --to."
        )
    if status is None and code is grpc.StatusCode.DEADLINE_EXCEEDED:
        return f"The server at {address} did not answer in time. Allow more with --timeout."
    lines = [f"{code.name}: {error.details()}"]
    for detail in status.details if status is not None else ():
        if detail.Is(error_details_pb2.BadRequest.DESCRIPTOR):
            bad = error_details_pb2.BadRequest()
            detail.Unpack(bad)
            lines += [f"  {violation.field}: {violation.description}" for violation in bad.field_violations]
        elif detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
            info = error_details_pb2.ErrorInfo()
            detail.Unpack(info)
            lines[0] = f"{code.name}, {info.reason}: {error.details()}"
    return "\n".join(lines)


def _status(error: grpc.Call) -> status_pb2.Status | None:
    """The status with details that our servers send; None where somebody else answered, or nobody did."""
    from google.protobuf.message import DecodeError
    from grpc_status import rpc_status

    try:
        status: status_pb2.Status | None = rpc_status.from_call(error)
    except (ValueError, DecodeError):
        return None
    return status


def fail(message: str, code: int = 1) -> typer.Exit:
    """Prints the message for people and returns the exit to raise."""
    errors().print(message, style="red", markup=False, emoji=False, highlight=False, soft_wrap=True)
    return typer.Exit(code)
