"""`origingate site list --lacks`: the sites that one buys from, each with what it lacks."""

from __future__ import annotations

import json as json_text
from collections.abc import Iterable
from typing import TYPE_CHECKING

import typer
from origingate.v1 import site_service_pb2

from server.cli.case_steps import ask
from server.cli.screen import console
from server.wire.readiness import readiness_of

if TYPE_CHECKING:
    from engine.readiness import Assessment

NOT_ASSESSED = "not assessed: it is not registered"


def show_lacks(found: Iterable[site_service_pb2.RegisteredSite], timeout: float, to: str, json: bool) -> None:
    """Assesses each registered site, and shows what it lacks."""
    from rich.table import Table

    table = Table()
    for head in ("site", "readiness", "lacks"):
        table.add_column(head, overflow="fold")
    for site in found:
        assessed = _assessed(site, timeout, to)
        outcome = NOT_ASSESSED if assessed is None else assessed.outcome
        lacks = [] if assessed is None else _lacks(assessed)
        if json:
            typer.echo(
                json_text.dumps(
                    {"site_id": site.site_id, "readiness": outcome, "lacks": lacks}, ensure_ascii=False
                )
            )
        table.add_row(site.site_id, outcome, "\n".join(lacks))
    if not json:
        console().print(table)


def _assessed(site: site_service_pb2.RegisteredSite, timeout: float, to: str) -> Assessment | None:
    if not site.version:
        return None
    request = site_service_pb2.AssessReadinessRequest(site_id=site.site_id)
    return readiness_of(ask("SiteService", "AssessReadiness", request, timeout, to).readiness)


def _lacks(found: Assessment) -> list[str]:
    """Each shortfall once, and each fact that is not known."""
    lacking = dict.fromkeys(f"{item.reason}: {item.about}" for item in found.lacking)
    return [*lacking, *(f"not known: {path}" for path in found.missing)]
