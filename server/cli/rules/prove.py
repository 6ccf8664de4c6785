"""`origingate rules prove`: what holds of the rules for all facts, or an order for which it does not."""

import json as json_text
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.connection import INTERRUPTED, AsJson, fail
from server.cli.rules.opening import SHIPPED, Folder, Opened, opened
from server.cli.rules.proving import (
    as_form,
    bounds_text,
    needs_solver,
    order_lines,
    prove_all,
    tasks,
)
from server.cli.screen import watched
from server.parallel import all_cores

if TYPE_CHECKING:
    from engine.workbench.prove.prove import Bounds
    from engine.workbench.prove.report import Found, Report


def prove(
    folder: Folder = SHIPPED,
    questions: Annotated[
        list[str] | None,
        typer.Option(
            "--question",
            metavar="NAME",
            help="Only this question, and the invariants that ask it; again for more.",
            show_default="all",
        ),
    ] = None,
    elements: Annotated[
        int, typer.Option(min=1, max=20, help="The most elements that a list has in the orders searched.")
    ] = 3,
    seconds: Annotated[
        float, typer.Option("--limit", metavar="SECONDS", min=0.1, help="The most time for a single proof.")
    ] = 60.0,
    processes: Annotated[
        int | None,
        typer.Option("--processes", "-n", min=1, help="Processes that prove.", show_default="all cores"),
    ] = None,
    json: AsJson = False,
) -> None:
    """Prove that every rule can decide, that no two rules say the same, and that the invariants hold.

    All facts are searched, not only those of tests. An order that breaks an invariant is printed as facts that `decide
    --given` takes. Exit code 1 where something is found, or could not be settled.
    """
    needs_solver()
    from engine.workbench.prove.prove import Bounds

    book = opened(folder)
    names = _known(book, questions)
    work = tasks(book.rulebook, names, all_invariants=not questions)
    bounds = Bounds(elements, seconds)
    done = prove_all(book.files, book.rulebook, work, bounds, processes or all_cores())
    try:
        reports = list(watched(done, "Proving", len(work)))
    except KeyboardInterrupt as error:
        raise fail("Interrupted; nothing was proved.", code=INTERRUPTED) from error
    if json:
        typer.echo(json_text.dumps(_form(book, reports, bounds), ensure_ascii=False, indent=2))
    else:
        _print(book, reports, bounds)
    if any(report.found or report.unsettled for report in reports):
        raise typer.Exit(1)


def _known(book: Opened, questions: list[str] | None) -> tuple[str, ...]:
    from engine.expression.faults import listed, nearest

    for name in questions or ():
        if name not in book.rulebook.questions:
            near = nearest(name, book.rulebook.questions)
            mend = f"Did you mean `{near}`?" if near else f"It has {listed(book.rulebook.questions, 20)}."
            raise fail(f"The rulebook `{book.rulebook.name}` has no question `{name}`. {mend}", code=2)
    return tuple(dict.fromkeys(questions)) if questions else tuple(book.rulebook.questions)


def _print(book: Opened, reports: "list[Report]", bounds: "Bounds") -> None:
    """What is wrong, each with its place; last, in a line or two, what holds and how far was searched."""
    from engine.workbench.prove.places import places

    where = places(book.files)
    for found in (found for report in reports for found in report.found):
        place = where.get((found.question, found.names[-1]), "")
        typer.echo(f"{place}: {_called(found)}: {found.message} [{found.kind}]")
        if found.example is not None:
            typer.echo("\n".join([*order_lines(found.example), ""]))
    for one in (one for report in reports for one in report.unsettled):
        typer.echo(f"not settled: {one.what}: {one.why}")
    rules = sum(len(report.proved) for report in reports if report.question)
    hold = sum(len(report.proved) for report in reports if not report.question)
    asked = sum(1 for report in reports if report.question)
    typer.echo(
        f"{book.rulebook.name}: {_many(rules, 'rule')} of {_many(asked, 'question')} can decide, "
        f"{_many(hold, 'invariant')} hold{'s' if hold == 1 else ''}. "
        f"Searched: {bounds_text(bounds.elements, bounds.enforce)}."
    )
    left_out = [f"{report.question}: {name}" for report in reports for name in report.left_out]
    if left_out:
        typer.echo(f"note: left out, for their standing does not count: {', '.join(left_out)}")
    idle = [f"{report.question}: {name}" for report in reports for name in report.changes_nothing]
    if idle:
        typer.echo(
            "note: these say why; without any one of them every complete order would have the same outcome: "
            f"{', '.join(idle)}"
        )


def _called(found: "Found") -> str:
    if not found.question:
        return f"invariant `{found.names[0]}` does not hold"
    return f"rule{'s' if len(found.names) > 1 else ''} {' and '.join(f'`{name}`' for name in found.names)}"


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _form(book: Opened, reports: "list[Report]", bounds: "Bounds") -> dict[str, object]:
    from engine.workbench.prove.places import places

    where = places(book.files)
    return {
        "rulebook": book.rulebook.name,
        "digest": book.rulebook.digest,
        "elements": bounds.elements,
        "enforce": sorted(bounds.enforce),
        "questions": [
            {
                "question": report.question,
                "decide": list(report.proved),
                "changes_nothing": list(report.changes_nothing),
                "left_out": list(report.left_out),
            }
            for report in reports
            if report.question
        ],
        "invariants": [name for report in reports if not report.question for name in report.proved],
        "findings": [
            {
                "kind": found.kind,
                "question": found.question or None,
                "names": list(found.names),
                "places": [where.get((found.question, name), "") for name in found.names],
                "message": found.message,
                "example": as_form(found.example) if found.example is not None else None,
            }
            for report in reports
            for found in report.found
        ],
        "unsettled": [{"what": one.what, "why": one.why} for report in reports for one in report.unsettled],
    }
