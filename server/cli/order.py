"""`origingate order`: sends orders to a server."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.connection import AsJson, Timeout, To, Unanswered, call, channel_to, fail
from server.cli.showing import showing

if TYPE_CHECKING:
    import grpc
    from origingate.v1 import case_service_pb2

app = typer.Typer(help="Send orders to a server.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keeps `send` a word of its own."""


@app.command()
@showing
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
    under: Annotated[
        str | None,
        typer.Option(
            metavar="E_CERT_ID", help="Under this blanket certificate, without a declaration of its own."
        ),
    ] = None,
) -> None:
    """Send one or more orders through all stages and show scope, e-Cert ID, pre-review and why."""
    if request_id and len(files) > 1:
        raise fail("--request-id names one request: give one file with it.", code=2)
    # Read before any is sent: a file that cannot be read stops the others before they have begun.
    requests = [(path, read_order(path)) for path in files]
    for _, request in requests:
        request.request_id = request_id or request.request_id or str(uuid.uuid4())
        if under is not None:
            request.ClearField("declaration")
            request.use.e_cert_id = under
    with channel_to(to) as channel:
        send_all(channel, requests, timeout, to, json)


def send_all(
    channel: grpc.Channel,
    requests: Iterable[tuple[Path, case_service_pb2.ProcessOrderRequest]],
    timeout: float,
    to: str,
    json: bool,
) -> None:
    """Sends orders and shows the answers, also those that came before one that failed."""
    from origingate.v1 import case_service_pb2_grpc

    from server.cli.answers import as_json, orders_table
    from server.cli.screen import console

    stub = case_service_pb2_grpc.CaseServiceStub(channel)
    answers: list[tuple[str, case_service_pb2.ProcessOrderResponse]] = []
    try:
        for path, request in requests:
            try:
                answers.append((path.stem, call(stub.ProcessOrder, request, timeout, to)))
            except Unanswered as error:
                raise fail(f"{path}: {error}") from error
    finally:
        if json:
            for _, answer in answers:
                typer.echo(as_json(answer))
        elif answers:
            console().print(orders_table(answers))


def read_order(path: Path) -> case_service_pb2.ProcessOrderRequest:
    """The order of a file; ends the command with 2 where it cannot be read."""
    from google.protobuf import json_format
    from origingate.v1 import case_service_pb2

    try:
        text = path.read_text("utf-8")
        if not text.lstrip().startswith("{"):
            # The parser takes an empty list for an order that says nothing.
            raise json_format.ParseError("it is no object in braces")
        return json_format.Parse(text, case_service_pb2.ProcessOrderRequest())
    except OSError as error:
        raise fail(f"{path}: cannot be read ({error.strerror}).", code=2) from error
    except (json_format.ParseError, UnicodeDecodeError, RecursionError) as error:
        raise fail(f"{path}: is not the proto JSON of a ProcessOrderRequest: {error}", code=2) from error
