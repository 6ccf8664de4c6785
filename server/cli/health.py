"""`origingate health`: whether a server serves, for probes that run a command."""

from __future__ import annotations

import json as json_text
from typing import Annotated

import typer

from server.cli.connection import AsJson, CallFailed, Timeout, To, call, channel_to, fail


def health(
    to: To = "127.0.0.1:50051",
    service: Annotated[
        str, typer.Option(help="A service by its full name; empty for the server as a whole.")
    ] = "",
    timeout: Timeout = 5.0,
    json: AsJson = False,
) -> None:
    """Ask a server by the standard gRPC health service whether it serves.

    Exit code 0: it serves; 1: it does not, or no server answers.
    """
    from grpc_health.v1 import health_pb2, health_pb2_grpc

    with channel_to(to) as channel:
        check = health_pb2_grpc.HealthStub(channel).Check
        try:
            answer: health_pb2.HealthCheckResponse = call(
                check, health_pb2.HealthCheckRequest(service=service), timeout, to
            )
        except CallFailed as error:
            raise fail(str(error)) from error
    status = health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status)
    typer.echo(json_text.dumps({"status": status}) if json else status)
    if answer.status != health_pb2.HealthCheckResponse.SERVING:
        raise typer.Exit(1)
