"""Whether two rulebooks answer alike for all facts."""

from collections.abc import Callable

import pytest

from engine.decide import decide
from engine.rulebook import Rulebook
from engine.workbench.prove.differ import differs
from engine.workbench.prove.prove import Bounds
from engine.workbench.prove.report import Example, Report
from tests.engine.conftest import loaded

BOUNDS = Bounds(elements=2, seconds=60)

Make = Callable[..., Rulebook]


def compared(make: Make, was: str, now: str) -> Report:
    """What is found where one rule's condition becomes another."""
    return differs(make(("A", was)), make(("A", now)), "asked", BOUNDS)


def shown(report: Report) -> Example:
    """The order that tells them apart."""
    assert ((), ()) == (report.proved, report.unsettled)
    example = report.found[0].example
    assert example is not None
    return example


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("order.pieces > 5", "!(order.pieces <= 5)"),
        ("order.pieces > 5 && site.linked", "site.linked && 6 <= order.pieces"),
        ('order.goods.exists(good, good.hs == "1")', '!order.goods.all(good, good.hs != "1")'),
        ('order.value > money("5.00 USD")', 'money("5.00 USD") < order.value'),
        ('order.import_date > date("2026-06-30")', 'order.import_date >= date("2026-07-01")'),
        ('order.note.startsWith("ab")', 'order.note.matches("^ab")'),
        ('order.destination in ["US", "CA"]', 'order.destination == "US" || order.destination == "CA"'),
    ],
)
def test_alike(rules: Make, was: str, now: str) -> None:
    """What is said in other words is proved to be alike, also where facts are missing."""
    assert ("asked",) == compared(rules, was, now).proved


def test_boundary(rules: Make) -> None:
    """Where two conditions differ for one value, the order has that value, and both rulebooks answer it otherwise."""
    old, new = rules(("A", "order.pieces > 5")), rules(("A", "order.pieces >= 5"))
    example = shown(differs(old, new, "asked", BOUNDS))
    assert {"order": {"pieces": 5}} == example.facts
    assert "old: C; new: A" == example.shows
    answers = [decide(book, "asked", example.facts, example.on).outcome for book in (old, new)]
    assert ["C", "A"] == answers


def test_missing_facts(rules: Make) -> None:
    """Conditions that say the same of complete orders can leave different things open."""
    was, now = "site.linked && order.pieces > 5", "order.pieces > 5 ? site.linked : false"
    example = shown(compared(rules, was, now))
    assert {"site": {"linked": False}} == example.facts
    assert "old: C; new: UNDETERMINED (A, C)" == example.shows


def test_always_true(rules: Make) -> None:
    """What is true of every value is still unknown where the value is missing."""
    example = shown(compared(rules, "site.linked || !site.linked", "true"))
    assert {} == example.facts


def test_unknown_list(book: Make) -> None:
    """A rule for each element leaves open what a rule over all of them leaves open, until one is for the empty list too."""
    question = """question: asked
asks: What?
outcomes: [A, B]
otherwise: {{gives: B, because: Nothing., cites: [act]}}
rules:
  - {{rule: goods, reason: GOODS, {}, gives: A, because: So., cites: [act]}}
"""
    each = "each: good in order.goods, when: site.linked"
    same = "when: 'size(order.goods) > 0 && site.linked'"
    other = "when: site.linked"
    old, alike, wider = (book(question.format(rule)) for rule in (each, same, other))
    assert ("asked",) == differs(old, alike, "asked", BOUNDS).proved
    assert {"site": {"linked": True}, "order": {"goods": ()}} == shown(
        differs(old, wider, "asked", BOUNDS)
    ).facts


def test_period(book: Make) -> None:
    """A rule that begins later answers otherwise on the days between."""
    question = """question: asked
asks: What?
outcomes: [A, B]
otherwise: {{gives: B, because: Nothing., cites: [act]}}
rules:
  - {{rule: linked, reason: LINKED, from: {}, when: site.linked, gives: A, because: So., cites: [act]}}
"""
    old, new = (book(question.format(day)) for day in ("2026-07-01", "2026-07-02"))
    example = shown(differs(old, new, "asked", BOUNDS))
    assert ("2026-07-01", {"site": {"linked": True}}) == (example.on.isoformat(), example.facts)


def test_fact_of_another_type(small_files: dict[str, str], rules: Make) -> None:
    """Where a fact is of another type in the other rulebook, nothing is proved, and it is said which one."""
    old = rules(("A", "order.pieces > 5"))
    facts = old.files["facts.yaml"].replace("order.pieces: {type: int", "order.pieces: {type: decimal")
    report = differs(old, loaded({**old.files, "facts.yaml": facts}), "asked", BOUNDS)
    assert ((), ()) == (report.proved, report.found)
    assert all("`order.pieces`, which is of another type" in one.why for one in report.unsettled)
