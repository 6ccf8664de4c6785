"""The census of rows: outcomes, values, months, what is missing, and rows that cannot be read."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

import pytest

from engine.census import Asked, Census, Counting, Form, Mixed, Part, Share
from engine.rulebook import Rulebook

Rules = Callable[..., Rulebook]

SITE, DAY, DESTINATION, LINKED, HS, AMOUNT, CURRENCY = range(7)


def facts(cells: Sequence[object]) -> dict[str, object]:
    """A row's facts, as they are written; empty cells are not given."""
    named = {"destination": cells[0]} if cells[0] else {}
    return {"order": named, "site": {"linked": cells[1]} if cells[1] else {}}


def cell(cells: Sequence[object]) -> object:
    """The cell of a part that has one."""
    return cells[0]


def codes(cells: Sequence[object]) -> object:
    """HS codes, with blanks between them."""
    return str(cells[0]).split()


FORM = Form(
    Part((DESTINATION, LINKED), facts),
    Part((DAY,), cell),
    Part((SITE,), cell),
    Part((HS,), codes),
    Part((AMOUNT,), cell),
    Part((CURRENCY,), cell),
    loose=False,
)


@pytest.fixture
def rulebook(rules: Rules) -> Rulebook:
    """A linked site that sends to the US gives A, what goes to Mexico B, all else C."""
    return rules(("A", 'order.destination == "US" && site.linked'), ("B", 'order.destination == "MX"'))


def census(rulebook: Rulebook, *rows: str, on: date | None = None) -> Census:
    """The census of rows with `,` between their cells, numbered from 1."""
    return Counting(rulebook, "asked", FORM, on=on).census(
        (number, row.split(",")) for number, row in enumerate(rows, start=1)
    )


def test_outcomes(rulebook: Rulebook) -> None:
    """Orders and their exact value are counted by outcome and currency."""
    counted = census(
        rulebook,
        "a,2026-07-01,US,true,7213.20,0.10,USD",
        "a,2026-07-01,US,true,7213.20,0.20,USD",
        "a,2026-07-01,US,true,7213.20,5,MXN",
        "a,2026-07-01,NO,true,7213.20,7,USD",
    )
    expected = {
        "A": Share(3, 0, {"USD": Decimal("0.30"), "MXN": Decimal(5)}),
        "C": Share(1, 0, {"USD": Decimal(7)}),
    }
    assert expected == counted.outcomes
    assert 4 == counted.orders


def test_asked(rulebook: Rulebook) -> None:
    """A census says what was asked: question, rulebook with its digest, standings."""
    assert Asked("small", rulebook.digest, "asked", ("enacted", "reported")) == census(rulebook).asked


def test_missing(rulebook: Rulebook) -> None:
    """An undetermined order is counted by all facts that could still decide it."""
    counted = census(rulebook, "a,2026-07-01,US,,1,,", "a,2026-07-01,,,1,,", "a,2026-07-01,,,1,,")
    assert {("site.linked",): 1, ("order.destination", "site.linked"): 2} == counted.missing
    assert 3 == counted.outcomes["UNDETERMINED"].orders


def test_value_not_given(rulebook: Rulebook) -> None:
    """Orders without an amount are counted as such, never as nothing; a currency alone is no value."""
    counted = census(rulebook, "a,2026-07-01,US,true,1,,USD", "a,2026-07-01,US,true,1,0,USD")
    assert {"A": Share(2, 1, {"USD": Decimal(0)})} == counted.outcomes


def test_many_digits(rulebook: Rulebook) -> None:
    """Sums are exact however many digits they have, within a site and over sites."""
    big = "9" * 40 + ".01"
    counted = census(rulebook, *(f"{site},2026-07-01,US,true,1,{big},USD" for site in "aab"))
    assert {"USD": Decimal("2" + "9" * 39 + "7.03")} == counted.outcomes["A"].values
    assert {"USD": Decimal("1" + "9" * 39 + "8.02")} == counted.sites["a", "A"].values


def test_apart(rulebook: Rulebook) -> None:
    """Orders are counted apart by site and by month; those without a site stand for themselves."""
    counted = census(
        rulebook, "a,2026-07-01,US,true,1,,", "a,2026-08-31,MX,true,1,,", ",2026-08-01,NO,true,1,,"
    )
    assert {("a", "A"), ("a", "B"), ("(not given)", "C")} == set(counted.sites)
    assert {("2026-07", "A"), ("2026-08", "B"), ("2026-08", "C")} == set(counted.months)


def test_chapters(rulebook: Rulebook) -> None:
    """An order stands once under each chapter of its codes; what is no code stands as not given."""
    counted = census(rulebook, "a,2026-07-01,US,true,7213.20 721391 8471,,", "a,2026-07-01,US,true,x,,")
    assert {("72", "A"): 1, ("84", "A"): 1, ("(not given)", "A"): 1} == {
        key: share.orders for key, share in counted.chapters.items()
    }


def test_unread(rulebook: Rulebook) -> None:
    """A row that cannot be read is in no figure; it is counted with its place, and with what is wrong and how to mend it."""
    counted = census(
        rulebook,
        "a,2026-07-01,USA,true,1,,",
        "a,2026-02-30,US,true,1,,",
        "a,2026-07-01,US,true,1,1e3,USD",
        "a,2026-07-01,US,true,1,7,",
        "a,2026-07-01,US,true,1,7,EURO",
        "a,,US,true,1,,",
    )
    assert 0 == counted.orders
    assert 6 == counted.unread.rows
    expected = {
        "order.destination (unknown-value)": 1, "day (bad-date)": 1, "value.amount (wrong-type)": 1,
        "value.currency (not given)": 1, "value.currency (unknown-value)": 1, "day (not given)": 1,
    }  # fmt: skip
    assert expected == counted.unread.reasons
    said = "order.destination: `USA` is no country: write a code of ISO 3166-1 alpha-2, as MX"
    assert (1, said) == counted.unread.first[0]


def test_no_row(rulebook: Rulebook) -> None:
    """What is no row at all says why."""
    counted = Counting(rulebook, "asked", FORM).census([(7, "it has 3 cells, the header has 7")])
    assert ((7, "it has 3 cells, the header has 7"),) == counted.unread.first


def test_first_unread(rulebook: Rulebook) -> None:
    """The first ten of the rows that cannot be read are shown, by their places."""
    counting = Counting(rulebook, "asked", FORM)
    whole = Census(counting.asked)
    whole.add(counting.census([(number, "late") for number in range(100, 120)]))
    whole.add(counting.census([(5, "early")]))
    assert [5, *range(100, 109)] == [row for row, _ in whole.unread.first]
    assert 21 == whole.unread.rows


def test_on(rulebook: Rulebook) -> None:
    """All orders are asked about one day where it is named; their own days still give their months."""
    counted = census(rulebook, "a,2025-12-24,US,true,1,,", "a,,US,true,1,,", on=date(2026, 7, 1))
    assert {("2025-12", "A"), ("(not given)", "A")} == set(counted.months)


def test_own_day(book: Callable[..., Rulebook]) -> None:
    """Each order is asked about its own day: rules begin and end, and conditions may ask for the day."""
    rulebook = book(
        "question: asked\nasks: What?\noutcomes: [A, B, C, D]\n"
        "otherwise: {gives: D, because: None., cites: [act]}\nrules:\n"
        "  - {rule: a, reason: A, from: 2026-07-02, until: 2026-07-02, when: 'true', gives: A, because: So., cites: [act]}\n"
        "  - {rule: b, reason: B, when: 'on > date(\"2026-08-01\")', gives: B, because: So., cites: [act]}\n"
    )
    days = ("2026-07-01", "2026-07-02", "2026-07-03", "2026-08-01", "2026-08-02")
    counted = census(rulebook, *(f"a,{day},US,true,1,," for day in days))
    assert {"A": 1, "B": 1, "D": 3} == {outcome: share.orders for outcome, share in counted.outcomes.items()}


def test_timestamp(rulebook: Rulebook) -> None:
    """Of a timestamp the day counts, as it is written."""
    counted = census(rulebook, "a,2026-07-31T23:30:00-06:00,US,true,1,,", "a,2026-07-31 23:30,US,true,1,,")
    assert {("2026-07", "A"): 2} == {key: share.orders for key, share in counted.months.items()}


def test_types_are_told_apart(rulebook: Rulebook) -> None:
    """In loose rows a number is not taken for the truth value that it equals."""
    form = Form(FORM.facts, FORM.day, loose=True)
    rows = [(1, ["a", "2026-07-01", "US", True]), (2, ["a", "2026-07-01", "US", 1])]
    counted = Counting(rulebook, "asked", form).census(rows)
    assert (1, 1) == (counted.outcomes["A"].orders, counted.unread.rows)


def test_numbers_are_no_texts(rulebook: Rulebook) -> None:
    """In loose rows a number is not taken for the text that it would be written as."""
    sites = Form(FORM.facts, FORM.day, Part((SITE,), lambda cells: type(cells[0]).__name__))
    rows = [(1, ["1", "2026-07-01", "US", "true"]), (2, [1, "2026-07-01", "US", "true"])]
    assert {("str", "A"), ("int", "A")} == set(Counting(rulebook, "asked", sites).census(rows).sites)


def test_mixed(rulebook: Rulebook, rules: Rules) -> None:
    """Censuses by different rulebooks do not add up."""
    with pytest.raises(Mixed, match="do not add up"):
        census(rulebook).add(census(rules(("A", "true"))))
