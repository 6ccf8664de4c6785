"""`origingate rules test`: the tests that stand beside the rules."""

import json as json_text
import time
from dataclasses import asdict
from datetime import date
from typing import Annotated

import typer

from server.cli.connection import fail
from server.cli.rules.opening import SHIPPED, Folder, opened


def run_tests(
    folder: Folder = SHIPPED,
    keyword: Annotated[
        str, typer.Option("-k", metavar="TEXT", help="Only tests whose file, question or name has this text.")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Print every test's result as JSON.")] = False,
) -> None:
    """Run the rule tests of a rulebook (`*_test.yaml`). Passing ones are quiet; exit code 1 where one fails."""
    from engine.workbench.ruletests import run_test

    started = time.perf_counter()
    book = opened(folder)
    read = book.test_files()
    problems = book.shown(problem for each in read for problem in each.problems)
    today = date.today()  # noqa: DTZ011 - a skip ends on the author's own calendar
    results = [
        run_test(each, book.rulebook, today)
        for file in read
        for each in file.tests
        if keyword.casefold() in f"{each.file} {each.question} {each.name}".casefold()
    ]
    failed = [result for result in results if result.differences and not result.skipped]
    skipped = sum(result.skipped for result in results)
    if json:
        tests = [
            {
                "file": result.test.file,
                "line": result.test.line,
                "test": result.test.name,
                "question": result.test.question,
                "state": "skipped" if result.skipped else "failed" if result.differences else "passed",
                "differences": [asdict(difference) for difference in result.differences],
            }
            for result in results
        ]
        typer.echo(json_text.dumps({"tests": tests, "problems": problems}, ensure_ascii=False, indent=2))
    else:
        for text in [*problems, *(result.show() for result in failed)]:
            typer.echo(f"{text}\n")
        seconds = time.perf_counter() - started
        passed = len(results) - len(failed) - skipped
        typer.echo(f"{passed} passed, {len(failed)} failed, {skipped} skipped in {seconds:.1f} s")
    if not results and not problems:
        raise fail(f"{folder}: no test has {keyword!r} in its name.", code=2)
    if failed or problems:
        raise typer.Exit(1)
