"""`--changed REV`: only what stands on lines that are new or changed since a git revision."""

from pathlib import Path
from typing import Annotated

import typer

from server.cli.connection import fail

Changed = Annotated[
    str | None,
    typer.Option(
        "--changed", metavar="REV", help="Only what stands on lines changed since this git revision."
    ),
]


def lines_changed(folder: Path, revision: str) -> dict[str, frozenset[int]]:
    """The changed lines of each file. Ends the command with 2 where git cannot tell them."""
    from server.revisions import RevisionUnreadable, changed_lines

    try:
        return changed_lines(folder, revision)
    except RevisionUnreadable as error:
        raise fail(f"--changed {revision}: {error}", code=2) from error
