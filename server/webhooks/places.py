"""Where things stand in a YAML file: reads plain data, and finds the line of any part of it again."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

Part = str | int


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the part of a file at `path`, and how to mend it."""

    path: tuple[Part, ...]
    what: str
    mend: str


@dataclass(frozen=True, slots=True)
class Placed:
    """The data of a YAML text, and its tree with the places."""

    data: Any
    root: yaml.Node | None

    def place(self, path: tuple[Part, ...]) -> tuple[int, int]:
        """Line and column, from 1, of the part at a path; of the part around it where it is not there."""
        node = self.root
        mark = None if node is None else node.start_mark
        for part in path:
            node = _child(node, part)
            if node is None:
                break
            mark = node.start_mark
        return (1, 1) if mark is None else (mark.line + 1, mark.column + 1)

    def twice(self) -> Iterator[Fault]:
        """Keys that a mapping has more than once: of those, YAML drops all but the last without a word."""
        yield from _twice(self.root, (), set())


def read_yaml(text: str) -> Placed:
    """Plain data with its places. Raises yaml.YAMLError, ValueError, RecursionError."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    return Placed(yaml.safe_load(text), root)


def _child(node: yaml.Node | None, part: Part) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        found = [value for key, value in node.value if key.value == part]
        return found[-1] if found else None
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        child: yaml.Node = node.value[part]
        return child
    return None


def _twice(node: yaml.Node | None, path: tuple[Part, ...], known: set[int]) -> Iterator[Fault]:
    # What several aliases stand for is one node, and may hold itself.
    if node is None or id(node) in known:
        return
    known.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield from _twice(item, (*path, number), known)
    elif isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            # A key may be a list, which the reader refuses by itself.
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    yield Fault((*path, key.value), f"the key {key.value!r} stands twice", "keep one of them")
                seen.add(key.value)
                yield from _twice(value, (*path, key.value), known)
