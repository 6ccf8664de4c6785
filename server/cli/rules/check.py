"""`origingate rules check`: every problem of every file."""

import json as json_text
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.connection import fail
from server.cli.rules.opening import SHIPPED, Folder, at_once, read

if TYPE_CHECKING:
    from engine.rulebook import Problem, Rulebook


class Form(StrEnum):
    """How problems are printed."""

    TEXT = "text"
    GITHUB = "github"
    SARIF = "sarif"


def check(
    folder: Folder = SHIPPED,
    form: Annotated[
        Form,
        typer.Option(
            "--format",
            help="text for people, github for annotations of a workflow, sarif (2.1.0) for code scanners.",
        ),
    ] = Form.TEXT,
    json: Annotated[bool, typer.Option("--json", help="Print problems and warnings as JSON.")] = False,
) -> None:
    """Show every problem of every file, tests among them, with place and mend.

    Exit code 1 where there is one; warnings stop nothing.
    """
    if json and form is not Form.TEXT:
        raise fail("--json and --format are two forms of the same: choose one.", code=2)
    files, unreadable = read(folder)
    with at_once():
        found, rulebook = _found(files)
    found = tuple(sorted({*found, *unreadable}))
    if json:
        typer.echo(_as_json(found, rulebook))
    elif form is Form.TEXT:
        _print(found, rulebook, files)
    elif shown := _for_machines(form, found, files):
        typer.echo(shown)
    if not all(problem.warning for problem in found):
        raise typer.Exit(1)


def _found(files: dict[str, str]) -> "tuple[tuple[Problem, ...], Rulebook | None]":
    """All problems and warnings, and the rulebook if there is one.

    Tests are typed by the rulebook's dictionary; without it only their form can be looked at.
    """
    from engine.rulebook import Rulebook, load
    from engine.workbench.ruletests import problems_of_form, read_tests

    loaded = load(files)
    tests = {path: text for path, text in files.items() if path.endswith("_test.yaml")}
    if isinstance(loaded, Rulebook):
        of_tests = [one for path, text in tests.items() for one in read_tests(path, text, loaded).problems]
        return (*loaded.warnings, *of_tests), loaded
    return (*loaded, *(one for path, text in tests.items() for one in problems_of_form(path, text))), None


def _print(found: "tuple[Problem, ...]", rulebook: "Rulebook | None", files: dict[str, str]) -> None:
    from engine.rulebook import show

    for problem in found:
        typer.echo(show(problem, files.get(problem.file, "")))
    warnings = sum(problem.warning for problem in found)
    counts = [_count(len(found) - warnings, "problem"), *([_count(warnings, "warning")] if warnings else [])]
    if rulebook is None or len(found) > warnings:
        typer.echo(f"{', '.join(counts)}.")
    else:
        rules = sum(len(question.rules) for question in rulebook.questions.values())
        questions = _count(len(rulebook.questions), "question")
        typer.echo(f"{rulebook.name}: no problems in {questions}, {_count(rules, 'rule')}. {rulebook.digest}")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _as_json(found: "tuple[Problem, ...]", rulebook: "Rulebook | None") -> str:
    from engine.workbench.problem_forms import problem_data

    told = {
        "problems": [problem_data(problem) for problem in found if not problem.warning],
        "warnings": [problem_data(problem) for problem in found if problem.warning],
        "digest": rulebook.digest if rulebook is not None else None,
    }
    return json_text.dumps(told, ensure_ascii=False, indent=2)


def _for_machines(form: Form, found: "tuple[Problem, ...]", files: dict[str, str]) -> str:
    from engine.workbench.problem_forms import sarif_log, workflow_commands

    if form is Form.GITHUB:
        return workflow_commands(found)
    from importlib.metadata import version

    return json_text.dumps(sarif_log(found, files, version("origin-gate")), ensure_ascii=False, indent=2)
