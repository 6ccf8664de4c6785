"""The compiled form of a rulebook's questions, made once for each set of rules in force."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import Final, Protocol

from engine.compiled.question import compiled
from engine.compiled.reader import EnvReader, FactReader, Inner, Reader
from engine.compiled.shapes import Env
from engine.compiled.verdict import Verdict
from engine.environment import as_value, tables_of
from engine.expression.tree import Name, walk
from engine.facts import Facts, laid_out
from engine.firing import Counted, counted
from engine.outcomes import possible_outcomes
from engine.rulebook.model import DAY, Question, Rulebook
from engine.rulebook.standing import DEFAULT_ENFORCE, Standing


@lru_cache(maxsize=1024)
def weighing(question: Question, on: date, enforce: frozenset[Standing]) -> Callable[[Env], Verdict]:
    """What puts the question's rules to the facts as `decide` lays them out, without its gate."""
    return _weighing(question, _in_force(question, on, enforce), enforce)


@lru_cache(maxsize=256)
def _weighing(
    question: Question, numbers: tuple[int, ...], enforce: frozenset[Standing]
) -> Callable[[Env], Verdict]:
    questions = frozenset(question.inner)
    return compiled(question, _counted(question, numbers, enforce), EnvReader(questions))


@lru_cache(maxsize=1024)
def weighing_alone(question: Question, rule: Counted) -> Callable[[Env], Verdict]:
    """What puts one rule of the question to the facts, as if it stood alone."""
    return compiled(question, (rule,), EnvReader(frozenset(question.inner)))


FEW: Final = 6
"""Rules of a question that is written into those that use it."""


class Form(Protocol):
    """What facts come as, where they are not dicts. Equal forms read alike."""

    def __hash__(self) -> int:
        """By what it reads."""

    def reader(self, others: FactReader) -> Reader:
        """What reads them; `others` reads the rest: other questions, the day, its tables, roots that are dicts."""

    def facts(self, given: Env) -> Facts:
        """The same facts as dicts."""


def answering(
    rulebook: Rulebook,
    question: str,
    on: date,
    enforce: Iterable[str] = DEFAULT_ENFORCE,
    form: Form | None = None,
) -> Callable[[Env], Verdict]:
    """What answers a question from facts alone, the questions that it uses among them, on one day.

    It gives the outcome, the rules and the facts missing that `decide` gives, without texts, standing and
    digests. Facts are dicts by root, or what `form` reads by root.
    """
    counts = frozenset(Standing(one) for one in enforce)
    return _answering(rulebook, rulebook.questions[question], on, counts, form)


@lru_cache(maxsize=256)
def _answering(
    rulebook: Rulebook, question: Question, on: date, enforce: frozenset[Standing], form: Form | None
) -> Callable[[Env], Verdict]:
    fixed: dict[str, object] = {**tables_of(rulebook, on, enforce), DAY: on}
    asks = {
        name: _answering(rulebook, rulebook.questions[name], on, enforce, form) for name in question.inner
    }
    rules = _counted(question, _in_force(question, on, enforce), enforce)
    gated = question.gate is not None

    def whole(given: Env) -> Env:
        others = {name: {"outcome": as_value(ask(given))} for name, ask in asks.items()}
        facts = given if form is None else form.facts(given)
        return {**laid_out(rulebook.facts, facts), **fixed, **others}

    inners = {name: _inner(rulebook.questions[name], on, enforce) for name in question.inner}
    small = {name: inner for name, inner in inners.items() if inner is not None}
    reader = FactReader(asks, fixed, small)
    if form is None:
        return compiled(question, rules, reader, whole, gated)
    from_dicts = _answering(rulebook, question, on, enforce, None)
    return compiled(
        question, rules, form.reader(reader), whole, gated, lambda given: from_dicts(form.facts(given))
    )


class Answers:
    """Answers questions about one order after another, each on its own day, under the same standings.

    A question that others use is asked once for each order. What is compiled holds for every day on which the
    same rules and rows are in force, so that many days cost no more than a few.
    """

    def __init__(self, rulebook: Rulebook, enforce: Iterable[str] = DEFAULT_ENFORCE) -> None:
        self._rulebook = rulebook
        self._enforce = frozenset(Standing(one) for one in enforce)
        self._turns = turns(rulebook)
        self._compiled: dict[tuple[int, str], Callable[[Env], Verdict]] = {}
        self._made: dict[str, Verdict] = {}
        self._env: dict[str, object] = {}
        self._stretch = 0

    def about(self, facts: Facts, on: date) -> None:
        """Turns to an order and the day that it is asked about."""
        self._env = {**facts, DAY: on}
        self._stretch = bisect_right(self._turns, on)
        self._made = {}

    def ask(self, question: str) -> Verdict:
        """The answer that `answering` gives about the order."""
        made = self._made.get(question)
        if made is None:
            ask = self._compiled.get((self._stretch, question)) or self._compile(question)
            made = self._made[question] = ask(self._env)
        return made

    def _compile(self, name: str) -> Callable[[Env], Verdict]:
        rulebook, question, enforce = self._rulebook, self._rulebook.questions[name], self._enforce
        first = self._turns[self._stretch - 1] if self._stretch else date.min
        tables = tables_of(rulebook, first, enforce)
        asks = {inner: partial(self._again, inner) for inner in question.inner}
        inners = {inner: _inner(rulebook.questions[inner], first, enforce) for inner in question.inner}
        reader = FactReader(asks, tables, {one: found for one, found in inners.items() if found is not None})

        def whole(given: Env) -> Env:
            others = {inner: {"outcome": as_value(self.ask(inner))} for inner in question.inner}
            return {**laid_out(rulebook.facts, given), DAY: given[DAY], **tables, **others}

        rules = _counted(question, _in_force(question, first, enforce), enforce)
        made = compiled(question, rules, reader, whole, question.gate is not None)
        self._compiled[self._stretch, name] = made
        return made

    def _again(self, question: str, _: Env) -> Verdict:
        """What compiled questions ask another by: it is about the same order."""
        return self.ask(question)


def turns(rulebook: Rulebook) -> list[date]:
    """The days on which a rule or a row begins, or is over: from one to before the next the same ones are in force."""
    rules = [rule for question in rulebook.questions.values() for rule in question.rules]
    begun = {rule.start for rule in rules if rule.start is not None}
    over = {rule.end + timedelta(days=1) for rule in rules if rule.end is not None and rule.end < date.max}
    return sorted(begun.union(over, *(table.days for table in rulebook.tables.values())))


def asks_day(rulebook: Rulebook, question: str) -> bool:
    """Whether the question, or one that it uses, has a condition that asks for the day, not only rules with periods."""
    asked = rulebook.questions[question]
    conditions = [rule.when for rule in asked.rules]
    conditions += [loop.path for rule in asked.rules for loop in rule.each]
    conditions += [asked.gate.applies] if asked.gate is not None else []
    if any(isinstance(node, Name) and node.name == DAY for one in conditions for node in walk(one.root)):
        return True
    return any(asks_day(rulebook, inner) for inner in asked.inner)


def _inner(question: Question, on: date, enforce: frozenset[Standing]) -> Inner | None:
    """A question that another uses, where it is small and stands alone."""
    rules = _counted(question, _in_force(question, on, enforce), enforce)
    alone = question.gate is None and not question.inner and not any(rule.rule.each for rule in rules)
    if not alone or len(rules) > FEW:
        return None
    outcomes = [
        possible_outcomes(question.outcomes, _true(rules, mask), (), question.otherwise.outcome)[0]
        for mask in range(1 << len(rules))
    ]
    return Inner(tuple(rule.rule.when.root for rule in rules), tuple(outcomes))


def _true(rules: list[Counted], mask: int) -> list[str]:
    return [rule.outcome for number, rule in enumerate(rules) if mask >> number & 1]


def _in_force(question: Question, on: date, enforce: frozenset[Standing]) -> tuple[int, ...]:
    return tuple(
        number
        for number, rule in enumerate(question.rules)
        if rule.in_force(on) and counted(rule, enforce) is not None
    )


def _counted(question: Question, numbers: tuple[int, ...], enforce: frozenset[Standing]) -> list[Counted]:
    found = (counted(question.rules[number], enforce) for number in numbers)
    return [rule for rule in found if rule is not None]


def forget() -> None:
    """Forgets every compiled question; the next answer compiles anew. For measuring."""
    _answering.cache_clear()
    _weighing.cache_clear()
    weighing.cache_clear()
    weighing_alone.cache_clear()
