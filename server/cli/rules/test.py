"""`origingate rules test`: the tests that stand beside the rules."""

import json as json_text
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.connection import fail
from server.cli.rules.opening import SHIPPED, Folder, Opened, opened
from server.cli.screen import watched
from server.cli.written import write_file
from server.today import today

if TYPE_CHECKING:
    from engine.rulebook import Problem
    from engine.workbench.ruletests.report import TestReport
    from server.rule_tests import Test

ABSENT = "The tests were not put to a second opinion: {}."


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the command was asked to do; `second_opinion` is None where it is to be had if it is there."""

    folder: Path
    keyword: str
    processes: int
    second_opinion: bool | None
    junit: Path | None
    json: bool


def run_tests(
    folder: Folder = SHIPPED,
    keyword: Annotated[
        str, typer.Option("-k", metavar="TEXT", help="Only tests whose file, question or name has this text.")
    ] = "",
    processes: Annotated[
        int,
        typer.Option(
            "-n", metavar="N", min=0, help="Processes to run them in; 0: more than one where it pays."
        ),
    ] = 0,
    watch: Annotated[
        bool, typer.Option("--watch", help="Run them again whenever a file changes, until Ctrl-C.")
    ] = False,
    second_opinion: Annotated[
        bool | None,
        typer.Option(
            "--second-opinion/--no-second-opinion",
            help="Put each test to durable-rules too; a disagreement is a failure.",
            show_default="where it is installed, but not with --watch",
        ),
    ] = None,
    junit: Annotated[
        Path | None, typer.Option("--junit", metavar="FILE", help="Write a JUnit XML report too.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print every test's result as JSON.")] = False,
) -> None:
    """Run the rule tests of a rulebook (`*_test.yaml`). Passing ones are quiet; exit code 1 where one fails."""
    if watch and json:
        raise fail("--json is one document, and --watch never ends: choose one.", code=2)
    if watch:
        from server.cli.rules.watching import again_and_again

        wish = _Wish(folder, keyword, processes, second_opinion or False, junit, json)
        again_and_again(folder, lambda: _run(wish))
    else:
        _run(_Wish(folder, keyword, processes, second_opinion, junit, json))


def _run(wish: _Wish) -> None:
    from server.rule_tests import in_order

    started = time.perf_counter()
    book = opened(wish.folder)
    read = book.test_files()
    problems = sorted(problem for file in read for problem in file.problems)
    tests = in_order(read)
    numbers = [number for number, test in enumerate(tests) if wish.keyword.casefold() in _named(test)]
    if not numbers and not problems:
        raise fail(_nothing(wish, tests), code=2)
    absent = _absent(wish)
    second = absent == "" and wish.second_opinion is not False
    reports, said = _reports(wish, book, tests, numbers, second)
    if wish.junit is not None:
        _write_junit(wish.junit, book, reports, problems, said)
    if wish.json:
        opinion: dict[str, bool | str] = {"asked": second, "failed": said, "absent": absent}
        typer.echo(_as_json(reports, problems, opinion))
    else:
        for text in [*book.shown(problems), *(one.text for one in reports if one.text)]:
            typer.echo(f"{text}\n")
        typer.echo(f"{_counts(reports)} in {time.perf_counter() - started:.1f} s")
    if said:
        raise fail(said)
    if problems or any(one.text for one in reports):
        raise typer.Exit(1)


def _named(test: "Test") -> str:
    return f"{test.file} {getattr(test, 'question', '')} {test.name}".casefold()


def _nothing(wish: _Wish, tests: "list[Test]") -> str:
    if not tests:
        return f"{wish.folder}: has no tests. Write some into a file that ends in `_test.yaml`."
    return f"{wish.folder}: no test has {wish.keyword!r} in its file, question or name."


def _reports(
    wish: _Wish, book: Opened, tests: "list[Test]", numbers: list[int], second: bool
) -> "tuple[list[TestReport], str]":
    """What became of the tests, and why there was no second opinion on them although it was asked."""
    from server.rule_tests import OpinionFailed, processes_for

    chosen = [tests[number] for number in numbers]
    processes = wish.processes or processes_for(chosen)
    reports: list[TestReport] = []
    coming = _coming(book, tests, numbers, min(processes, max(1, len(chosen))), second)
    try:
        for one in watched(coming, "testing", len(chosen)):
            reports.append(one)
    except OpinionFailed as error:
        return reports, f"The second opinion could not be had: {error}."
    return reports, ""


def _coming(
    book: Opened, tests: "list[Test]", numbers: list[int], processes: int, second: bool
) -> "Iterator[TestReport]":
    from server.rule_tests import run_here, run_spread

    if processes > 1:
        yield from run_spread(book.files, numbers, processes, today(), second)
        return
    chosen = (tests[number] for number in numbers)
    if not second:
        yield from run_here(chosen, book.rulebook, today())
        return
    from server.second_opinion import SecondOpinion

    with SecondOpinion(book.rulebook) as opinion:
        yield from run_here(chosen, book.rulebook, today(), opinion)


def _absent(wish: _Wish) -> str:
    """Why there is no second opinion to be asked, which one line says. Ends the command where it was demanded."""
    if wish.second_opinion is False:
        return ""
    from server.rule_network import why_absent

    why = why_absent()
    if why and wish.second_opinion:
        raise fail(f"There is no second opinion here: {why}.", code=2)
    if why:
        typer.echo(ABSENT.format(why), err=True)
    return why


def _counts(reports: "list[TestReport]") -> str:
    from engine.workbench.ruletests.report import State

    return ", ".join(f"{sum(one.state is state for one in reports)} {state}" for state in State)


def _as_json(reports: "list[TestReport]", problems: "list[Problem]", opinion: dict[str, bool | str]) -> str:
    from engine.workbench.problem_forms import problem_data

    told = {
        "tests": [one.as_data() for one in reports],
        "problems": [problem_data(problem) for problem in problems],
        "second_opinion": opinion,
    }
    return json_text.dumps(told, ensure_ascii=False, indent=2)


def _write_junit(
    path: Path, book: Opened, reports: "list[TestReport]", problems: "list[Problem]", said: str
) -> None:
    from engine.workbench.ruletests.junit import junit

    shown = zip(problems, book.shown(problems), strict=True)
    write_file(path, junit(book.rulebook.name, reports, shown, said))
