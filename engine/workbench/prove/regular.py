"""Regular languages by their derivatives: what is left to match once a character has been read (Brzozowski, 1964)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

LAST_CHARACTER = 0x10FFFF
Ranges = tuple[tuple[int, int], ...]
EVERY: Ranges = ((0, LAST_CHARACTER),)


@dataclass(frozen=True, slots=True, eq=False)
class Regular:
    """A language. One that is made of the same parts by the same `Languages` is the same object."""

    kind: str
    parts: tuple[Regular, ...] = ()
    ranges: Ranges = ()
    empty: bool = False
    """Whether the empty text is in it."""


class Languages:
    """Makes languages, each once."""

    def __init__(self) -> None:
        self._made: dict[object, Regular] = {}
        self._left: dict[tuple[Regular, int], Regular] = {}
        self.nothing = self._make("nothing", (), (), False)
        self.blank = self._make("blank", (), (), True)
        self.anything = self.many(self.one(EVERY))

    def _make(self, kind: str, parts: tuple[Regular, ...], ranges: Ranges, empty: bool) -> Regular:
        key = (kind, frozenset(parts) if kind == "some" else parts, ranges)
        if key not in self._made:
            self._made[key] = Regular(kind, parts, ranges, empty)
        return self._made[key]

    def one(self, ranges: Ranges) -> Regular:
        """One character out of the ranges."""
        return self._make("one", (), ranges, False) if ranges else self.nothing

    def then(self, first: Regular, rest: Regular) -> Regular:
        """One after the other."""
        if first is self.nothing or rest is self.nothing:
            return self.nothing
        if first is self.blank:
            return rest
        if rest is self.blank:
            return first
        if first.kind == "then":
            return self.then(first.parts[0], self.then(first.parts[1], rest))
        return self._make("then", (first, rest), (), first.empty and rest.empty)

    def some(self, options: Iterable[Regular]) -> Regular:
        """One of them."""
        flat: dict[Regular, None] = {}
        for option in options:
            flat.update(dict.fromkeys(option.parts if option.kind == "some" else (option,)))
        flat.pop(self.nothing, None)
        if self.anything_made and self.anything in flat:
            return self.anything
        if not flat:
            return self.nothing
        if len(flat) == 1:
            return next(iter(flat))
        return self._make("some", tuple(flat), (), any(option.empty for option in flat))

    @property
    def anything_made(self) -> bool:
        """Whether the language of all texts exists already; it is the last thing that the start makes."""
        return hasattr(self, "anything")

    def many(self, inner: Regular) -> Regular:
        """Any number of them, none too."""
        if inner in (self.nothing, self.blank) or inner.kind == "many":
            return self.blank if inner.kind != "many" else inner
        return self._make("many", (inner,), (), True)

    def text(self, text: str) -> Regular:
        """This one text."""
        made = self.blank
        for character in reversed(text):
            made = self.then(self.one(((ord(character), ord(character)),)), made)
        return made

    def repeated(self, inner: Regular, least: int, most: int | None) -> Regular:
        """So many of them."""
        made = self.many(inner) if most is None else self.blank
        for _ in range((most or least) - least):
            made = self.some([self.blank, self.then(inner, made)])
        for _ in range(least):
            made = self.then(inner, made)
        return made

    def after(self, language: Regular, character: int) -> Regular:
        """What is left to match once the character was read."""
        key = (language, character)
        if key not in self._left:
            self._left[key] = self._derived(language, character)
        return self._left[key]

    def _derived(self, language: Regular, character: int) -> Regular:
        match language.kind:
            case "one":
                met = any(first <= character <= last for first, last in language.ranges)
                return self.blank if met else self.nothing
            case "some":
                return self.some(self.after(part, character) for part in language.parts)
            case "many":
                return self.then(self.after(language.parts[0], character), language)
            case "then":
                first, rest = language.parts
                begun = self.then(self.after(first, character), rest)
                return self.some([begun, self.after(rest, character)]) if first.empty else begun
        return self.nothing


def opposite(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """All other characters."""
    found, at = [], 0
    for first, last in sorted(ranges):
        if first > at:
            found.append((at, first - 1))
        at = max(at, last + 1)
    return (*found, (at, LAST_CHARACTER)) if at <= LAST_CHARACTER else tuple(found)


def characters_of(languages: Iterable[Regular]) -> list[Ranges]:
    """Characters in classes: those of one class are told apart by none of the languages."""
    waiting, seen = list(languages), set()
    ranges: set[Ranges] = set()
    while waiting:
        language = waiting.pop()
        if language not in seen:
            seen.add(language)
            ranges.add(language.ranges)
            waiting.extend(language.parts)
    cuts = {0, LAST_CHARACTER + 1}
    for some in ranges:
        cuts |= {first for first, _ in some} | {last + 1 for _, last in some}
    classes: dict[tuple[bool, ...], list[tuple[int, int]]] = {}
    known = sorted(ranges)
    ordered = sorted(cuts)
    for first, after in pairwise(ordered):
        member = tuple(any(low <= first <= high for low, high in some) for some in known)
        classes.setdefault(member, []).append((first, after - 1))
    return [tuple(pieces) for pieces in classes.values()]
