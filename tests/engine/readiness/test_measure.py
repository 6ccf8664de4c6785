"""Orders counted, and what the shipped rulebook makes of the counts."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from engine.facts import Facts
from engine.readiness.fields import Stage
from engine.readiness.measure import Measured, measure
from engine.readiness.orders import Call, CertificateRequest, SeenOrder

START = datetime(2026, 7, 15, 12, tzinfo=UTC)
TODAY = date(2026, 7, 15)
LIMIT = timedelta(seconds=2)
IMPORTED = date(2026, 8, 1)
GIVEN: Facts = {"order": {"destination": "US", "import_date": IMPORTED}, "declaration": {"signed": True}}


def called(seconds: float = 0, on: date = TODAY) -> Call:
    """A call so many seconds after the first."""
    return Call(START + timedelta(seconds=seconds), on)


def certificate(seconds: float | None = 1, *failures: str, on: date = TODAY) -> CertificateRequest:
    """A request that was answered after so many seconds; None: never."""
    asked = called(on=on)
    answered = None if seconds is None else asked.at + timedelta(seconds=seconds)
    return CertificateRequest(asked, answered, failures)


def order(
    *requests: CertificateRequest, facts: Facts = GIVEN, missing: tuple[str, ...] = (), **calls: Call
) -> SeenOrder:
    """An order that called at every step, unless its calls are given, and said the same at each."""
    at = {Stage(name): call for name, call in calls.items()} or dict.fromkeys(Stage, called())
    return SeenOrder(at, dict.fromkeys(at, facts), frozenset(missing), requests)


def measured(*orders: SeenOrder, early: int = 0, **mistyped: int) -> Measured:
    """What is counted of orders of which two facts are needed."""
    due = {"order.destination": Stage.ORDER, "declaration.signed": Stage.DECLARATION}
    return measure(orders, due, due.__getitem__, mistyped, early, LIMIT)


def test_interface() -> None:
    """In time is what came within the limit, the limit included; what never came is asked for all the same."""
    seen = measured(
        order(certificate(2)), order(certificate(2.001, "UNKNOWN")), order(certificate(None, "UNKNOWN"))
    ).interface
    assert (3, 1, {"UNKNOWN": 2}) == (seen.requests, seen.in_time, seen.failures)
    assert (timedelta(seconds=2), timedelta(seconds=2.001)) == (seen.percentile(50), seen.percentile(95))
    assert measured().interface.percentile(50) is None


def test_field() -> None:
    """A fact counts for the orders that gave it and for those whose answers lack it, and not before it is due."""
    lacking: Facts = {"order": {}}
    found = measured(
        order(),
        order(facts=lacking, missing=("order.destination",)),
        order(facts=lacking),
        order(facts=lacking, missing=("declaration.signed",), ORDER=called()),
    )
    assert {("order.destination", 2, 1), ("declaration.signed", 1, 1)} == {
        (one.path, one.orders, one.given) for one in found.fields
    }


def test_mistyped_part() -> None:
    """What is refused for the form of a part counts for the smallest needed fact that the part lies in, and for no other."""
    due = dict.fromkeys(("declaration.exporter", "declaration.exporter.address", "order.lines"), Stage.ORDER)
    refused = {
        "declaration.exporter.address.locality": 2,
        "declaration.exporter.address": 1,
        "declaration.exporter.addressee": 4,
        "order.lines.items": 8,
        "order.line": 16,
    }
    found = measure([], due, due.__getitem__, refused, 0, LIMIT)
    assert {
        "declaration.exporter": 4,
        "declaration.exporter.address": 3,
        "order.lines": 8,
    } == {one.path: one.mistyped for one in found.fields}


def test_first_stage() -> None:
    """It is counted at which step a fact was first given."""
    later = SeenOrder(
        {Stage.INQUIRY: called(), Stage.ORDER: called(5)},
        {Stage.INQUIRY: {"order": {}}, Stage.ORDER: GIVEN},
        frozenset(),
        (),
    )
    [_, field] = measured(later).fields
    assert {Stage.ORDER: 1} == field.at


def test_points() -> None:
    """A call at the inquiry or the order counts only before the goods are there."""
    late = order(
        ORDER=called(on=IMPORTED), DECLARATION=called(90, on=IMPORTED), HAND_OFF=called(100, on=IMPORTED)
    )
    found = measured(late)
    assert ("DECLARATION", "HAND_OFF") == readiness(found)["trigger_points"]
    assert (1, 1, timedelta(seconds=90)) == (
        found.points[Stage.ORDER].orders,
        found.points[Stage.ORDER].too_late,
        found.points[Stage.DECLARATION].after,
    )
    assert tuple(Stage) == readiness(measured(late, order()))["trigger_points"]


def test_confirmed_early() -> None:
    """An order whose certificate was asked for when the goods were there was confirmed without it; so were those handed
    off before an answer."""
    assert 1 == measured(order(certificate(on=IMPORTED)), order(certificate())).confirmed_early
    assert 3 == measured(order(certificate()), early=3).confirmed_early


def test_refused_hand_off_is_a_call() -> None:
    """Who is refused at the hand-off has called there, too early; it is not told that it does not call."""
    found = measured(order(ORDER=called()), order(ORDER=called()), early=1)
    assert (1, 1) == (found.points[Stage.HAND_OFF].orders, found.confirmed_early)


def readiness(found: Measured) -> Any:
    """The facts of a measurement."""
    site: Any = found.facts("shop", "CONNECTED")["site"]
    return site["readiness"]
