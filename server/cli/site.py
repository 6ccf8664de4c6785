"""`origingate site`: the sites of a tenant, and what shows that they are connected."""

import typer

from server.cli.showing import showing
from server.cli.site_assess import assess
from server.cli.site_statement import statement, verify
from server.cli.site_steps import connect, get, list_sites, register, resume, suspend, update

app = typer.Typer(
    help="The sites of a tenant: connected by evidence, suspended, assessed.", no_args_is_help=True
)
app.command("list")(showing(list_sites))
for step in (register, get, update, connect, suspend, resume, assess, statement):
    app.command()(showing(step))
app.command()(verify)
