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
    from origingate import client

Request = TypeVar("Request")
Response = TypeVar("Response")

To = Annotated[str, typer.Option("--to", metavar="HOST:PORT", help="Address of the server.")]
Timeout = Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds to wait for the answer.")]
INTERRUPTED: Final = 130
"""How a command ends that is interrupted."""

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


class Unanswered(Exception):
    """The server gave no answer; the text says why and what would help."""


@contextmanager
def client_of(address: str) -> Iterator[client.Client]:
    """A client of the server at `address`, closed at the end, which shows what the command was told to show."""
    from server.cli.showing import NotToBeShown, opened

    try:
        with opened(address) as gate:
            yield gate
    except NotToBeShown as error:
        raise fail(str(error), code=2) from error


@contextmanager
def channel_to(address: str) -> Iterator[grpc.Channel]:
    """The channel of such a client, for a command's own stubs."""
    with client_of(address) as gate:
        yield gate.channel


def call(method: Callable[..., Response], request: object, timeout: float, address: str) -> Response:
    """Calls `method` with a deadline of `timeout` seconds. Raises Unanswered in the user's words."""
    from origingate import client

    try:
        return method(request, timeout=timeout)
    except client.CallFailed as error:
        raise Unanswered(in_words(error, address)) from error


def in_words(error: client.CallFailed, address: str) -> str:
    """A call without an answer as a person reads it: what happened, the fields, what helps."""
    import grpc

    if error.status is None and error.code is grpc.StatusCode.UNAVAILABLE:
        return (
            f"No server answers at {address}. Start one with `origingate serve`, or name another with --to."
        )
    if error.status is None and error.code is grpc.StatusCode.DEADLINE_EXCEEDED:
        return f"The server at {address} did not answer in time. Allow more with --timeout."
    lines = [f"{', '.join(filter(None, (error.code.name, error.reason)))}: {error.message}"]
    lines += [f"  {violation.field}: {violation.description}" for violation in error.violations]
    return "\n".join(lines)


def fail(message: str, code: int = 1) -> typer.Exit:
    """Prints the message for people and returns the exit to raise."""
    errors().print(message, style="red", markup=False, emoji=False, highlight=False, soft_wrap=True)
    return typer.Exit(code)
