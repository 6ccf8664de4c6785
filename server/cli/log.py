"""`origingate log`: the log of evidence, its keys and its proof."""

import json as json_text
from pathlib import Path
from typing import Annotated

import typer

from server.cli.connection import AsJson, fail
from server.cli.log_replay import replay
from server.cli.log_verify import verify

app = typer.Typer(help="The log of evidence: its keys, and whether it holds.", no_args_is_help=True)
keys = typer.Typer(help="Keys that sign the log's heads.", no_args_is_help=True)
app.add_typer(keys, name="key")
app.command("verify")(verify)
app.command("replay")(replay)


@keys.command()
def new(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="Where the private key goes, e.g. log.pem; no file is written over."
        ),
    ],
    json: AsJson = False,
) -> None:
    """Make a key that signs the log's heads: the private half for the servers, the public one for who verifies."""
    from server.key_files import KeyUnusable
    from server.log_keys import key_text, make_log_key

    try:
        public, octets = make_log_key(path)
    except KeyUnusable as error:
        raise fail(str(error), code=2) from error
    name = key_text(octets)
    if json:
        typer.echo(json_text.dumps({"private": str(path), "public": str(public), "key": name}, indent=2))
        return
    typer.echo(f"{path}: the private key, for every server on the database (--log-key). Keep it to yourself.")
    typer.echo(f"{public}: the public key, for who verifies heads and receipts: {name}")
