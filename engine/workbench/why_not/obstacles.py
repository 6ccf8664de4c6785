"""What stands in the way: facts of which at least one has to change before an answer can be as wanted.

An answer that is not as wanted has a reason: a rule that is true, one that could be, a gate that is closed, or that no
wanted rule is true. As long as none of the facts behind that reason changes, the reason stays. So every set of changes that
helps has one of them, and a search that tries no others loses nothing. Of several reasons the one with the fewest
facts is taken, for each has to go.

Of `a && b` that has to become false, either has to: the facts of both count. Of one that has to become true, both have
to: the facts of one of them will do for now. `||` is its mirror, and `!` turns it around.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.explanation.looking import Look
from engine.explanation.opening import path_of
from engine.explanation.places import Element
from engine.expression import RecordType, Unknown, evaluate, evaluate_part
from engine.expression import tree as t
from engine.expression.types import strip
from engine.outcomes import possible_outcomes
from engine.rulebook.model import Question
from engine.workbench.why_not.changing import at, generic, steps
from engine.workbench.why_not.model import Taken
from engine.workbench.why_not.standing import Put, Stand


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """A fact that stands in the way: in a clause that has to become `wanted`, of a question.

    Without a clause it is an element to be taken out of its list, or a list that needs an element. `beside` are
    the paths of all facts in the clause.
    """

    path: str
    question: str
    clause: t.Node | None
    wanted: bool
    beside: tuple[str, ...] = ()


Spots = tuple[Spot, ...]


def obstacles(stand: Stand, name: str, wanted: frozenset[str]) -> Spots:
    """The facts of which one has to change for the question's possible outcomes to be `wanted` ones only.

    Empty where no change of a fact helps.
    """
    known = stand.obstacles.get((name, wanted))
    if known is None:
        known = stand.obstacles[name, wanted] = _obstacles(stand, name, wanted)
    return known


def _obstacles(stand: Stand, name: str, wanted: frozenset[str]) -> Spots:
    question = stand.setting.rulebook.questions[name]
    gate = question.gate
    if gate is None:
        return _of_rules(stand, question, wanted) or ()
    env = stand.env(name)
    applies, look = evaluate(gate.applies, env), Look(env)
    walk = _Walk(stand, name)
    else_helps = gate.otherwise.outcome in wanted
    if applies is False:
        return walk.blocks(look, gate.applies.root, True)
    rules = _of_rules(stand, question, wanted)
    if else_helps:
        return (*(rules or ()), *walk.blocks(look, gate.applies.root, False))
    opened = walk.blocks(look, gate.applies.root, True) if applies is not True else None
    return _fewest([each for each in (rules, opened) if each is not None])


def _of_rules(stand: Stand, question: Question, wanted: frozenset[str]) -> Spots | None:
    """The same for the rules alone; None where they leave only wanted outcomes possible."""
    puts = [put for rule in stand.setting.rules(question) for put in stand.put(rule, question.name)]
    values = [False if put.element.ended else _value(put) for put in puts]
    fired = [put.rule.outcome for put, value in zip(puts, values, strict=True) if value is True]
    unknown = [
        put.rule.outcome for put, value in zip(puts, values, strict=True) if isinstance(value, Unknown)
    ]
    otherwise = question.otherwise.outcome
    rank = {outcome: place for place, outcome in enumerate(question.outcomes)}
    walk = _Walk(stand, question.name)
    reasons: list[Spots] = []
    for bad in possible_outcomes(question.outcomes, fired, unknown, otherwise):
        if bad in wanted:
            continue
        overruled = _raised(walk, puts, {one for one in wanted if rank[one] < rank[bad]})
        for put, value in zip(puts, values, strict=True):
            if put.rule.outcome == bad and value is not False:
                reasons.append((*walk.lowered(put), *overruled))
        if bad == otherwise and not fired:
            reasons.append(_raised(walk, puts, wanted))
    return _fewest(reasons) if reasons else None


def _value(put: Put) -> object:
    value = put.look.value(put.condition)
    return put.element.unknown if put.element.unknown is not None and value is not False else value


def _raised(walk: _Walk, puts: Iterable[Put], outcomes: Iterable[str]) -> Spots:
    """The facts of which one has to change for a rule with one of the outcomes to become true."""
    among = frozenset(outcomes)
    return tuple(spot for put in puts if put.rule.outcome in among for spot in walk.raised(put))


def _fewest(reasons: list[Spots]) -> Spots:
    return min(reasons, key=len, default=())


class _Walk:
    """Walks the conditions of a question for the facts that stand in the way."""

    def __init__(self, stand: Stand, question: str) -> None:
        self._stand = stand
        self._question = question

    def lowered(self, put: Put) -> Spots:
        """For a rule that is true or unknown at a place: what has to change for it to be false there."""
        element = put.element
        within = self.blocks(put.look, put.condition, False)
        if element.unknown is not None:
            lists = tuple(self._list(path) for path in sorted(element.unknown.paths) if path)
            return (*lists, *(spot for spot in within if "[]" not in spot.path))
        return (*within, *self._removals(element))

    def raised(self, put: Put) -> Spots:
        """For a rule that is false or unknown at a place: what has to change for it to be true there."""
        if put.element.ended:
            return (self._list(put.element.place),)
        if put.element.unknown is not None:
            return tuple(self._list(path) for path in sorted(put.element.unknown.paths))
        if put.look.value(put.condition) is True:
            return ()
        return self.blocks(put.look, put.condition, True)

    def blocks(self, look: Look, node: t.Node, wanted: bool) -> Spots:
        """For a condition that is not `wanted`: the facts of which one has to change for it to be so."""
        if look.value(node) is wanted:
            return ()
        match node:
            case t.Unary(operator="!"):
                return self.blocks(look, node.operand, not wanted)
            case t.Use():
                return self.blocks(look, look.opened(node), wanted)
            case t.Every() | t.Some():
                each = [
                    self.blocks(look, item, wanted) for item in node.items if look.value(item) is not wanted
                ]
                if isinstance(node, t.Every) is wanted:
                    return _fewest(each)
                return tuple(spot for spots in each for spot in spots)
            case t.Choice():
                return self._choice(look, node, wanted)
            case t.Macro(name="all" | "exists"):
                return self._quantifier(look, node, wanted)
        return self._leaf(look, node, wanted)

    def _choice(self, look: Look, node: t.Choice, wanted: bool) -> Spots:
        """One of the branches has to be taken, and be as wanted; a branch that never is does not count."""
        spots: list[Spot] = []
        for test, branch in ((True, node.then), (False, node.otherwise)):
            if isinstance(branch, t.Literal) and branch.value is not wanted:
                continue
            tested = look.value(node.test) is test
            spots += self.blocks(look, branch if tested else node.test, wanted if tested else test)
        return tuple(spots)

    def _quantifier(self, look: Look, node: t.Macro, wanted: bool) -> Spots:
        listed, path = look.value(node.operand), path_of(node.operand)
        if isinstance(listed, Unknown):
            return tuple(self._list(missing) for missing in sorted(listed.paths))
        bodies = list(look.bodies(node, lambda value: value is not wanted))
        each = [self.blocks(look, body, wanted) for body in bodies]
        if (node.name == "exists") is wanted:
            added = (self._list(path),) if path is not None else ()
            return (*(spot for spots in each for spot in spots), *added)
        removed = [tuple(self._removal(root.name) for root in _elements(body, path)) for body in bodies]
        return _fewest([(*inside, *out) for inside, out in zip(each, removed, strict=True)])

    def _leaf(self, look: Look, node: t.Node, wanted: bool) -> Spots:
        spots: dict[str, Spot] = {}
        asked: Spots = ()
        rulebook = self._stand.setting.rulebook
        found = (path_of(fact) for fact in _facts_of(look, node))
        paths = tuple(dict.fromkeys(path for path in found if path is not None))
        for path in paths:
            root = str(steps(path)[0])
            if root in rulebook.questions and root not in rulebook.facts.roots:
                asked = (*asked, *self._answer(look, node, root, wanted))
            elif root in rulebook.facts.roots:
                given = self._given_first(path)
                spots.setdefault(given, Spot(given, self._question, node, wanted, paths))
        return (*spots.values(), *asked)

    def _answer(self, look: Look, node: t.Node, inner: str, wanted: bool) -> Spots:
        """What stands in the way of another question's answer, of those that make the clause as wanted."""
        question = self._stand.setting.rulebook.questions[inner]
        helping = frozenset(
            outcome
            for outcome in question.outcomes
            if evaluate_part(node, {**look.env, inner: {"outcome": outcome}}) is wanted
        )
        return obstacles(self._stand, inner, helping) if helping else ()

    def _given_first(self, path: str) -> str:
        """The record that has to be given before a fact in it can be; the fact itself where it can be given."""
        dictionary = self._stand.setting.rulebook.facts
        way = steps(path)
        for length in range(2, len(way)):
            above = _path(way[:length])
            type_ = dictionary.type_of(generic(above))
            record = strip(type_) if type_ is not None else None
            fits = isinstance(record, RecordType) and record.name != above
            if fits and at(self._stand.facts, above) in (None, Taken.ABSENT):
                return above
        return path

    def _removals(self, element: Element) -> Spots:
        return tuple(self._removal(path) for path in element.paths.values())

    def _removal(self, path: str) -> Spot:
        return Spot(path, self._question, None, False)

    def _list(self, path: str) -> Spot:
        return Spot(self._given_first(path), self._question, None, True)


def _facts_of(look: Look, node: t.Node) -> Iterable[t.Node]:
    """The facts of a clause; of loops in it also those of their bodies, element by element."""
    yield from look.facts(node)
    for below in t.walk(node):
        if isinstance(below, t.Macro):
            for body in look.bodies(below, lambda _: True):
                yield from look.facts(body)


def _elements(body: t.Node, path: str | None) -> Iterable[t.Name]:
    """The element of a list that the body of a loop over it is about."""
    if path is not None:
        for node in t.walk(body):
            if isinstance(node, t.Name) and node.name.startswith(f"{path}["):
                yield node
                return


def _path(way: Iterable[str | int]) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in way)
    return text.removeprefix(".")
