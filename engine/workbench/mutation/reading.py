"""Who reads what: the questions that a list, table or shared definition reaches, and those that ask them."""

from __future__ import annotations

from collections.abc import Iterator

from engine.expression import Expression
from engine.expression import tree as t
from engine.expression.types import strip
from engine.rulebook.model import Question, Rulebook
from engine.rulebook.tables import Table


def readers(rulebook: Rulebook, name: str) -> frozenset[str]:
    """The questions that use a list, table or definition, also through others."""
    return frozenset(question.name for question in rulebook.questions.values() if reads(question, name))


def reads(question: Question, name: str) -> bool:
    """Whether the question's gate, conditions or values use a list, table or definition, also through others."""
    return any(_names(expression, name) for expression in _expressions(question))


def asking(rulebook: Rulebook, touched: frozenset[str]) -> frozenset[str]:
    """The questions, and those that use their outcomes, through any number of others."""
    reached = set(touched)
    while True:
        more = {name for name, question in rulebook.questions.items() if reached.intersection(question.inner)}
        if more <= reached:
            return frozenset(reached)
        reached |= more


def needed(rulebook: Rulebook, touched: frozenset[str]) -> frozenset[str]:
    """The questions, and those whose outcomes they use, through any number of others."""
    waiting, reached = list(touched), set(touched)
    while waiting:
        for name in rulebook.questions[waiting.pop()].inner:
            if name not in reached:
                reached.add(name)
                waiting.append(name)
    return frozenset(reached)


def columns_read(rulebook: Rulebook, table: Table) -> frozenset[str]:
    """The columns of a table that conditions and values read."""
    row = table.type.value
    return frozenset(
        node.field
        for question in rulebook.questions.values()
        for expression in _expressions(question)
        for node in t.walk(expression.root)
        if isinstance(node, t.Select | t.Has) and strip(node.operand.type) == row
    )


def _names(expression: Expression, name: str) -> bool:
    return name in expression.uses or any(
        path.split(".")[0].split("[")[0] == name for path in expression.reads
    )


def _expressions(question: Question) -> Iterator[Expression]:
    if question.gate is not None:
        yield question.gate.applies
    for rule in question.rules:
        yield rule.when
        for _, value in rule.values:
            yield value
