"""Definitions: named conditions and values, with and without parameters."""

from collections.abc import Callable

from engine.decision import Decision
from engine.rulebook import Rulebook

Ask = Callable[..., Decision]
Book = Callable[..., Rulebook]

QUESTION = """
question: asked
asks: What is asked?
outcomes: [A, C]
otherwise: {gives: C, because: Nothing was found., cites: [act]}
define:
  late: ends_after(order.period.start, 12)
  ends_after: {parameters: {start: date, months: int}, is: order.period.end > start.lastDay(months), cites: [news]}
  is_short: {parameters: {item: good}, is: size(item.hs) < 6}
rules:
  - {rule: late, reason: LATE, when: late && to_party, gives: A, because: "It ends late: {late}.", cites: [act]}
  - {rule: short, reason: SHORT, each: g in order.goods, when: is_short(g), gives: A, because: So., cites: [act]}
"""
PERIOD = {"start": "2026-01-01", "end": "2027-01-01"}


def test_definitions_in_any_order(book: Book, ask: Ask) -> None:
    """A definition may use one that stands after it, and one of the rulebook."""
    decision = ask(book(QUESTION), order={"period": PERIOD, "destination": "US", "goods": []})
    assert [finding.because for finding in decision.findings] == ["It ends late: true."]


def test_record_as_parameter(book: Book, ask: Ask) -> None:
    """A list element can be given to a definition; what it lacks is missing by its path."""
    order = {"period": PERIOD, "destination": "NO", "goods": [{"hs": "721320"}, {}]}
    assert ask(book(QUESTION), order=order).missing == ("order.goods[1].hs",)


def test_standing_of_definition(book: Book) -> None:
    """A rule that uses a reported definition, also through another one, is reported."""
    standings = {rule.name: rule.standing for rule in book(QUESTION).questions["asked"].rules}
    assert standings == {"late": "reported", "short": "enacted"}


def test_reads_through_definitions(book: Book) -> None:
    """What definitions read is read by the question."""
    reads = book(QUESTION).questions["asked"].reads
    assert reads == {"order.destination", "order.goods[].hs", "order.period.end", "order.period.start"}
