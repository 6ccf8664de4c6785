"""`origingate screenings`: what was asked without a case, by the day."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from server.cli.case_steps import Patience, ask
from server.cli.connection import AsJson, To, fail
from server.cli.erasing import Reason
from server.cli.showing import showing

app = typer.Typer(help="Screenings: decisions without a case.", no_args_is_help=True)


@app.command()
@showing
def erase(
    day: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The day, in UTC, e.g. 2026-07-01.")],
    reason: Reason,
    before_retention: Annotated[
        bool, typer.Option("--before-retention", help="Also before the years are over that records are kept.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    to: To = "127.0.0.1:50051",
    timeout: Patience = 20.0,
    json: AsJson = False,
) -> None:
    """Erase what was said in the screenings of a day, for good; outcomes and moments stay."""
    from google.type import date_pb2
    from origingate.v1 import operator_service_pb2

    from server.cli.answers import as_json

    shown = day.date().isoformat()
    if not yes and not typer.confirm(f"Erase the screenings of {shown} for good?", err=True):
        raise fail("Nothing was erased.")
    request = operator_service_pb2.EraseScreeningsRequest(
        day=date_pb2.Date(year=day.year, month=day.month, day=day.day),
        reason=reason,
        before_retention=before_retention,
    )
    answer = ask("OperatorService", "EraseScreenings", request, timeout, to)
    if json:
        typer.echo(as_json(answer))
    elif answer.HasField("erase_time"):
        typer.echo(f"The screenings of {shown} are erased, since {answer.erase_time.ToJsonString()}.")
    else:
        typer.echo(f"No screening of {shown} is recorded.")
