"""The comments of a YAML file: what begins with `#` outside every text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.rulebook.text.files import TextFile
from engine.rulebook.text.nodes import Mapping, Node, Scalar

_COMMENT = re.compile(r"(?:^|(?<=[\s\ufeff]))#[^\n]*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment: where it begins, its text from the `#` on, and whether nothing else is on its line.

    `gap` is the white space before it, `after_blank` says that the line before it is empty.
    """

    start: int
    column: int
    text: str
    alone: bool
    gap: int
    after_blank: bool


def read_comments(file: TextFile, root: Node) -> tuple[Comment, ...]:
    """Every comment of the file, in order."""
    found: list[Comment] = []
    at = 0
    for start, end in [*_written(root), (len(file.text), len(file.text))]:
        for match in _COMMENT.finditer(file.text, at, start):
            found.append(_comment(file, match.start(), match.group()))
        at = max(at, end)
    return tuple(found)


def _comment(file: TextFile, start: int, text: str) -> Comment:
    number, column = file.position(start)
    before = file.text[start - column + 1 : start].strip("\ufeff")
    gap = len(before) - len(before.rstrip(" \t"))
    alone = not before.strip(" \t")
    return Comment(start, column - 1, text.rstrip(), alone, gap, alone and is_blank(file, number - 1))


def is_blank(file: TextFile, number: int) -> bool:
    """Whether a line of the file, counted from 1, has nothing on it."""
    starts = file.line_starts
    if not 0 < number <= len(starts):
        return False
    end = starts[number] if number < len(starts) else len(file.text)
    return not file.text[starts[number - 1] : end].strip()


def _written(node: Node) -> Iterator[tuple[int, int]]:
    """The stretches that texts take up. The first line of a block's text can end with a comment, so it is left out."""
    if isinstance(node, Scalar):
        start = node.start
        if node.style in {"|", ">"}:
            newline = node.file.text.find("\n", node.start, node.end)
            start = node.end if newline < 0 else newline
        yield start, node.end
    elif isinstance(node, Mapping):
        for key, value in node.entries:
            yield from _written(key)
            yield from _written(value)
    else:
        for item in node.items:
            yield from _written(item)
