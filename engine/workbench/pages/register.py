"""The register: what is not law as enacted, what rests on it, what an official text would change, what to watch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.rulebook.model import Question, Rulebook, Source, Statement
from engine.rulebook.standing import ALL_STANDINGS, DEFAULT_ENFORCE, Standing
from engine.workbench.pages import links
from engine.workbench.pages.markdown import (
    anchor,
    bullets,
    code,
    count,
    link,
    page,
    paragraph,
    prose,
    row,
    table,
)
from engine.workbench.pages.question import facts_table
from engine.workbench.pages.reading import rule_facts, statement_facts
from engine.workbench.pages.resting import Resting, asking, resting
from engine.workbench.pages.rule import in_force
from engine.workbench.pages.sources import review
from engine.workbench.pages.watch import as_read, calendar, unclear, without_source


def register_page(rulebook: Rulebook) -> str:
    """The whole page."""
    sources = [each for each in rulebook.sources.values() if each.standing is not Standing.ENACTED]
    rests = {each.name: resting(rulebook, each.name) for each in sources}
    return page(
        "# Register of assumptions and reported items",
        "What in this rulebook is not law as enacted, what depends on it, and what to watch. "
        f"{_counted()} {link('All sources', links.SOURCES)} stand on a page of their own.",
        "## What is reported or assumed",
        _overview(sources, rests),
        *(block for each in sources for block in _item(rulebook, each, rests[each.name])),
        *unclear(rulebook),
        *as_read(rulebook),
        *without_source(rulebook),
        *calendar(rulebook),
    )


def _counted() -> str:
    others = [each for each in ALL_STANDINGS if each not in DEFAULT_ENFORCE]
    return (
        f"Where a caller asks for nothing else, rules that are {' or '.join(DEFAULT_ENFORCE)} decide; "
        f"what rules that are {' or '.join(others)} would add stands beside the answer, as advice."
    )


def _overview(sources: Iterable[Source], rests: Mapping[str, Resting]) -> str:
    rows = [
        [
            link(prose(each.name), f"#{anchor(_heading(each))}"),
            str(each.standing),
            str(len(rests[each.name].rules)),
            row(links.to_question(question.name) for question in rests[each.name].questions) or "none",
            review(each),
        ]
        for each in sources
    ]
    return table(["Source", "Standing", "Rules", "Questions", "Read again by"], rows) if rows else "Nothing."


def _heading(source: Source) -> str:
    return f"{source.standing.capitalize()}: {source.name}"


def _item(rulebook: Rulebook, source: Source, rests: Resting) -> Iterable[str]:
    yield f"## {prose(_heading(source))}"
    yield paragraph(prose(source.title))
    lines = {
        "What was read": prose(source.read),
        "Where": prose(source.link),
        "Read again by": review(source),
        "Confirmed or replaced by": prose(source.watch),
    }
    yield bullets(f"**{name}:** {text}" for name, text in lines.items() if text)
    yield "**What rests on it**"
    yield _rules(rests)
    yield bullets(_others(rulebook, rests))
    if rests.questions:
        yield "**What an official text would change**"
        yield bullets(_consequences(source, rests))
        yield "**Facts to watch**"
        yield facts_table(rulebook, _facts(rulebook, rests))


def _rules(rests: Resting) -> str:
    rows = [
        [
            code(question.name),
            links.to_rule(question.name, rule),
            code(rule.outcome),
            in_force(rule.start, rule.end),
        ]
        for question, rule in rests.rules
    ]
    rows += [
        [code(question.name), links.to_rule(question.name, each), code(each.outcome), _where(question, each)]
        for question, each in rests.statements
    ]
    return (
        table(["Question", "Rule", "Gives", "In force"], sorted(rows, key=lambda cells: cells[0]))
        if rows
        else "No rule."
    )


def _where(question: Question, statement: Statement) -> str:
    return "where no rule decides" if statement is question.otherwise else "where its rules do not apply"


def _others(rulebook: Rulebook, rests: Resting) -> Iterable[str]:
    for each in rests.lists:
        yield f"the list {links.to_name(rulebook, '', each.name)}"
    tables = [each.name for each, _ in rests.rows]
    for name in dict.fromkeys(tables):
        rows = count(tables.count(name), "row")
        yield f"{rows} of the table {links.to_name(rulebook, '', name)}"
    for question, definition in rests.definitions:
        yield f"the definition {links.to_name(rulebook, question.name if question else '', definition.name)}"
    further = asking(rulebook, frozenset(question.name for question in rests.questions))
    if further:
        names = row(links.to_question(question.name) for question in further)
        yield f"through the outcomes of these questions: {names}"


def _consequences(source: Source, rests: Resting) -> Iterable[str]:
    enforced = source.standing in DEFAULT_ENFORCE
    gain = (
        "count also for a caller who asks for enacted law only"
        if enforced
        else "decide, where they were advice"
    )
    yield (
        "**If it says the same:** it takes the place of this source, with the standing enacted. The rules stay as they are "
        f"and {gain}."
    )
    able = "; ".join(
        f"{links.to_question(each.name)}: {row(_outcomes(each, rests))}" for each in rests.questions
    )
    yield f"**If it says something else:** what rests on this source is written again. Today it can give {able}."
    left = "; ".join(_left(each, rests) for each in rests.questions)
    absent = (
        "If there turns out to be none"
        if source.standing is Standing.REPORTED
        else "If the assumption is given up"
    )
    yield f"**{absent}:** the source and what rests on it are taken out. Then {left}."


def _outcomes(question: Question, rests: Resting) -> Iterable[str]:
    given = {rule.outcome for other, rule in rests.rules if other is question}
    given |= {each.outcome for other, each in rests.statements if other is question}
    return (code(outcome) for outcome in question.outcomes if outcome in given)


def _left(question: Question, rests: Resting) -> str:
    gone = sum(other is question for other, _ in rests.cited)
    changed = sum(other is question for other, _ in rests.rules) - gone
    bare = [each.name for other, each in rests.statements if other is question]
    rules = f"{len(question.rules) - gone} of {count(len(question.rules), 'rule')}"
    uses = f" ({changed} of them with less in a list, table or definition)" if changed else ""
    verb = "need" if len(bare) > 1 else "needs"
    needs = f", and its {' and '.join(map(code, bare))} {verb} another source" if bare else ""
    return f"{links.to_question(question.name)} keeps {rules}{uses}{needs}"


def _facts(rulebook: Rulebook, rests: Resting) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    return found.union(
        *(rule_facts(rulebook, rule) for _, rule in rests.rules),
        *(statement_facts(rulebook, each) for _, each in rests.statements),
    )
