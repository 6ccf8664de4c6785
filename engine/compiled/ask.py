"""The compiled form of a rulebook's questions, made once for each set of rules in force."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache

from engine.compiled.question import compiled
from engine.compiled.reader import Ask, EnvReader, FactReader, as_value
from engine.compiled.shapes import Env
from engine.compiled.verdict import Verdict
from engine.facts import Facts, laid_out
from engine.firing import Counted, counted
from engine.rulebook.model import DAY, Question, Rulebook
from engine.rulebook.standing import DEFAULT_ENFORCE, Standing


def weighing(question: Question, on: date, enforce: frozenset[Standing]) -> Callable[[Env], Verdict]:
    """What puts the question's rules to the facts as `decide` lays them out, without its gate."""
    return _weighing(question, _in_force(question, on, enforce), enforce)


@lru_cache(maxsize=256)
def _weighing(
    question: Question, numbers: tuple[int, ...], enforce: frozenset[Standing]
) -> Callable[[Env], Verdict]:
    questions = frozenset(question.inner)
    return compiled(question, _counted(question, numbers, enforce), EnvReader(questions))


def answering(
    rulebook: Rulebook, question: str, on: date, enforce: Iterable[str] = DEFAULT_ENFORCE
) -> Callable[[Facts], Verdict]:
    """What answers a question from facts alone, the questions that it uses among them, on one day.

    It gives the outcome, the rules and the facts missing that `decide` gives, without texts, standing and
    digests.
    """
    return _answering(rulebook, rulebook.questions[question], on, frozenset(Standing(one) for one in enforce))


@lru_cache(maxsize=256)
def _answering(
    rulebook: Rulebook, question: Question, on: date, enforce: frozenset[Standing]
) -> Callable[[Facts], Verdict]:
    tables = {name: table.on(on, enforce).rows for name, table in rulebook.tables.items() if not table.fixed}
    fixed: dict[str, object] = {**tables, DAY: on}
    asks = {name: _answering(rulebook, rulebook.questions[name], on, enforce) for name in question.inner}

    def whole(facts: Env) -> Env:
        others = {name: {"outcome": as_value(ask(facts))} for name, ask in asks.items()}
        return {**laid_out(rulebook.facts, facts), **fixed, **others}

    rules = _counted(question, _in_force(question, on, enforce), enforce)
    reader = FactReader(_outcomes(asks), fixed)
    return compiled(question, rules, reader, whole, gated=question.gate is not None)


def _outcomes(asks: Mapping[str, Callable[[Facts], Verdict]]) -> Mapping[str, Ask]:
    return dict(asks)


def _in_force(question: Question, on: date, enforce: frozenset[Standing]) -> tuple[int, ...]:
    return tuple(
        number
        for number, rule in enumerate(question.rules)
        if rule.in_force(on) and counted(rule, enforce) is not None
    )


def _counted(question: Question, numbers: tuple[int, ...], enforce: frozenset[Standing]) -> list[Counted]:
    found = (counted(question.rules[number], enforce) for number in numbers)
    return [rule for rule in found if rule is not None]
