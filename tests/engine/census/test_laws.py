"""Laws of the census: however rows are divided, and in whatever order, they come to the same; and to what `decide` says."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.census import Census, Counting
from engine.decide import decide
from engine.facts import read_facts
from engine.rulebook import Rulebook
from tests.engine.census.test_counting import FORM, facts
from tests.examples import examples

Rules = Callable[..., Rulebook]

CONDITIONS = (
    ("A", 'order.destination == "US" && site.linked'),
    ("B", 'order.destination == "MX"'),
    ("D", "site.linked"),
)
row = st.tuples(
    st.sampled_from(["a", "b", ""]),
    st.sampled_from(["2026-07-01", "2026-08-02", "2026-02-30", ""]),
    st.sampled_from(["US", "MX", "NO", "USA", ""]),
    st.sampled_from(["true", "false", "yes", ""]),
    st.sampled_from(["7213.20", "7213.20 8471", ""]),
    st.sampled_from(["0.10", "2500.01", "-3", "x", ""]),
    st.sampled_from(["USD", "MXN", "?", ""]),
)
numbered = st.lists(row, max_size=12).map(lambda rows: list(enumerate(rows, start=1)))


@settings(max_examples=examples(60), deadline=None)
@given(rows=numbered, data=st.data())
def test_parts_add_up(rules: Rules, rows: list[tuple[int, tuple[str, ...]]], data: st.DataObject) -> None:
    """Any division of rows into batches, counted by whichever process and added in any order, gives the same census."""
    rulebook = rules(*CONDITIONS)
    expected = Counting(rulebook, "asked", FORM).census(rows)
    shuffled = data.draw(st.permutations(rows))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(rows)), max_size=4)))
    batches = [shuffled[start:end] for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True)]
    counting = [Counting(rulebook, "asked", FORM) for _ in range(2)]
    parts = [counting[number % 2].census(batch) for number, batch in enumerate(batches)]
    whole = Census(expected.asked)
    for part in data.draw(st.permutations(parts)):
        whole.add(part)
    assert expected == whole


@settings(max_examples=examples(60), deadline=None)
@given(rows=numbered)
def test_as_decided(rules: Rules, rows: list[tuple[int, tuple[str, ...]]]) -> None:
    """Each row that can be read is counted under the outcome and the missing facts that `decide` gives it."""
    rulebook = rules(*CONDITIONS)
    counted = Counting(rulebook, "asked", FORM).census(rows)
    decisions = [
        decide(
            rulebook, "asked", read_facts(rulebook.facts, facts(cells[2:4]))[0], date.fromisoformat(cells[1])
        )
        for _, cells in rows
        if readable(cells)
    ]
    outcomes = Counter(decision.outcome for decision in decisions)
    missing = Counter(decision.missing for decision in decisions if decision.missing)
    assert outcomes == {outcome: share.orders for outcome, share in counted.outcomes.items()}
    assert missing == counted.missing
    assert len(rows) == counted.orders + counted.unread.rows


@settings(max_examples=examples(60), deadline=None)
@given(rows=numbered)
def test_values_are_kept(rules: Rules, rows: list[tuple[int, tuple[str, ...]]]) -> None:
    """The values by outcome, by site and by month each sum to those of all orders that could be read."""
    counted = Counting(rules(*CONDITIONS), "asked", FORM).census(rows)
    expected: Counter[str] = Counter()
    for _, cells in rows:
        if readable(cells) and cells[5]:
            expected[cells[6]] += Decimal(cells[5])  # type: ignore[assignment]
    for shares in (counted.outcomes, counted.sites, counted.months):
        found: Counter[str] = Counter()
        for share in shares.values():  # type: ignore[attr-defined]
            for currency, amount in share.values.items():
                found[currency] += amount
        assert dict(expected) == dict(found)


def readable(cells: tuple[str, ...]) -> bool:
    """Whether a row has a day, facts and a value that can be read."""
    _, day, destination, linked, _, amount, currency = cells
    valued = amount == "" or (amount != "x" and currency in ("USD", "MXN"))
    return day.endswith(("01", "02")) and destination != "USA" and linked != "yes" and valued
