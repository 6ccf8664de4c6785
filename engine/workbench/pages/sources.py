"""The page of sources: how firm each is, what text was read, when to read it again, and what cites it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from engine.rulebook.model import Question, Rule, Rulebook, Source
from engine.workbench.pages import links
from engine.workbench.pages.markdown import bullets, code, count, page, paragraph, prose, row, table
from engine.workbench.pages.resting import Resting, resting


def sources_page(rulebook: Rulebook) -> str:
    """The whole page."""
    rests = {name: resting(rulebook, name) for name in rulebook.sources}
    return page(
        "# Sources",
        "Where the rules come from. A source is `enacted` (law in force), `reported` (what somebody says of a law) or "
        "`assumed` (our own reading until something is known).",
        table(
            ["Source", "Standing", "Read again by", "Cited by"],
            (
                [
                    links.to_source(source.name),
                    str(source.standing),
                    review(source),
                    count(len(rests[source.name].cited), "rule"),
                ]
                for source in rulebook.sources.values()
            ),
        ),
        *(
            block
            for source in rulebook.sources.values()
            for block in _section(rulebook, source, rests[source.name])
        ),
    )


def review(source: Source) -> str:
    """The day by which the source is read again."""
    return str(source.review) if source.review is not None else "no day set"


def _section(rulebook: Rulebook, source: Source, rests: Resting) -> Iterable[str]:
    yield f"## {prose(source.name)}"
    yield paragraph(prose(source.title))
    lines = {
        "Standing": str(source.standing),
        "What was read": prose(source.read),
        "Where": prose(source.link),
        "Read again by": review(source),
        "Confirmed or replaced by": prose(source.watch),
        "Lists": row(links.to_name(rulebook, "", each.name) for each in rests.lists),
        "Tables": row(
            links.to_name(rulebook, "", name) for name in dict.fromkeys(t.name for t, _ in rests.rows)
        ),
        "Definitions": row(
            links.to_name(rulebook, question.name if question else "", each.name)
            for question, each in rests.definitions
        ),
        "Answers without a rule": row(
            f"{links.to_rule(question.name, each)} of {links.to_question(question.name)}"
            for question, each in rests.statements
        ),
    }
    yield bullets(f"**{name}:** {text}" for name, text in lines.items() if text)
    if rests.cited:
        yield "Rules that cite it:"
        yield bullets(rules_by_question(rests.cited))


def rules_by_question(rules: Iterable[tuple[Question, Rule]]) -> Iterable[str]:
    """A line for each question with links to its rules."""
    for question, found in groupby(rules, key=lambda each: each[0]):
        yield f"{code(question.name)}: {row(links.to_rule(question.name, rule) for _, rule in found)}"
