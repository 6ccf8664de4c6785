"""Problems: mendable faults in a rule file, each with its place, a stable code and how to mend it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.expression.faults import listed, nearest
from engine.rulebook.text.files import Span, line_of

_UNSEEN = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A fault in a rule file. Line and column count from 1, in code points; `length` is the caret's width.

    `mend` says what to write instead; it is empty where nothing better can be said than the message.
    A warning does not keep a rulebook from being served; every other problem does.
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    mend: str = ""
    length: int = 1
    warning: bool = False


@dataclass(slots=True)
class Problems:
    """Collects the problems of all files of one load."""

    found: list[Problem] = field(default_factory=list)

    def add(self, span: Span, code: str, message: str, mend: str = "") -> None:
        """Notes a problem that keeps the rulebook from being served."""
        self.found.append(_problem(span, code, message, mend, warning=False))

    def warn(self, span: Span, code: str, message: str, mend: str = "") -> None:
        """Notes something doubtful that does not keep the rulebook from being served."""
        self.found.append(_problem(span, code, message, mend, warning=True))

    def sorted(self) -> tuple[Problem, ...]:
        """Everything found, each once, by file, line and column."""
        return tuple(sorted(set(self.found)))

    @property
    def fatal(self) -> bool:
        """Whether anything found keeps the rulebook from being served."""
        return any(not problem.warning for problem in self.found)


def _problem(span: Span, code: str, message: str, mend: str, *, warning: bool) -> Problem:
    line, column = span.file.position(span.start)
    room = len(span.file.line(line)) - column + 1
    length = max(1, min(span.end - span.start, room))
    return Problem(span.file.path, line, column, code, message, mend, length, warning)


def show(problem: Problem, text: str) -> str:
    """The problem as people read it: place, what is wrong, the line with a caret under the token, mend."""
    line = "".join(
        char if char.isprintable() or char == "\t" else _UNSEEN for char in line_of(text, problem.line)
    )
    before, token = line[: problem.column - 1], line[problem.column - 1 :][: problem.length]
    indent = "".join(char if char == "\t" else " " * _cells(char) for char in before)
    caret = "^" * max(1, sum(_cells(char) for char in token))
    kind = "warning: " if problem.warning else ""
    number = f"{problem.line:>5}"
    shown = [
        f"{problem.file}:{problem.line}:{problem.column}: {kind}{problem.message} [{problem.code}]",
        f"{number} | {line}".rstrip(),
        f"{' ' * len(number)}   {indent}{caret}",
    ]
    if problem.mend:
        shown.append(f"   mend: {problem.mend}")
    return "\n".join(shown)


def _cells(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def instead(word: str, known: Iterable[str], what: str) -> str:
    """A mend for an unknown word: the nearest known one, else what can be written there."""
    names = sorted(known)
    near = nearest(word, names)
    if near is not None:
        return f"write `{near}`"
    return f"{what}: {listed(names, 12)}" if names else ""
