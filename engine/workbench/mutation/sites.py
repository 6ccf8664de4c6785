"""Every mutant of a rulebook: of its rules, gates, statements, definitions, lists and tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.expression import Expression
from engine.rulebook.model import Definition, Rule, Rulebook
from engine.rulebook.text.folder import Folder
from engine.rulebook.text.nodes import Mapping as MappingNode
from engine.rulebook.text.nodes import Node, Scalar, Sequence
from engine.workbench.mutation.conditions import rewritings
from engine.workbench.mutation.edits import Edit
from engine.workbench.mutation.model import DROPPED, Change, Kind, Mutant
from engine.workbench.mutation.reading import readers, reads
from engine.workbench.mutation.steps import date_steps, neighbour
from engine.workbench.mutation.tables import table_mutants

_PERIOD: Final = {"from": "first", "until": "last"}


def mutants_of(rulebook: Rulebook, folder: Folder) -> tuple[Mutant, ...]:
    """The mutants of a rulebook that its files make, file by file in the order of the text."""
    found = list(_shared(rulebook, folder))
    for root in folder.questions:
        found += _Question(rulebook, root).mutants()
    order = sorted(found, key=lambda one: (one.span.file.path, one.span.start, one.span.end))
    return tuple(order)


def question_of(root: Node) -> str:
    """The name of the question in a file."""
    return _name_in(root, "question").text


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose the mutants are, and the questions that are touched by them."""

    question: str
    of: str
    name: str
    touched: frozenset[str]

    def conditions(self, place: Scalar, steps: tuple[int, ...], expression: Expression) -> Iterator[Mutant]:
        """The mutants of a condition or value."""
        for one in rewritings(expression):
            span = place.part(one.start, one.end)
            edit = Edit(place.file.path, steps, one.text)
            yield Mutant(self.question, self.of, self.name, span, one.change, edit, self.touched)

    def text(self, place: Scalar, steps: tuple[int, ...], change: Change) -> Mutant:
        """The mutant that has another text, or is left out."""
        edit = Edit(place.file.path, steps, None if change.after == DROPPED else change.after)
        return Mutant(self.question, self.of, self.name, place.span, change, edit, self.touched)


def _shared(rulebook: Rulebook, folder: Folder) -> Iterator[Mutant]:
    """What all questions share: definitions, lists and tables, where rules read them."""
    root = folder.rulebook
    if root is None:
        return
    for steps, key, node in _entries(root, "define"):
        owner = _Owner("", "definition", key.text, readers(rulebook, key.text))
        if owner.touched:
            yield from _definition(owner, steps, node, rulebook.definitions[key.text])
    for steps, key, node in _entries(root, "lists"):
        owner = _Owner("", "list", key.text, readers(rulebook, key.text))
        if owner.touched:
            yield from _members(owner, steps, node)
    for name, table in rulebook.tables.items():
        csv = folder.tables.get(f"{name}.csv")
        if csv is not None and readers(rulebook, name):
            yield from table_mutants(rulebook, table, csv)


def _definition(
    owner: _Owner, steps: tuple[int, ...], node: Node, definition: Definition
) -> Iterator[Mutant]:
    if isinstance(node, Scalar):
        yield from owner.conditions(node, steps, definition.body)
    for step, key, below in _children(node):
        if key.text == "is" and isinstance(below, Scalar):
            yield from owner.conditions(below, (*steps, step), definition.body)


def _members(owner: _Owner, steps: tuple[int, ...], node: Node) -> Iterator[Mutant]:
    if isinstance(node, MappingNode):
        for step, key, below in _children(node):
            if key.text == "values":
                yield from _members(owner, (*steps, step), below)
    for number, item in enumerate(node.items if isinstance(node, Sequence) else ()):
        if isinstance(item, Scalar):
            hint = f"no test in which it matters that {item.text} is in `{owner.name}`"
            yield owner.text(item, (*steps, number), Change(Kind.MEMBER, item.text, DROPPED, hint))


class _Question:
    """The mutants of one question file."""

    def __init__(self, rulebook: Rulebook, root: Node) -> None:
        self.root = root
        self.question = rulebook.questions[question_of(root)]
        self.rules = {rule.name: rule for rule in self.question.rules}

    def owner(self, of: str, name: str) -> _Owner:
        """Whoever in this question."""
        return _Owner(self.question.name, of, name, frozenset({self.question.name}))

    def mutants(self) -> Iterator[Mutant]:
        """All of them, in the order of the keys."""
        for step, key, node in _children(self.root):
            if key.text == "applies" and isinstance(node, Scalar) and self.question.gate is not None:
                yield from self.owner("gate", "applies").conditions(node, (step,), self.question.gate.applies)
            elif key.text in ("otherwise", "else"):
                yield from self._outcome(self.owner(key.text, key.text), (step,), node)
            elif key.text == "define":
                for at, name, below in _children(node):
                    definition = self.question.definitions[name.text]
                    if reads(self.question, name.text):
                        owner = self.owner("definition", name.text)
                        yield from _definition(owner, (step, at), below, definition)
            elif key.text == "rules" and isinstance(node, Sequence):
                for number, item in enumerate(node.items):
                    yield from self._rule((step, number), item)

    def _rule(self, steps: tuple[int, ...], node: Node) -> Iterator[Mutant]:
        name = _name_in(node, "rule")
        rule, owner = self.rules[name.text], self.owner("rule", name.text)
        hint = f"no test in which `{rule.name}` fires"
        yield owner.text(name, steps, Change(Kind.RULE, rule.name, DROPPED, hint))
        yield from self._outcome(owner, steps, node)
        for step, key, value in _children(node):
            below = (*steps, step)
            if key.text == "when" and isinstance(value, Scalar):
                yield from owner.conditions(value, below, rule.when)
            elif key.text in _PERIOD and isinstance(value, Scalar):
                yield from _period(owner, below, key.text, value)
            elif key.text == "values":
                yield from _values(owner, below, value, rule)
            elif key.text == "readings" and rule.readings is not None and rule.readings.chosen is not None:
                for at, reading, inside in _children(value):
                    if reading.text == rule.readings.chosen.name:
                        yield from self._outcome(owner, (*below, at), inside)

    def _outcome(self, owner: _Owner, steps: tuple[int, ...], node: Node) -> Iterator[Mutant]:
        for step, key, value in _children(node):
            if key.text == "gives" and isinstance(value, Scalar):
                other = neighbour(value.text, self.question.outcomes)
                who = f"`{owner.name}`" if owner.of == owner.name else f"{owner.of} `{owner.name}`"
                hint = f"no test in which {who} has to give {value.text}"
                if other is not None:
                    yield owner.text(value, (*steps, step), Change(Kind.OUTCOME, value.text, other, hint))


def _period(owner: _Owner, steps: tuple[int, ...], key: str, value: Scalar) -> Iterator[Mutant]:
    day = date.fromisoformat(value.text)
    for other in date_steps(day):
        on = max(day, other) if key == "until" else min(day, other)
        change = Change(Kind.PERIOD, f"{key}: {day}", f"{key}: {other}", f"no test on {on} that tells")
        edit = Edit(value.file.path, steps, other.isoformat())
        yield Mutant(owner.question, owner.of, owner.name, value.span, change, edit, owner.touched)


def _values(owner: _Owner, steps: tuple[int, ...], node: Node, rule: Rule) -> Iterator[Mutant]:
    expressions = dict(rule.values)
    for step, key, value in _children(node):
        if isinstance(value, Scalar):
            yield from owner.conditions(value, (*steps, step), expressions[key.text])


def _children(node: Node) -> Iterator[tuple[int, Scalar, Node]]:
    if isinstance(node, MappingNode):
        for step, (key, value) in enumerate(node.entries):
            yield step, key, value


def _name_in(node: Node, key: str) -> Scalar:
    """The name of a question or rule that loads, and so has one."""
    name = next(value for _, found, value in _children(node) if found.text == key)
    assert isinstance(name, Scalar)
    return name


def _entries(root: Node, name: str) -> Iterator[tuple[tuple[int, ...], Scalar, Node]]:
    for step, key, node in _children(root):
        if key.text == name:
            for at, inner, below in _children(node):
                yield (step, at), inner, below
