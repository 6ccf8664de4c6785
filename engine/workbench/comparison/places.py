"""Where the parts of a rulebook are written, and where in them each aspect is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.rulebook.problems import Problems
from engine.rulebook.text.folder import open_folder
from engine.rulebook.text.nodes import Mapping as MappingNode
from engine.rulebook.text.nodes import Node, Scalar, Sequence
from engine.workbench.comparison.model import Key, Kind, Place

_KEYS = {
    "condition": "when", "outcome": "gives", "citations": "cites", "standing": "cites", "chosen": "readings",
    "stated by": "from", "words": "meaning",
}  # fmt: skip
"""The keys of rule files in which an aspect of another name is written."""

_SHARED = {"define": Kind.DEFINITION, "lists": Kind.LIST, "tables": Kind.TABLE, "sources": Kind.SOURCE}
_DICTIONARY = {"facts": Kind.FACT, "records": Kind.RECORD, "enums": Kind.ENUM}


@dataclass(frozen=True, slots=True)
class Written:
    """Where a part begins, and where each of its keys is; the rows of a table stand in a file of their own."""

    place: Place
    keys: Mapping[str, Place] = field(default_factory=dict)
    rows: tuple[Place, ...] = ()

    def of(self, aspect: str) -> Place:
        """The place of an aspect, or of the part where it has none of its own."""
        first, _, rest = aspect.partition(" ")
        for name in (aspect, _KEYS.get(aspect, aspect), rest, f"{first}s"):
            if name in self.keys:
                return self.keys[name]
        return self.place

    def row(self, numbers: Iterator[int]) -> Place | None:
        """The place of the first of some rows, counted from 0; None where there is none."""
        return next((self.rows[number] for number in numbers if number < len(self.rows)), None)


def places(files: Mapping[str, str]) -> dict[Key, Written]:
    """The places of every part of a sound rulebook, by the paths that its files have."""
    folder = open_folder(files, Problems())
    found: dict[Key, Written] = {}
    for key, node in _entries(folder.rulebook):
        if key.text == "rulebook" and isinstance(node, Scalar):
            found[Key(Kind.RULEBOOK, "", "rulebook")] = _written(key, folder.rulebook)
        elif key.text == "invariants":
            found |= dict(_items(Kind.INVARIANT, "", node, "invariant"))
        elif key.text in _SHARED:
            found |= dict(_named(_SHARED[key.text], "", node))
    for key, node in _entries(folder.facts):
        if key.text in _DICTIONARY:
            found |= dict(_named(_DICTIONARY[key.text], "", node))
    for root in folder.questions:
        name = _get(root, "question")
        if isinstance(name, Scalar):
            found |= dict(_question(name, root))
    for path, table in folder.tables.items():
        at = Key(Kind.TABLE, "", path.removesuffix(".csv"))
        if at in found:
            keys = {**found[at].keys, "rows": Place(table.file.path, 1)}
            found[at] = Written(found[at].place, keys, tuple(_place(row[0]) for row in table.rows[1:]))
    return found


def _question(name: Scalar, root: Node) -> Iterator[tuple[Key, Written]]:
    question = name.text
    yield Key(Kind.QUESTION, question, question), _written(name, root)
    for key, node in _entries(root):
        if key.text in (Kind.ELSE, Kind.OTHERWISE):
            yield Key(Kind(key.text), question, key.text), _written(key, node)
        elif key.text == "define":
            yield from _named(Kind.DEFINITION, question, node)
        elif key.text == "rules":
            yield from _items(Kind.RULE, question, node, "rule")


def _items(kind: Kind, question: str, node: Node, called: str) -> Iterator[tuple[Key, Written]]:
    for item in node.items if isinstance(node, Sequence) else ():
        name = _get(item, called)
        if isinstance(name, Scalar):
            yield Key(kind, question, name.text), _written(name, item)


def _named(kind: Kind, question: str, node: Node) -> Iterator[tuple[Key, Written]]:
    for key, below in _entries(node):
        yield Key(kind, question, key.text), _written(key, below)


def _written(name: Scalar, node: Node | None) -> Written:
    """Keys of the node and, where they hold more of them, the keys below."""
    keys: dict[str, Place] = {}
    for _, below in _entries(node):
        for inner, _ in _entries(below):
            keys.setdefault(inner.text, _place(inner))
    keys |= {key.text: _place(key) for key, _ in _entries(node)}
    return Written(_place(name), keys)


def _place(scalar: Scalar) -> Place:
    return Place(scalar.file.path, scalar.file.position(scalar.start)[0])


def _entries(node: Node | None) -> tuple[tuple[Scalar, Node], ...]:
    return node.entries if isinstance(node, MappingNode) else ()


def _get(node: Node | None, key: str) -> Node | None:
    return next((value for name, value in _entries(node) if name.text == key), None)
