"""`origingate rules time`: which rules are in force when, and what in that cannot be meant."""

import json as json_text
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Annotated, Final

import typer

from server.cli.connection import AsJson, fail
from server.cli.rules.opening import SHIPPED, Folder, opened
from server.cli.screen import console
from server.today import today

if TYPE_CHECKING:
    from engine.workbench.periods.days import Days
    from engine.workbench.periods.model import Remark, Timeline

_CELLS: Final = 36


def periods(
    folder: Folder = SHIPPED,
    first: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="DAY",
            help="First day of the period; else the first that a rule names, or a year back.",
        ),
    ] = None,
    last: Annotated[
        str | None,
        typer.Option(
            "--until",
            metavar="DAY",
            help="Last day of the period; else the last that a rule names, or two years ahead.",
        ),
    ] = None,
    as_on: Annotated[
        str | None,
        typer.Option("--today", metavar="DAY", help="See the rulebook as on another day than today."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Show when dated rules and rows are in force over a period, with gaps, overlaps and rules that have expired.

    Exit code 1 where there is one of these. What has not begun, will end, or is due for another look is only noted.
    """
    from engine.workbench.periods.look import look, usual_period

    begin, end = _day(first, "--from"), _day(last, "--until")
    now = _day(as_on, "--today") or today()
    book = opened(folder)
    usual = usual_period(book.rulebook, now)
    if (begin or usual.first) > (end or usual.last):
        raise fail(
            f"The period would begin on {begin or usual.first}, after its end on {end or usual.last}."
            " Give --from and --until in this order.",
            code=2,
        )
    # Tests with problems are for `rules test` to tell.
    tests = [test for file in book.test_files() for test in file.tests]
    timeline = look(book.rulebook, book.files, now, begin, end, tests)
    if json:
        typer.echo(json_text.dumps(_report(book.rulebook.name, now, timeline), ensure_ascii=False, indent=2))
    else:
        _print(book.rulebook.name, timeline)
        for shown in book.shown(remark.problem for remark in timeline.faults):
            typer.echo(f"\n{shown}")
        for note in _notes(timeline):
            typer.echo(note)
    if timeline.faults:
        raise typer.Exit(1)


def _day(text: str | None, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError as error:
        raise fail(
            f"{option} {text}: is no day. Write year, month and day, as 2026-06-27.", code=2
        ) from error


def _print(rulebook: str, timeline: "Timeline") -> None:
    """The dated rules and rows with a bar for the days of the period on which each is in force."""
    from rich.table import Table

    table = Table(title=f"{rulebook}: {timeline.period}", title_justify="left")
    for column in ("where", "rule or row", "from", "until"):
        table.add_column(column, overflow="fold")
    table.add_column(f"{timeline.period.first} ... {timeline.period.last}", no_wrap=True)
    for line in timeline.lines:
        row = (_text(line.days.first), _text(line.days.last), _bar(line.days, timeline.period))
        table.add_row(line.owner, line.name, *row)
    if timeline.lines:
        console().print(table)
    count = timeline.undated
    typer.echo(f"{count} rule{'s' if count != 1 else ''} and rows without days, in force on all of them.")


def _text(day: date) -> str:
    return "" if day in (date.min, date.max) else day.isoformat()


def _bar(days: "Days", period: "Days") -> str:
    """One character for each part of the period; a part counts where any of its days does."""
    span = (period.last - period.first).days + 1
    cells = min(_CELLS, span)
    first = (days.first - period.first).days * cells // span
    last = (days.last - period.first).days * cells // span
    return "".join("\u2501" if first <= cell <= last else "\u00b7" for cell in range(cells))


def _notes(timeline: "Timeline") -> list[str]:
    """A line for each note; sources that are due on one day share it."""
    from engine.workbench.periods.model import Kind

    due: dict[str, list[str]] = defaultdict(list)
    lines = []
    for remark in timeline.notes:
        problem = remark.problem
        if remark.kind is Kind.REVIEW:
            due[problem.message.partition(f"`{remark.names[0]}` ")[2]].append(remark.names[0])
        else:
            lines.append(f"note: {problem.file}:{problem.line}:{problem.column}: {problem.message}")
    return lines + [f"note: another look {when}: {', '.join(names)}" for when, names in sorted(due.items())]


def _report(rulebook: str, now: date, timeline: "Timeline") -> dict[str, object]:
    return {
        "rulebook": rulebook,
        "today": now.isoformat(),
        "from": timeline.period.first.isoformat(),
        "until": timeline.period.last.isoformat(),
        "timeline": [
            {"where": line.owner, "name": line.name, **_period(line.days)} for line in timeline.lines
        ],
        "undated": timeline.undated,
        "findings": [_as_data(remark) for remark in timeline.faults],
        "notes": [_as_data(remark) for remark in timeline.notes],
    }


def _as_data(remark: "Remark") -> dict[str, object]:
    problem = remark.problem
    return {
        "kind": remark.kind,
        "names": list(remark.names),
        **_period(remark.days),
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "message": problem.message,
        "mend": problem.mend,
    }


def _period(days: "Days") -> dict[str, str | None]:
    return {"from": _text(days.first) or None, "until": _text(days.last) or None}
