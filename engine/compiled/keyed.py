"""Rules that begin with an equality on one fact, found by the fact's value instead of one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from engine.compiled.fast_rules import mask_function
from engine.compiled.kleene_rules import kleene_function
from engine.compiled.reader import Reader
from engine.compiled.runtime import Bits, Extra
from engine.compiled.shapes import Doubtful, Entry, Env, Mask, Rules
from engine.expression import tree as t
from engine.expression.types import RecordType, is_text, strip
from engine.expression.unparse import to_text
from engine.firing import Counted

FEWEST: Final = 8
"""Rules on one fact that are worth an index."""

CHUNK: Final = 50
"""Rules in one function where all of them have to be asked."""


class Bucket:
    """The rules for one value of the fact; their functions are made when the value is first met."""

    __slots__ = ("doubt", "mask")

    mask: Mask
    doubt: Doubtful

    def __init__(
        self, rules: Rules, make_mask: Callable[[Rules], Mask], make_doubt: Callable[[Rules], Doubtful]
    ) -> None:
        def first_mask(env: Env) -> int:
            self.mask = make_mask(rules)
            return self.mask(env)

        def first_doubt(env: Env, out: list[Entry], extra: Extra) -> bool:
            self.doubt = make_doubt(rules)
            return self.doubt(env, out, extra)

        self.mask, self.doubt = first_mask, first_doubt


class Group:
    """The rules that begin with an equality on the fact at `path`."""

    def __init__(self, path: t.Node, rules: Rules, reader: Reader, bits: Bits,
                 whole: Callable[[Env], Env]) -> None:  # fmt: skip
        self.path = path
        self._rules = rules
        self._make_doubt: Callable[[Rules], Doubtful] = lambda some: kleene_function(
            some, bits, reader, whole
        )
        by_value: dict[object, list[tuple[int, Counted]]] = {}
        for number, rule in rules:
            key = key_of(rule.rule.when.root)
            assert key is not None
            by_value.setdefault(key[1], []).append((number, rule))
        self._buckets: dict[object, Bucket] = {
            value: Bucket(some, lambda some: mask_function(some, reader, whole), self._make_doubt)
            for value, some in by_value.items()
        }
        self._all: list[Doubtful] | None = None

    def known(self) -> Mapping[object, Bucket]:
        """What to ask for each value."""
        return self._buckets

    def unknown(self, env: Env, out: list[Entry], extra: Extra) -> None:
        """Asks all the rules, where the fact is not known."""
        if self._all is None:
            chunks = [self._rules[at : at + CHUNK] for at in range(0, len(self._rules), CHUNK)]
            self._all = [self._make_doubt(chunk) for chunk in chunks]
        for doubt in self._all:
            doubt(env, out, extra)


def grouped(rules: Rules) -> tuple[Rules, list[tuple[t.Node, Rules]]]:
    """The rules that stand alone, and those that share a fact, with that fact."""
    by_path: dict[str, tuple[t.Node, list[int]]] = {}
    for place, (_, rule) in enumerate(rules):
        key = None if rule.rule.each else key_of(rule.rule.when.root)
        if key is not None:
            by_path.setdefault(to_text(key[0]), (key[0], []))[1].append(place)
    groups = [(path, places) for path, places in by_path.values() if len(places) >= FEWEST]
    taken = {place for _, places in groups for place in places}
    alone = [rule for place, rule in enumerate(rules) if place not in taken]
    return alone, [(path, [rules[place] for place in places]) for path, places in groups]


def key_of(when: t.Node) -> tuple[t.Node, str] | None:
    """The fact and the text that a condition begins by comparing, if it does."""
    first = when.items[0] if isinstance(when, t.Every) else when
    if not isinstance(first, t.Binary) or first.operator != "==":
        return None
    for path, text in ((first.left, first.right), (first.right, first.left)):
        if isinstance(text, t.Literal) and isinstance(text.value, str) and _is_fact(path):
            return path, text.value
    return None


def _is_fact(node: t.Node) -> bool:
    """Whether a node is a text at a path through records that are never none, and no question's outcome."""
    if not isinstance(node, t.Select) or not is_text(node.type) or not is_text(strip(node.type)):
        return False
    while isinstance(node, t.Select) and isinstance(node.operand.type, RecordType):
        node = node.operand
    return isinstance(node, t.Name) and isinstance(node.type, RecordType)
