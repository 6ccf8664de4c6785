"""`origingate case erase`, `hold`, `release`: what is erased for good, and what is kept whatever is asked."""

from __future__ import annotations

from typing import Annotated

import typer

from server.cli.case_steps import Patience, RequestId, ask, new_or, show
from server.cli.connection import AsJson, Timeout, To, fail
from server.cli.pages import pages, show_pages

OneName = Annotated[str | None, typer.Argument(help="Name of the case: cases/ and 32 hex digits.")]
OrderId = Annotated[str | None, typer.Option("--order", metavar="ID", help="The case of this order instead.")]
SiteId = Annotated[
    str | None, typer.Option("--site", metavar="ID", help="The order's site, where several have it.")
]
Reason = Annotated[
    str, typer.Option("--reason", help="Why; it stands in the log for ever, so leave names of persons out.")
]


def erase(
    reason: Reason,
    name: OneName = None,
    order: OrderId = None,
    site: SiteId = None,
    before_retention: Annotated[
        bool, typer.Option("--before-retention", help="Also before the years are over that records are kept.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    request_id: RequestId = None,
    to: To = "127.0.0.1:50051",
    timeout: Patience = 20.0,
    json: AsJson = False,
) -> None:
    """Erase all that was said of a case's order, for good; state, ids and outcomes stay."""
    from origingate.v1 import operator_service_pb2

    found = named(name, order, site, to, timeout)
    if not yes and not typer.confirm(f"Erase {found} for good?", err=True):
        raise fail("Nothing was erased.")
    request = operator_service_pb2.EraseCaseRequest(
        request_id=new_or(request_id), name=found, reason=reason, before_retention=before_retention
    )
    show(ask("OperatorService", "EraseCase", request, timeout, to), json)


def hold(
    reason: Reason,
    name: OneName = None,
    order: OrderId = None,
    site: SiteId = None,
    request_id: RequestId = None,
    to: To = "127.0.0.1:50051",
    timeout: Patience = 20.0,
    json: AsJson = False,
) -> None:
    """Put a legal hold on a case: nobody erases it until it is released."""
    from origingate.v1 import operator_service_pb2

    found = named(name, order, site, to, timeout)
    request = operator_service_pb2.HoldCaseRequest(request_id=new_or(request_id), name=found, reason=reason)
    show(ask("OperatorService", "HoldCase", request, timeout, to), json)


def release(
    reason: Reason,
    name: OneName = None,
    order: OrderId = None,
    site: SiteId = None,
    request_id: RequestId = None,
    to: To = "127.0.0.1:50051",
    timeout: Patience = 20.0,
    json: AsJson = False,
) -> None:
    """End a legal hold."""
    from origingate.v1 import operator_service_pb2

    found = named(name, order, site, to, timeout)
    request = operator_service_pb2.ReleaseCaseRequest(
        request_id=new_or(request_id), name=found, reason=reason
    )
    show(ask("OperatorService", "ReleaseCase", request, timeout, to), json)


def held(
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    to: To = "127.0.0.1:50051",
    timeout: Timeout = 5.0,
    json: AsJson = False,
) -> None:
    """The cases that are held, the one first that was held first; with --json one a line."""
    from origingate.v1 import operator_service_pb2

    from server.cli.answers import held_table

    request = operator_service_pb2.ListHeldCasesRequest()
    found = pages("OperatorService", "ListHeldCases", request, "cases", limit, timeout, to)
    show_pages(found, request, limit, json, held_table, "No case is held.")


def named(name: str | None, order: str | None, site: str | None, to: str, timeout: float) -> str:
    """The case that is meant: by its name, or by its order. Ends the command where that is not one."""
    from origingate.v1 import case_service_pb2

    if (name is None) == (order is None):
        raise fail("Name one case, or give --order.", code=2)
    if name is not None:
        return name
    wanted = case_service_pb2.CaseFilter(order_id=order, site_id=site)
    request = case_service_pb2.ListCasesRequest(filter=wanted, page_size=2)
    found = ask("CaseService", "ListCases", request, timeout, to).cases
    if not found:
        raise fail(f"There is no case of the order {order}.")
    if len(found) > 1:
        raise fail(f"Several sites have an order {order}; say which with --site.", code=2)
    return str(found[0].name)
