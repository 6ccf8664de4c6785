"""`origingate rules cover`: which rules and clauses the rule tests have seen on both sides."""

import json as json_text
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.connection import fail
from server.cli.rules.changed import Changed, lines_changed
from server.cli.rules.opening import SHIPPED, Folder, opened
from server.cli.screen import console
from server.cli.written import write_file
from server.today import today

if TYPE_CHECKING:
    from engine.workbench.coverage.model import Coverage


def cover(
    folder: Folder = SHIPPED,
    least: Annotated[
        float,
        typer.Option(
            "--min",
            metavar="PERCENT",
            min=0,
            max=100,
            help="Exit code 1 where rules or clauses are covered less.",
        ),
    ] = 0,
    changed: Changed = None,
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    lcov_file: Annotated[
        Path | None, typer.Option("--lcov", metavar="FILE", help="Write an LCOV tracefile too.")
    ] = None,
    html_file: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a page with the rules coloured too.")
    ] = None,
) -> None:
    """Show which rules and clauses no rule test has seen on both sides: fired and not, true and false."""
    from engine.workbench.coverage.changed import only_changed
    from engine.workbench.coverage.cover import cover as cover_by
    from engine.workbench.coverage.lcov import lcov
    from engine.workbench.coverage.model import Kind
    from engine.workbench.coverage.page import page
    from engine.workbench.coverage.report import report
    from engine.workbench.ruletests.running import run_test

    book = opened(folder)
    lines = lines_changed(folder, changed) if changed is not None else None
    read = book.test_files()
    day = today()
    results = (run_test(test, book.rulebook, day) for file in read for test in file.tests)
    coverage = cover_by(book.rulebook, book.files, results)
    if lines is not None:
        coverage = only_changed(coverage, book.rulebook, book.files, lines)
    for target, written in ((lcov_file, lcov), (html_file, page)):
        if target is not None:
            write_file(target, written(coverage))
    if json:
        typer.echo(json_text.dumps(report(coverage), ensure_ascii=False, indent=2))
    elif coverage.parts or changed is None:
        _print(coverage)
    else:
        typer.echo(f"No rule or clause has changed since {changed}.")
    problems = book.shown(problem for file in read for problem in file.problems)
    if problems:
        raise fail("\n".join([*problems, "Tests with problems show nothing; mend them first."]))
    if coverage.failed:
        raise fail(f"Failing tests show nothing: {len(coverage.failed)}. `origingate rules test` says why.")
    if not all(coverage.of(kind).percent >= least for kind in (Kind.RULE, Kind.CLAUSE)):
        raise fail(f"Rules or clauses are covered less than the {least:g} % that --min asks for.")


def _print(coverage: "Coverage") -> None:
    """The table, and below it what is lacking; nothing more where nothing is."""
    from rich.table import Table

    from engine.workbench.coverage.model import Kind, Tally, tally

    table = Table(title=f"{coverage.rulebook}: {coverage.tests} tests", title_justify="left")
    table.add_column("question")
    for counted in ("rules", "clauses", "sources"):
        table.add_column(counted, justify="right")

    def row(name: str, *tallies: Tally) -> None:
        table.add_row(name, *(str(one) if one.demanded else "-" for one in tallies))

    for question in coverage.questions:
        row(question or "shared", coverage.of(Kind.RULE, question), coverage.of(Kind.CLAUSE, question))
    table.add_section()
    row("together", coverage.of(Kind.RULE), coverage.of(Kind.CLAUSE), tally(coverage.citations))
    console().print(table)
    for one in coverage.gaps:
        line, column = one.part.position
        typer.echo(f"{one.part.span.file.path}:{line}:{column}: {one.part}: {one.lack}")
    for cited in coverage.citations:
        if cited.lacking:
            typer.echo(f"{cited.citation}: {cited.lack}")
    for part in coverage.never_given:
        typer.echo(f"note: {part.span.file.path}:{part.position[0]}: {part} answers no test")
