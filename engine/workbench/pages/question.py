"""The page of one question: its outcomes, its rules, what it says without them, and the facts it needs."""

from __future__ import annotations

from collections.abc import Iterable

from engine.rulebook.model import UNDETERMINED, Definition, Gate, Question, Rulebook
from engine.rulebook.standing import ALL_STANDINGS
from engine.workbench.pages import links
from engine.workbench.pages.conditions import condition_section
from engine.workbench.pages.markdown import (
    bullets,
    code,
    count,
    link,
    page,
    paragraph,
    prose,
    row,
    section,
    table,
)
from engine.workbench.pages.reading import described, question_facts, readings
from engine.workbench.pages.rule import rule_section, statement_section


def question_page(rulebook: Rulebook, question: Question) -> str:
    """The whole page of a question."""
    return page(
        f"# The question {code(question.name)}",
        f"{paragraph(prose(question.asks))} ({link('all questions', links.INDEX)})",
        "## Its answers",
        _outcomes(question),
        "## Its rules at a glance",
        _overview(question),
        *_gate(rulebook, question.gate),
        "## The rules one by one",
        *(rule_section(rulebook, question.name, rule) for rule in question.rules),
        "## Where no rule decides",
        statement_section(question.otherwise),
        *definition_sections(rulebook, "## Its definitions", question.definitions.values()),
        "## The facts it needs",
        facts_table(rulebook, question_facts(rulebook, question)),
        _inner(question),
    )


def _outcomes(question: Question) -> str:
    rules = dict.fromkeys(question.outcomes, 0)
    for rule in question.rules:
        rules[rule.outcome] += 1
    favourable = question.favourable
    head = ["Outcome", *(["Favourable"] if favourable is not None else []), "Given by"]
    rows = [
        [
            code(outcome),
            *(["yes" if outcome in favourable else "no"] if favourable is not None else []),
            row(_givers(question, outcome, number)),
        ]
        for outcome, number in rules.items()
    ]
    return section(
        "Strongest first: where several rules apply, the strongest outcome is the answer. Where a fact is missing that "
        f"could still change the answer, it is {code(UNDETERMINED)}, with the facts that are missing.",
        table(head, rows),
    )


def _givers(question: Question, outcome: str, rules: int) -> Iterable[str]:
    if rules:
        yield count(rules, "rule")
    if question.gate is not None and question.gate.otherwise.outcome == outcome:
        yield link("`else`", "#else")
    if question.otherwise.outcome == outcome:
        yield link("`otherwise`", "#otherwise")
    if any(reading.outcome == outcome for rule in question.rules for reading in readings(rule)):
        yield "a reading that is chosen"


def _overview(question: Question) -> str:
    standings = [
        (standing, sum(rule.standing == standing for rule in question.rules)) for standing in ALL_STANDINGS
    ]
    counted = row(f"{number} {standing}" for standing, number in standings if number)
    return section(
        f"{count(len(question.rules), 'rule')}{': ' * bool(counted)}{counted}.",
        table(
            ["Rule", "Gives", "Standing", "Reason code"],
            (
                [
                    links.to_rule(question.name, rule),
                    code(rule.outcome),
                    str(rule.standing),
                    code(rule.reason),
                ]
                for rule in question.rules
            ),
        ),
    )


def _gate(rulebook: Rulebook, gate: Gate | None) -> Iterable[str]:
    if gate is None:
        return
    yield "## When its rules apply"
    yield condition_section(gate.applies, rulebook.facts)
    if gate.basis.questions:
        yield f"This uses {row(links.to_question(name) for name in sorted(gate.basis.questions))}. Elsewhere:"
    yield statement_section(gate.otherwise)


def definition_sections(rulebook: Rulebook, heading: str, definitions: Iterable[Definition]) -> Iterable[str]:
    """A section for each definition, under a heading; nothing where there are none."""
    for number, definition in enumerate(definitions):
        if not number:
            yield heading
        yield f"### {prose(links.heading_of_definition(definition.name))}"
        yield paragraph(prose(definition.meaning))
        yield condition_section(definition.body, rulebook.facts)
        parameters = row(f"{code(name)} ({code(str(type_))})" for name, type_ in definition.parameters)
        lines = {"Of": parameters, "Sources": links.citations(definition.cites) or "none of its own"}
        yield bullets(f"**{name}:** {text}" for name, text in lines.items() if text)


def facts_table(rulebook: Rulebook, paths: Iterable[str]) -> str:
    """The facts by path, what each means, and who states it."""
    found = [described(rulebook.facts, path) for path in sorted(paths)]
    if not found:
        return "None."
    return table(
        ["Fact", "What it means", "Stated by"],
        (
            [
                links.to_fact(each),
                prose(each.field.meaning) if each.field is not None else "everything under this name",
                links.STATED_BY[each.fact.asserted_by] if each.fact is not None else "",
            ]
            for each in found
        ),
    )


def _inner(question: Question) -> str:
    if not question.inner:
        return ""
    others = row(links.to_question(name) for name in question.inner)
    return f"It uses the outcome of {others}, and so needs the facts that stand there too."
