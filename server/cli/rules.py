"""`origingate rules`: what rule authors run."""

import json as json_text
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.connection import fail
from server.settings import shipped_rules

if TYPE_CHECKING:
    from engine.rulebook import Problem

app = typer.Typer(help="Write, examine and test rulebooks.", no_args_is_help=True)

Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="Folder of the rulebook.", show_default="the shipped one")
]


@app.command()
def check(
    folder: Folder = shipped_rules() / "usmca",
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


@app.command(name="eval")
def evaluate(
    batch: Annotated[
        Path,
        typer.Option(
            "--batch", metavar="FILE.jsonl", help='Lines of {"name", "expr", "facts"}; - for standard input.'
        ),
    ],
) -> None:
    """Evaluate expressions, one a line, and print one line for each: its value, the facts it lacks, or an error code."""
    from engine.expression.batch import evaluate_case

    try:
        text = sys.stdin.read() if str(batch) == "-" else batch.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise fail(f"{batch}: cannot be read: {error}", code=2) from error
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            case = json_text.loads(line)
        except (ValueError, RecursionError) as error:
            raise fail(f"{batch}:{number}: is not JSON: {error}", code=2) from error
        typer.echo(json_text.dumps(evaluate_case(case), ensure_ascii=False))


@app.command()
def docs(
    folder: Folder = shipped_rules() / "usmca",
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder of the pages.")] = Path(
        "docs/rules"
    ),
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Write nothing; exit code 1 where a page is not what the rule files say."
        ),
    ] = False,
) -> None:
    """Write a rulebook as pages for people: each question, its sources, its facts, and what is assumed."""
    from engine.workbench.pages.book import left_over, pages, stale
    from server.rulebooks import RulebookRefused, RulebookUnreadable, as_shown, load_folder

    try:
        fresh = pages(load_folder(folder))
        found = {path.name: path.read_text("utf-8", errors="replace") for path in sorted(out.glob("*.md"))}
        changed = stale(fresh, found)
        if check and changed:
            typer.echo(
                "\n".join(f"{out / path}: is not what the rule files say" for path in changed), err=True
            )
            raise fail(
                f"mend: run `origingate rules docs {as_shown(folder)} --out {out}` and commit what it writes."
            )
        if not check:
            out.mkdir(parents=True, exist_ok=True)
            for path in left_over(fresh, found):
                (out / path).unlink()
            for path in fresh.keys() & set(changed):
                (out / path).write_text(fresh[path], "utf-8")
            typer.echo(f"{out}: {len(fresh)} pages, {len(changed)} of them new, changed or deleted.")
    except RulebookUnreadable as error:
        raise fail(str(error), code=2) from error
    except RulebookRefused as error:
        raise fail(str(error)) from error
    except OSError as error:
        raise fail(
            f"{error.filename or out}: cannot be read or written ({error.strerror}).", code=2
        ) from error
