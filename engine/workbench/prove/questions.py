"""Questions as formulas: where each rule fires, where it is unknown, and which outcomes are possible.

It says what `engine.decide` says, over facts that are open. The day is open too: a rule fires on the days on which it is in
force, and a table has the rows of the day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from engine.expression.types import BOOL
from engine.firing import Counted, counted
from engine.rulebook.model import DAY, Loop, Question, Rulebook
from engine.rulebook.standing import Standing
from engine.workbench.prove.conditions import Conditions, Env
from engine.workbench.prove.days import civil
from engine.workbench.prove.logic import Truth, any_of, at_most, both, either, negated
from engine.workbench.prove.values import (
    NOTHING,
    TRUE,
    Condition,
    Day,
    Fields,
    Listed,
    Outcomes,
    Rows,
    Unsupported,
    Value,
)
from engine.workbench.prove.world import World


@dataclass(frozen=True, slots=True)
class Fires:
    """A rule that counts: where it is true, and where it is unknown at some element and may become true."""

    counted: Counted
    true: Truth
    doubt: Truth


@dataclass(frozen=True, slots=True)
class Answer:
    """A question over open facts: its rules, where they apply, and where each outcome is possible."""

    question: Question
    applies: Condition
    rules: tuple[Fires, ...]
    possible: dict[str, Truth]

    def only(self, outcome: str) -> Truth:
        """Where the outcome is the answer; nowhere, where the question has no such outcome."""
        return both(
            self.possible.get(outcome, False),
            negated(any_of(there for name, there in self.possible.items() if name != outcome)),
        )


class Answers:
    """The questions of a rulebook over the facts of a world, each written out once."""

    def __init__(self, rulebook: Rulebook, world: World, enforce: frozenset[Standing]) -> None:
        self.rulebook = rulebook
        self.world = world
        self.conditions = Conditions(world, self._named)
        self._enforce = enforce
        self._answers: dict[str, Answer] = {}
        self._names: dict[str, Value] = {}

    def answer(self, name: str) -> Answer:
        """The question of that name."""
        if name not in self._answers:
            self._answers[name] = self._answer(self.rulebook.questions[name])
        return self._answers[name]

    @property
    def left_open(self) -> tuple[str, ...]:
        """What formulas did not say, so that it stands for anything. Complete once the world has been tied."""
        return (*self.conditions.left_open, *sorted(self.world.texts.not_read))

    def in_force(self, start: date | None, end: date | None) -> Truth:
        """Whether the day lies in a period."""
        on = self.world.day.key
        begun = at_most(civil(start).key, on) if start is not None else True
        return both(begun, at_most(on, civil(end).key) if end is not None else True)

    def _named(self, name: str) -> Value:
        if name not in self._names:
            self._names[name] = self._value(name)
        return self._names[name]

    def _value(self, name: str) -> Value:
        if name == DAY:
            return Day(True, False, self.world.day)
        if name in self.rulebook.questions:
            possible = tuple(self.answer(name).possible.items())
            outcome = Outcomes(True, False, possible)
            return Fields(True, False, lambda field: outcome if field == "outcome" else NOTHING)
        if name in self.rulebook.tables:
            rows = [row for row in self.rulebook.tables[name].rows if row.standing in self._enforce]
            there = [(self.in_force(row.start, row.end), row.key, row.cells) for row in rows]
            return Rows(True, False, tuple(there))
        if name in self.rulebook.facts.roots:
            return self.world.root(name, self.rulebook.facts)
        raise Unsupported(f"`{name}`")

    def _answer(self, question: Question) -> Answer:
        applies = TRUE
        if question.gate is not None:
            applies = self.conditions.truth(question.gate.applies.root, {})
        known = (counted(rule, self._enforce) for rule in question.rules)
        rules = tuple(self._fires(rule) for rule in known if rule is not None)
        possible = self._possible(question, rules)
        if question.gate is not None:
            gate = question.gate.otherwise.outcome
            unknown = negated(applies.known)
            possible = {
                name: both(negated(applies.false), there)
                if name != gate
                else either(applies.false, unknown, both(applies.true, there))
                for name, there in possible.items()
            }
        return Answer(question, applies, rules, possible)

    def _possible(self, question: Question, rules: tuple[Fires, ...]) -> dict[str, Truth]:
        true = {
            name: any_of(rule.true for rule in rules if rule.counted.outcome == name)
            for name in question.outcomes
        }
        doubt = {
            name: any_of(rule.doubt for rule in rules if rule.counted.outcome == name)
            for name in question.outcomes
        }
        possible: dict[str, Truth] = {}
        stronger: Truth = False
        for name in question.outcomes:
            strongest = both(true[name], negated(stronger))
            stronger = either(stronger, true[name])
            possible[name] = either(strongest, both(doubt[name], negated(stronger)))
        default = question.otherwise.outcome
        possible[default] = either(possible[default], negated(any_of(true.values())))
        return possible

    def _fires(self, rule: Counted) -> Fires:
        period = self.in_force(rule.rule.start, rule.rule.end)
        true: list[Truth] = []
        doubt: list[Truth] = []
        for there, listed, env in self._elements(rule.rule.each, {}, True, True):
            try:
                when = self.conditions.truth(rule.rule.when.root, env)
            except Unsupported as unsupported:
                self.conditions.left_open[f"rule `{rule.rule.name}` ({unsupported})"] = None
                when = _anything(self.world)
            true.append(both(there, listed, when.true))
            doubt.append(both(there, negated(when.false), negated(both(listed, when.true))))
        return Fires(rule, both(period, any_of(true)), both(period, any_of(doubt)))

    def _elements(
        self, loops: tuple[Loop, ...], env: Env, there: Truth, listed: Truth
    ) -> Iterator[tuple[Truth, Truth, Env]]:
        """What the rule is put to: where it is, whether its lists are known there, and the loop variables.

        An unknown list has one element, of which nothing is known; one that is none has no elements.
        """
        if not loops:
            yield there, listed, env
            return
        loop, *rest = loops
        try:
            value = self.conditions.value(loop.path.root, env)
        except Unsupported as unsupported:
            self.conditions.left_open[f"`{loop.path.text}` ({unsupported})"] = None
            value = NOTHING
        unknown = negated(either(value.known, value.none))
        if unknown is not False:
            inside = {**env, loop.variable: NOTHING}
            yield from self._elements(tuple(rest), inside, both(there, unknown), False)
        if isinstance(value, Listed):
            for here, item in value.places:
                inside = {**env, loop.variable: item}
                yield from self._elements(tuple(rest), inside, both(there, value.known, here), listed)


def _anything(world: World) -> Condition:
    made = world.fresh("rule", BOOL)
    assert isinstance(made, Condition)
    return made
