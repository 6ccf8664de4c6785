"""The command line. Each command imports what it needs when it runs, so that `--help` is quick and a worker stays small."""

import typer

from server.cli import (
    case,
    db,
    log,
    order,
    platform,
    receipt,
    rules,
    scope,
    screenings,
    site,
    tenant,
    webhook,
)
from server.cli.decide import decide
from server.cli.demo import demo
from server.cli.health import health
from server.cli.sandbox import sandbox
from server.cli.serve import serve
from server.cli.showing import showing

app = typer.Typer(
    name="origingate",
    help="Origin Gate: scope, verified e-Cert IDs and pre-review for order systems, over gRPC.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("serve")(serve)
app.command("demo")(demo)
app.command("health")(showing(health))
app.command("sandbox")(sandbox)
app.command("decide")(decide)
app.add_typer(order.app, name="order")
app.add_typer(case.app, name="case")
app.add_typer(platform.app, name="platform")
app.add_typer(db.app, name="db")
app.add_typer(log.app, name="log")
app.add_typer(receipt.app, name="receipt")
app.add_typer(scope.app, name="scope")
app.add_typer(site.app, name="site")
app.add_typer(screenings.app, name="screenings")
app.add_typer(tenant.app, name="tenant")
app.add_typer(webhook.app, name="webhook")
app.add_typer(rules.app, name="rules")
