"""The page of invariants: what is never true of any order."""

from __future__ import annotations

from collections.abc import Iterable

from engine.rulebook.model import Invariant, Rulebook
from engine.workbench.pages import links
from engine.workbench.pages.markdown import bullets, fenced, page, paragraph, prose, row
from engine.workbench.pages.rule import in_force


def invariants_page(rulebook: Rulebook) -> str:
    """The whole page."""
    return page(
        "# Invariants",
        "What is never true of any order, whatever its facts. `origingate rules prove` proves each of them, or shows an "
        "order that breaks it.",
        *(block for each in rulebook.invariants.values() for block in _invariant(each)),
    )


def _invariant(each: Invariant) -> Iterable[str]:
    yield f"## {prose(each.name)}"
    yield paragraph(prose(each.because))
    yield "Never:"
    yield fenced(each.never.text, "cel")
    lines = {
        "Asks": row(links.to_question(name) for name in each.questions),
        "Days": in_force(each.start, each.end),
        "Sources": links.citations(each.cites),
    }
    yield bullets(f"**{name}:** {text}" for name, text in lines.items() if text)
