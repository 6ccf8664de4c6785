"""`origingate site assess`: what a site still lacks, by its own traffic, or by an enterprise's own orders offline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from server.cli.case_steps import ask
from server.cli.connection import AsJson, To
from server.cli.facts import Enforce
from server.cli.rules.opening import SHIPPED
from server.cli.scope import MappingFile
from server.cli.site_steps import SERVICE

Days = Annotated[int, typer.Option("--days", min=1, max=366, help="Orders of so many days are looked at.")]


def assess(
    what: Annotated[
        str,
        typer.Argument(
            metavar="SITE|FOLDER",
            help="A registered site's id; or orders as your own system has them: a folder of JSON files, or a file of them.",
        ),
    ],
    days: Days = 30,
    mapping: MappingFile = None,
    rulebook: Annotated[
        Path,
        typer.Option(metavar="DIR", help="Of a folder: rule files.", show_default="the shipped ones"),
    ] = SHIPPED,
    on: Annotated[
        str | None,
        typer.Option(
            "--on", metavar="YYYY-MM-DD", help="Of a folder: the day of the assessment; today by default."
        ),
    ] = None,
    enforce: Enforce = "enacted,reported",
    processes: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="Of a folder: processes; by default as many as there are cores."
        ),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write it as one page to read or print, too."),
    ] = None,
    to: To = "127.0.0.1:50051",
    timeout: Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds to wait.")] = 30.0,
    json: AsJson = False,
) -> None:
    """Say what a registered site lacks, by its own traffic: system interface, fields, trigger points, and how to mend it.

    Of a folder of orders, with --mapping: whether an enterprise's own orders are in scope, and what they lack. Nothing is
    sent anywhere then. What is there as a file is taken for a folder. Exit code 1 where something is lacking, not known, or
    could not be read.
    """
    if mapping is not None or _is_there(what):
        from server.cli.site_offline import assess_orders

        assess_orders(Path(what), mapping, rulebook, on, enforce, processes, json, html)
        return
    from origingate.v1 import site_service_pb2

    from server.cli.readiness_showing import show_assessment
    from server.wire.readiness import readiness_of

    request = site_service_pb2.AssessReadinessRequest(site_id=what, days=days)
    found = readiness_of(ask(SERVICE, "AssessReadiness", request, timeout, to).readiness)
    show_assessment(found, json, html)
    if found.lacking or found.missing:
        raise typer.Exit(1)


def _is_there(what: str) -> bool:
    try:
        return Path(what).exists()
    except OSError:  # no file has so long a name
        return False
