"""The tree of a YAML file, as text with places: nothing in it is a number, a date or a truth value yet."""

from __future__ import annotations

from dataclasses import dataclass

from engine.rulebook.text.files import Span, TextFile
from engine.rulebook.text.scalars import source_offsets

ALIAS = "*"
TAGGED = "!"
"""Styles of what stands for no text; that it is there is a problem already."""


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A piece of text. `style` is how it was written: "" plain, "'", '"', "|" or ">", ALIAS, TAGGED."""

    file: TextFile
    start: int
    end: int
    text: str
    style: str

    @property
    def span(self) -> Span:
        """The whole text with its quotes, or the header of a block."""
        return Span(self.file, self.start, self.end)

    def part(self, start: int, end: int) -> Span:
        """Where characters `start` to `end` of the text stand in the file, whatever the style."""
        if not self.text:
            return self.span
        offsets = source_offsets(self.file.text, self.start, self.end, self.text, self.style)
        last = len(offsets) - 1
        first = offsets[max(start, 0)] if start <= last else offsets[last] + 1
        if end <= start or start > last:
            return Span(self.file, first, first + 1)
        return Span(self.file, first, max(first, offsets[min(end - 1, last)]) + 1)

    @property
    def is_noted(self) -> bool:
        """Whether it is an alias, or a tag without text: a problem that is noted already."""
        return self.style in {ALIAS, TAGGED}

    @property
    def is_null(self) -> bool:
        """Whether it is written as YAML's null: the bare word, or a tilde."""
        return not self.style and self.text in {"null", "~"}


@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    """A list."""

    file: TextFile
    start: int
    end: int
    items: tuple[Node, ...]

    @property
    def span(self) -> Span:
        """From the first item's beginning; only its first line is shown."""
        return Span(self.file, self.start, self.end)


@dataclass(frozen=True, slots=True, eq=False)
class Mapping:
    """Keys and values in the order of the file; each key once."""

    file: TextFile
    start: int
    end: int
    entries: tuple[tuple[Scalar, Node], ...]
    flow: bool

    @property
    def span(self) -> Span:
        """From the first key's beginning; only its first line is shown."""
        return Span(self.file, self.start, self.end)


Node = Scalar | Sequence | Mapping


def kind_of(node: Node) -> str:
    """What a node is, in the words of rule authors."""
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, Sequence):
        return "a list"
    return "text" if node.text else "empty"


def keys_of(node: Node) -> frozenset[str]:
    """The keys of a mapping; none of anything else."""
    return frozenset(key.text for key, _ in node.entries) if isinstance(node, Mapping) else frozenset()


def canonical(node: Node) -> object:
    """The node without layout, comments and order of keys: what a digest is taken of."""
    if isinstance(node, Mapping):
        return {key.text: canonical(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [canonical(item) for item in node.items]
    return node.text.strip()


def plain(node: Node) -> object:
    """The node as plain mappings, lists and texts; None where YAML's null is written."""
    if isinstance(node, Mapping):
        return {key.text: plain(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return None if node.is_null else node.text
