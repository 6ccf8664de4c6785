"""`origingate site assess FOLDER`: what an enterprise's own orders show, on its own machine, without a server."""

import json as json_text
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import typer

from server.cli.connection import fail
from server.cli.counting import counted
from server.cli.facts import day_and_standings
from server.cli.rules.opening import opened
from server.cli.written import write_file

if TYPE_CHECKING:
    from engine.readiness.looked_at import Orders
    from server.assessing import Task

NEEDED = ("scope", "certification", "readiness")


def assess_orders(
    folder: Path,
    mapping: Path | None,
    rulebook: Path,
    on: str | None,
    enforce: str,
    processes: int | None,
    json: bool,
    html: Path | None,
) -> None:
    """Looks at the orders of a folder or file, and says whether they are in scope and what they lack.

    Ends the command with 1 where an order could not be read, or the orders lack something; 2 for wrong use.
    """
    from engine.readiness.assessment import ItemState
    from engine.readiness.offline import assessed
    from server.assessing import Assessor, Task
    from server.cli.site_offline_view import Shown, page, report, show
    from server.mapping.reading import MappingRefused, text_of
    from server.parallel import all_cores
    from server.recorded.orders import OrdersUnreadable

    if mapping is None:
        raise fail(
            "Name a mapping with --mapping FILE: it says where your orders have what the rules ask for.",
            code=2,
        )
    day, standings = day_and_standings(on, enforce)
    book = opened(rulebook)
    lacking = [name for name in NEEDED if name not in book.rulebook.questions]
    if lacking:
        raise fail(f"{rulebook}: has no question `{lacking[0]}`, by which orders are assessed.", code=2)
    today = day or datetime.now(ZoneInfo(book.rulebook.zone)).date()
    try:
        task = Task(folder, book.files, (mapping, text_of(mapping)), standings, today)
        Assessor(task, book.rulebook)
        orders = _looked_at(task, processes or all_cores())
    except OrdersUnreadable as error:
        raise fail(str(error), code=2) from error
    except MappingRefused as error:
        raise fail(str(error)) from error
    if not orders.orders:
        lines = [f"  {place}: {why}" for place, why in orders.unread_first]
        raise fail("\n".join(["Not one order could be read.", *lines]), code=2)
    assessment = assessed(book.rulebook, orders, str(folder), today, standings)
    shown = Shown(assessment, orders, book.rulebook)
    if html is not None:
        write_file(html, page(shown))
    if json:
        typer.echo(json_text.dumps(report(shown), ensure_ascii=False, indent=2))
    else:
        show(shown)
    if orders.unread or any(item.state is ItemState.LACKING for item in assessment.items):
        raise typer.Exit(1)


def _looked_at(task: "Task", processes: int) -> "Orders":
    from engine.readiness.looked_at import Orders
    from server.assessing import Assessor
    from server.recorded.orders import Orders as Files
    from server.recorded.spreading import tallies

    files = Files(task.orders)
    done = tallies(partial(Assessor.begin, task), files.batches(), processes)
    return counted(done, Orders(), "looking", files.about(), lambda found: f"{found.orders:,} orders")
