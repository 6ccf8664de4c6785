"""Warnings about a rulebook that loads: what is never used, and rules that never ask for the empty list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from engine.expression import Expression
from engine.expression import tree as t
from engine.rulebook.model import Definition, Question, Rulebook
from engine.rulebook.nodes import Scalar
from engine.rulebook.problems import Problems
from engine.rulebook.templates import Template


def note_doubts(
    rulebook: Rulebook,
    keys: Mapping[str, Scalar],
    definitions: Mapping[str, tuple[Scalar, Definition]],
    cited: Set[str],
    problems: Problems,
) -> None:
    """Warns of what loads and yet is probably not meant."""
    used = _used(rulebook, definitions)
    for name in [*rulebook.lists, *rulebook.tables]:
        if name not in used:
            kind = "list" if name in rulebook.lists else "table"
            problems.warn(
                keys[name].span, f"unused-{kind}", f"nothing uses the {kind} `{name}`", "delete it, or use it"
            )
    for key, definition in definitions.values():
        if definition.name not in used:
            problems.warn(
                key.span,
                "unused-define",
                f"nothing uses the definition `{definition.name}`",
                "delete it, or use it",
            )
    for name in rulebook.sources:
        if name not in cited:
            problems.warn(
                keys[name].span,
                "unused-source",
                f"nothing cites the source `{name}`",
                "delete it, or cite it",
            )


def expressions(question: Question) -> Iterator[Expression]:
    """Every condition, value and part of a text in a question."""
    statements = [question.otherwise]
    if question.gate is not None:
        yield question.gate.applies
        statements.append(question.gate.otherwise)
    texts = [text for statement in statements for text in (statement.because, statement.remedy)]
    for rule in question.rules:
        yield rule.when
        yield from (value for _, value in rule.values)
        texts += [rule.because, rule.remedy]
        texts += [reading.because for reading in rule.readings.all] if rule.readings else []
    for text in texts:
        yield from _in_text(text)


def _in_text(text: Template | None) -> Iterator[Expression]:
    if text is not None:
        yield from (part for part in text.parts if isinstance(part, Expression))


def _used(rulebook: Rulebook, definitions: Mapping[str, tuple[Scalar, Definition]]) -> set[str]:
    """The lists, tables and definitions that something names."""
    everything = [
        expression for question in rulebook.questions.values() for expression in expressions(question)
    ]
    bodies = [definition.body for _, definition in definitions.values()]
    used: set[str] = set()
    for expression in [*everything, *bodies]:
        named = (
            node.name for node in t.walk(expression.root) if isinstance(node, t.Constant | t.Use | t.Name)
        )
        used.update(named)
    return used
