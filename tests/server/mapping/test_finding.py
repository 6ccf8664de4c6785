"""What a mapping finds in an enterprise's own words."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.expression import Money
from engine.facts import read_facts
from engine.rulebook import Rulebook
from server.mapping.finding import facts_in
from server.mapping.model import Mapping
from server.mapping.reading import read_mapping
from server.rulebooks import load_folder

PROJECT = Path(__file__).resolve().parents[3]

MAPPING = """
facts:
  order.destination: ship.country
  order.import_date: arrives
  order.originating_value: "{amount: sum, currency: cur}"
  order.lines: "items[].{line_id: sku, hs: code, claims_preference: usmca, quantity: n}"
  declaration.producer.manner: maker
  declaration.language: tongue
  declaration.certifier: certifier
words:
  order.destination: {USA: US}
  order.lines[].claims_preference: {"1": "true", "false": "false", N: "false"}
none: [declaration.certifier, declaration.blanket_period]
"""


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """The shipped rulebook."""
    return load_folder(PROJECT / "rules" / "usmca")


@pytest.fixture(scope="module")
def mapping(rulebook: Rulebook) -> Mapping:
    """The mapping above."""
    read = read_mapping("m.yaml", MAPPING, rulebook.facts)
    assert isinstance(read, Mapping), read
    return read


def found(mapping: Mapping, **document: Any) -> dict[str, Any]:
    """What the mapping finds."""
    return facts_in(mapping, mapping.facts, document)


def test_not_given(mapping: Mapping) -> None:
    """Null, an empty text and what is not there are not given; only what the mapping says so of is then none."""
    assert {"declaration": {"certifier": None, "blanket_period": None}} == found(
        mapping, ship={"country": ""}, arrives=None
    )
    assert {"name": "A"} == found(mapping, certifier={"name": "A", "title": ""})["declaration"]["certifier"]


def test_lists(mapping: Mapping) -> None:
    """Lists come element by element, each without what it lacks; an empty list is given."""
    items = [{"sku": "1", "code": "7213.20", "usmca": 1}, {"sku": "2", "usmca": False}, {"usmca": "N"}]
    expected = [
        {"line_id": "1", "hs": "721320", "claims_preference": "true"},
        {"line_id": "2", "claims_preference": "false"},
        {"claims_preference": "false"},
    ]
    assert expected == found(mapping, items=items)["order"]["lines"]
    assert [] == found(mapping, items=[])["order"]["lines"]


def test_words(mapping: Mapping) -> None:
    """Words of the enterprise become those of the rules; others stay as they are, for the reading to refuse."""
    assert "US" == found(mapping, ship={"country": "USA"})["order"]["destination"]
    assert "Texas" == found(mapping, ship={"country": "Texas"})["order"]["destination"]


@pytest.mark.parametrize(
    "arrives",
    [
        "2026-07-15",
        "2026-07-15T23:59:00-06:00",
        "2026-07-15 23:59",
        date(2026, 7, 15),
        datetime(2026, 7, 15, 8, tzinfo=UTC),
    ],
)
def test_days(mapping: Mapping, rulebook: Rulebook, arrives: object) -> None:
    """A day may come as a timestamp, or as a column of days has it."""
    facts, mistakes = read_facts(rulebook.facts, found(mapping, arrives=arrives))
    assert ((), date(2026, 7, 15)) == (mistakes, facts["order"]["import_date"])  # type: ignore[index]


def test_money(mapping: Mapping, rulebook: Rulebook) -> None:
    """An amount and its currency make money, exact."""
    facts, mistakes = read_facts(rulebook.facts, found(mapping, sum=Decimal("12000.10"), cur="USD"))
    assert () == mistakes
    assert Money(Decimal("12000.10"), "USD") == facts["order"]["originating_value"]  # type: ignore[index]


def test_misfit(rulebook: Rulebook) -> None:
    """An expression that does not fit what stands there says so."""
    read = read_mapping("m.yaml", "facts:\n  order.destination: join(',', ship)\n", rulebook.facts)
    assert isinstance(read, Mapping)
    with pytest.raises(ValueError, match=r"`join\(',', ship\)` does not fit what stands there"):
        facts_in(read, read.facts, {"ship": 7})
