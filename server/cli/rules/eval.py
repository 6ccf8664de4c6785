"""`origingate rules eval`: expressions alone, with facts of their own."""

import json as json_text
import sys
from pathlib import Path
from typing import Annotated

import typer

from server.cli.connection import fail


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
