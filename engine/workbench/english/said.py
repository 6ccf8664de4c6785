"""A condition in words, as a tree: a clause, or clauses under a lead. Written as one sentence or as a list.

What belongs together is never left to the reader's ear: in a sentence a row inside another one stands in
brackets, in a list it is indented.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Row(StrEnum):
    """How the clauses of a row belong together: what stands between them in a sentence."""

    CLAUSE = ""
    ALL = "and"
    SOME = "or"
    WHERE = "and, where that is so,"
    ELSE = "or, where that is not so,"
    CASES = "otherwise"
    UNDER = ";"


_LEADS = {
    Row.ALL: "all of these hold",
    Row.SOME: "at least one of these holds",
    Row.WHERE: "all of these hold, the others being asked only where the first does",
    Row.ELSE: "at least one of these holds, the others being asked only where the first does not",
    Row.CASES: "this holds, case by case",
}
_JOINED = re.compile(r", (and|or) ")
_IN_BRACKETS = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Said:
    """A clause, or a row of them. `text` is the clause, or what is said before the row; it may be empty."""

    text: str
    row: Row = Row.CLAUSE
    items: tuple[Said, ...] = ()

    @property
    def lead(self) -> str:
        """What stands before the row in a list."""
        return self.text or _LEADS[self.row]


def inline(said: Said) -> str:
    """The whole as one sentence, without its full stop."""
    match said.row:
        case Row.CLAUSE:
            return said.text
        case Row.UNDER:
            return f"{said.text} ({'; '.join(map(inline, said.items))})"
        case Row.CASES:
            cases = (f"{case.text}: {_bracketed(case.items[0])}" for case in said.items)
            return "; ".join(cases)
        case Row.WHERE | Row.ELSE:
            first, *rest = map(_bracketed, said.items)
            joint = "and" if said.row is Row.WHERE else "or"
            return f"{first}, {said.row} {f', {joint} '.join(rest)}"
        case Row.SOME:
            return "either " + ", or ".join(map(_bracketed, said.items))
    return f", {said.row} ".join(map(_bracketed, said.items))


def _bracketed(said: Said) -> str:
    text = inline(said)
    if said.row is Row.UNDER or (said.row is Row.CLAUSE and not _JOINED.search(_IN_BRACKETS.sub("", text))):
        return text
    return f"({text})"


def lines(said: Said) -> tuple[tuple[int, str], ...]:
    """The whole as lines, each with how far it is indented; a row's lead ends in a colon."""
    return tuple(_lines(said, 0))


def _lines(said: Said, depth: int) -> Iterator[tuple[int, str]]:
    if said.row is Row.CLAUSE:
        yield depth, said.text
    elif len(said.items) == 1 and said.items[0].row is Row.CLAUSE:
        yield depth, f"{said.lead}: {said.items[0].text}"
    elif len(said.items) == 1:
        inner = said.items[0]
        yield depth, f"{said.lead}, {inner.lead}:"
        for item in inner.items:
            yield from _lines(item, depth + 1)
    else:
        yield depth, f"{said.lead}:"
        for item in said.items:
            yield from _lines(item, depth + 1)
