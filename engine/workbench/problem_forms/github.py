"""Problems as workflow commands of GitHub Actions, which shows them beside the lines of a change.

Form: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions. What a command says is
escaped; in its properties colons and commas are too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from engine.rulebook.problems import Problem

_SAID: Final = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_PROPERTY: Final = (*_SAID, (":", "%3A"), (",", "%2C"))


def workflow_commands(problems: Iterable[Problem]) -> str:
    """One command a problem, a line each; empty where there is none."""
    return "\n".join(map(_annotation, problems))


def _annotation(problem: Problem) -> str:
    kind = "warning" if problem.warning else "error"
    properties = {
        "file": problem.file,
        "line": str(problem.line),
        "endLine": str(problem.line),
        "col": str(problem.column),
        "endColumn": str(problem.column + problem.length),
        "title": problem.code,
    }
    shown = ",".join(f"{name}={_escaped(value, _PROPERTY)}" for name, value in properties.items())
    said = f"{problem.message}\nmend: {problem.mend}" if problem.mend else problem.message
    return f"::{kind} {shown}::{_escaped(said, _SAID)}"


def _escaped(text: str, pairs: Iterable[tuple[str, str]]) -> str:
    for char, escape in pairs:
        text = text.replace(char, escape)
    return text
