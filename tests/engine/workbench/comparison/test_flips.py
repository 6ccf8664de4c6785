"""Whose answer flips, and what is counted of it."""

from datetime import date
from decimal import Decimal

from engine.expression import Money
from engine.workbench.comparison.counts import Why
from engine.workbench.comparison.flips import Flip, Flips, Order, Tally, ranked

from .books import PARCELS, edited, files, side

RULES = "carriage.yaml"
OLD = side("old", files(PARCELS)).rulebook
NEW = side(
    "new",
    edited(
        PARCELS,
        (RULES, "when: parcel.weight > 30.0", "when: parcel.weight > 45.0"),
        (RULES, "    when: 30.0 < parcel.weight\n", "    when: 45.0 < parcel.weight\n"),
        (RULES, "when: parcel.pieces >= 10", "when: parcel.batteries || parcel.pieces >= 10"),
    ),
).rulebook
WHOLE = {
    "destination": "US", "weight": Decimal("12.5"), "pieces": 3, "marked": True, "paper": "P", "batteries": False,
    "value": Money(Decimal(40), "USD"),
}  # fmt: skip
REFUSED_TO_REVIEW = Flip("carriage", "REFUSED", "REVIEW", "over-thirty", "heavy")


def flips(**facts: object) -> list[Flip]:
    """The flips of a parcel, in September 2026."""
    parcel = {"parcel": {**WHOLE, **facts}}
    day = date(2026, 9, 1)
    return list(Flips(OLD, NEW, ["carriage"]).of(Order("", day, ("enacted",), parcel, parcel)))


def test_by_rules() -> None:
    """A flip names what decided before and what decides now; a rule that fires in both is not what decides now."""
    assert [] == flips()
    assert [REFUSED_TO_REVIEW] == flips(weight=Decimal(41))
    assert [Flip("carriage", "REFUSED", "CARRIED", "over-thirty", "otherwise")] == flips(weight=Decimal(31))
    assert [Flip("carriage", "CARRIED", "REVIEW", "otherwise", "many-pieces")] == flips(batteries=True)


def test_undetermined() -> None:
    """Of an answer that became undetermined the unknown rule is named."""
    (flip,) = list(_without_batteries())
    assert Flip("carriage", "CARRIED", "UNDETERMINED", "otherwise", "many-pieces") == flip


def _without_batteries() -> list[Flip]:
    parcel = {"parcel": {name: value for name, value in WHOLE.items() if name != "batteries"}}
    return list(Flips(OLD, NEW, ["carriage"]).of(Order("", date(2026, 9, 1), ("enacted",), parcel, parcel)))


def test_same_are_not_asked() -> None:
    """A question that cannot flip is not asked."""
    parcel = {"parcel": {**WHOLE, "weight": Decimal(41)}}
    order = Order("", date(2026, 9, 1), ("enacted",), parcel, parcel)
    assert [] == list(Flips(OLD, NEW, ["carriage"], ["carriage"]).of(order))


def test_tally() -> None:
    """Tallies of parts add up; of the orders that flip the first are kept, and so are the first that were not read."""
    whole, parts = Tally(2), [Tally(2), Tally(2)]
    for number, part in enumerate(parts):
        part.orders += 10
        part.asked["carriage"] += 10
        for order in range(3):
            part.flipped(REFUSED_TO_REVIEW, f"{number}.{order}", b"")
        part.flipped(Flip("carriage", "CARRIED", "UNDETERMINED", "otherwise", "heavy"), "x", b"")
        for line in range(15):
            part.unreadable(f"{number}.{line}", "why")
        part.differs("carriage", "CARRIED", "REVIEW", f"{number}")
        whole.add(part)
    assert (20, 20, 30, 2) == (
        whole.orders,
        whole.asked["carriage"],
        whole.unread.counts[Why.UNREADABLE],
        whole.newly_undetermined("carriage"),
    )
    assert ["0.0", "0.1"] == [label for label, _ in whole.first[REFUSED_TO_REVIEW]]
    assert {("REFUSED", "REVIEW"): 6, ("CARRIED", "UNDETERMINED"): 2} == whole.matrix("carriage")
    assert [REFUSED_TO_REVIEW, Flip("carriage", "CARRIED", "UNDETERMINED", "otherwise", "heavy")] == [
        flip for flip, _ in whole.of("carriage")
    ]
    named = whole.unread.first[Why.UNREADABLE]
    assert (20, "1.4") == (len(named), named[-1][0])
    assert {("carriage", "CARRIED", "REVIEW"): ["0", "1"]} == whole.unlike_first


def test_ranked() -> None:
    """Outcomes stand as the question has them, strongest first, and what is undetermined last."""
    assert ["A", "C", "UNDETERMINED"] == ranked([("A", "B"), ("B", "C")], ["UNDETERMINED", "C", "A"])
