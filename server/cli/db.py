"""`origingate db`: the database that a server keeps its records in."""

import gzip
import json as json_text
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from server.cli.connection import AsJson, fail
from server.cli.database import HERE, Address, reading, store_at
from server.cli.db_keys import app as keys
from server.cli.db_keys import rewrap

app = typer.Typer(help="Look after the database.", no_args_is_help=True)
app.add_typer(keys, name="key")
app.command()(rewrap)

Written = Annotated[Path, typer.Argument(metavar="FILE", help="The backup, gzip of JSON lines.")]


@app.command()
def upgrade(database: Address = HERE, json: AsJson = False) -> None:
    """Bring the schema to what this version knows. A server does so by itself when it starts."""
    with store_at(database) as store:
        store.upgrade()
    _say({"database": database, "revision": _newest()}, f"at revision {_newest()}", json)


@app.command()
def status(database: Address = HERE, json: AsJson = False) -> None:
    """Show the schema's revision and how many records there are. Exit code 1 where this version cannot use it."""
    from sqlalchemy import func, select

    from server.store.revision import revision_of
    from server.store.schema import REVISIONS, metadata

    with reading(database) as connection:
        revision = revision_of(connection)
        fits = revision == REVISIONS[-1]
        counts = {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in (metadata.sorted_tables if fits else [])
        }
    if revision is None:
        said = f"it is empty; this version makes revision {REVISIONS[-1]}. mend: run `origingate db upgrade`"
    elif fits:
        said = "\n".join([f"at revision {revision}, which this version uses"])
    elif revision in REVISIONS:
        said = (
            f"at revision {revision}; this version needs {REVISIONS[-1]}. mend: run `origingate db upgrade`"
        )
    else:
        said = f"at revision {revision}, which this version does not know. mend: use a newer version"
    lines = [said, *(f"{count:>12,}  {name}" for name, count in counts.items() if name != "log_head")]
    told = {"revision": revision, "needs": REVISIONS[-1], "fits": fits, "rows": counts}
    _say(told, "\n".join(lines), json)
    if not fits:
        raise typer.Exit(1)


@app.command()
def backup(file: Written, database: Address = HERE, json: AsJson = False) -> None:
    """Write all records into a file, while the server serves. It is of one moment, and restores into either database."""
    from server.cli.screen import watched
    from server.store.backup import backup as lines_of
    from server.store.backup import rows_in
    from server.store.revision import check_revision

    if file.exists():
        raise fail(f"{file}: is there already; a backup overwrites nothing.", code=2)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with reading(database) as connection:
            check_revision(connection)
            rows = rows_in(connection)
            with gzip.open(draft, "wt", encoding="utf-8", newline="\n") as out:
                for line in watched(lines_of(connection), "saving", rows):
                    out.write(line + "\n")
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(file)
    except OSError as error:
        raise fail(f"{file}: cannot be written ({error.strerror}).", code=2) from error
    finally:
        draft.unlink(missing_ok=True)
    _say({"file": str(file), "rows": rows}, f"{file}: {rows:,} rows", json)


@app.command()
def restore(file: Written, database: Address = HERE, json: AsJson = False) -> None:
    """Put a backup into an empty database. Where anything is wrong with it, nothing is kept."""
    from server.cli.screen import watched

    if not file.is_file():
        raise fail(f"{file}: no such file.", code=2)
    with store_at(database) as store:
        store.upgrade()
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            counts = store.restore(watched(lines, "restoring"))
    rows = sum(counts.values())
    _say({"database": database, "rows": counts}, f"{rows:,} rows restored", json)


def _newest() -> str:
    from server.store.schema import REVISIONS

    return REVISIONS[-1]


def _say(told: Mapping[str, object], said: str, json: bool) -> None:
    typer.echo(json_text.dumps(told, indent=2) if json else said)
