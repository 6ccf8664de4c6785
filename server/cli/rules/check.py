"""`origingate rules check`: every problem of every file."""

import json as json_text
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.connection import fail
from server.cli.rules.opening import SHIPPED, Folder

if TYPE_CHECKING:
    from engine.rulebook import Problem


def check(
    folder: Folder = SHIPPED,
    json: Annotated[bool, typer.Option("--json", help="Print the problems as JSON.")] = False,
) -> None:
    """Show every problem of every file, with place and mend. Exit code 1 where there is one; warnings stop nothing."""
    from engine.rulebook import show
    from server.rulebooks import RulebookRefused, RulebookUnreadable, load_folder, read_files

    try:
        rulebook = load_folder(folder)
    except RulebookUnreadable as error:
        raise fail(str(error), code=2) from error
    except RulebookRefused as error:
        if json:
            problems = [_as_data(problem) for problem in error.problems]
            typer.echo(json_text.dumps({"problems": problems}, ensure_ascii=False, indent=2))
        else:
            typer.echo("\n".join(error.shown()))
            count = len(error.problems)
            typer.echo(f"{count} problem{'s' if count > 1 else ''}.")
        raise typer.Exit(1) from error
    if json:
        warnings = [_as_data(warning) for warning in rulebook.warnings]
        typer.echo(
            json_text.dumps({"problems": [], "warnings": warnings, "digest": rulebook.digest}, indent=2)
        )
    else:
        texts = read_files(folder)
        for warning in rulebook.warnings:
            typer.echo(f"warning: {show(warning, texts.get(warning.file, ''))}")
        rules = sum(len(question.rules) for question in rulebook.questions.values())
        typer.echo(
            f"{rulebook.name}: no problems in {len(rulebook.questions)} questions, {rules} rules. {rulebook.digest}"
        )


def _as_data(problem: "Problem") -> dict[str, str | int]:
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "code": problem.code,
        "message": problem.message,
        "mend": problem.mend,
    }
