"""`origingate order`: sends orders to a server."""

import uuid
from pathlib import Path
from typing import Annotated

import typer

from server.cli.connection import AsJson, CallFailed, Timeout, To, call, channel_to, fail

app = typer.Typer(help="Send orders to a server.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keeps `send` a word of its own."""


@app.command()
def send(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", help="ProcessOrderRequest as proto JSON, e.g. examples/orders/*.json"
        ),
    ],
    to: To = "127.0.0.1:50051",
    timeout: Timeout = 20.0,
    json: AsJson = False,
    request_id: Annotated[
        str | None, typer.Option(help="Id of the request; the same id again returns the same answer.")
    ] = None,
) -> None:
    """Send one or more orders through all stages and show scope, e-Cert ID, pre-review and why."""
    from google.protobuf import json_format
    from origingate.v1 import case_service_pb2, case_service_pb2_grpc

    from server.cli.screen import as_json, console, orders_table

    if request_id and len(files) > 1:
        raise fail("--request-id names one request: give one file with it.", code=2)
    answers = []
    with channel_to(to) as channel:
        stub = case_service_pb2_grpc.CaseServiceStub(channel)
        for path in files:
            try:
                request = json_format.Parse(path.read_text("utf-8"), case_service_pb2.ProcessOrderRequest())
            except OSError as error:
                raise fail(f"{path}: cannot be read ({error.strerror}).", code=2) from error
            except (json_format.ParseError, UnicodeDecodeError) as error:
                raise fail(
                    f"{path}: is not the proto JSON of a ProcessOrderRequest: {error}", code=2
                ) from error
            request.request_id = request_id or request.request_id or str(uuid.uuid4())
            try:
                answers.append((path.stem, call(stub.ProcessOrder, request, timeout, to)))
            except CallFailed as error:
                raise fail(f"{path}: {error}") from error
    if json:
        for _, answer in answers:
            typer.echo(as_json(answer))
    else:
        console().print(orders_table(answers))
