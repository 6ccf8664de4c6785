"""Adds an item to the end of a list in a file's text, and leaves the rest of the file as its author wrote it."""

from __future__ import annotations

from engine.rulebook.problems import Problems
from engine.rulebook.text.files import TextFile
from engine.rulebook.text.nodes import Mapping, Node, Scalar, Sequence
from engine.rulebook.text.yaml_text import read_yaml


def with_item(file: TextFile, key: str, item: str) -> str | None:
    """The text with one more item, whose lines begin at the margin with `- `; None where the list has brackets.

    A blank line is put before it where the list's last items are set apart by one. Comments that belong to the last
    item stay with it.
    """
    root = read_yaml(file, Problems())
    items = _items(root, key)
    if items is None or file.text[items.start : items.start + 1] == "[" or not items.items:
        return None
    text = file.text
    column = file.position(items.start)[1] - 1
    first = file.position(items.items[-1].start)[0]
    line = file.position(max(_end(items.items[-1]) - 1, 0))[0]
    last = line
    lines = text.split("\n")
    for number in range(line, len(lines)):
        bare = lines[number].lstrip(" ")
        if bare.startswith("#") and len(lines[number]) - len(bare) > column:
            last = number + 1
        elif bare:
            break
    apart = len(items.items) > 1 and _is_apart(lines, first)
    added = [f"{' ' * column}{each}" if each else "" for each in item.rstrip("\n").split("\n")]
    rest = lines[last:]
    return "\n".join([*lines[:last], *([""] if apart else []), *added, *(rest if any(rest) else [""])])


def _is_apart(lines: list[str], number: int) -> bool:
    """Whether a blank line is before the item that begins on a line, or before its comments."""
    before = number - 2
    while before >= 0 and lines[before].lstrip().startswith("#"):
        before -= 1
    return before >= 0 and not lines[before].strip()


def _items(root: Node | None, key: str) -> Sequence | None:
    if not isinstance(root, Mapping):
        return None
    value = next((value for name, value in root.entries if name.text == key), None)
    return value if isinstance(value, Sequence) else None


def _end(node: Node) -> int:
    """Where the last text in a node ends; libraries say of a block that it ends where the next one begins."""
    if isinstance(node, Scalar):
        written = node.file.text[node.start : node.end]
        return node.start + len(written.rstrip())
    if node.file.text[node.start : node.start + 1] in {"[", "{"}:
        return node.end
    inner = [value for _, value in node.entries] if isinstance(node, Mapping) else list(node.items)
    return _end(inner[-1]) if inner else node.end
