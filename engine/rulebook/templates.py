"""Texts for people with facts in them: `The order goes to {order.destination}.`"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.expression import Expression, evaluate, render
from engine.expression.values import Bound, Unknown


@dataclass(frozen=True, slots=True, eq=False)
class FactPath:
    """A fact or a part of one, named by the steps to it; one known to be none may stand in a text."""

    text: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """A text whose parts are texts, facts and expressions. `{{` and `}}` stand for braces."""

    parts: tuple[str | FactPath | Expression, ...]
    reads: frozenset[str]

    def fill(self, env: Mapping[str, object]) -> str:
        """The text with its facts; an unknown one reads "not given", one known to be none "none"."""
        return "".join(_filled(part, env) for part in self.parts)


def _filled(part: str | FactPath | Expression, env: Mapping[str, object]) -> str:
    if isinstance(part, str):
        return part
    value = _at(part.steps, env) if isinstance(part, FactPath) else evaluate(part, env)
    return "none" if value is None else render(value)


def _at(steps: tuple[str, ...], env: Mapping[str, object]) -> object:
    value: object = env
    for step in steps:
        if value is None or isinstance(value, Unknown):
            return value
        if not isinstance(value, Mapping) or step not in value:
            return Unknown()
        value = value[step]
        value = value.value if isinstance(value, Bound) else value
    return value
