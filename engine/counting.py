"""Which rules of a question count under the standings that are enforced, and whether others exist."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from engine.firing import Counted, counted
from engine.rulebook.model import Question, Rule, Rulebook
from engine.rulebook.standing import Standing, weakest


@lru_cache(maxsize=256)
def all_rules(question: Question, enforce: frozenset[Standing]) -> tuple[list[Standing], list[Counted]]:
    """The weakest standing of all rules that count, and those of them that rest on more than they cite."""
    known = (counted(rule, enforce) for rule in question.rules)
    rules = [rule for rule in known if rule is not None]
    resting = [rule for rule in rules if rule.rule.basis.tables or rule.rule.basis.questions]
    return [weakest([rule.standing for rule in rules])], resting


@lru_cache(maxsize=1024)
def others_exist(rulebook: Rulebook, question: str, on: date, enforce: frozenset[Standing]) -> bool:
    """Whether the question, or one that it uses, has rules in force, readings or rows that do not count."""
    asked = rulebook.questions[question]
    if any(_left_out(rule, enforce) for rule in asked.rules if rule.in_force(on)):
        return True
    tables = {name for rule in asked.rules for name in rule.basis.tables}
    rows = (row for name in tables for row in rulebook.tables[name].rows if row.in_force(on))
    if any(row.standing not in enforce for row in rows):
        return True
    return any(others_exist(rulebook, other, on, enforce) for other in asked.inner)


def _left_out(rule: Rule, enforce: frozenset[Standing]) -> bool:
    chosen = rule.readings is not None and rule.readings.chosen is not None
    return rule.standing not in enforce or (chosen and Standing.ASSUMED not in enforce)
