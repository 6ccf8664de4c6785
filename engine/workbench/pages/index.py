"""The first page: what the rulebook asks, how many rules of which standing answer it, and how to read the rest."""

from __future__ import annotations

from engine.rulebook.model import UNDETERMINED, Question, Rulebook
from engine.rulebook.standing import ALL_STANDINGS
from engine.workbench.pages import links
from engine.workbench.pages.markdown import bullets, code, link, page, prose, table


def index_page(rulebook: Rulebook) -> str:
    """The whole page."""
    questions = list(rulebook.questions.values())
    return page(
        f"# {prose(rulebook.title)}",
        f"The rulebook {code(rulebook.name)}, as its rule files say it. Days begin and end in {code(rulebook.zone)}.",
        "## Its questions",
        table(
            ["Question", "What it asks", "Rules", *(each.capitalize() for each in ALL_STANDINGS)],
            [
                *(
                    [links.to_question(question.name), prose(question.asks), *_counts([question])]
                    for question in questions
                ),
                ["**all**", "", *_counts(questions)],
            ],
        ),
        "## Its other pages",
        bullets(
            [
                f"{link('Register', links.REGISTER)}: what is reported, assumed or unclear, and what an official text "
                "would change",
                f"{link('Sources', links.SOURCES)}: what was read, how firm it is, when to read it again",
                f"{link('Lists, tables and definitions', links.LISTS)}: what conditions name",
                f"{link('Facts', links.FACTS)}: the dictionary, with meanings, and who may state each fact",
                *(
                    [f"{link('Invariants', links.INVARIANTS)}: what is never true of any order"]
                    if rulebook.invariants
                    else []
                ),
            ]
        ),
        "## How to read a rule",
        bullets(
            [
                "A rule's heading is its name. A finding names its rule: look it up on the page of the question.",
                "The first line is what a finding says. Names in braces stand for the order's own values.",
                "The block under it is the condition, in the language of rule files (CEL). The rule fires where it is "
                f"true. Where a fact that it needs is missing and it could change the answer, that is {code(UNDETERMINED)}.",
                "Standing says how firm a rule is: enacted (law in force), reported (what somebody says of a law), assumed "
                "(our own reading until something is known). A rule is as firm as the weakest of what it rests on.",
            ]
        ),
        f"Made from the rulebook with the digest {code(rulebook.digest)}.",
    )


def _counts(questions: list[Question]) -> list[str]:
    standings = [rule.standing for question in questions for rule in question.rules]
    return [str(len(standings)), *(str(standings.count(each)) for each in ALL_STANDINGS)]
