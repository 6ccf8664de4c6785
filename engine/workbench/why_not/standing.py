"""One set of facts with what the rules make of it, looked at as often as the search needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from engine.compiled.ask import answering
from engine.compiled.verdict import Verdict
from engine.environment import environment
from engine.explanation.looking import Look
from engine.explanation.places import Element, elements
from engine.expression import Bound
from engine.expression import tree as t
from engine.facts import Facts, laid_out
from engine.firing import Counted, counted
from engine.rulebook.model import Question, Rulebook
from engine.rulebook.standing import Standing
from engine.workbench.why_not.changing import at
from engine.workbench.why_not.model import Taken

if TYPE_CHECKING:
    from engine.workbench.why_not.obstacles import Spot


@dataclass(frozen=True, slots=True)
class Asked:
    """The answer of a compiled question, with its name."""

    question: str
    outcome: str
    possible: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """The rulebook, the day and the standings that count; what each question's compiled form is."""

    rulebook: Rulebook
    on: date
    enforce: frozenset[Standing]
    _asks: dict[str, Callable[[Mapping[str, object]], Verdict]] = field(default_factory=dict)
    candidates: dict[tuple[object, ...], tuple[object, ...]] = field(default_factory=dict)
    """What `candidates` found, for clauses that are met again with the same facts in them."""

    def ask(self, question: str, facts: Facts) -> Asked:
        """The answer to a question, from its compiled form."""
        if question not in self._asks:
            self._asks[question] = answering(self.rulebook, question, self.on, self.enforce)
        found = self._asks[question](facts)
        return Asked(question, found.outcome, found.possible, found.missing)

    def rules(self, question: Question) -> Iterator[Counted]:
        """The rules of a question that count on the day."""
        for rule in question.rules:
            counts = counted(rule, self.enforce) if rule.in_force(self.on) else None
            if counts is not None:
                yield counts


@dataclass(frozen=True, slots=True)
class Put:
    """A rule put to the facts at one place: what its condition is there, and how its parts are looked at.

    `element` is where in the lists it is; `condition` has the paths of facts in place of loop variables.
    """

    rule: Counted
    element: Element
    look: Look
    condition: t.Node


class Stand:
    """What the conditions of every question see in one set of facts."""

    def __init__(self, setting: Setting, facts: Facts) -> None:
        self.setting = setting
        self.facts = facts
        self._given = laid_out(setting.rulebook.facts, facts)
        self._envs: dict[str, dict[str, object]] = {}
        self.obstacles: dict[tuple[str, frozenset[str]], tuple[Spot, ...]] = {}

    def env(self, question: str) -> dict[str, object]:
        """What the conditions of a question see."""
        if question not in self._envs:
            inner = [self.setting.ask(name, self.facts) for name in self._inner(question)]
            setting = self.setting
            self._envs[question] = environment(
                setting.rulebook, self._given, setting.on, setting.enforce, inner
            )
        return self._envs[question]

    def _inner(self, question: str) -> tuple[str, ...]:
        return self.setting.rulebook.questions[question].inner

    def put(self, rule: Counted, question: str) -> Iterator[Put]:
        """The rule at each of its places; a place whose list is empty has an element that has ended."""
        for element in elements(rule.rule.each, Element(self.env(question))):
            look = Look(element.env)
            yield Put(rule, element, look, look.variables_named(rule.rule.when.root, element.paths))

    def clause_env(self, question: str, clause: t.Node) -> dict[str, object]:
        """What a clause sees whose loop variables were replaced by the paths of facts."""
        env = dict(self.env(question))
        for node in t.walk(clause):
            if isinstance(node, t.Name) and ("." in node.name or "[" in node.name):
                value = at(self.facts, node.name)
                if value is not Taken.ABSENT:
                    env[node.name] = Bound(value, node.name)
        return env
