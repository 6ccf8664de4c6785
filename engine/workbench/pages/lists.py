"""The page of lists and tables, and of the definitions that every question can use."""

from __future__ import annotations

from collections.abc import Iterable

from engine.expression import RecordType, render
from engine.rulebook.model import NamedList, Rulebook
from engine.rulebook.tables import Table
from engine.workbench.pages import links
from engine.workbench.pages.markdown import bullets, code, count, page, paragraph, prose, row, table
from engine.workbench.pages.question import definition_sections
from engine.workbench.pages.resting import used
from engine.workbench.pages.rule import in_force


def lists_page(rulebook: Rulebook) -> str:
    """The whole page."""
    return page(
        "# Lists, tables and definitions",
        "What the conditions of rules name. A change of one of them in the rule files changes every rule that uses it.",
        *(block for each in rulebook.lists.values() for block in _list(rulebook, each)),
        *(block for each in rulebook.tables.values() for block in _table(rulebook, each)),
        *definition_sections(rulebook, "## Definitions of the whole rulebook", rulebook.definitions.values()),
    )


def _list(rulebook: Rulebook, each: NamedList) -> Iterable[str]:
    yield f"## {prose(links.heading_of_list(each.name))}"
    yield paragraph(prose(each.meaning))
    yield row(code(render(value)) for value in each.values) or "Empty."
    lines = {
        "Sources": links.citations(each.cites) or "none of its own",
        "Standing": str(each.standing),
        "Used by": _users(rulebook, each.name),
    }
    yield bullets(f"**{name}:** {text}" for name, text in lines.items())


def _table(rulebook: Rulebook, each: Table) -> Iterable[str]:
    columns = tuple(each.type.value.fields) if isinstance(each.type.value, RecordType) else ()
    yield f"## {prose(links.heading_of_table(each.name))}"
    yield paragraph(prose(each.meaning))
    yield table(
        [*(code(column) for column in columns), "In force", "Sources"],
        (
            [
                *(prose(render(line.cells[column])) for column in columns),
                in_force(line.start, line.end),
                links.row_citations(line.cites, rulebook.sources.values()),
            ]
            for line in each.rows
        ),
    )
    lines = {"Key": code(each.key), "Used by": _users(rulebook, each.name)}
    yield bullets(f"**{name}:** {text}" for name, text in lines.items())


def _users(rulebook: Rulebook, name: str) -> str:
    counts = {
        question.name: sum(name in used(rule) for rule in question.rules)
        for question in rulebook.questions.values()
    }
    return (
        row(
            f"{count(rules, 'rule')} of {links.to_question(question)}"
            for question, rules in counts.items()
            if rules
        )
        or "no rule"
    )
