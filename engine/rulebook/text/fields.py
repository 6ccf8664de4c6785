"""Reads the keys of a mapping in a rule file, and notes what is unknown, missing, empty or misshapen."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from engine.expression.faults import nearest
from engine.rulebook.problems import Problems, instead
from engine.rulebook.text.files import Span
from engine.rulebook.text.nodes import Mapping, Node, Scalar, Sequence, kind_of
from engine.rulebook.text.yaml_text import cut_by_comment

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Shape:
    """How a name of some kind is written."""

    pattern: re.Pattern[str]
    words: str


IDENTIFIER = Shape(re.compile(r"[a-z][a-z0-9_]*"), "small letters, digits and `_`, a letter first")
DASHED = Shape(re.compile(r"[a-z0-9]+(-[a-z0-9]+)*"), "small letters and digits, joined by `-`")
CODE = Shape(re.compile(r"[A-Z][A-Z0-9_]*"), "capital letters, digits and `_`, a letter first")
SOURCE_ID = Shape(re.compile(r"[a-z0-9][a-z0-9._-]*"), "small letters, digits, `.`, `_` and `-`")


def open_fields(
    node: Node, what: str, problems: Problems, required: Iterable[str] = (), optional: Iterable[str] = ()
) -> Fields | None:
    """The fields of a mapping, its unknown and missing keys noted; None where the node is no mapping."""
    required, optional = tuple(required), tuple(optional)
    if isinstance(node, Scalar) and node.is_noted:
        return None
    if not isinstance(node, Mapping):
        mend = (
            f"write its keys, each on a line of its own: {_row(required)}" if required else "write `key: ...`"
        )
        problems.add(node.span, "wrong-kind", f"{what} is a mapping; this is {kind_of(node)}", mend)
        return None
    fields = Fields(node, what, problems)
    missing = [name for name in required if name not in fields.keys]
    free = {*required, *optional} - fields.keys
    for key, value in node.entries:
        if key.text in required or key.text in optional:
            continue
        if node.flow and isinstance(value, Scalar) and not value.text and not value.style:
            message = f"a comma ends a text here: `{key.text}` became a key of its own"
            problems.add(key.span, "cut-by-comma", message, "put the text before it in quotes, up to its end")
            continue
        near = nearest(key.text, sorted(free))
        missing = [name for name in missing if name != near]
        mend = f"write `{near}`" if near else f"it can have {_row(sorted(free))}" if free else "delete it"
        problems.add(key.span, "unknown-key", f"{what} has no `{key.text}`", mend)
    if missing:
        mend = f"add {_row(f'{name}:' for name in missing)}"
        problems.add(fields.first_span, "missing-key", f"{what} lacks {_row(missing)}", mend)
    return fields


def _row(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


class Fields:
    """The keys of one mapping, each read once in the form that is expected of it."""

    def __init__(self, node: Mapping, what: str, problems: Problems) -> None:
        self.node = node
        self.what = what
        self.problems = problems
        self._values = {key.text: value for key, value in node.entries}
        self._key_nodes = {key.text: key for key, _ in node.entries}
        self.keys = frozenset(self._values)

    def get(self, key: str) -> Node | None:
        """The value as it stands, or None where the key is absent or nothing follows it."""
        value = self._values.get(key)
        if isinstance(value, Scalar) and value.is_noted:
            return None
        if isinstance(value, Scalar) and not value.text.strip():
            self.problems.add(
                self._key_nodes[key].span,
                "empty-value",
                f"nothing follows `{key}`",
                "write it, or delete the key",
            )
            return None
        return value

    @property
    def first_span(self) -> Span:
        """Where the mapping's first key stands: the place of what it lacks."""
        return self.node.entries[0][0].span if self.node.entries else self.node.span

    def key_span(self, key: str) -> Span:
        """Where the key stands; the whole mapping where it is absent."""
        return self._key_nodes[key].span if key in self._key_nodes else self.node.span

    def scalar(self, key: str) -> Scalar | None:
        """A value that is text, whatever it says."""
        value = self.get(key)
        return None if value is None else scalar_of(value, f"`{key}`", self.problems)

    def prose(self, key: str) -> Scalar | None:
        """A text for people or a condition; one that YAML cut at a `#` is noted."""
        value = self.scalar(key)
        cut = None if value is None else cut_by_comment(value)
        if cut is not None:
            self.problems.add(
                cut,
                "cut-by-comment",
                f"a comment cuts off the text of `{key}` here",
                "put the text in quotes, or the comment on a line of its own",
            )
        return value

    def condition(self, key: str) -> Scalar | None:
        """A condition or a value in the language of conditions; an empty one is noted as such."""
        value = self._values.get(key)
        if isinstance(value, Scalar) and not value.is_noted and (not value.text.strip() or value.is_null):
            self.problems.add(
                self._key_nodes[key].span,
                "empty-condition",
                f"`{key}` says nothing",
                "write a condition; `true` where it always holds",
            )
            return None
        return self.prose(key)

    def name(self, key: str, shape: Shape) -> Scalar | None:
        """A name in the shape that names of its kind have."""
        value = self.scalar(key)
        return None if value is None else shaped(value, shape, f"`{key}`", self.problems)

    def choice(self, key: str, choices: Iterable[str], code: str) -> Scalar | None:
        """One of several words."""
        value = self.scalar(key)
        if value is None:
            return None
        choices = tuple(choices)
        if value.text in choices:
            return value
        self.problems.add(
            value.span,
            code,
            f"`{key}` cannot be `{value.text}`",
            instead(value.text, choices, "write one of"),
        )
        return None

    def date(self, key: str) -> date | None:
        """A civil date."""
        value = self.scalar(key)
        return None if value is None else read_date(value, self.problems)

    def items(self, key: str, *, may_be_empty: bool = False) -> tuple[Node, ...]:
        """The items of a list; one without any is noted, unless it may be empty."""
        value = self.get(key)
        if value is None:
            return ()
        if not isinstance(value, Sequence):
            self.problems.add(
                value.span,
                "wrong-kind",
                f"`{key}` is a list; this is {kind_of(value)}",
                "write `[...]`, or one item a line with `- ` before it",
            )
            return ()
        if not value.items and not may_be_empty:
            self.problems.add(
                value.span, "empty-value", f"`{key}` is an empty list", "write it, or delete the key"
            )
        return value.items

    def texts(self, key: str, *, may_be_empty: bool = False) -> tuple[Scalar, ...]:
        """The items of a list of texts; what is no text is noted and left out."""
        items = self.items(key, may_be_empty=may_be_empty)
        read = (scalar_of(item, f"an item of `{key}`", self.problems) for item in items)
        return tuple(item for item in read if item is not None)

    def entries(self, key: str) -> tuple[tuple[Scalar, Node], ...]:
        """The entries of a mapping whose keys the author chooses."""
        value = self.get(key)
        if value is None:
            return ()
        if not isinstance(value, Mapping):
            self.problems.add(
                value.span,
                "wrong-kind",
                f"`{key}` is a mapping; this is {kind_of(value)}",
                "write one `name: ...` a line",
            )
            return ()
        return value.entries


def said(value: Scalar | None) -> str:
    """The text, or none where there is nothing."""
    return value.text.strip() if value is not None else ""


def scalar_of(node: Node, what: str, problems: Problems) -> Scalar | None:
    """The node as text, or a problem."""
    if isinstance(node, Scalar) and node.text.strip() and not node.is_null:
        return node
    if isinstance(node, Scalar):
        if node.is_noted:
            return None
        problems.add(node.span, "empty-value", f"{what} is empty", "write it")
    else:
        problems.add(
            node.span,
            "wrong-kind",
            f"{what} is text; this is {kind_of(node)}",
            "write a text; put it in quotes where it begins with `[` or `{`",
        )
    return None


def shaped(value: Scalar, shape: Shape, what: str, problems: Problems) -> Scalar | None:
    """The name, if it has its kind's shape."""
    if shape.pattern.fullmatch(value.text):
        return value
    problems.add(value.span, "bad-name", f"{what} cannot be called `{value.text}`", f"use {shape.words}")
    return None


def read_date(value: Scalar, problems: Problems) -> date | None:
    """A civil date written as year, month and day."""
    if _DATE.fullmatch(value.text):
        try:
            return date.fromisoformat(value.text)
        except ValueError:
            problems.add(value.span, "bad-date", f"there is no day {value.text}", "write a day that exists")
            return None
    problems.add(
        value.span, "bad-date", f"`{value.text}` is no date", "write year, month and day, as 2026-06-27"
    )
    return None
