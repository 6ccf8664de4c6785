"""What the shipped rulebook makes of what was measured."""

import pytest

from engine.readiness import Area, Assessment, ItemState
from engine.readiness.assess import Looked, assess
from engine.readiness.measure import Measured, needed_of
from engine.rulebook import Rulebook, load
from engine.rulebook.standing import Standing
from server.rulebooks import load_folder, read_files
from server.shipped import shipped_rules

from .test_measure import LIMIT, START, TODAY, called, certificate, measured, order


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """The shipped rulebook."""
    return load_folder(shipped_rules() / "usmca")


def assessed(rulebook: Rulebook, found: Measured, integration: str | None = "CONNECTED") -> Assessment:
    """What the shipped rulebook makes of it."""
    looked = Looked("shop", "traffic", START, START, LIMIT, integration, "a test says so")
    return assess(rulebook, TODAY, looked, found)


def reasons(found: Assessment) -> list[tuple[str, str, Standing | None]]:
    """What is lacking, by reason, by what it is about, by how firm it is."""
    return [(item.reason, item.about, item.standing) for item in found.lacking]


def test_ready(rulebook: Rulebook) -> None:
    """A site that lacks nothing is ready, and each thing that was measured is an item."""
    found = assessed(rulebook, measured(order(certificate())))
    assert ("READY", []) == (found.outcome, reasons(found))
    assert {(Area.INTERFACE, 3), (Area.FIELDS, 2), (Area.TRIGGER_POINTS, 2)} == {
        (area, len(found.of(area))) for area in Area
    }


def test_our_measure_is_marked(rulebook: Rulebook) -> None:
    """What only our own measure finds lacking is an item that is marked as assumed, and changes no outcome."""
    found = assessed(rulebook, measured(order(certificate()), order(certificate(3))))
    assert ("READY", [("INTERFACE_OFTEN_LATE", "real time", Standing.ASSUMED)]) == (
        found.outcome, reasons(found),
    )  # fmt: skip
    assert "Answered within 2 s: 1 of 2; half of the answers came within 1 s" in found.lacking[0].seen


def test_each_is_named(rulebook: Rulebook) -> None:
    """Each shortfall is an item of its area, with who has to act and how."""
    careless = order(
        facts={"order": {}, "declaration": {"signed": True}},
        missing=("order.destination",),
        DECLARATION=called(),
        ORDER=called(),
    )
    found = assessed(rulebook, measured(careless, **{"declaration.signed": 1}))
    assert [
        ("FIELD_MISTYPED", "declaration.signed"),
        ("FIELD_NEVER_GIVEN", "order.destination"),
        ("INTERFACE_NEVER_USED", "certificate requests"),
        ("TRIGGER_HAND_OFF_MISSING", "calls"),
    ] == sorted((reason, about) for reason, about, _ in reasons(found))
    assert all(item.who and item.mend and item.needed for item in found.lacking)


def test_not_known(rulebook: Rulebook) -> None:
    """An integration that is not known is neither good nor lacking: the answer is open, and says so."""
    found = assessed(rulebook, measured(order(certificate())), None)
    assert ("UNDETERMINED", ("site.integration",), ()) == (found.outcome, found.missing, found.lacking)
    [item] = [one for one in found.items if one.state is ItemState.UNKNOWN]
    assert ("integration", "Not known: a test says so.") == (item.about, item.seen)


def unknown(found: Assessment) -> set[str]:
    """What is neither good nor lacking."""
    return {item.about for item in found.items if item.state is ItemState.UNKNOWN}


def test_not_known_beside_what_is_lacking(rulebook: Rulebook) -> None:
    """What is not known stays so where something else already decides: that leaves no fact missing, and shows nothing."""
    careless = order(facts={"order": {}}, missing=("order.destination",), ORDER=called())
    found = assessed(rulebook, measured(careless), None)
    assert ("NOT_READY", ()) == (found.outcome, found.missing)
    assert {"integration", "certificate requests", "real time"} == unknown(found)


def test_nothing_to_show_it(rulebook: Rulebook) -> None:
    """Where no order was seen, nothing shows that certificates come in time, or before an order is confirmed."""
    found = assessed(rulebook, measured(), "NONE")
    assert {"certificate requests", "real time", "answer before confirmation"} == unknown(found)


def test_no_orders(rulebook: Rulebook) -> None:
    """Where no order was seen, that is lacking, and no field is presumed."""
    found = assessed(rulebook, measured())
    assert "FIELDS_NEVER_SEEN" in [reason for reason, _, _ in reasons(found)]
    assert "READY" != found.outcome


def test_needed(rulebook: Rulebook) -> None:
    """Needed are the facts that rules read and a caller gives: none of a platform or of our records."""
    needed = needed_of(rulebook, ("scope", "prereview"))
    assert {"order.destination", "declaration.signed", "site.kind"} < needed
    assert set() == {path for path in needed if path.startswith(("certificate", "nomenclature", "site.i"))}


OTHER_RULE = """rules:
  - rule: shop-is-watched
    reason: SHOP_IS_WATCHED
    when: site.site_id == "shop"
    gives: PARTLY_READY
    because: The shop is watched.
    remedy: Somebody looks at it.
    cites: [ecert-article-2026-06]
"""


def test_rule_of_something_else() -> None:
    """What a rule finds that reads nothing measured is an item too, called by the rule's name."""
    files = read_files(shipped_rules() / "usmca")
    [asked] = [name for name in files if name.endswith("/readiness.yaml")]
    rulebook = load({**files, asked: files[asked].replace("rules:\n", OTHER_RULE, 1)})
    assert isinstance(rulebook, Rulebook), rulebook
    found = assessed(rulebook, measured(order(certificate())))
    assert [("SHOP_IS_WATCHED", "shop-is-watched", Standing.REPORTED)] == reasons(found)
