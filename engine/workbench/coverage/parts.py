"""The parts of a rulebook that tests can cover, and which nodes of its conditions they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.expression import BOOL
from engine.expression import tree as t
from engine.rulebook.model import Citation, Definition, Question, Rulebook
from engine.workbench.coverage.clauses import clauses, reads_facts
from engine.workbench.coverage.model import APPLIES, BOTH, Kind, Owner, Part, Side
from engine.workbench.coverage.written import Written, written


@dataclass(slots=True)
class Parts:
    """The parts, and where each is found again: by whose it is, or by the nodes that it is in trees.

    A node of a definition is the same one wherever the definition is used.
    """

    all: list[Part] = field(default_factory=list)
    by_owner: dict[Owner, int] = field(default_factory=dict)
    by_node: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def add(self, part: Part, node: t.Node | None = None) -> None:
        """Takes a part in. One with a node is seen where that is evaluated, any other is told by its owner."""
        number = len(self.all)
        self.all.append(part)
        if node is None:
            self.by_owner[part.owner] = number
        else:
            self.by_node[id(node)] = (*self.by_node.get(id(node), ()), number)


def parts_of(rulebook: Rulebook, files: Mapping[str, str]) -> Parts:
    """Every part of a rulebook, with its place in the files, by the paths that they have there.

    A definition that only texts and values use decides nothing, and is left out.
    """
    places = written(files)
    parts = Parts()
    deciding = {id(node.body) for node in _conditions(rulebook) if isinstance(node, t.Use)}
    for owner, definition in _definitions(rulebook):
        if id(definition.body.root) in deciding:
            _add_definition(parts, owner, definition, places[owner])
    for question in rulebook.questions.values():
        _add_question(parts, question, places)
    return parts


def _conditions(rulebook: Rulebook) -> Iterator[t.Node]:
    """The nodes of every condition, with those of the definitions that it uses."""
    for question in rulebook.questions.values():
        if question.gate is not None:
            yield from t.walk(question.gate.applies.root)
        for rule in question.rules:
            yield from t.walk(rule.when.root)


def _definitions(rulebook: Rulebook) -> Iterator[tuple[Owner, Definition]]:
    for name, definition in rulebook.definitions.items():
        yield Owner("", Kind.DEFINITION, name), definition
    for question in rulebook.questions.values():
        for name, definition in question.definitions.items():
            yield Owner(question.name, Kind.DEFINITION, name), definition


def _add_definition(parts: Parts, owner: Owner, definition: Definition, place: Written) -> None:
    if definition.body.type == BOOL:
        part = Part(
            Kind.DEFINITION,
            owner,
            owner.name,
            place.name.span,
            _texts(definition.cites),
            _sides(definition.body.root),
        )
        parts.add(part, definition.body.root)
    _add_clauses(parts, owner, definition.body.root, place)


def _add_question(parts: Parts, question: Question, places: Mapping[Owner, Written]) -> None:
    gate = question.gate
    if gate is not None:
        owner = Owner(question.name, Kind.ELSE, APPLIES)
        _add_clauses(parts, owner, gate.applies.root, places[owner])
        _add_owner(parts, Owner(question.name, Kind.ELSE, Kind.ELSE), gate.otherwise.cites, (), places)
    owner = Owner(question.name, Kind.OTHERWISE, Kind.OTHERWISE)
    _add_owner(parts, owner, question.otherwise.cites, (), places)
    for rule in question.rules:
        owner = Owner(question.name, Kind.RULE, rule.name)
        _add_owner(parts, owner, rule.cites, _sides(rule.when.root), places)
        _add_clauses(parts, owner, rule.when.root, places[owner])


def _add_owner(
    parts: Parts,
    owner: Owner,
    cites: Iterable[Citation],
    demanded: tuple[Side, ...],
    places: Mapping[Owner, Written],
) -> None:
    span = places[owner].name.span
    parts.add(Part(owner.kind, owner, owner.name, span, _texts(cites), demanded))


def _add_clauses(parts: Parts, owner: Owner, root: t.Node, place: Written) -> None:
    if place.condition is None:
        return
    for node in clauses(root):
        text = " ".join(place.condition.text[node.start : node.end].split())
        span = place.condition.part(node.start, node.end)
        parts.add(Part(Kind.CLAUSE, owner, text, span, (), BOTH), node)


def _sides(condition: t.Node) -> tuple[Side, ...]:
    """A condition that reads no fact, such as `true`, has no other side."""
    return BOTH if reads_facts(condition) else (Side.TRUE,)


def _texts(cites: Iterable[Citation]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(str, cites)))
