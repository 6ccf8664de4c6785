"""YAML text to a tree with places, and a problem for each trap that YAML sets for people who write prose."""

from __future__ import annotations

import re

import yaml

from engine.rulebook.problems import Problems
from engine.rulebook.text.characters import readable
from engine.rulebook.text.files import Span, TextFile
from engine.rulebook.text.nodes import ALIAS, TAGGED, Mapping, Node, Scalar, Sequence

MAX_DEPTH = 40

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_COMMENT_AFTER = re.compile(r"[ \t]+#")

# What the YAML library says, and what a rule author can do about it.
_SYNTAX = (
    (
        "mapping values are not allowed",
        "a colon with a space after it begins a new key here",
        "put the text in quotes",
    ),
    (
        "did not find expected key",
        "this line fits neither the list nor the mapping above it",
        "indent it like its neighbours, and put text that begins with a special character in quotes",
    ),
    (
        "did not find expected '-' indicator",
        "this line is no item of the list above it",
        "begin it with `- `, or indent it less",
    ),
    (
        "did not find expected ',' or",
        "a bracket or brace is not closed",
        "close it, or put the text in quotes",
    ),
    ("found a tab character", "a tab stands where lines are indented", "indent with spaces"),
    (
        "cannot start any token",
        "this character cannot begin a text",
        "put the text in quotes; indent with spaces, never with tabs",
    ),
    ("could not find expected ':'", "a key without a colon", "write `key: value`, or put the text in quotes"),
    ("unexpected end of stream", "a quoted text is not closed", "close the quotes"),
    (
        "unknown escape character",
        "an escape that YAML does not know",
        "double the backslash, or use single quotes",
    ),
)


class _Stop(Exception):
    """The file cannot be read further; its problem is noted."""


def read_yaml(file: TextFile, problems: Problems) -> Node | None:
    """The tree of a YAML file, or None where it cannot be read; every trap met is noted as a problem."""
    if not readable(file, problems):
        return None
    try:
        return _Builder(file, problems).build()
    except _Stop:
        return None
    except yaml.YAMLError as error:
        _syntax_problem(file, error, problems)
        return None


def _syntax_problem(file: TextFile, error: yaml.YAMLError, problems: Problems) -> None:
    said = str(getattr(error, "problem", "") or error)
    mark = getattr(error, "problem_mark", None)
    offset = min(mark.index if mark is not None else 0, max(0, len(file.text) - 1))
    for words, message, mend in _SYNTAX:
        if words in said:
            problems.add(Span(file, offset, offset + 1), "yaml-syntax", message, mend)
            return
    problems.add(Span(file, offset, offset + 1), "yaml-syntax", f"not YAML: {said}", "put text in quotes")


class _Builder:
    """Builds the tree from the parser's events, with a stack of open lists and mappings."""

    def __init__(self, file: TextFile, problems: Problems) -> None:
        self.file = file
        self.problems = problems
        self.shift = 1 if file.text.startswith("\ufeff") else 0
        self.open: list[tuple[int, bool, list[Node], bool]] = []
        self.root: Node | None = None

    def build(self) -> Node | None:
        documents = 0
        for event in yaml.parse(self.file.text[self.shift :], Loader=_LOADER):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.problems.add(
                        self._span(event),
                        "second-document",
                        "`---` begins a second document; a file holds one",
                        "delete the line, or move what follows to a file of its own",
                    )
                    raise _Stop
            else:
                self._take(event)
        if self.root is None:
            self.problems.add(
                Span(self.file, 0, 1), "empty-file", "the file says nothing", "write it, or delete the file"
            )
        return self.root

    def _take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.NodeEvent):
            self._traps(event)
        if isinstance(event, yaml.ScalarEvent):
            self._add(self._scalar(event))
        elif isinstance(event, yaml.AliasEvent):
            self._add(Scalar(self.file, *self._offsets(event), "", ALIAS))
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            if len(self.open) >= MAX_DEPTH:
                self.problems.add(
                    self._span(event),
                    "too-deep",
                    f"more than {MAX_DEPTH} lists and mappings inside each other",
                    "write it flatter",
                )
                raise _Stop
            start = self._offsets(event)[0]
            self.open.append((start, isinstance(event, yaml.MappingStartEvent), [], bool(event.flow_style)))
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            start, mapping, children, flow = self.open.pop()
            end = max(start + 1, self._offsets(event)[1])
            if mapping:
                self._add(Mapping(self.file, start, end, self._entries(children), flow))
            else:
                self._add(Sequence(self.file, start, end, tuple(children)))

    def _add(self, node: Node) -> None:
        if self.open:
            self.open[-1][2].append(node)
        else:
            self.root = node

    def _traps(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            alias = isinstance(event, yaml.AliasEvent)
            what = f"`*{event.anchor}` repeats" if alias else f"`&{event.anchor}` names"
            start = self._offsets(event)[0]
            self.problems.add(
                Span(self.file, start, start + 1 + len(str(event.anchor))),
                "anchor",
                f"{what} a part of the file, which rule files do not do",
                "write the part out; use `define` for a condition used twice",
            )
        tag = getattr(event, "tag", None)
        if tag is not None and not isinstance(event, yaml.AliasEvent):
            offset = self._offsets(event)[0]
            self.problems.add(
                Span(self.file, offset, offset + 1),
                "tag",
                f"`{_short(tag)}` is a tag; the dictionary says what type a fact has",
                "delete the tag, or put the text in quotes",
            )

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        start, end = self._offsets(event)
        style = event.style if event.style in {"'", '"', "|", ">"} else ""
        if event.tag is not None and not event.value:
            style = TAGGED
        return Scalar(self.file, start, end, event.value, style or "")

    def _entries(self, children: list[Node]) -> tuple[tuple[Scalar, Node], ...]:
        entries: list[tuple[Scalar, Node]] = []
        seen: dict[str, Scalar] = {}
        for key, value in zip(children[::2], children[1::2], strict=True):
            if not isinstance(key, Scalar):
                self.problems.add(
                    key.span,
                    "key-not-text",
                    "a key is text, not a list or a mapping",
                    "write a name before the colon",
                )
            elif key.text in seen:
                line = self.file.position(seen[key.text].start)[0]
                self.problems.add(
                    key.span,
                    "duplicate-key",
                    f"`{key.text}` is given twice; first on line {line}",
                    "keep one of the two",
                )
            else:
                seen[key.text] = key
                entries.append((key, value))
        return tuple(entries)

    def _offsets(self, event: yaml.Event) -> tuple[int, int]:
        start, end = event.start_mark, event.end_mark
        return (start.index if start else 0) + self.shift, (end.index if end else 0) + self.shift

    def _span(self, event: yaml.Event) -> Span:
        start, end = self._offsets(event)
        return Span(self.file, start, max(end, start + 1))


def _short(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")


def cut_by_comment(scalar: Scalar) -> Span | None:
    """Where YAML takes the rest of a plain text's line for a comment, if it does."""
    if scalar.style:
        return None
    match = _COMMENT_AFTER.match(scalar.file.text, scalar.end)
    if match is None:
        return None
    line_end = scalar.file.text.find("\n", match.end())
    end = len(scalar.file.text) if line_end < 0 else line_end
    return Span(scalar.file, match.end() - 1, end)
