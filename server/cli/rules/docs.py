"""`origingate rules docs`: a rulebook as pages for people."""

from pathlib import Path
from typing import Annotated

import typer

from server.cli.connection import fail
from server.cli.rules.opening import SHIPPED, Folder, opened


def docs(
    folder: Folder = SHIPPED,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder of the pages.")] = Path(
        "docs/rules"
    ),
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Write nothing; exit code 1 where a page is not what the rule files say."
        ),
    ] = False,
) -> None:
    """Write a rulebook as pages for people: each question, its sources, its facts, and what is assumed."""
    from engine.workbench.pages.book import left_over, pages, stale
    from server.rulebooks import as_shown

    book = opened(folder)
    try:
        fresh = pages(book.rulebook)
        found = {path.name: path.read_text("utf-8", errors="replace") for path in sorted(out.glob("*.md"))}
        changed = stale(fresh, found)
        if check and changed:
            typer.echo(
                "\n".join(f"{out / path}: is not what the rule files say" for path in changed), err=True
            )
            raise fail(
                f"mend: run `origingate rules docs {as_shown(folder)} --out {out}` and commit what it writes."
            )
        if not check:
            out.mkdir(parents=True, exist_ok=True)
            for path in left_over(fresh, found):
                (out / path).unlink()
            for path in fresh.keys() & set(changed):
                (out / path).write_text(fresh[path], "utf-8")
            typer.echo(f"{out}: {len(fresh)} pages, {len(changed)} of them new, changed or deleted.")
    except OSError as error:
        raise fail(
            f"{error.filename or out}: cannot be read or written ({error.strerror}).", code=2
        ) from error
