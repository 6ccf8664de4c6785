"""The record of an assessment."""

from datetime import date

from engine.readiness import Area, Assessment, Item, ItemState
from engine.rulebook.standing import Standing

DESTINATION = Item(
    Area.FIELDS, "order.destination", ItemState.MET, "given in 3 of 3 orders", "in every order"
)
CERTIFIED_ON = Item(
    Area.FIELDS, "declaration.certified_on", ItemState.LACKING, "given in 0 of 3 orders", "in every order",
    "The site's system team", "It adds the field.", "FIELD_NEVER_GIVEN", Standing.REPORTED,
)  # fmt: skip
CONNECTED = Item(Area.INTERFACE, "integration", ItemState.UNKNOWN, "nobody said", "a conformance run")
FOUND = Assessment(
    "aceros-shop", "orders/", 3, date(2026, 11, 27), "sha256:00", "NOT_READY", ("NOT_READY",), (), Standing.REPORTED,
    (DESTINATION, CONNECTED, CERTIFIED_ON),
)  # fmt: skip


def test_lacking():
    """What nobody could measure is not lacking; what a rule found is."""
    assert (CERTIFIED_ON,) == FOUND.lacking


def test_of():
    """An area's items come worst first."""
    assert (CERTIFIED_ON, DESTINATION) == FOUND.of(Area.FIELDS)
