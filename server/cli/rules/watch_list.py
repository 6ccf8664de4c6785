"""`origingate rules watch-list`: what is not settled law, what would settle it, and which answers hang on it."""

import json as json_text
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.connection import AsJson, fail
from server.cli.counting import counted
from server.cli.rules.opening import SHIPPED, Folder, Opened, opened

if TYPE_CHECKING:
    from engine.workbench.watch_list.model import Counts


def watch_list(
    folder: Folder = SHIPPED,
    database: Annotated[
        str | None,
        typer.Option(
            "--database",
            metavar="DB",
            help="Count the decisions that a server recorded: its SQLite file, or its address. It is only read.",
        ),
    ] = None,
    days: Annotated[
        int, typer.Option("--days", min=1, metavar="N", help="Count the decisions of the last N days.")
    ] = 90,
    processes: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Processes; as many as there are cores by default.")
    ] = None,
    json: AsJson = False,
) -> None:
    """List every reported or assumed part of a rulebook, and every text that can be read in several ways.

    With --database: how many recorded decisions rest on each, and how many would be answered otherwise without it, if
    it were confirmed, or if its text were read in another way.
    """
    from engine.workbench.watch_list.watched import watch_list as watched_parts
    from server.cli.rules.watch_list_view import report, show

    book = opened(folder)
    parts = watched_parts(book.rulebook)
    counts = _counts(book, database, days, processes) if database is not None else None
    if json:
        said = report(book.rulebook, parts, counts, days)
        typer.echo(json_text.dumps(said, ensure_ascii=False, indent=2))
    else:
        show(book.rulebook, parts, counts, days)


def _counts(book: Opened, database: str, days: int, processes: int | None) -> "Counts":
    """What recorded decisions rest on. Ends the command where they cannot be read."""
    from engine.workbench.watch_list.model import Counts
    from server.key_files import KeyUnusable
    from server.parallel import all_cores
    from server.recorded.log import Source, log_size, stretches
    from server.recorded.spreading import tallies
    from server.recorded.watching import OnWatch
    from server.store.errors import StoreError
    from server.store.logged import Choice

    source = Source(database, Choice(since=datetime.now(UTC) - timedelta(days=days)))
    try:
        parts = stretches(log_size(source))
        done = tallies(partial(OnWatch.begin, book.files, source), parts, processes or all_cores())
        return counted(done, Counts(), "answering", len(parts), _so_far)
    except KeyUnusable as error:
        raise fail(str(error), code=2) from error
    except StoreError as error:
        raise fail(f"{error}.", code=2) from error


def _so_far(counts: "Counts") -> str:
    return f"{counts.decisions:,} decisions"
