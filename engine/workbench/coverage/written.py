"""Where things are written: rules, definitions, gates with their conditions, lists and tables, by their lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.rulebook.problems import Problems
from engine.rulebook.text.folder import open_folder
from engine.rulebook.text.nodes import Mapping as MappingNode
from engine.rulebook.text.nodes import Node, Scalar, Sequence
from engine.workbench.coverage.model import APPLIES, Kind, Owner


@dataclass(frozen=True, slots=True)
class Written:
    """The name of a part as it stands in its file, the text of its condition, where it has one, and its lines."""

    name: Scalar
    condition: Scalar | None
    lines: range


def written(files: Mapping[str, str]) -> dict[Owner, Written]:
    """Everything that has a condition or is cited, by whose it is. The files make a sound rulebook."""
    folder = open_folder(files, Problems())
    found = dict(_definitions("", folder.rulebook))
    for root in folder.questions:
        name = _get(root, "question")
        if isinstance(name, Scalar):
            found |= dict(_question(name.text, root))
    return found


def data_lines(files: Mapping[str, str]) -> Iterator[tuple[str, str, range]]:
    """The lists and tables of a rulebook by name, each with a file and the lines there that make it."""
    folder = open_folder(files, Problems())
    for kind in ("lists", "tables"):
        for key, node in _entries(_get(folder.rulebook, kind)):
            yield key.text, key.file.path, _lines(key, node)
            csv = folder.tables.get(f"{key.text}.csv")
            if kind == "tables" and csv is not None:
                yield key.text, csv.file.path, range(1, len(csv.file.line_starts) + 1)


def _question(question: str, root: Node) -> Iterator[tuple[Owner, Written]]:
    yield from _definitions(question, root)
    for key, node in _entries(root):
        if key.text == APPLIES and isinstance(node, Scalar):
            yield Owner(question, Kind.ELSE, APPLIES), Written(key, node, _lines(key, node))
        elif key.text in (Kind.ELSE, Kind.OTHERWISE):
            yield Owner(question, Kind(key.text), key.text), Written(key, None, _lines(key, node))
    rules = _get(root, "rules")
    for item in rules.items if isinstance(rules, Sequence) else ():
        name, when = _get(item, "rule"), _get(item, "when")
        if isinstance(name, Scalar) and isinstance(when, Scalar):
            yield Owner(question, Kind.RULE, name.text), Written(name, when, _lines(item, item))


def _definitions(question: str, root: Node | None) -> Iterator[tuple[Owner, Written]]:
    for key, node in _entries(_get(root, "define")):
        body = _get(node, "is") if isinstance(node, MappingNode) else node
        if isinstance(body, Scalar):
            yield Owner(question, Kind.DEFINITION, key.text), Written(key, body, _lines(key, node))


def _lines(first: Node, last: Node) -> range:
    """The lines from the first node's beginning to the end of the last text in the other one."""
    while not isinstance(last, Scalar):
        below = last.items if isinstance(last, Sequence) else [value for _, value in last.entries]
        if not below:
            break
        last = below[-1]
    file = first.file
    end = max(first.start, len(file.text[: last.end].rstrip()) - 1)
    return range(file.position(first.start)[0], file.position(end)[0] + 1)


def _entries(node: Node | None) -> tuple[tuple[Scalar, Node], ...]:
    return node.entries if isinstance(node, MappingNode) else ()


def _get(node: Node | None, key: str) -> Node | None:
    return next((value for name, value in _entries(node) if name.text == key), None)
