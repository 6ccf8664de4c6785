"""All pages of a rulebook, and whether those on disk are still what the rule files say."""

from __future__ import annotations

from collections.abc import Mapping

from engine.rulebook.model import Rulebook
from engine.workbench.pages import links
from engine.workbench.pages.facts import facts_page
from engine.workbench.pages.index import index_page
from engine.workbench.pages.invariants import invariants_page
from engine.workbench.pages.lists import lists_page
from engine.workbench.pages.question import question_page
from engine.workbench.pages.register import register_page
from engine.workbench.pages.sources import sources_page

MARK = "<!-- Made from the rule files by `origingate rules docs`. Change those, not this page. -->"
"""The first line of every page. A page without it was written by a person."""


def pages(rulebook: Rulebook) -> dict[str, str]:
    """The text of every page by its path. The same rulebook gives the same pages, byte for byte."""
    written = {
        links.INDEX: index_page(rulebook),
        **{
            links.question_page(name): question_page(rulebook, each)
            for name, each in rulebook.questions.items()
        },
        links.REGISTER: register_page(rulebook),
        links.SOURCES: sources_page(rulebook),
        links.LISTS: lists_page(rulebook),
        links.FACTS: facts_page(rulebook),
    }
    if rulebook.invariants:
        written[links.INVARIANTS] = invariants_page(rulebook)
    return {path: f"{MARK}\n\n{text}" for path, text in written.items()}


def stale(fresh: Mapping[str, str], found: Mapping[str, str]) -> tuple[str, ...]:
    """The paths of pages that are missing, differ, or should be gone, sorted. Pages by hand are left alone."""
    differing = {path for path, text in fresh.items() if found.get(path) != text}
    return tuple(sorted(differing | set(left_over(fresh, found))))


def left_over(fresh: Mapping[str, str], found: Mapping[str, str]) -> tuple[str, ...]:
    """The paths of pages that were made once and are no page of the rulebook any more, sorted."""
    return tuple(sorted(path for path in found.keys() - fresh.keys() if found[path].startswith(MARK)))
