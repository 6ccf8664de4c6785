"""Where the days of rules, rows and sources stand in their files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.rulebook.model import Rulebook
from engine.rulebook.problems import Problems
from engine.rulebook.text.folder import open_folder
from engine.rulebook.text.nodes import Mapping as MappingNode
from engine.rulebook.text.nodes import Node, Scalar, Sequence


@dataclass(frozen=True, slots=True)
class Place:
    """The name of a rule, row or source as it stands in its file, and its days by their key, where it has them."""

    name: Scalar
    days: Mapping[str, Scalar]

    def of(self, key: str) -> Scalar:
        """Where the day stands, e.g. `until`; the name where no such day is written."""
        return self.days.get(key, self.name)


@dataclass(frozen=True, slots=True)
class Places:
    """The places of rules by question and name, of rows by table and number, of sources by name."""

    rules: Mapping[tuple[str, str], Place]
    rows: Mapping[tuple[str, int], Place]
    sources: Mapping[str, Place]


def places_of(rulebook: Rulebook, files: Mapping[str, str]) -> Places:
    """The places in the files of a rulebook, which load without a problem."""
    folder = open_folder(files, Problems())
    rules: dict[tuple[str, str], Place] = {}
    for root in folder.questions:
        question = _get(root, "question")
        listed = _get(root, "rules")
        for item in listed.items if isinstance(listed, Sequence) else ():
            name = _get(item, "rule")
            if isinstance(question, Scalar) and isinstance(name, Scalar):
                rules[question.text, name.text] = Place(name, _days(item))
    rows: dict[tuple[str, int], Place] = {}
    for table in rulebook.tables.values():
        header, *lines = folder.tables[f"{table.name}.csv"].rows
        for number, line in enumerate(lines):
            cells = {column.text: cell for column, cell in zip(header, line, strict=True)}
            days = {key: cell for key, cell in cells.items() if key in ("from", "until") and cell.text}
            rows[table.name, number] = Place(cells[table.key], days)
    sources = {
        name.text: Place(name, _days(node)) for name, node in _entries(_get(folder.rulebook, "sources"))
    }
    return Places(rules, rows, sources)


def _days(node: Node) -> dict[str, Scalar]:
    written = ((key.text, value) for key, value in _entries(node))
    return {
        key: value
        for key, value in written
        if key in ("from", "until", "review") and isinstance(value, Scalar)
    }


def _entries(node: Node | None) -> tuple[tuple[Scalar, Node], ...]:
    return node.entries if isinstance(node, MappingNode) else ()


def _get(node: Node | None, key: str) -> Node | None:
    return next(_named(node, key), None)


def _named(node: Node | None, key: str) -> Iterator[Node]:
    return (value for name, value in _entries(node) if name.text == key)
