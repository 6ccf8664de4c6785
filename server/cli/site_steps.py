"""`origingate site register`, `get`, `list`, `update`, `connect`, `suspend`, `resume`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from server.cli.case_steps import Patience, Reason, RequestId, ask, new_or
from server.cli.connection import AsJson, Timeout, To, fail
from server.cli.pages import pages, show_pages, tell_more
from server.cli.platform_check import ORDER

SERVICE = "SiteService"

SiteId = Annotated[str, typer.Argument(metavar="SITE", help="The site's id, as its orders name it.")]


class Kind(StrEnum):
    """Kinds of site, as the contract has them."""

    B2B_INDEPENDENT = "B2B_INDEPENDENT"
    MARKETPLACE = "MARKETPLACE"
    B2C = "B2C"
    OTHER = "OTHER"


KindOption = Annotated[Kind | None, typer.Option("--kind", help="What kind of shop it is.")]
Title = Annotated[str | None, typer.Option("--title", help="What people call it.")]


def register(
    site: SiteId,
    reason: Reason,
    kind: KindOption = None,
    title: Title = None,
    request_id: RequestId = None,
    to: To = "127.0.0.1:50051",
    timeout: Patience = 20.0,
    json: AsJson = False,
) -> None:
    """Register a site. It is connected to no platform yet: `site connect` connects it."""
    from origingate.v1 import site_service_pb2

    request = site_service_pb2.RegisterSiteRequest(
        request_id=new_or(request_id), site_id=site, title=title or "", kind=_kind(kind), reason=reason
    )
    _show(ask(SERVICE, "RegisterSite", request, timeout, to), json)


def get(
    site: SiteId,
    report: Annotated[
        bool, typer.Option("--report", help="The last conformance run's report too; with --json.")
    ] = False,
    to: To = "127.0.0.1:50051",
    timeout: Timeout = 5.0,
    json: AsJson = False,
) -> None:
    """Show a site: what is known of its integration and by what evidence, and every change."""
    from origingate.v1 import site_service_pb2

    request = site_service_pb2.GetSiteRequest(site_id=site, with_report=report)
    _show(ask(SERVICE, "GetSite", request, timeout, to), json)


def list_sites(
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    lacks: Annotated[
        bool, typer.Option("--lacks", help="Assess each registered site, and list what it lacks.")
    ] = False,
    to: To = "127.0.0.1:50051",
    timeout: Annotated[
        float, typer.Option("--timeout", min=0.1, help="Seconds to wait for an answer.")
    ] = 30.0,
    json: AsJson = False,
) -> None:
    """List the sites by their ids; with --json one a line."""
    from origingate.v1 import site_service_pb2

    from server.cli.site_showing import sites_table

    request = site_service_pb2.ListSitesRequest()
    found = pages(SERVICE, "ListSites", request, "sites", limit, timeout, to)
    if lacks:
        from server.cli.site_lacks import show_lacks

        show_lacks((site for page in found for site in page), timeout, to, json)
        tell_more(request, limit)
        return
    show_pages(found, request, limit, json, sites_table, "There is no site.")


def update(
    site: SiteId,
    reason: Reason,
    kind: KindOption = None,
    title: Title = None,
    platforms: Annotated[
        str | None,
        typer.Option(
            "--platforms",
            metavar="A,B",
            help="Its platforms, of those that it is connected to, the one first that is asked first.",
        ),
    ] = None,
    request_id: RequestId = None,
    to: To = "127.0.0.1:50051",
    timeout: Patience = 20.0,
    json: AsJson = False,
) -> None:
    """Change what is said of a site; a platform that is left out of --platforms is not asked for it any more."""
    from origingate.v1 import site_service_pb2

    request = site_service_pb2.UpdateSiteRequest(
        request_id=new_or(request_id), site_id=site, title=title, reason=reason
    )
    if kind is not None:
        request.kind = _kind(kind)
    if platforms is not None:
        request.platforms.SetInParent()
        request.platforms.items.extend(name for name in platforms.split(",") if name)
    _show(ask(SERVICE, "UpdateSite", request, timeout, to), json)


def connect(
    site: SiteId,
    platform: Annotated[
        str, typer.Argument(metavar="PLATFORM", help="A platform of the server, by its name.")
    ],
    reason: Reason,
    order: Annotated[
        Path,
        typer.Option(
            "--order",
            metavar="FILE",
            help="An order as the site's system makes them, as proto JSON; the made-up ones say the same.",
            show_default="examples/orders/01-eligible.json",
        ),
    ] = ORDER,
    rounds: Annotated[
        int, typer.Option("--rounds", min=0, max=100, help="Certificates that latencies are measured by.")
    ] = 20,
    yes: Annotated[bool, typer.Option("--yes", help="Buy and void certificates at the platform.")] = False,
    request_id: RequestId = None,
    to: To = "127.0.0.1:50051",
    timeout: Patience = 60.0,
    json: AsJson = False,
) -> None:
    """Connect a site to a platform by a conformance run, which BUYS AND VOIDS TEST CERTIFICATES there.

    Exit code 1 where the run finds a promise broken: nothing is connected then.
    """
    from origingate.v1 import site_service_pb2

    from server.cli.order import read_order

    if not yes:
        raise fail(
            f"The server buys about {40 + rounds} certificates at {platform}, and voids them. Say so with --yes;"
            " nothing was sent.",
            code=2,
        )
    said = read_order(order)
    if not said.HasField("declaration"):
        raise fail(f"{order}: it has no declaration.", code=2)
    request = site_service_pb2.ConnectSiteRequest(
        request_id=new_or(request_id),
        site_id=site,
        platform=platform,
        order=said.order,
        declaration=said.declaration,
        buys_certificates=True,
        rounds=rounds,
        reason=reason,
    )
    answer = ask(SERVICE, "ConnectSite", request, timeout, to)
    _show(answer, json)
    if not answer.run.holds:
        raise typer.Exit(1)


def suspend(
    site: SiteId,
    reason: Reason,
    request_id: RequestId = None,
    to: To = "127.0.0.1:50051",
    timeout: Patience = 20.0,
    json: AsJson = False,
) -> None:
    """Suspend a site: the pre-review of its orders is SUSPENDED, and no certificate is bought for it."""
    from origingate.v1 import site_service_pb2

    request = site_service_pb2.SuspendSiteRequest(request_id=new_or(request_id), site_id=site, reason=reason)
    _show(ask(SERVICE, "SuspendSite", request, timeout, to), json)


def resume(
    site: SiteId,
    reason: Reason,
    request_id: RequestId = None,
    to: To = "127.0.0.1:50051",
    timeout: Patience = 20.0,
    json: AsJson = False,
) -> None:
    """End a site's suspension."""
    from origingate.v1 import site_service_pb2

    request = site_service_pb2.ResumeSiteRequest(request_id=new_or(request_id), site_id=site, reason=reason)
    _show(ask(SERVICE, "ResumeSite", request, timeout, to), json)


def _kind(kind: Kind | None) -> Any:
    from origingate.v1 import site_pb2

    return site_pb2.SiteKind.Value(f"SITE_KIND_{kind or 'UNSPECIFIED'}")


def _show(answer: Any, json: bool) -> None:
    """The site that was answered, or with --json all of the answer."""
    from server.cli.answers import as_json
    from server.cli.site_showing import site_lines

    typer.echo(as_json(answer) if json else "\n".join(site_lines(answer)))
