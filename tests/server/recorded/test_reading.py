"""A recorded order as facts for two rulebooks."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from engine.expression import Money
from engine.facts import projection
from engine.rulebook import Rulebook, load
from engine.workbench.comparison.counts import Why
from engine.workbench.comparison.flips import Order
from engine.written_facts import canonical_bytes
from server.recorded.reading import OrderUnreadable, Reading
from server.rulebooks import load_folder, read_files
from server.store.records import RecordedDecision

PROJECT = Path(__file__).resolve().parents[3]
PARCELS = PROJECT / "tests" / "planted" / "parcels"
DAY = date(2026, 7, 1)
DECIDED_AT = datetime(2026, 7, 1, tzinfo=UTC)


def edited(was: str, now: str) -> Rulebook:
    """The parcels with one text in facts.yaml and the rules replaced."""
    rulebook = load({path: text.replace(was, now) for path, text in read_files(PARCELS).items()})
    assert isinstance(rulebook, Rulebook)
    return rulebook


OLD = load_folder(PARCELS)
OTHER = edited("parcel.pieces", "parcel.parts")
RETYPED = edited("type: int,", "type: decimal,")


def order(said: object, new: Rulebook = OLD, on: date | None = DAY) -> Order:
    """The order of a line."""
    return Reading.of(OLD, new, new is OLD, on).order(json.dumps(said).encode())


def why(line: bytes, new: Rulebook = OLD) -> str:
    """Why a line cannot be read."""
    with pytest.raises(OrderUnreadable) as refused:
        Reading.of(OLD, new, new is OLD, None).order(line)
    return str(refused.value)


def test_given() -> None:
    """Facts as rule tests give them, nested or by path, with an id and a day."""
    nested = {"given": {"parcel": {"weight": "12.5", "paper": None}}, "id": 7, "on": "2026-03-01"}
    paths = {"given": {"parcel.weight": 12.5, "parcel.paper": None}, "id": 7, "on": "2026-03-01"}
    read = order(nested, on=None)
    assert ("7", date(2026, 3, 1)) == (read.id, read.on)
    assert {"parcel": {"weight": Decimal("12.5"), "paper": None}} == read.before == order(paths).before


def test_day() -> None:
    """A day for all orders takes the place of their own."""
    assert DAY == order({"given": {}, "on": "2026-03-01"}).on


def test_request() -> None:
    """A request as `order send` takes it, with its id; codes that do not exist are added as `decide` adds them."""
    said = json.loads((PROJECT / "examples" / "orders" / "01-eligible.json").read_text("utf-8"))
    shipped = load_folder(PROJECT / "rules" / "usmca")
    read = Reading.of(shipped, shipped, True, DAY).order(json.dumps(said).encode())
    facts = dict(read.before)
    assert ("AN-1001", Money(Decimal(12000), "USD")) == (read.id, facts["order"]["originating_value"])
    assert {"unlisted": ()} == facts["nomenclature"]


def test_one_dictionary_only() -> None:
    """A fact that only one rulebook knows is left out for the other."""
    read = order({"given": {"parcel": {"pieces": 3, "weight": "1"}}}, OTHER)
    assert ({"weight": Decimal(1), "pieces": 3}, {"weight": Decimal(1)}) == (
        read.before["parcel"],
        read.after["parcel"],
    )


def test_other_type() -> None:
    """A fact has the type that each rulebook gives it."""
    read = order({"given": {"parcel": {"pieces": "3"}}}, RETYPED)
    assert [int, Decimal] == [type(facts["parcel"]["pieces"]) for facts in (read.before, read.after)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"{", "it is not JSON: Expecting property name"),
        (b'"\xff"', "it is not UTF-8 (byte 1)"),
        (b"[" * 100_000, "it is not JSON"),
        (b"[]", "it is no object in braces"),
        (b"{}", "it has neither `given` nor any of `site`, `order`, `declaration`"),
        (b'{"given": 3}', "`given` is no object in braces"),
        (b'{"given": {}, "on": "soon"}', "`on` is no day: soon; write it as 2026-07-01"),
        (b'{"given": {"parcel": {"wieght": 1}}}', "unknown fact `parcel.wieght` (write `weight`)"),
        (b'{"given": {"parcel": {"pieces": "many"}}}', "`many` is no whole number of 64 bits"),
        (b'{"given": {"parcel.weight": 1, "parcel": {"weight": 1}}}', "`parcel.weight` is given twice"),
        (b'{"given": {"parcel": 1, "parcel.weight": 1}}', "`parcel.weight` leads into what is no mapping"),
        (b'{"order": {"destinaton": "US"}}', "it is not the proto JSON of an order"),
        (b'{"order": {"destination": "Mars"}}', "it breaks rules of form: order.destination"),
    ],
)
def test_unreadable(line: bytes, expected: str) -> None:
    """What cannot be read is said in the words of whoever wrote it."""
    assert why(line).startswith(expected)


@pytest.mark.parametrize("new", [OTHER, RETYPED])
def test_unknown_to_both(new: Rulebook) -> None:
    """Where the dictionaries differ, what neither knows is a mistake, and so is what one cannot type."""
    assert "unknown fact `parcel.wieght`" in why(b'{"given": {"parcel": {"wieght": 1}}}', new)
    assert "`x` is no" in why(b'{"given": {"parcel": {"pieces": "x"}}}', new)


def recorded(body: str, facts: str = '{"parcel":["record",{"pieces":["int","3"]}]}') -> RecordedDecision:
    """A decision of the log."""
    return RecordedDecision(
        "acme", "d-1", None, None, "carriage", "CARRIED", body, OLD.digest, "", None, DECIDED_AT, facts
    )


def test_decision() -> None:
    """A recorded decision has its own day and standings, and its facts typed as they were."""
    body = '{"on": {"year": 2026, "month": 2, "day": 3}, "enforce": ["STANDING_ENACTED"]}'
    read = Reading.of(OLD, OLD, True, None).decision(recorded(body))
    assert (date(2026, 2, 3), ("enacted",), {"parcel": {"pieces": 3}}) == (read.on, read.enforce, read.before)
    retyped = Reading.of(OLD, RETYPED, False, None).decision(recorded(body))
    assert canonical_bytes(read.before, projection([""])) == canonical_bytes(retyped.before, projection([""]))
    assert {"parcel": {"pieces": Decimal(3)}} == retyped.after


@pytest.mark.parametrize("body", ["[]", "{}", '{"on": {"year": 2026, "month": 2, "day": 30}, "enforce": []}'])
def test_decision_unreadable(body: str) -> None:
    """A decision that is not recorded as this version does is said."""
    with pytest.raises(OrderUnreadable, match="not recorded as this version"):
        Reading.of(OLD, OLD, True, None).decision(recorded(body))


def test_decision_erased() -> None:
    """A decision whose case was erased is said to be erased."""
    with pytest.raises(OrderUnreadable) as refused:
        Reading.of(OLD, OLD, True, None).decision(recorded(""))
    assert Why.ERASED == refused.value.why
