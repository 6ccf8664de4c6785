"""Questions inside questions, gates, the standings that count, and how firm an answer is."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from engine.decision import Decision
from engine.rulebook import Rulebook

Ask = Callable[..., Decision]
Book = Callable[..., Rulebook]

SHOP = {"kind": "SHOP", "linked": "true"}
ORDER = {
    "destination": "US",
    "goods": [{"hs": "721320", "transit": []}],
    "maker": {"name": "Aceros", "country": "MX"},
    "period": {"start": "2026-01-01", "end": "2026-12-31"},
}

INNER = """
question: inner
asks: What is inside?
outcomes: [X, Y, Z]
otherwise: {gives: Z, because: Nothing was found., cites: [act]}
rules:
  - {rule: x, reason: RX, when: site.linked, gives: X, because: It is so., cites: [news]}
  - {rule: y, reason: RY, when: 'order.note == "y"', gives: Y, because: It is so., cites: [act]}
"""
OUTER = """
question: outer
asks: What is outside?
outcomes: [A, B]
otherwise: {gives: B, because: Nothing was found., cites: [act]}
rules:
  - {rule: a, reason: RA, when: 'inner.outcome %s', gives: A, because: It is so., cites: [act]}
"""


def test_gate_true(small: Rulebook, ask: Ask) -> None:
    """Where the gate is open, the rules decide."""
    assert ask(small, "review", site=SHOP, order=ORDER).outcome == "ELIGIBLE"


def test_gate_false(small: Rulebook, ask: Ask) -> None:
    """Where the gate is closed, `else` decides and no rule is heard."""
    decision = ask(small, "review", site={"kind": "MARKET", "linked": "false"}, order=ORDER)
    assert (decision.outcome, decision.findings) == ("NOT_APPLICABLE", ())
    assert decision.because == "The order is not within the rule."


def test_gate_unknown(small: Rulebook, ask: Ask) -> None:
    """Where the gate is unknown, what the rules leave possible and what `else` gives are both possible."""
    decision = ask(small, "review", site={"linked": "false"}, order=ORDER)
    assert (decision.possible, decision.missing) == (("SUSPENDED", "NOT_APPLICABLE"), ("site.kind",))
    assert (decision.favourable, decision.findings) == ("UNKNOWN", ())


def test_gate_unknown_and_rules_unknown(small: Rulebook, ask: Ask) -> None:
    """Where gate and rules are unknown, what either lacks is missing."""
    decision = ask(small, "review", order=ORDER)
    assert decision.missing == ("site.kind", "site.linked")


def test_gate_that_does_not_matter(book: Book, ask: Ask) -> None:
    """Where the rules give what `else` gives anyway, an unknown gate leaves the answer determined."""
    rulebook = book("""
question: asked
asks: What is asked?
applies: site.linked
else: {gives: B, because: It does not apply., cites: [act]}
outcomes: [A, B]
otherwise: {gives: B, because: Nothing was found., cites: [act]}
rules:
  - {rule: a, reason: RA, when: "false", gives: A, because: It is so., cites: [act]}
""")
    decision = ask(rulebook)
    assert (decision.outcome, decision.missing) == ("B", ())


def test_inner_agreed(book: Book, ask: Ask) -> None:
    """A comparison with a question that is open is known where all that is possible agrees."""
    rulebook = book(INNER, OUTER % '!= "Z"')
    decision = ask(rulebook, "outer", order={"note": "y"})
    assert (decision.inner[0].possible, decision.outcome) == (("X", "Y"), "A")


def test_inner_disputed(book: Book, ask: Ask) -> None:
    """Where the possible outcomes disagree, the comparison is unknown by what the inner question lacks."""
    rulebook = book(INNER, OUTER % '== "X"')
    decision = ask(rulebook, "outer", order={"note": "y"})
    assert (decision.possible, decision.missing) == (("A", "B"), ("site.linked",))


def test_inner_membership(book: Book, ask: Ask) -> None:
    """`in` over a question's outcome is known where all that is possible agrees."""
    rulebook = book(INNER, OUTER % 'in ["X", "Y"]')
    assert ask(rulebook, "outer", order={"note": "y"}).outcome == "A"


def test_inner_standing(book: Book, ask: Ask) -> None:
    """An enacted rule that rests on a reported answer is only as firm as that."""
    rulebook = book(INNER, OUTER % '== "X"')
    assert ask(rulebook, "outer", site={"linked": "true"}).standing == "reported"
    assert ask(rulebook, "outer", site={"linked": "false"}, order={"note": "y"}).standing == "enacted"


def test_standing_of_decided(book: Book, ask: Ask) -> None:
    """An answer is as firm as the rules that decided, not those that a stronger one overruled."""
    assert ask(book(INNER), "inner", site={"linked": "false"}, order={"note": "y"}).standing == "enacted"
    assert ask(book(INNER), "inner", site={"linked": "true"}, order={"note": "y"}).standing == "reported"


def test_standing_of_otherwise(book: Book, ask: Ask) -> None:
    """`otherwise` rests on every enforced rule that could have spoken."""
    facts = {"site": {"linked": "false"}, "order": {"note": ""}}
    assert ask(book(INNER), "inner", **facts).standing == "reported"
    assert ask(book(INNER), "inner", enforce=("enacted",), **facts).standing == "enacted"


def test_enforce(small: Rulebook, ask: Ask) -> None:
    """Rules whose standing is not enforced do not count; what they would say is the advisory decision."""
    decision = ask(small, "review", enforce=("enacted",), site=SHOP, order=ORDER)
    assert (decision.outcome, decision.standing) == ("NOT_APPLICABLE", "enacted")
    assert decision.advisory is not None
    assert (
        decision.advisory.outcome,
        decision.advisory.enforce,
    ) == ("ELIGIBLE", ("enacted", "reported", "assumed"))


def test_no_advisory(small: Rulebook, ask: Ask) -> None:
    """Where all standings there are count, there is nothing to advise."""
    assert ask(small, "scope", site=SHOP, order=ORDER).advisory is None


def test_no_advisory_before_force(small: Rulebook, ask: Ask) -> None:
    """Rules that are not in force on the day advise nothing."""
    decision = ask(small, "scope", enforce=("enacted",), on=date(2026, 6, 26), site=SHOP, order=ORDER)
    assert decision.advisory is None


def test_list_standing(small: Rulebook, ask: Ask) -> None:
    """A rule that uses a reported list is reported, whatever it cites, and does not count as law."""
    order = {**ORDER, "destination": "NO"}
    assert ask(small, "review", enforce=("enacted",), site=SHOP, order=order).findings == ()
    rule = next(rule for rule in small.questions["review"].rules if rule.name == "rumour")
    assert rule.standing == "reported"


@pytest.mark.parametrize(
    "other",
    [
        {"site": SHOP, "order": {**ORDER, "destination": "NO"}},
        {"site": {"kind": "MARKET"}, "order": ORDER},
        {"order": {"pieces": "0"}},
        {"site": SHOP, "order": ORDER, "on": date(2025, 1, 1)},
        {"site": SHOP, "order": ORDER, "enforce": ("enacted",)},
    ],
)
def test_known_decisions_change_nothing(small: Rulebook, ask: Ask, other: dict[str, Any]) -> None:
    """Decisions that are known, of these facts or of others, of this day and standings or not: the answer is the same."""
    expected = ask(small, "review", site=SHOP, order=ORDER)
    for known in (ask(small, "review", **other), expected):
        assert expected == ask(small, "review", site=SHOP, order=ORDER, known=(known, *known.inner))


def test_known_decision_of_other_rules(book: Book, ask: Ask) -> None:
    """A decision by other rules does not count as known."""
    before = ask(book(INNER, OUTER % '== "X"'), "outer", site=SHOP)
    changed = book(INNER.replace("gives: X", "gives: Y"), OUTER % '== "X"')
    assert ask(changed, "outer", site=SHOP) == ask(changed, "outer", site=SHOP, known=(before, *before.inner))


def test_known_decision_is_not_made_again(small: Rulebook, ask: Ask) -> None:
    """A decision inside that is known is taken as it is."""
    inner = ask(small, "review", site=SHOP, order=ORDER).inner
    assert inner
    again = ask(small, "review", site=SHOP, order=ORDER, known=inner).inner
    assert all(one.findings is known.findings for one, known in zip(again, inner, strict=True))


def test_facts_digest_of_what_is_read(small: Rulebook, ask: Ask) -> None:
    """The digest covers the facts that the question and those inside it can read, and no others."""
    first = ask(small, "review", site=SHOP, order=ORDER)
    other = ask(small, "review", site=SHOP, order={**ORDER, "pieces": "3"})
    assert first.facts_digest == other.facts_digest
    elsewhere = ask(small, "review", site=SHOP, order={**ORDER, "destination": "CA"})
    assert first.facts_digest != elsewhere.facts_digest


def test_none_apart_from_unknown(small: Rulebook, ask: Ask) -> None:
    """A fact known to be none and one not given have different digests."""
    known = ask(small, "review", site=SHOP, order={**ORDER, "maker": None})
    unknown = ask(
        small, "review", site=SHOP, order={key: value for key, value in ORDER.items() if key != "maker"}
    )
    assert known.facts_digest != unknown.facts_digest


def test_inner_incurable(book: Book, ask: Ask) -> None:
    """What no fact can cure inside is told outside, with the question that it is in."""
    failing = INNER.replace("site.linked", "10 / order.pieces > 2")
    decision = ask(book(failing, OUTER % '== "X"'), "outer", order={"pieces": "0", "note": ""})
    assert (decision.possible, decision.missing) == (("A", "B"), ())
    assert [(doubt.rule, doubt.code) for doubt in decision.incurable] == [("inner:x", "divide_by_zero")]
