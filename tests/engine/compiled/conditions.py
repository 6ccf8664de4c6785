"""Conditions as rules of a question, without files."""

from collections.abc import Sequence
from dataclasses import replace

from engine.rulebook import Rulebook
from engine.rulebook.model import Question, Rule
from tests.engine.expression.orders import compiled

OUTCOMES = ("A", "B", "C", "D")


def question(small: Rulebook, conditions: Sequence[str]) -> Question:
    """A question that uses `scope`, with a rule for each condition over the facts of `orders`."""
    base = small.questions["scope"]
    template = replace(base.rules[0], each=(), start=None, end=None)
    rules = [_rule(template, number, text) for number, text in enumerate(conditions)]
    otherwise = replace(base.otherwise, outcome="C")
    return replace(
        base,
        name="asked",
        outcomes=OUTCOMES,
        rules=tuple(rules),
        otherwise=otherwise,
        inner=("scope",),
        gate=None,
    )


def _rule(template: Rule, number: int, text: str) -> Rule:
    return replace(template, name=f"r{number}", outcome=OUTCOMES[number % 4], when=compiled(text))
