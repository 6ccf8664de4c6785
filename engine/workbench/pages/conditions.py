"""A condition on a page: as it is written, and in plain English."""

from __future__ import annotations

from engine.expression import BOOL, Expression
from engine.expression.types import strip
from engine.rulebook.dictionary import Dictionary
from engine.workbench.english import Writer, lines
from engine.workbench.pages.markdown import fenced, prose, section


def condition_section(expression: Expression, dictionary: Dictionary) -> str:
    """The condition or value as CEL, and under it what that says."""
    return section(fenced(expression.text, "cel"), in_words(expression, dictionary))


def in_words(expression: Expression, dictionary: Dictionary) -> str:
    """A sentence, or a list with what belongs together indented."""
    writer = Writer(dictionary)
    if strip(expression.type) != BOOL:
        return f"In words: {prose(writer.sentence(expression.root))}."
    (_, first), *rest = lines(writer.said(expression.root))
    if not rest:
        return f"In words: {prose(first)}."
    items = "\n".join(f"{'  ' * (depth - 1)}- {prose(line)}" for depth, line in rest)
    return section(f"In words, {prose(first)}", items)
