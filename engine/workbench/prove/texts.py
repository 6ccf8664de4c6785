"""Texts whose value the solver chooses.

One of a closed set of words is the number of a word. Any other text is a cell of `cells.Cells` and a number in it: what
conditions ask of it depends on its cell alone, and two texts are the same where both are. So nothing is left out, and
nothing is assumed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from engine.expression.patterns import matches
from engine.workbench.prove.cells import MANY, Cells, TooIntricate
from engine.workbench.prove.logic import (
    Model,
    Number,
    Truth,
    a_truth,
    alike,
    an_integer,
    any_of,
    at_most,
    both,
    equal,
    less,
    within,
)
from engine.workbench.prove.patterns import NotRead, found_in
from engine.workbench.prove.regular import Languages, Regular

LENGTHS = 20
"""Up to this many characters texts of different lengths are told apart; longer ones where they have to be."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of one text: `is`, `startsWith`, `endsWith`, `contains`, `matches` of a text, or `size`."""

    what: str
    text: str

    def holds(self, of: str) -> bool:
        """The answer for a text that is known."""
        match self.what:
            case "is":
                return of == self.text
            case "startsWith":
                return of.startswith(self.text)
            case "endsWith":
                return of.endswith(self.text)
            case "contains":
                return self.text in of
            case "size":
                return len(of) == int(self.text)
        return matches(of, self.text)


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """One of a closed set of words, by its number."""

    words: tuple[str, ...]
    number: Number


@dataclass(slots=True, eq=False)
class Free:
    """Any text: its cell, its number there, and what has been asked of it."""

    cell: Number
    number: Number
    length: Number | None = None
    asked: dict[Asked, Truth] = field(default_factory=dict)


Part = str | Word | Free
"""A text that is known, or one of these."""


class Texts:
    """All texts of one search, and what ties them together."""

    def __init__(self) -> None:
        self.make = Languages()
        self.always: list[Truth] = []
        self.not_read: set[str] = set()
        self._free: list[Free] = []
        self._groups: dict[Free, list[Free]] = {}
        self._cells: dict[int, Cells] = {}

    def word(self, name: str, words: Sequence[str]) -> Word:
        """One of the words, for the solver to choose."""
        number = an_integer(name)
        self.always.append(within(number, 0, len(words) - 1))
        return Word(tuple(words), number)

    def free(self, name: str) -> Free:
        """Any text, for the solver to choose."""
        made = Free(an_integer(f"{name} cell"), an_integer(f"{name} text"))
        self._free.append(made)
        self._groups[made] = [made]
        return made

    def ask(self, part: Part, asked: Asked) -> Truth:
        """Whether it holds of the text."""
        if isinstance(part, str):
            return asked.holds(part)
        if isinstance(part, Word):
            return any_of(
                equal(part.number, number) for number, word in enumerate(part.words) if asked.holds(word)
            )
        if asked not in part.asked:
            part.asked[asked] = a_truth(f"{asked.what} {asked.text}")
        return part.asked[asked]

    def same(self, one: Part, other: Part) -> Truth:
        """Whether two texts are the same."""
        if isinstance(other, str):
            return self.ask(one, Asked("is", other))
        if isinstance(one, str):
            return self.ask(other, Asked("is", one))
        if isinstance(one, Free) and isinstance(other, Free):
            self._join(one, other)
            return both(equal(one.cell, other.cell), equal(one.number, other.number))
        if isinstance(one, Word) and isinstance(other, Word) and one.words == other.words:
            return equal(one.number, other.number)
        word, text = (one, other) if isinstance(one, Word) else (other, one)
        assert isinstance(word, Word)
        return any_of(
            both(equal(word.number, number), self.same(text, each)) for number, each in enumerate(word.words)
        )

    def size(self, part: Part) -> Number:
        """How many characters the text has."""
        if isinstance(part, str):
            return len(part)
        if isinstance(part, Word):
            raise NotRead
        if part.length is None:
            part.length = an_integer("length")
            self.always.append(at_most(0, part.length))
            for length in range(LENGTHS + 1):
                asked = self.ask(part, Asked("size", str(length)))
                self.always.append(alike(asked, equal(part.length, length)))
        return part.length

    def _join(self, one: Free, other: Free) -> None:
        if self._groups[one] is not self._groups[other]:
            together = [*self._groups[one], *self._groups[other]]
            for each in together:
                self._groups[each] = together

    def tie(self) -> list[Truth]:
        """What always holds of the texts, once all has been asked. Patterns that cannot be read are noted and left open."""
        always = list(self.always)
        done: set[int] = set()
        for text in self._free:
            group = self._groups[text]
            if id(group) not in done:
                done.add(id(group))
                always += self._tied(group)
        return always

    def _tied(self, group: list[Free]) -> list[Truth]:
        languages: dict[Asked, Regular] = {}
        for asked in dict.fromkeys(asked for text in group for asked in text.asked):
            try:
                languages[asked] = self._language(asked)
            except NotRead:
                self.not_read.add(f"matches {asked.text!r}")
        try:
            cells = Cells(list(languages.values()), self.make)
        except TooIntricate:
            self.not_read.add("what is asked of a text is too intricate")
            cells, languages = Cells([], self.make), {}
        always: list[Truth] = []
        for text in group:
            self._cells[id(text)] = cells
            always += [within(text.cell, 0, len(cells.cells) - 1), at_most(0, text.number)]
            for number, cell in enumerate(cells.cells):
                if cell.size < MANY:
                    always.append(any_of([_not(equal(text.cell, number)), less(text.number, cell.size)]))
            for place, asked in enumerate(languages):
                if asked in text.asked:
                    inside = [number for number, cell in enumerate(cells.cells) if cell.member[place]]
                    always.append(alike(text.asked[asked], _in_ranges(text.cell, inside)))
        return always

    def _language(self, asked: Asked) -> Regular:
        make = self.make
        match asked.what:
            case "is":
                return make.text(asked.text)
            case "startsWith":
                return make.then(make.text(asked.text), make.anything)
            case "endsWith":
                return make.then(make.anything, make.text(asked.text))
            case "contains":
                return make.then(make.anything, make.then(make.text(asked.text), make.anything))
            case "size":
                return make.repeated(make.one(((0, 0x10FFFF),)), int(asked.text), int(asked.text))
        return found_in(asked.text, make)

    def read(self, part: Part, model: Model) -> str:
        """The text that the solver chose. Two texts of one cell with different numbers are different."""
        if isinstance(part, str):
            return part
        if isinstance(part, Word):
            return part.words[model.integer(part.number)]
        cells, cell = self._cells[id(part)], model.integer(part.cell)
        numbers = {
            model.integer(other.number) for other in self._groups[part] if model.integer(other.cell) == cell
        }
        if cells.cells[cell].size < MANY:
            place = model.integer(part.number)
        else:
            place = sorted(numbers).index(model.integer(part.number))
        if part.length is not None:
            wanted = cells.text_of_length(cell, model.integer(part.length), place)
            if wanted is not None:
                return wanted
        return next(islice(cells.texts(cell), place, None), "")


def _not(part: Truth) -> Truth:
    from engine.workbench.prove.logic import negated

    return negated(part)


def _in_ranges(number: Number, inside: list[int]) -> Truth:
    """Whether a number is one of these, which are sorted."""
    ranges: list[tuple[int, int]] = []
    for one in inside:
        if ranges and ranges[-1][1] == one - 1:
            ranges[-1] = (ranges[-1][0], one)
        else:
            ranges.append((one, one))
    return any_of(within(number, first, last) for first, last in ranges)
