"""The tree of a rule file with its comments: entries and items, each with what is said above and beside it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from engine.rulebook.text.files import TextFile
from engine.rulebook.text.nodes import Mapping, Node, Scalar, Sequence, keys_of
from engine.workbench.layout.comments import Comment, is_blank, read_comments


@dataclass(slots=True, eq=False)
class Group:
    """A mapping or a list. `after` are comments after its last part; `flow` says that brackets were written."""

    node: Mapping | Sequence
    flow: bool
    parts: list[Part] = field(default_factory=list)
    after: list[Comment] = field(default_factory=list)
    above: Part | None = None

    @property
    def is_mapping(self) -> bool:
        """Whether its parts have keys."""
        return isinstance(self.node, Mapping)

    @property
    def keys(self) -> frozenset[str]:
        """The keys of its parts."""
        return keys_of(self.node)

    @property
    def column(self) -> int:
        """The column in which its parts begin: that of the first key, or of the first dash."""
        start = self.parts[0].start if self.parts else self.node.start
        column = self.node.file.position(start)[1]
        if self.is_mapping:
            return column - 1
        dash = self.node.file.text[start - column + 1 : start].rfind("-")
        return dash if dash >= 0 else column - 1

    @property
    def is_remarked(self) -> bool:
        """Whether a comment is in it, so that it needs lines of its own."""
        return bool(self.after) or any(part.is_remarked for part in self.parts)


@dataclass(slots=True, eq=False)
class Part:
    """An entry of a mapping or an item of a list. `apart` says that a blank line is before it."""

    start: int
    key: Scalar | None
    value: Node
    inside: Group
    group: Group | None = None
    apart: bool = False
    above: list[Comment] = field(default_factory=list)
    beside: Comment | None = None

    @property
    def is_remarked(self) -> bool:
        """Whether a comment is at it or in it."""
        inner = self.group is not None and self.group.is_remarked
        return bool(self.above) or self.beside is not None or inner


@dataclass(slots=True, eq=False)
class Laid:
    """A file's tree, the comments at its head, which stay there whatever comes first, and a blank line after them."""

    top: Group
    head: list[Comment]
    apart: bool


def read_parts(file: TextFile, root: Mapping | Sequence) -> Laid:
    """The file's tree with every comment in its place."""
    top = _group(root, None)
    parts = list(_walk(top))
    _set_apart(file, parts)
    placing = _Placing(file, top, parts, [part.start for part in parts])
    for comment in read_comments(file, root):
        placing.place(comment)
    if not top.parts:
        return Laid(top, top.after, apart=False)
    first = top.parts[0]
    laid = Laid(top, first.above, first.apart)
    first.above, first.apart = [], False
    return laid


def _group(node: Mapping | Sequence, above: Part | None) -> Group:
    flow = node.file.text[node.start : node.start + 1] == ("{" if isinstance(node, Mapping) else "[")
    group = Group(node, flow or (isinstance(node, Mapping) and node.flow), above=above)
    if isinstance(node, Mapping):
        entries: list[tuple[Scalar | None, Node]] = list(node.entries)
    else:
        entries = [(None, item) for item in node.items]
    for key, value in entries:
        part = Part(key.start if key is not None else value.start, key, value, group)
        if isinstance(value, Mapping | Sequence):
            part.group = _group(value, part)
        group.parts.append(part)
    return group


def _walk(group: Group) -> Iterator[Part]:
    """Every part in the order of the file, outer ones before those inside."""
    for part in group.parts:
        yield part
        if part.group is not None:
            yield from _walk(part.group)


def _set_apart(file: TextFile, parts: list[Part]) -> None:
    """Notes the blank lines. What begins where its list's item begins is part of that item's line."""
    taken = -1
    for part in parts:
        if part.start != taken and not part.inside.flow:
            part.apart = is_blank(file, file.position(part.start)[0] - 1)
        taken = part.start


@dataclass(frozen=True, slots=True)
class _Placing:
    """Finds what each comment is about."""

    file: TextFile
    top: Group
    parts: list[Part]
    starts: list[int]

    def place(self, comment: Comment) -> None:
        at = bisect_left(self.starts, comment.start)
        last = self.parts[at - 1] if at else None
        after = self.parts[at] if at < len(self.parts) else None
        if not comment.alone and last is not None and self._beside(comment, last):
            return
        home = self._home(comment, last, after)
        if home is not None and (home.parts or home.above is None):
            home.after.append(comment)
        elif home is not None and home.above is not None:
            home.above.above.append(comment)
        elif after is not None:
            after.above.append(comment)
        else:
            self.top.after.append(comment)

    def _beside(self, comment: Comment, last: Part) -> bool:
        """Puts the comment beside what its line ends with; false where only a dash is before it."""
        line_start = self.file.line_starts[self.file.position(comment.start)[0] - 1]
        if not self.file.text[line_start : comment.start].strip(" \t-"):
            return False
        part = last
        while part.inside.flow and part.inside.node.end <= comment.start and part.inside.above is not None:
            part = part.inside.above
        waits = isinstance(part.value, Scalar) and part.value.start > comment.start
        if waits or part.beside is not None:
            part.above.append(replace(comment, after_blank=False))
        else:
            part.beside = comment
        return True

    def _home(self, comment: Comment, last: Part | None, after: Part | None) -> Group | None:
        """The list or mapping that ends with the comment; None where it is about what follows."""
        around = list(_groups(after)) if after is not None else []
        follows = after.inside.column if after is not None else -1
        for group in _groups(last) if last is not None else ():
            if group in around:
                continue
            if group.flow and group.node.end > comment.start:
                return group
            if not group.flow and follows < comment.column and group.column <= comment.column:
                return group
        return None


def _groups(part: Part) -> Iterator[Group]:
    """The lists and mappings around a part, from the inside out, its own among them."""
    if part.group is not None:
        yield part.group
    group: Group | None = part.inside
    while group is not None:
        yield group
        group = group.above.inside if group.above is not None else None
