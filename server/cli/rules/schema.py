"""`origingate rules schema`: JSON Schema of rule files, for editors."""

import json as json_text
from pathlib import Path
from typing import Annotated

import typer

from server.cli.connection import AsJson, fail
from server.cli.rules.opening import SHIPPED, Folder, opened


def schema(
    folder: Folder = SHIPPED,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder in which the schemas are written.")
    ] = Path("schemas"),
    bare: Annotated[
        bool, typer.Option("--bare", help="Without the names of a rulebook: no rulebook is read.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit code 1 where a schema is not fresh.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Write JSON Schemas of rule files, with which editors complete and check them as they are typed.

    Facts, outcomes, sources, lists and the other names of the rulebook are offered. --json prints the schemas instead
    of writing them.
    """
    from engine.workbench.schema.json_schema import schemas
    from engine.workbench.schema.names import NO_NAMES, names_of
    from server.writing import write_whole

    made = schemas(NO_NAMES if bare else names_of(opened(folder).rulebook))
    if json:
        typer.echo(json_text.dumps(made, ensure_ascii=False, indent=2))
        return
    fresh = {
        out / f"{kind}.schema.json": json_text.dumps(one, ensure_ascii=False, indent=2) + "\n"
        for kind, one in made.items()
    }
    try:
        stale = [
            path for path, text in fresh.items() if not path.is_file() or path.read_bytes() != text.encode()
        ]
        if check and stale:
            typer.echo("\n".join(f"{path}: is not fresh" for path in stale), err=True)
            raise fail("mend: run `origingate rules schema` in the same way without --check.")
        if not check:
            out.mkdir(parents=True, exist_ok=True)
            for path in stale:
                write_whole(path, fresh[path])
            typer.echo(f"{out}: {len(fresh)} schemas, {len(stale)} of them new or changed.")
    except OSError as error:
        raise fail(
            f"{error.filename or out}: cannot be read or written ({error.strerror}).", code=2
        ) from error
