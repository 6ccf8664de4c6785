"""`origingate case inquire`, `place`, `declare` ...: takes one case on by one stage."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from server.cli.connection import AsJson, To, Unanswered, call, channel_to, fail
from server.cli.order import read_order

if TYPE_CHECKING:
    from google.protobuf.message import Message

Name = Annotated[str, typer.Argument(help="Name of the case: cases/ and 32 hex digits.")]
OrderFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="ProcessOrderRequest as proto JSON, e.g. of examples/orders.")
]
RequestId = Annotated[
    str | None,
    typer.Option("--request-id", metavar="ID", help="The same id again returns the same answer."),
]
Patience = Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds to wait for the answer.")]
Reason = Annotated[
    str, typer.Option("--reason", help="Why; it stands in the log, so leave names of persons out.")
]


def inquire(
    file: OrderFile,
    request_id: RequestId = None,
    to: To = "127.0.0.1:50051",
    timeout: Patience = 20.0,
    json: AsJson = False,
) -> None:
    """Open a case with the inquiry in a file; the answer says what the order still has to bring."""
    from origingate.v1 import case_service_pb2

    said = read_order(file)
    request = case_service_pb2.OpenInquiryRequest(
        request_id=new_or(request_id),
        site=said.site,
        order=said.order,
        declaration=said.declaration if said.HasField("declaration") else None,
    )
    show(ask("CaseService", "OpenInquiry", request, timeout, to), json)


def place(
    file: OrderFile,
    request_id: RequestId = None,
    to: To = "127.0.0.1:50051",
    timeout: Patience = 20.0,
    json: AsJson = False,
) -> None:
    """Place the order in a file, without its declaration."""
    from origingate.v1 import case_service_pb2

    said = read_order(file)
    request = case_service_pb2.PlaceOrderRequest(
        request_id=new_or(request_id), site=said.site, order=said.order
    )
    show(ask("CaseService", "PlaceOrder", request, timeout, to), json)


def declare(
    name: Name,
    file: OrderFile,
    with_order: Annotated[
        bool,
        typer.Option("--with-order", help="Take the order of the file too; else the case keeps its own."),
    ] = False,
    supersede: Annotated[
        bool, typer.Option("--supersede", help="Void what stands at a platform for another content.")
    ] = False,
    request_id: RequestId = None,
    to: To = "127.0.0.1:50051",
    timeout: Patience = 20.0,
    json: AsJson = False,
) -> None:
    """Declare the origin of a case's order, with the declaration in a file."""
    from origingate.v1 import case_service_pb2

    said = read_order(file)
    if not said.HasField("declaration"):
        raise fail(f"{file}: it has no declaration.", code=2)
    request = case_service_pb2.DeclareRequest(
        request_id=new_or(request_id),
        name=name,
        declaration=said.declaration,
        order=said.order if with_order else None,
        supersede=supersede,
    )
    show(ask("CaseService", "Declare", request, timeout, to), json)


def certify(
    name: Name,
    under: Annotated[
        str | None,
        typer.Option(
            "--under",
            metavar="E_CERT_ID",
            help="Put it under this blanket certificate; no platform is asked.",
        ),
    ] = None,
    request_id: RequestId = None,
    to: To = "127.0.0.1:50051",
    timeout: Patience = 20.0,
    json: AsJson = False,
) -> None:
    """Get a certificate for what is declared, if the pre-review waits for nothing else."""
    from origingate.v1 import case_service_pb2

    request = case_service_pb2.CertifyRequest(request_id=new_or(request_id), name=name)
    if under is not None:
        request.use.e_cert_id = under
    show(ask("CaseService", "Certify", request, timeout, to), json)


def decide(
    name: Name,
    request_id: RequestId = None,
    to: To = "127.0.0.1:50051",
    timeout: Patience = 20.0,
    json: AsJson = False,
) -> None:
    """Decide a case again: for today, by the rulebook served now, with the certificate's status of now."""
    from origingate.v1 import case_service_pb2

    request = case_service_pb2.DecideCaseRequest(request_id=new_or(request_id), name=name)
    show(ask("CaseService", "DecideCase", request, timeout, to), json)


def hand_off(
    name: Name,
    request_id: RequestId = None,
    to: To = "127.0.0.1:50051",
    timeout: Patience = 20.0,
    json: AsJson = False,
) -> None:
    """Hand a certified order off to the pre-review; 1 where its pre-review is not favourable."""
    from origingate.v1 import case_service_pb2

    request = case_service_pb2.HandOffRequest(request_id=new_or(request_id), name=name)
    answer = ask("CaseService", "HandOff", request, timeout, to)
    show(answer, json)
    if not answer.handed_off:
        raise fail("It is not handed off: the pre-review is not favourable.")


def cancel(
    name: Name,
    reason: Reason,
    request_id: RequestId = None,
    to: To = "127.0.0.1:50051",
    timeout: Patience = 20.0,
    json: AsJson = False,
) -> None:
    """Cancel a case; what stands at a platform is voided first."""
    from origingate.v1 import case_service_pb2

    request = case_service_pb2.CancelRequest(request_id=new_or(request_id), name=name, reason=reason)
    show(ask("CaseService", "Cancel", request, timeout, to), json)


def ask(service: str, method: str, request: Message, timeout: float, to: str) -> Any:
    """The answer to one call; ends the command with 1 where there is none."""
    with channel_to(to) as channel:
        try:
            return call(method_of(service, method, channel), request, timeout, to)
        except Unanswered as error:
            raise fail(str(error)) from error


def show(answer: Any, json: bool) -> None:
    """The case that was answered, or with --json all of the answer."""
    from server.cli.answers import as_json, case_view
    from server.cli.screen import console

    if json:
        typer.echo(as_json(answer))
    else:
        console().print(case_view(answer.case))


def method_of(service: str, method: str, channel: Any) -> Callable[..., Any]:
    """The method of a service, over a channel."""
    from origingate.v1 import (
        case_service_pb2_grpc,
        certificate_service_pb2_grpc,
        operator_service_pb2_grpc,
        rulebook_service_pb2_grpc,
        site_service_pb2_grpc,
    )

    stubs: dict[str, Any] = {
        "CaseService": case_service_pb2_grpc.CaseServiceStub,
        "CertificateService": certificate_service_pb2_grpc.CertificateServiceStub,
        "OperatorService": operator_service_pb2_grpc.OperatorServiceStub,
        "RulebookService": rulebook_service_pb2_grpc.RulebookServiceStub,
        "SiteService": site_service_pb2_grpc.SiteServiceStub,
    }
    found: Callable[..., Any] = getattr(stubs[service](channel), method)
    return found


def new_or(given: str | None) -> str:
    """The request's id that was given, else a new one."""
    return given or str(uuid.uuid4())
