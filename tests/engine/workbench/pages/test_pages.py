"""The pages of a rulebook: what stands on them, where their links lead, when they are stale."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.rulebook import Rulebook
from engine.workbench.pages.book import MARK, left_over, pages, stale
from engine.workbench.pages.markdown import anchor
from engine.workbench.pages.reading import described, question_facts, rule_facts
from server.rulebooks import load_folder
from server.shipped import shipped_rules

EXPECTED = Path(__file__).parent / "expected"
PAGES = ("README.md", "facts.md", "lists.md", "register.md", "review.md", "scope.md", "sources.md")
Change = Callable[[str, str, str], Rulebook]


@pytest.fixture(scope="module")
def usmca() -> Rulebook:
    """The rulebook that is shipped."""
    return load_folder(shipped_rules() / "usmca")


@pytest.mark.parametrize("path", PAGES)
def test_golden(path: str, tiny: Rulebook) -> None:
    """Every page is exactly as expected."""
    text = pages(tiny)[path]
    if os.environ.get("UPDATE_GOLDENS"):
        (EXPECTED / path).write_text(text, "utf-8")
    assert (EXPECTED / path).read_text("utf-8") == text


def test_one_page_a_question(tiny: Rulebook) -> None:
    """There is a page for each question, and one each for index, register, sources, lists and facts."""
    assert sorted(PAGES) == sorted(pages(tiny))


def test_question_called_as_another_page(changed: Change) -> None:
    """A question that is called as another page has a longer path, and takes no page's place."""
    made = pages(changed("review.yaml", "question: review", "question: register"))
    assert "# The question `register`" in made["question-register.md"]
    assert "# Register of assumptions" in made["register.md"]


def headings(text: str) -> list[str]:
    """What links to the page can name after `#`."""
    return [anchor(heading) for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)]


def dead_links(made: dict[str, str]) -> list[str]:
    """The links of pages that lead to no page or to no heading."""
    dead = []
    for path, text in made.items():
        for target in re.findall(r"\]\(([^)]*)\)", text):
            page, _, place = target.partition("#")
            there = made.get(page or path)
            if there is None or (place and place not in headings(there)):
                dead.append(f"{path}: {target}")
    return dead


def test_links(tiny: Rulebook, usmca: Rulebook) -> None:
    """Every link leads to a page and a heading that are there."""
    assert [] == dead_links(pages(tiny))
    assert [] == dead_links(pages(usmca))


def test_rules_have_headings_of_their_own(usmca: Rulebook) -> None:
    """The name of a rule in a finding leads to one place on its question's page."""
    made = pages(usmca)
    for name, question in usmca.questions.items():
        places = headings(made[f"{name}.md"])
        assert [] == [rule.name for rule in question.rules if places.count(rule.name) != 1]


def test_counts(usmca: Rulebook) -> None:
    """The index counts all rules, and the sum over the standings is their number."""
    totals = re.search(r"\*\*all\*\* \|  \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|", pages(usmca)["README.md"])
    assert totals is not None
    rules, *by_standing = map(int, totals.groups())
    assert sum(len(question.rules) for question in usmca.questions.values()) == rules == sum(by_standing)


def test_facts_of_questions(tiny: Rulebook, usmca: Rulebook, small: Rulebook) -> None:
    """The facts on a question's page and on those of the questions it uses are what a decision can read."""
    for rulebook in (tiny, usmca, small):
        for question in rulebook.questions.values():
            inner = [rulebook.questions[name].reads for name in question.inner]
            assert question.reads == question_facts(rulebook, question).union(*inner)


def test_facts_of_nested_loops(small: Rulebook) -> None:
    """A rule that goes over a list in a list reads the facts by their whole path."""
    (rule,) = (rule for rule in small.questions["review"].rules if rule.name == "unwatched-stop")
    assert {
        "order.goods[].hs",
        "order.goods[].transit[].country",
        "order.goods[].transit[].watched",
    } == rule_facts(small, rule)


@pytest.mark.parametrize(
    ("path", "meaning", "record", "by"),
    [
        ("order.goods[].transit[].country", "Where.", "step", "caller"),
        ("order.maker.name", "Its name.", "party", "caller"),
        ("order.goods[]", "Its goods.", "", "caller"),
        ("site.linked", "Whether it is linked.", "", "server"),
    ],
)
def test_described(small: Rulebook, path: str, meaning: str, record: str, by: str) -> None:
    """A path is described by the field it ends in, and stated by whoever states the fact it begins with."""
    found = described(small.facts, path)
    assert found.field is not None
    assert found.fact is not None
    assert (meaning, record, by) == (found.field.meaning, found.record, found.fact.asserted_by)


def test_part_of_the_dictionary(small: Rulebook) -> None:
    """A path above facts has no meaning of its own."""
    assert described(small.facts, "order.period").fact is None


def test_nothing_but_law(changed: Change) -> None:
    """A rulebook whose sources are all enacted has nothing in the overview of its register."""
    rulebook = changed("rulebook.yaml", "standing: reported", "standing: enacted")
    assert "| [news](#reported-news)" not in pages(rulebook)["register.md"]


def test_chosen_reading(changed: Change) -> None:
    """A chosen reading is named with what it depends on."""
    made = pages(changed("review.yaml", "mild: {says: It may be paid after.}", MILD_CHOSEN))
    assert "`mild` is chosen, which counts where assumed rules count" in made["review.md"]
    assert "has the reading `mild` chosen" in made["register.md"]


MILD_CHOSEN = "mild: {says: It may be paid after.}\n    chosen: mild"


def test_fresh(tiny: Rulebook) -> None:
    """Pages that are as they were made are not stale; neither is one that a person wrote beside them."""
    made = pages(tiny)
    assert () == stale(made, {**made, "notes.md": "# By hand"})


def test_stale(tiny: Rulebook) -> None:
    """A page is stale where it is missing, where it differs, and where it should be gone."""
    made = pages(tiny)
    found = {**made, "old.md": f"{MARK}\n\n# An old question", "scope.md": made["scope.md"] + "more"}
    del found["facts.md"]
    assert ("facts.md", "old.md", "scope.md") == stale(made, found)
    assert ("old.md",) == left_over(made, found)


def test_changed_rule_is_stale(tiny: Rulebook, changed: Change) -> None:
    """A changed text of a rule makes its question's page stale, and the index, which names the rulebook."""
    other = changed("scope.yaml", "is within the rule.", "is in it.")
    assert ("README.md", "scope.md") == stale(pages(other), pages(tiny))


def test_changed_comment_is_fresh(tiny: Rulebook, changed: Change) -> None:
    """A comment in a rule file changes no page."""
    assert () == stale(
        pages(changed("scope.yaml", "question: scope", "# New.\nquestion: scope")), pages(tiny)
    )
