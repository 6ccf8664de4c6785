"""`origingate health`: whether a server serves, for probes that run a command."""

from __future__ import annotations

import json as json_text
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.connection import AsJson, Timeout, To, Unanswered, call, channel_to, fail
from server.cli.showing import showing

if TYPE_CHECKING:
    from collections.abc import Callable

    from grpc_health.v1 import health_pb2


# Whose health it is whether the rulebook is stale.
RULEBOOK = "origingate.v1.RulebookService"
STALE = "STALE"


@showing
def health(
    to: To = "127.0.0.1:50051",
    service: Annotated[
        str, typer.Option(help="A service by its full name; empty for the server as a whole.")
    ] = "",
    timeout: Timeout = 5.0,
    json: AsJson = False,
) -> None:
    """Ask a server by the standard gRPC health service whether it serves, and whether its rulebook is stale.

    Exit code 0: it serves; 1: it does not, or no server answers. A stale rulebook is told, and the server serves.
    """
    from grpc_health.v1 import health_pb2, health_pb2_grpc

    with channel_to(to) as channel:
        check = health_pb2_grpc.HealthStub(channel).Check
        try:
            answer: health_pb2.HealthCheckResponse = call(
                check, health_pb2.HealthCheckRequest(service=service), timeout, to
            )
        except Unanswered as error:
            raise fail(str(error)) from error
        serves = answer.status == health_pb2.HealthCheckResponse.SERVING
        rulebook = _rulebook(check, timeout, to) if serves and not service else ""
    status = health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status)
    if json:
        typer.echo(json_text.dumps({"status": status, **({"rulebook": rulebook} if rulebook else {})}))
    else:
        typer.echo(f"{status}, rulebook {rulebook}" if rulebook == STALE else status)
    if not serves:
        raise typer.Exit(1)


def _rulebook(check: Callable[..., health_pb2.HealthCheckResponse], timeout: float, to: str) -> str:
    """CURRENT or STALE; empty where the server does not say."""
    from grpc_health.v1 import health_pb2

    try:
        answer = call(check, health_pb2.HealthCheckRequest(service=RULEBOOK), timeout, to)
    except Unanswered:
        return ""
    return "CURRENT" if answer.status == health_pb2.HealthCheckResponse.SERVING else STALE
