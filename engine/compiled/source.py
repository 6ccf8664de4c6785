"""Python source under construction: lines, names that are ours, and values bound to names.

No text of a rule becomes code: every name is generated, and a value is bound to a name, or is a short text or
a whole number, which is written as a literal in ASCII that Python itself makes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Final

from engine.compiled.runtime import ABSENT, LEAVING, NOTHING, Leave, bit
from engine.expression import Map

LONGEST: Final = 250
"""Characters of one part of a line; a longer part gets a name, so that parentheses never nest deeply."""

DEEPEST: Final = 60
"""Blocks in each other; Python takes 100, and what is written may be put into some more."""

LONGEST_LITERAL: Final = 40
"""Code points of a text that is written as a literal: those are reached a little sooner than bound ones."""

_BUILTINS: Final = {"len": len, "enumerate": enumerate, "tuple": tuple}


class UncompilableError(Exception):
    """A part of a condition has no translation; the tree is walked for that condition."""


UNCOMPILABLE: Final = (UncompilableError, RecursionError, SyntaxError, MemoryError)
"""What making a function can meet."""


class Source:
    """The source of one function, written line by line."""

    def __init__(self) -> None:
        self.bound: dict[str, object] = {
            "LEAVE": Leave, "LEAVING": LEAVING, "ABSENT": ABSENT, "NOTHING": NOTHING, "bit": bit,
        }  # fmt: skip
        self._lines: list[tuple[int, str]] = []
        self.depth = 0
        self._names: dict[int, str] = {}
        self._tables: dict[int, str] = {}
        self._texts: dict[str, str] = {}
        self._numbers = count()

    def name(self, kind: str = "v") -> str:
        """A name that nothing else has."""
        return f"{kind}{next(self._numbers)}"

    def bind(self, value: object) -> str:
        """The name of a value, or its literal; the same text or object has one name."""
        if type(value) is int or (type(value) is str and len(value) <= LONGEST_LITERAL):
            return ascii(value)
        if isinstance(value, str):
            if value not in self._texts:
                self._texts[value] = self._bind(value)
            return self._texts[value]
        if id(value) not in self._names:
            self._names[id(value)] = self._bind(value)
        return self._names[id(value)]

    def bind_entries(self, table: Map) -> str:
        """The name of a table whose keys are texts, as a plain dict, which is looked up at once."""
        if id(table) not in self._tables:
            self._tables[id(table)] = self._bind(dict(table.items()))
        return self._tables[id(table)]

    def _bind(self, value: object) -> str:
        name = self.name("C")
        self.bound[name] = value
        return name

    def line(self, text: str) -> None:
        """Writes a line at the depth of the block in hand."""
        self.paste([(0, text)])

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Writes a head, and what follows inside of it."""
        self.open(head)
        mark = len(self._lines)
        yield
        if len(self._lines) == mark:
            self.line("pass")
        self.close()

    def open(self, head: str) -> None:
        """Writes a head; what follows is inside of it until `close`."""
        self.line(head)
        self.depth += 1

    def close(self, blocks: int = 1) -> None:
        """Ends blocks that were opened."""
        self.depth -= blocks

    def assigned(self, text: str, kind: str = "t") -> str:
        """A new name for the value of an expression."""
        name = self.name(kind)
        self.line(f"{name} = {text}")
        return name

    def named(self, text: str) -> str:
        """A name for the value of an expression, which is the expression itself where it is a name."""
        return text if text.isidentifier() else self.assigned(text)

    def short(self, text: str) -> str:
        """The expression, or a name for it where it is long."""
        return text if len(text) <= LONGEST else self.assigned(text)

    def mark(self) -> int:
        """The place of the next line, for `cut`."""
        return len(self._lines)

    def undo(self, mark: int, depth: int) -> None:
        """Takes away the lines from a place on, and the blocks that they opened."""
        del self._lines[mark:]
        self.depth = depth

    def cut(self, mark: int) -> list[tuple[int, str]]:
        """Takes away the lines from a place on."""
        lines = self._lines[mark:]
        del self._lines[mark:]
        return [(depth - self.depth, text) for depth, text in lines]

    def paste(self, lines: list[tuple[int, str]]) -> None:
        """Writes lines that were cut, at the depth in hand."""
        if any(self.depth + depth > DEEPEST for depth, _ in lines):
            raise UncompilableError("blocks in too many blocks")
        self._lines.extend((self.depth + depth, text) for depth, text in lines)

    def text(self) -> str:
        """The source."""
        return "\n".join(" " * depth + text for depth, text in self._lines) + "\n"

    def made(self, name: str, more: Mapping[str, object]) -> object:
        """Runs the source, which defines a function, and gives the function."""
        space: dict[str, object] = {"__builtins__": _BUILTINS, **self.bound, **more}
        exec(compile(self.text(), "<compiled rules>", "exec"), space)  # noqa: S102 - our own source
        return space[name]
