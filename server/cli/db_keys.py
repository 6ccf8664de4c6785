"""`origingate db key` and `db rewrap`: the master keys that personal values are sealed under."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from server.cli.connection import fail
from server.cli.database import HERE, Address, master_keys_at, writing

app = typer.Typer(help="Make the master keys that personal values are sealed under.", no_args_is_help=True)
AT_ONCE = 500

KeyFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="File of master keys, for its owner's eyes only.")
]


@app.command()
def new(file: KeyFile) -> None:
    """Make a file with a master key. Without it nobody can read what is sealed: keep a copy elsewhere."""
    from server.key_files import KeyUnusable
    from server.master_keys import make_master_key

    try:
        typer.echo(f"{file}: the master key {make_master_key(file, datetime.now(UTC).date())}")
    except KeyUnusable as error:
        raise fail(str(error), code=2) from error


@app.command()
def add(file: KeyFile) -> None:
    """Add a key to a file: it seals from the next start on, and `db rewrap` has the ones before no longer needed."""
    from server.key_files import KeyUnusable
    from server.master_keys import add_master_key

    try:
        typer.echo(
            f"{file}: the master key {add_master_key(file, datetime.now(UTC).date())}, besides those before"
        )
    except KeyUnusable as error:
        raise fail(str(error), code=2) from error


def rewrap(database: Address = HERE) -> None:
    """Wrap every data key by the newest master key, while servers serve; those before are not needed any more then."""
    from server.store.errors import KeyMissing
    from server.store.sealing import Keyring, rewrapped
    from server.store.sealing import keys as rows

    master = master_keys_at(database)
    if master is None:
        raise fail("There is no master key; name its file with ORIGINGATE_MASTER_KEY.", code=2)
    ring, last, changed = Keyring(master), None, 0
    while True:
        with writing(database) as tx:
            page = rows.after(tx.connection, last, AT_ONCE)
            for row in page:
                try:
                    wrapped = rewrapped(ring, row)
                except KeyMissing as error:
                    raise fail(f"{error}.", code=2) from error
                if wrapped is not None:
                    # One that is erased meanwhile stays so.
                    changed += rows.rewrap(tx.connection, row, wrapped)
        if not page:
            break
        last = page[-1].tenant, page[-1].subject
    typer.echo(f"{changed:,} data keys wrapped anew by the master key {master.newest}")
