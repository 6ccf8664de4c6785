"""Texts that can be read in more than one way."""

from collections.abc import Callable

import pytest

from engine.decision import Decision
from engine.rulebook import Rulebook

Ask = Callable[..., Decision]
Book = Callable[..., Rulebook]

ALL = ("enacted", "reported", "assumed")


@pytest.fixture
def unclear(book: Book) -> Callable[[str], Rulebook]:
    """Makes a rulebook with one unclear rule; the text is put under it."""

    def make(rest: str) -> Rulebook:
        return book(f"""
question: asked
asks: What is asked?
outcomes: [INVALID, DENIAL_POSSIBLE, REVIEW, VALID]
otherwise: {{gives: VALID, because: Nothing stands against it., cites: [act]}}
rules:
  - rule: unclear
    reason: UNCLEAR
    when: site.linked
    because: The note says {{order.note}}.
    cites: [act]
    readings:
      strict: {{says: The note binds., gives: INVALID, because: "The note binds: {{order.note}}."}}
      lenient: {{says: The note is only a note.}}
{rest}""")

    return make


LINKED = {"linked": "true"}


def test_open(unclear: Callable[[str], Rulebook], ask: Ask) -> None:
    """While no reading is chosen the rule gives REVIEW, with every reading and its consequence."""
    decision = ask(unclear(""), site=LINKED, order={"note": "x"})
    assert (decision.outcome, decision.standing) == ("REVIEW", "enacted")
    assert decision.findings[0].because == (
        "The note says x. Reading strict: The note binds. Then: INVALID. "
        "Reading lenient: The note is only a note. Then: nothing."
    )


def test_open_with_outcome(unclear: Callable[[str], Rulebook], ask: Ask) -> None:
    """What an open text gives can be said."""
    assert ask(unclear("    gives: DENIAL_POSSIBLE"), site=LINKED).outcome == "DENIAL_POSSIBLE"


def test_chosen(unclear: Callable[[str], Rulebook], ask: Ask) -> None:
    """A chosen reading gives its own outcome and reason, and makes the rule assumed."""
    decision = ask(unclear("    chosen: strict"), enforce=ALL, site=LINKED, order={"note": "x"})
    assert (
        decision.outcome,
        decision.standing,
        decision.findings[0].standing,
    ) == ("INVALID", "assumed", "assumed")
    assert decision.findings[0].because == "The note binds: x. Read as assumed here (strict): The note binds."


def test_chosen_without_consequence(unclear: Callable[[str], Rulebook], ask: Ask) -> None:
    """A chosen reading without an outcome lets the rule say nothing."""
    decision = ask(unclear("    chosen: lenient"), enforce=ALL, site=LINKED)
    assert (decision.outcome, decision.findings) == ("VALID", ())


def test_chosen_but_not_enforced(unclear: Callable[[str], Rulebook], ask: Ask) -> None:
    """Where assumptions do not count the text stays open, and what the choice would say is advised."""
    decision = ask(unclear("    chosen: strict"), site=LINKED)
    assert decision.outcome == "REVIEW"
    assert decision.advisory is not None
    assert decision.advisory.outcome == "INVALID"
