"""Texts in cells: two texts are in one cell where none of several languages tells them apart.

The languages are read side by side, character by character; each state is what is left of all of them. So every cell that
has a text at all is found, how many texts it has, and what they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from engine.workbench.prove.regular import Languages, Ranges, Regular, characters_of

MOST_STATES = 20_000
MANY = 1_000
_SAMPLES = 64
_LONGEST = 400


class TooIntricate(Exception):
    """There are more states than are worth going through."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Which of the languages its texts are in, and how many texts there are; MANY stands for any number."""

    member: tuple[bool, ...]
    size: int


@dataclass(slots=True)
class Cells:
    """The cells of some languages, sorted. Raises TooIntricate when made."""

    languages: Sequence[Regular]
    make: Languages
    cells: list[Cell] = field(default_factory=list)
    _samples: list[tuple[list[str], int]] = field(default_factory=list)
    _next: list[list[int]] = field(default_factory=list)
    _cell_of: list[int] = field(default_factory=list)
    _ways: dict[int, list[frozenset[int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        classes = characters_of([*self.languages, self.make.anything])
        self._samples = sorted(_sampled(ranges) for ranges in classes)
        states = self._states()
        members = [tuple(left.empty for left in state) for state in states]
        sizes: dict[tuple[bool, ...], int] = {}
        for member, many in zip(members, self._counts(len(states)), strict=True):
            sizes[member] = min(MANY, sizes.get(member, 0) + many)
        self.cells = [Cell(member, size) for member, size in sorted(sizes.items())]
        number = {cell.member: place for place, cell in enumerate(self.cells)}
        self._cell_of = [number[member] for member in members]

    def _states(self) -> list[tuple[Regular, ...]]:
        states = [tuple(self.languages)]
        number = {states[0]: 0}
        for state in states:
            row = []
            for samples, _ in self._samples:
                after = tuple(self.make.after(left, ord(samples[0])) for left in state)
                if after not in number:
                    if len(states) >= MOST_STATES:
                        raise TooIntricate
                    number[after] = len(states)
                    states.append(after)
                row.append(number[after])
            self._next.append(row)
        return states

    def _counts(self, states: int) -> list[int]:
        """How many texts end in each state. A state behind a circle has as many as one likes."""
        before = [0] * states
        for row in self._next:
            for after in row:
                before[after] += 1
        counts = [0] * states
        counts[0] = 1
        ready = [0] if before[0] == 0 else []
        for state in ready:
            for after, (_, many) in zip(self._next[state], self._samples, strict=True):
                counts[after] = min(MANY, counts[after] + counts[state] * many)
                before[after] -= 1
                if before[after] == 0:
                    ready.append(after)
        gone_through = set(ready)
        return [count if state in gone_through else MANY for state, count in enumerate(counts)]

    def texts(self, cell: int) -> Iterator[str]:
        """Texts of a cell, short ones first; at least as many as its size says, up to MANY, where they are not too long."""
        for length in range(_LONGEST):
            if self._may_end(cell, length, 0):
                yield from self._of_length(cell, length, 0)

    def text_of_length(self, cell: int, length: int, number: int) -> str | None:
        """The text of a cell with so many characters, by its number among these."""
        if length >= _LONGEST:
            return None
        for place, text in enumerate(self._of_length(cell, length, 0)):
            if place == number:
                return text
        return None

    def _may_end(self, cell: int, length: int, state: int) -> bool:
        ways = self._ways.setdefault(
            cell, [frozenset(one for one, where in enumerate(self._cell_of) if where == cell)]
        )
        while len(ways) <= length:
            last = ways[-1]
            ways.append(frozenset(one for one, row in enumerate(self._next) if not last.isdisjoint(row)))
        return state in ways[length]

    def _of_length(self, cell: int, length: int, state: int) -> Iterator[str]:
        if not self._may_end(cell, length, state):
            return
        if length == 0:
            yield ""
            return
        for after, (samples, _) in zip(self._next[state], self._samples, strict=True):
            if self._may_end(cell, length - 1, after):
                for sample in samples:
                    for rest in self._of_length(cell, length - 1, after):
                        yield sample + rest


def _sampled(ranges: Ranges) -> tuple[list[str], int]:
    """Some characters of a class, those first that people can read, and how many there are."""
    readable = [chr(code) for code in (*range(97, 123), *range(48, 58), *range(65, 91), *range(32, 48))]
    inside = [sign for sign in readable if any(first <= ord(sign) <= last for first, last in ranges)]
    others = [
        chr(code)
        for first, last in ranges
        for code in range(first, min(last, first + _SAMPLES) + 1)
        if not 0xD800 <= code <= 0xDFFF
    ]
    count = min(MANY, sum(last - first + 1 for first, last in ranges))
    return (inside[:_SAMPLES] or others[:_SAMPLES] or ["\ue000"]), count
