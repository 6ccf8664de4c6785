"""Facts: read from text by the dictionary, laid out for conditions, and what of them a question can read.

Facts are plain dicts by root: `{"order": {"destination": "US", "lines": ({...}, ...)}}`. A key that is absent
is not given; None is known to be none. Lists are tuples.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from engine.expression.faults import nearest
from engine.expression.types import RecordType
from engine.rulebook.dictionary import Dictionary, Fact
from engine.rulebook.typed import Mistake, read_value

Facts = Mapping[str, object]
Projection = Mapping[str, object]

EVERYTHING: Projection = {"": True}

_PLACE: Final = re.compile(r"\[[0-9]+\]")


def read_facts(dictionary: Dictionary, raw: Mapping[str, object]) -> tuple[Facts, tuple[Mistake, ...]]:
    """Facts from nested texts (YAML, or JSON with numbers as text, int or Decimal), and their mistakes.

    None stands for "known to be none". Where there are mistakes the facts are not to be used.
    """
    mistakes: list[Mistake] = []
    facts: dict[str, object] = {}
    for root, below in raw.items():
        type_ = dictionary.roots.get(root)
        if type_ is None:
            near = nearest(root, dictionary.roots)
            mend = (
                f"write `{near}`"
                if near
                else f"facts begin with one of {', '.join(sorted(dictionary.roots))}"
            )
            mistakes.append(Mistake(root, "unknown-fact", f"unknown fact `{root}`", mend))
        else:
            facts[root] = read_value(below, type_, root, mistakes)
    return facts, tuple(mistakes)


def laid_out(dictionary: Dictionary, facts: Facts) -> dict[str, object]:
    """The facts with every namespace present, so that what is missing is named by the fact itself."""
    return {root: laid_out_root(type_, root, facts.get(root)) for root, type_ in dictionary.roots.items()}


def laid_out_root(type_: RecordType, path: str, given: object) -> dict[str, object]:
    """One root, or namespace below it, as `laid_out` lays it."""
    level = dict(given) if isinstance(given, Mapping) else {}
    for name, below in type_.fields.items():
        if isinstance(below, RecordType) and below.name == f"{path}.{name}":
            level[name] = laid_out_root(below, below.name, level.get(name))
    return level


def projection(reads: Iterable[str]) -> Projection:
    """The tree of the paths that a question can read; a path stands for everything under it."""
    tree: dict[str, object] = {}
    for path in sorted(reads):
        level = tree
        *above, last = steps(path)
        for step in above:
            below = level.setdefault(step, {})
            if not isinstance(below, dict) or below is EVERYTHING:
                break
            level = below
        else:
            level[last] = EVERYTHING
    return tree


def read_of(dictionary: Dictionary, reads: Iterable[str]) -> tuple[Fact, ...]:
    """The entries of the dictionary of which some part is read, by path."""
    paths = [steps(path) for path in reads]
    facts = (fact for _, fact in sorted(dictionary.facts.items()))
    return tuple(fact for fact in facts if any(_meet(steps(fact.name), path) for path in paths))


def anywhere(path: str) -> str:
    """A path without the places in its lists, and without the currency in which an amount is missing."""
    return _PLACE.sub("[]", path.partition(" ")[0])


def steps(path: str) -> list[str]:
    """The steps that a path without places takes through facts; `[]` is any element of a list."""
    return path.replace("[]", ".[]").split(".")


def _meet(one: list[str], other: list[str]) -> bool:
    """Whether one path leads to the other, or both are the same."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]
