"""`origingate rules key`: a key to sign rulebooks with."""

import json as json_text
from pathlib import Path
from typing import Annotated

import typer

from server.cli.connection import AsJson, fail


def key(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="Where the private key goes, e.g. author.pem; no file is written over."
        ),
    ],
    json: AsJson = False,
) -> None:
    """Make a key to sign rulebooks with: the private half for you, the public one for who serves them."""
    from server.key_files import KeyUnusable
    from server.signing_keys import make_key

    try:
        public, name = make_key(path)
    except KeyUnusable as error:
        raise fail(str(error), code=2) from error
    if json:
        typer.echo(json_text.dumps({"private": str(path), "public": str(public), "key": name}, indent=2))
        return
    typer.echo(f"{path}: the private key. Whoever has it can sign in your name: keep it to yourself.")
    typer.echo(f"{public}: the public key, for who serves what you sign. Its id: {name}")
