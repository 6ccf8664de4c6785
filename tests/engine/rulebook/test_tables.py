"""Tables from CSV: typed, keyed, cited, dated."""

from collections.abc import Callable
from datetime import date

from engine.decision import Decision
from engine.rulebook import Rulebook, load

Ask = Callable[..., Decision]
Book = Callable[..., Rulebook]

ORDER = {"destination": "US", "value": "1000.00 USD", "import_date": "2026-07-15"}


def test_row_in_force(small: Rulebook, ask: Ask) -> None:
    """A row counts in its period, both days with it."""
    days = [date(2026, 6, 30), date(2026, 7, 1)]
    assert [ask(small, "paper", on=day, order=ORDER).outcome for day in days] == ["ASKED", "NOT_ASKED"]


def test_row_standing(small: Rulebook, ask: Ask) -> None:
    """An answer is as firm as the rows that it needs; a row whose source is not enforced is not there."""
    assert ask(small, "paper", order=ORDER).standing == "enacted"
    order = {**ORDER, "destination": "MX", "value": "1000.01 USD"}
    decision = ask(small, "paper", order=order)
    assert (decision.outcome, decision.standing) == ("ASKED", "reported")
    law = ask(small, "paper", enforce=("enacted",), order=order)
    assert [(doubt.rule, doubt.code) for doubt in law.incurable] == [("over-the-limit", "no_such_key")]
    assert law.advisory is not None
    assert law.advisory.outcome == "ASKED"


def test_missing_key(small: Rulebook, ask: Ask) -> None:
    """A key that the table lacks is an unknown that no fact can cure."""
    decision = ask(small, "paper", order={**ORDER, "destination": "NO"})
    assert (decision.outcome, decision.missing) == ("UNDETERMINED", ())
    assert [doubt.code for doubt in decision.incurable] == ["no_such_key"]


def test_unknown_key(small: Rulebook, ask: Ask) -> None:
    """A key that is not given is missing as the fact that it is."""
    assert ask(small, "paper", order={"value": "1.00 USD"}).missing == ("order.destination",)


RULEBOOK = """
rulebook: tables
title: Tables
zone: UTC
sources:
  act: {title: The Act, standing: enacted, read: text of 2026}
tables:
  rates:
    meaning: Rates.
    key: code
    columns: {code: int, rate: decimal, note: "string?"}
    cites: [act]
"""
QUESTION = """
question: asked
asks: What is asked?
outcomes: [A, C]
otherwise: {gives: C, because: Nothing was found., cites: [act]}
rules:
  - rule: r
    reason: R
    when: order.pieces in rates && rates[order.pieces].rate > 1.5
    gives: A
    because: '{rates[order.pieces].note} is {rates[order.pieces].rate}.'
    cites: [act]
"""


def tables(small_files: dict[str, str], rows: str) -> Rulebook:
    """A rulebook with the table of the rows."""
    files = {"rulebook.yaml": RULEBOOK, "facts.yaml": small_files["facts.yaml"], "asked.yaml": QUESTION}
    rulebook = load({**files, "rates.csv": f"code,rate,note\n{rows}"})
    assert isinstance(rulebook, Rulebook)
    return rulebook


def test_typed_cells(small_files: dict[str, str], ask: Ask) -> None:
    """Cells have their column's type, quotes and commas and all; a decimal keeps its digits."""
    rulebook = tables(small_files, '1,1.10,plain\n2,1.60,"a, ""b"""\n\n3,9,\n')
    assert [ask(rulebook, order={"pieces": number}).outcome for number in "1234"] == ["C", "A", "A", "C"]
    assert ask(rulebook, order={"pieces": "2"}).findings[0].because == 'a, "b" is 1.60.'
    assert ask(rulebook, order={"pieces": "3"}).findings[0].because == "none is 9."


def test_many_rows(small_files: dict[str, str], ask: Ask) -> None:
    """A table of ten thousand rows loads and is found in by key."""
    rulebook = tables(small_files, "".join(f"{number},{number}.5,row {number}\n" for number in range(10_000)))
    assert ask(rulebook, order={"pieces": "9999"}).findings[0].because == "row 9999 is 9999.5."
