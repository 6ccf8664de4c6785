"""`origingate site`: the sites of a tenant, and what shows that they are connected."""

from pathlib import Path
from typing import Annotated

import typer

from server.cli.connection import AsJson
from server.cli.facts import Enforce
from server.cli.rules.opening import SHIPPED
from server.cli.scope import MappingFile
from server.cli.showing import showing
from server.cli.site_offline import assess_orders
from server.cli.site_steps import connect, get, list_sites, register, resume, suspend, update

app = typer.Typer(
    help="The sites of a tenant: connected by evidence, suspended, assessed.", no_args_is_help=True
)
app.command("list")(showing(list_sites))
for step in (register, get, update, connect, suspend, resume):
    app.command()(showing(step))


@app.command("assess")
def assess(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER",
            help="Orders as your own system has them: a folder of JSON files, or a file of them.",
        ),
    ],
    mapping: MappingFile = None,
    rulebook: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder of rule files.", show_default="the shipped one")
    ] = SHIPPED,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="YYYY-MM-DD", help="The day of the assessment; today by default."),
    ] = None,
    enforce: Enforce = "enacted,reported",
    processes: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Processes; as many as there are cores by default.")
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write it as one page to read or print, too."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Say whether an enterprise's own orders are in scope, and what they lack. Nothing is sent anywhere.

    Exit code 1 where the orders lack something, or one could not be read.
    """
    assess_orders(folder, mapping, rulebook, on, enforce, processes, json, html)
