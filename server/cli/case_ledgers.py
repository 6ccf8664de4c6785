"""`origingate case affected` and `ledgers`: who stands under a certificate, and what is left of blanket ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.case_steps import ask
from server.cli.connection import AsJson, Timeout, To
from server.cli.pages import PAGE, pages, show_pages

if TYPE_CHECKING:
    pass


def affected(
    e_cert_id: Annotated[str, typer.Argument(metavar="E_CERT_ID", help="As the platform wrote it.")],
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    to: To = "127.0.0.1:50051",
    timeout: Timeout = 5.0,
    json: AsJson = False,
) -> None:
    """The cases under a certificate: that it was issued for, or covers; the oldest first. With --json one a line."""
    from origingate.v1 import case_service_pb2

    from server.cli.answers import cases_table

    request = case_service_pb2.ListCasesRequest(
        filter=case_service_pb2.CaseFilter(e_cert_id=e_cert_id), sort="CASE_SORT_CREATE_TIME_ASCENDING"
    )
    found = pages("CaseService", "ListCases", request, "cases", limit, timeout, to)
    show_pages(found, request, limit, json, cases_table, f"No case stands under {e_cert_id}.")


def ledgers(
    e_cert_id: Annotated[
        str | None,
        typer.Argument(metavar="[E_CERT_ID]", help="Only of this certificate, also where it ended."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=PAGE, help="How many at most.")] = 50,
    to: To = "127.0.0.1:50051",
    timeout: Timeout = 5.0,
    json: AsJson = False,
) -> None:
    """Blanket certificates in force and what is left of them, the first that ends first; with --json one a line."""
    from origingate.v1 import certificate_service_pb2, operator_service_pb2

    from server.cli.answers import as_json_line, ledgers_table
    from server.cli.screen import console, errors

    if e_cert_id is not None:
        one = certificate_service_pb2.GetLedgerRequest(e_cert_id=e_cert_id)
        found, total = [ask("CertificateService", "GetLedger", one, timeout, to).ledger], 1
    else:
        request = operator_service_pb2.ListLedgersRequest(page_size=limit)
        answer = ask("OperatorService", "ListLedgers", request, timeout, to)
        found, total = list(answer.ledgers), answer.total
    if json:
        for ledger in found:
            typer.echo(as_json_line(ledger))
    elif found:
        console().print(ledgers_table(found))
    else:
        console().print("No blanket certificate is in force.")
    if total > len(found):
        errors().print(f"There are {total}; give a larger --limit.", highlight=False)
