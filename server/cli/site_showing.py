"""Sites as people read them."""

from collections.abc import Iterator
from typing import Any

from origingate.v1 import site_pb2, site_service_pb2
from rich.table import Table

NOT_KNOWN = "not known"


def sites_table(found: list[site_service_pb2.RegisteredSite]) -> Table:
    """A line for each site."""
    table = Table()
    for head in ("site", "title", "kind", "integration", "because", "platforms"):
        table.add_column(head, overflow="fold")
    for site in found:
        platforms = ", ".join(one.platform for one in site.connections)
        table.add_row(site.site_id, site.title, _kind(site), _integration(site), site.because, platforms)
    return table


def site_lines(answer: Any) -> Iterator[str]:
    """What a call answered: the site, the run if there was one, and what was done with it if that is told."""
    site = answer.site
    yield f"site         {site.site_id}" + (f": {site.title}" if site.title else "")
    yield f"kind         {_kind(site)}"
    yield f"integration  {_integration(site)}: {site.because}"
    for one in site.connections:
        yield f"platform     {one.platform}: {_shown(one)}"
    if "run" in answer.DESCRIPTOR.fields_by_name:
        run = answer.run
        yield f"run          {'kept every promise' if run.holds else 'NOT CONNECTED'}, {run.digest}"
        yield from (f"  broken     {each}" for each in run.broken)
    for change in getattr(answer, "changes", ()):
        step = site_service_pb2.SiteStep.Name(change.step).removeprefix("SITE_STEP_")
        of = f" {change.platform}" if change.platform else ""
        yield f"{change.time.ToJsonString()}  {step}{of} by {change.actor}: {change.reason}"


def _shown(one: site_service_pb2.SiteConnection) -> str:
    if not one.run_digest:
        return "asserted by the sites file"
    answered = (
        f", answered last {one.last_answer_time.ToJsonString()}" if one.HasField("last_answer_time") else ""
    )
    return f"run of {one.run_time.ToJsonString()}{answered}; shown until {one.proved_until.ToJsonString()}"


def _kind(site: site_service_pb2.RegisteredSite) -> str:
    if not site.kind:
        return NOT_KNOWN
    return site_pb2.SiteKind.Name(site.kind).removeprefix("SITE_KIND_")


def _integration(site: site_service_pb2.RegisteredSite) -> str:
    asserted = " (asserted)" if site.source == site_service_pb2.INTEGRATION_SOURCE_ASSERTED else ""
    if not site.integration:
        return NOT_KNOWN + asserted
    return (
        site_service_pb2.SiteIntegration.Name(site.integration).removeprefix("SITE_INTEGRATION_") + asserted
    )
