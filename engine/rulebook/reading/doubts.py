"""Warnings about a rulebook that loads: what is never used, and rules that never ask for the empty list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from engine.expression import Expression
from engine.expression import tree as t
from engine.rulebook.model import Question, Rule, Rulebook
from engine.rulebook.problems import Problems
from engine.rulebook.reading.emptiness import asked, quantified
from engine.rulebook.templates import Template
from engine.rulebook.text.nodes import Scalar

Places = Mapping[tuple[str, str], Scalar]
"""Where sources, lists, tables, definitions and rules stand, by kind and name."""


def note_doubts(rulebook: Rulebook, places: Places, cited: Set[str], problems: Problems) -> None:
    """Warns of what loads and yet is probably not meant."""
    used = _used(rulebook)
    for (kind, name), place in places.items():
        if kind in {"list", "table", "definition"} and name.rpartition(":")[2] not in used:
            message = f"nothing uses the {kind} `{place.text}`"
            problems.warn(place.span, f"unused-{kind}", message, "delete it, or use it")
        elif kind == "source" and name not in cited:
            problems.warn(
                place.span, "unused-source", f"nothing cites the source `{name}`", "delete it, or cite it"
            )
    for question in rulebook.questions.values():
        _note_empty_lists(rulebook, question, places, problems)


def _note_empty_lists(rulebook: Rulebook, question: Question, places: Places, problems: Problems) -> None:
    """Warns once for each list that the question goes over without asking, here or inside, for the empty one."""
    known = _asked(rulebook, question)
    for rule in question.rules:
        for path in sorted(_quantified(rule) - known):
            known.add(path)
            place = places["rule", f"{question.name}:{rule.name}"]
            problems.warn(
                place.span,
                "empty-list",
                f"the rule goes over `{path}`, and no rule of `{question.name}` asks whether it is empty",
                f"write a rule that says what holds where `size({path}) == 0`",
            )


def _quantified(rule: Rule) -> set[str]:
    """The lists of facts that a rule goes over; lists inside elements are left out, for these are often empty."""
    paths = quantified(rule.when) | {loop.path.text for loop in rule.each}
    return {path for path in paths if path.partition(".")[0] not in {loop.variable for loop in rule.each}}


def _asked(rulebook: Rulebook, question: Question) -> set[str]:
    here = {path for expression in expressions(question) for path in asked(expression)}
    return here.union(*(_asked(rulebook, rulebook.questions[name]) for name in question.inner))


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


def _used(rulebook: Rulebook) -> set[str]:
    """The lists, tables and definitions that something names."""
    definitions = [*rulebook.definitions.values()]
    found: list[Expression] = []
    for question in rulebook.questions.values():
        found += expressions(question)
        definitions += question.definitions.values()
    found += [definition.body for definition in definitions]
    found += [invariant.never for invariant in rulebook.invariants.values()]
    names = (node for expression in found for node in t.walk(expression.root))
    return {node.name for node in names if isinstance(node, t.Constant | t.Use | t.Name)}
