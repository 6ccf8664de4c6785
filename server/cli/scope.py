"""`origingate scope`: what the scope question means for an enterprise's whole business."""

import json as json_text
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.connection import AsJson, fail
from server.cli.counting import counted
from server.cli.facts import Enforce, day_and_standings
from server.cli.rules.opening import SHIPPED, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.census import Census
    from server.census import CensusTaker, Task
    from server.rows.model import Chunk, Group

app = typer.Typer(help="Scope of a whole business, not only of one order.", no_args_is_help=True)

MappingFile = Annotated[
    Path | None,
    typer.Option(
        "--mapping",
        metavar="FILE",
        help="Where the facts stand in a row: YAML with JMESPath. By default columns are called as the facts are.",
    ),
]
MOST_SITES = 100_000


@app.command("census")
def census(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="The orders, one a row: CSV with a header or one JSON object a line, both also with .gz, or Parquet.",
        ),
    ],
    mapping: MappingFile = None,
    rulebook: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder of rule files.", show_default="the shipped one")
    ] = SHIPPED,
    on: Annotated[
        str | None,
        typer.Option(
            "--on", metavar="YYYY-MM-DD", help="Ask all orders about this day; about their own by default."
        ),
    ] = None,
    enforce: Enforce = "enacted,reported",
    processes: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Processes; as many as there are cores by default.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Count which of a year's orders are in scope, of what value, and what is open for want of which fact.

    Orders stream: memory does not grow with the file. Exit code 1 where a row could not be read; it is counted, and
    the first ones are shown.
    """
    from server.census import CensusTaker, Task
    from server.cli.scope_view import census_report, show_census
    from server.mapping.reading import MappingRefused, text_of
    from server.parallel import all_cores
    from server.rows.model import RowsUnreadable
    from server.rows.opening import open_rows

    day, standings = day_and_standings(on, enforce)
    book = opened(rulebook)
    try:
        text = (mapping, text_of(mapping)) if mapping is not None else None
        task = Task(open_rows(file), book.files, text, standings, day)
        whole = _counted(task, CensusTaker(task, book.rulebook), processes or all_cores())
    except RowsUnreadable as error:
        raise fail(str(error), code=2) from error
    except MappingRefused as error:
        raise fail(str(error)) from error
    place = task.rows.place
    if not whole.orders:
        lines = [f"  {place} {row}: {why}" for row, why in whole.unread.first]
        raise fail("\n".join(["Not one order could be read.", *lines]), code=2)
    outcomes = book.rulebook.questions[whole.asked.question].outcomes
    if json:
        typer.echo(json_text.dumps(census_report(whole, outcomes, place), ensure_ascii=False, indent=2))
    else:
        show_census(whole, outcomes, place)
    if whole.unread.rows:
        raise typer.Exit(1)


def _counted(task: "Task", taker: "CensusTaker", processes: int) -> "Census":
    """The census of the whole file. Ends the command where sites are so many that they are none."""
    from engine.census import Census
    from server.census import CensusTaker
    from server.recorded.spreading import tallies

    parts: Iterator[Chunk | Group] = task.rows.parts()
    done = tallies(partial(CensusTaker.begin, task), parts, processes)
    whole = Census(taker.asked)
    return counted(_held(done, whole), whole, "counting", task.rows.about(), _so_far)


def _held(done: "Iterator[Census]", whole: "Census") -> "Iterator[Census]":
    """The parts, each added to the whole by whoever takes them, while memory does not grow with the file."""
    for part in done:
        yield part
        if len(whole.sites) > MOST_SITES and len({site for site, _ in whole.sites}) > MOST_SITES:
            raise fail(
                f"There are more than {MOST_SITES:,} sites. `site` in the mapping names what orders are"
                " counted apart by, such as a shop, and not the order itself.",
                code=2,
            )


def _so_far(census: "Census") -> str:
    return f"{census.orders:,} orders"
