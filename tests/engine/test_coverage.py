"""What a blanket certificate covers: goods, period, and what is left of its quantities."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.coverage import (
    Balance,
    Coverage,
    Covers,
    Draw,
    Falls,
    Open,
    coverage,
    lines_by_good,
    own_coverage,
    own_draws,
)

BARS = {
    "good_id": "bars",
    "line_ids": ("1",),
    "hs": "721320",
    "description": "Bars, in coils",
    "quantity": Decimal(100),
    "unit": "t",
}
RODS = {"good_id": "rods", "line_ids": ("2",), "hs": "721391", "description": "Rods, 14 mm"}
BLANKET: Mapping[str, Any] = {
    "coverage": "BLANKET",
    "blanket_period": {"first_day": date(2026, 1, 1), "last_day": date(2026, 12, 31)},
    "goods": (BARS, RODS),
}
LINE = {
    "line_id": "7",
    "hs": "7213200010",
    "description": "bars,  in Coils",
    "quantity": Decimal(8),
    "unit": "t",
    "claims_preference": True,
}
ORDER: Mapping[str, Any] = {"import_date": date(2026, 7, 15), "lines": (LINE,)}


def with_line(**said: Any) -> Mapping[str, Any]:
    """The order with other words for its line; None takes one away."""
    line = {name: value for name, value in {**LINE, **said}.items() if value is not None}
    return {**ORDER, "lines": (line,)}


def drawn(amount: str) -> dict[str, Balance]:
    return {"bars": Balance(Decimal(amount))}


def test_covers():
    """A line with the HS to as many digits as the good states, and its description, is a shipment of that good."""
    assert Covers((Draw("7", "bars", Decimal(8), "t"),)) == coverage(BLANKET, ORDER, {})


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 12, 31)])
def test_period_includes_its_days(day: date):
    """An importation on the first or the last day of the period is covered."""
    assert isinstance(coverage(BLANKET, {**ORDER, "import_date": day}, {}), Covers)


@pytest.mark.parametrize(
    ("order", "because"),
    [
        (
            {**ORDER, "import_date": date(2027, 1, 1)},
            "the importation on 2027-01-01 is outside the blanket period from 2026-01-01 to 2026-12-31",
        ),
        (with_line(hs="847130"), "line 7: no good of the certificate has the HS 847130"),
        (
            with_line(claims_preference=False),
            "no line of the order claims the preference, so that there is nothing to cover",
        ),
        (
            {**ORDER, "lines": ()},
            "no line of the order claims the preference, so that there is nothing to cover",
        ),
    ],
)
def test_falls(order: Mapping[str, Any], because: str):
    """What is certainly not covered is named."""
    found = coverage(BLANKET, order, {})
    assert [because] == [str(gap) for gap in found.gaps] if isinstance(found, Falls) else found


@pytest.mark.parametrize(
    ("order", "missing"),
    [
        ({"lines": (LINE,)}, ("order.import_date",)),
        ({"import_date": ORDER["import_date"]}, ("order.lines",)),
        (with_line(hs=None), ("order.lines[0].hs",)),
        (with_line(hs="7213"), ("order.lines[0].hs to 6 digits",)),
        (with_line(description=None), ("order.lines[0].description",)),
        (with_line(description="Hot-rolled bars"), ("the good of order.lines[0]",)),
        (with_line(quantity=None), ("order.lines[0].quantity in t",)),
        (with_line(unit=None), ("order.lines[0].quantity in t",)),
        (with_line(unit="kg"), ("order.lines[0].quantity in t",)),
        (with_line(claims_preference=None), ("order.lines[0].claims_preference",)),
    ],
)
def test_unknown(order: Mapping[str, Any], missing: tuple[str, ...]):
    """What a fact that is missing decides stays open, and the fact is named."""
    assert Open(missing) == coverage(BLANKET, order, {})


def test_named_good():
    """A good that the caller names is taken whatever its description says, as long as the HS agrees."""
    order = with_line(description="Hot-rolled bars")
    assert isinstance(coverage(BLANKET, order, {}, {"7": "bars"}), Covers)


@pytest.mark.parametrize(
    ("named", "because"),
    [
        ("rods", "line 7: its HS 7213200010 is not the HS 721391 of good rods"),
        ("nuts", "line 7: the certificate has no good nuts"),
    ],
)
def test_named_good_that_is_another(named: str, because: str):
    """A good that the caller names, and that the line cannot be, is a gap."""
    found = coverage(BLANKET, ORDER, {}, {"7": named})
    assert [because] == [str(gap) for gap in found.gaps] if isinstance(found, Falls) else found


def test_two_goods_alike():
    """Where two goods fit equally, the caller has to say which one it is."""
    twin = {**BLANKET, "goods": (BARS, {**BARS, "good_id": "more bars"})}
    assert Open(("the good of order.lines[0]",)) == coverage(twin, ORDER, {})


def test_good_of_other_words_beside():
    """A good with the same HS and another description does not keep the one from being found that says the same."""
    beside = {**BLANKET, "goods": (BARS, {**BARS, "good_id": "thick", "description": "Bars, thick"})}
    assert isinstance(coverage(beside, ORDER, {}), Covers)


@pytest.mark.parametrize(("had", "kind"), [("92", Covers), ("92.001", Falls), ("100", Falls)])
def test_what_is_left(had: str, kind: type):
    """An order is covered up to the last gram that is left."""
    assert isinstance(coverage(BLANKET, ORDER, drawn(had)), kind)


def test_overdraw():
    """An overdraw says what is wanted by which lines, what is left, and of how much."""
    two = {**ORDER, "lines": (LINE, {**LINE, "line_id": "8", "quantity": Decimal("2.50")})}
    found = coverage(BLANKET, two, drawn("96"))
    assert isinstance(found, Falls)
    [gap] = found.gaps
    assert "good bars: lines 7, 8 would draw 10.5 t, and 4 t of 100 t are left" == str(gap)
    assert ("bars", Decimal(4), "t") == (gap.good_id, gap.left, gap.unit)


def test_no_quantity_stated():
    """A certification that states no quantity is limited by its period alone."""
    line = {"line_id": "1", "hs": "721391", "description": "Rods, 14 mm", "claims_preference": True}
    assert Covers((Draw("1", "rods", None, None),)) == coverage(BLANKET, {**ORDER, "lines": (line,)}, {})


def test_unknown_balance():
    """Where it is not known what was drawn, it is not known either whether there is enough left."""
    found = coverage(BLANKET, ORDER, {"bars": Balance(None)})
    assert Open(("what was drawn of declaration.goods[0]",)) == found


def test_more_than_all_is_an_overdraw_whatever_was_drawn():
    """More than the whole quantity is not covered even where it is not known what was drawn."""
    found = coverage(BLANKET, with_line(quantity=Decimal(101)), {"bars": Balance(None)})
    assert isinstance(found, Falls)


def test_single_shipment():
    """A certificate for a single shipment covers no other order."""
    found = coverage({**BLANKET, "coverage": "SINGLE_SHIPMENT"}, ORDER, {})
    assert isinstance(found, Falls)


def test_lines_by_good():
    """The lines that certainly are a good stand with it, and no others."""
    order = {**ORDER, "lines": (LINE, {**LINE, "line_id": "8", "description": None})}
    assert {"bars": ("7",), "rods": ()} == lines_by_good(BLANKET, order)


def test_own_draws():
    """The order that it was issued with draws by the lines that the goods name."""
    order = {**ORDER, "lines": ({**LINE, "line_id": "1"},)}
    assert (Draw("1", "bars", Decimal(8), "t"),) == own_draws(BLANKET, order)


def test_own_overdraw():
    """The order that it was issued with can already want more than the declaration states."""
    order = {**ORDER, "lines": ({**LINE, "line_id": "1", "quantity": Decimal(101)},)}
    assert isinstance(own_coverage(BLANKET, order), Falls)


def test_own_goods_are_certified():
    """Of the order that it was issued with no HS and no description is asked for: its very lines are certified."""
    order = {**ORDER, "lines": ({"line_id": "1", "quantity": Decimal(8), "unit": "t"},)}
    assert isinstance(own_coverage(BLANKET, order), Covers)


QUANTITIES = st.decimals(0, 60, places=3)


@given(st.lists(QUANTITIES, max_size=12))
def test_never_overdrawn(wanted: list[Decimal]):
    """However orders come, what is covered together is never more than the quantity, and nothing that fits is refused."""
    total = Decimal(0)
    for quantity in wanted:
        found = coverage(BLANKET, with_line(quantity=quantity), {"bars": Balance(total)})
        assert (total + quantity <= 100) == isinstance(found, Covers)
        if isinstance(found, Covers):
            total += quantity
    assert total <= 100


FACTS = {
    "hs": st.sampled_from(["721320", "72132000", "721391", "847130", "7213"]),
    "description": st.sampled_from(["Bars, in coils", "rods, 14 mm", "Bolts"]),
    "quantity": st.sampled_from([Decimal(3), Decimal(8), Decimal(200)]),
    "unit": st.sampled_from(["t", "kg"]),
    "claims_preference": st.booleans(),
}
LINES = st.fixed_dictionaries({}, optional=FACTS)
DAYS = st.sampled_from([date(2026, 7, 15), date(2025, 7, 15)])


@given(
    st.lists(LINES, min_size=1, max_size=3),
    st.one_of(st.none(), DAYS),
    st.sampled_from(["0", "95"]),
    st.data(),
)
def test_more_facts_change_no_determined_coverage(
    lines: list[dict[str, Any]], day: date | None, had: str, data: st.DataObject
):
    """One more fact never turns what was covered into what is not, nor the other way, nor either into an open one."""

    def order(lines: list[dict[str, Any]], day: date | None) -> Mapping[str, Any]:
        given_lines = tuple({"line_id": str(number), **line} for number, line in enumerate(lines))
        return {"lines": given_lines} | ({} if day is None else {"import_date": day})

    def said(found: Coverage) -> type:
        return type(found)

    before = said(coverage(BLANKET, order(lines, day), drawn(had)))
    number = data.draw(st.integers(0, len(lines) - 1))
    lacking = sorted(FACTS.keys() - lines[number].keys())
    more = list(lines)
    if lacking:
        name = data.draw(st.sampled_from(lacking))
        more[number] = {**lines[number], name: data.draw(FACTS[name])}
    after = said(coverage(BLANKET, order(more, day or data.draw(DAYS)), drawn(had)))
    assert before in (Open, after)


@given(st.permutations(range(3)), st.lists(LINES, min_size=3, max_size=3))
def test_order_of_lines_says_nothing(places: list[int], lines: list[dict[str, Any]]):
    """Lines in another order are covered alike."""
    listed = [{"line_id": str(number), **line} for number, line in enumerate(lines)]
    there = {**ORDER, "lines": tuple(listed)}
    mixed = {**ORDER, "lines": tuple(listed[place] for place in places)}
    assert type(coverage(BLANKET, there, {})) is type(coverage(BLANKET, mixed, {}))
