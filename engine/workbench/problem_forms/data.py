"""A problem as JSON has it."""

from __future__ import annotations

from engine.rulebook.problems import Problem


def problem_data(problem: Problem) -> dict[str, str | int]:
    """The problem's parts; `length` is the width of the place in characters."""
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "length": problem.length,
        "code": problem.code,
        "message": problem.message,
        "mend": problem.mend,
    }
