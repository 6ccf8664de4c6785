"""The command line. Each command imports what it needs when it runs, so that `--help` is quick and a worker stays small."""

from importlib import import_module
from typing import Final

import typer

# Each stands in the module of its name: a command as a function of that name too, a group as `app`.
_COMMANDS: Final = ("serve", "demo", "health", "sandbox", "decide")
_GROUPS: Final = (
    "order", "case", "platform", "db", "log", "receipt", "scope", "site", "screenings", "tenant", "webhook", "rules",
)  # fmt: skip


def command_line(first: str | None = None) -> typer.Typer:
    """The command line; where its first word is known and names a part, with that part alone.

    To import and lay out the others takes a tenth of a second, in which a server could serve.
    """
    app = typer.Typer(
        name="origingate",
        help="Origin Gate: scope, verified e-Cert IDs and pre-review for order systems, over gRPC.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    # With a callback it takes the name of a command, also where there is but one.
    app.callback()(lambda: None)
    only = first if first in (*_COMMANDS, *_GROUPS) else None
    for name in _COMMANDS:
        if only in (None, name):
            app.command(name)(getattr(import_module(f"server.cli.{name}"), name))
    for name in _GROUPS:
        if only in (None, name):
            app.add_typer(import_module(f"server.cli.{name}").app, name=name)
    return app
