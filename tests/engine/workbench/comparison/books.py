"""Two sides of a comparison: a rulebook of this project, and the same one edited."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from random import Random

import yaml

from engine.rulebook import Rulebook, load, show
from engine.workbench.comparison.compare import Side, compare
from engine.workbench.comparison.model import Change, Comparison

PROJECT = Path(__file__).resolve().parents[4]
PARCELS = "tests/planted/parcels"
SHIPPED = "rules/usmca"
ORDERED = frozenset({"parameters"})
"""Keys whose entries are in an order that means something."""


@cache
def files(folder: str) -> Mapping[str, str]:
    """The rule files of a folder, without tests, by name."""
    paths = [path for path in sorted((PROJECT / folder).iterdir()) if path.suffix in (".yaml", ".csv")]
    return {path.name: path.read_text("utf-8") for path in paths if not path.name.endswith("_test.yaml")}


def side(name: str, texts: Mapping[str, str]) -> Side:
    """One side; problems of its files fail the test."""
    shown = {f"{name}/{path}": text for path, text in texts.items()}
    rulebook = load(shown)
    assert isinstance(rulebook, Rulebook), "\n".join(show(one, shown[one.file]) for one in rulebook)
    return Side(name, rulebook, shown)


def edited(folder: str, *edits: tuple[str, str, str]) -> dict[str, str]:
    """The files of a folder with texts replaced; each has to be there once."""
    texts = dict(files(folder))
    for name, was, now in edits:
        assert texts[name].count(was) == 1, was
        texts[name] = texts[name].replace(was, now)
    return texts


def compared(folder: str, *edits: tuple[str, str, str]) -> Comparison:
    """What edits of a folder change."""
    return compare(side("old", files(folder)), side("new", edited(folder, *edits)))


def said(changes: tuple[Change, ...]) -> list[str]:
    """Each change with the aspects that differ."""
    return [
        " ".join([f"{one.how} {one.key.question}:{one.key.name}", *(two.aspect for two in one.differences)])
        for one in changes
    ]


def shuffled(text: str, seed: int) -> str:
    """A rule file laid out anew: other quotes, no comments, keys and rules in another order."""
    root = yaml.compose(text, yaml.CSafeLoader)
    _shuffle(root, Random(seed), "")
    return yaml.serialize(root, width=60, allow_unicode=True)


def _shuffle(node: object, random: Random, key: str) -> None:
    if isinstance(node, yaml.MappingNode):
        node.flow_style = bool(random.getrandbits(1)) and key not in ("", "rules")
        for name, below in node.value:
            _shuffle(below, random, name.value)
        if key not in ORDERED:
            random.shuffle(node.value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _shuffle(item, random, key)
        if key in ("rules", "cites"):
            random.shuffle(node.value)
