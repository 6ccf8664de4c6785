"""What is offered for orders of the planted and of the shipped rulebook."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from engine.decide import UnknownQuestionError
from engine.facts import Facts, read_facts
from engine.rulebook import Rulebook, Standing
from engine.workbench.why_not import NoGoalError, WhyNot, why_not
from engine.workbench.why_not.search import Search
from engine.workbench.why_not.standing import Setting
from server.cli.facts import facts_of
from server.rulebooks import load_folder
from server.shipped import shipped_rules

ROOT = Path(__file__).parents[4]
DAY = date(2026, 9, 1)
CARRIED = {
    "destination": "US", "weight": "12.5", "pieces": "3", "marked": "true", "value": "40.00 USD",
    "paper": "P-12", "batteries": "false",
}  # fmt: skip


@pytest.fixture(scope="module")
def parcels() -> Rulebook:
    """The rulebook with planted faults."""
    return load_folder(ROOT / "tests" / "planted" / "parcels")


@pytest.fixture(scope="module")
def usmca() -> Rulebook:
    """The shipped rulebook."""
    return load_folder(shipped_rules() / "usmca")


def parcel(rulebook: Rulebook, without: tuple[str, ...] = (), **changed: str | None) -> Facts:
    """A parcel that is carried, but for what is changed."""
    given = {name: value for name, value in {**CARRIED, **changed}.items() if name not in without}
    facts, mistakes = read_facts(rulebook.facts, {"parcel": given})
    assert mistakes == ()
    return facts


def order(name: str, **site: str) -> Facts:
    """An order of the examples, of a site that our records know."""
    facts = facts_of(ROOT / "examples" / "orders" / name, None, load_folder(shipped_rules() / "usmca"))
    return {**facts, "site": {"site_id": "s", "kind": "B2B_INDEPENDENT", "integration": "CONNECTED", **site}}


def said(found: WhyNot) -> list[tuple[str, ...]]:
    """The changes of each offer in words."""
    return [tuple(change.says for change in offer.changes) for offer in found.offers]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"weight": "30.1"}, "parcel.weight at most 30.0 (now 30.1)"),
        ({"destination": "CN"}, "parcel.destination one of CA, MX, US (now CN)"),
        ({"marked": "false"}, "parcel.marked true (now false)"),
        ({"pieces": "20"}, "parcel.pieces at most 9 (now 20)"),
        ({"value": "150.00 USD"}, "parcel.value at most 100.00 USD (now 150.00 USD)"),
        ({"value": "150.00 CAD"}, "parcel.value at most 100.00 USD (now 150.00 CAD)"),
        ({"paper": None}, 'give parcel.paper, such as "P-12" (now known to be none)'),
    ],
    ids=lambda part: str(part),
)
def test_one_fact(parcels: Rulebook, changed: dict[str, str | None], expected: str) -> None:
    """One fact that stands in the way is offered with the bounds within which it would do."""
    assert [(expected,)] == said(why_not(parcels, "carriage", parcel(parcels, **changed), DAY))


def test_two_facts(parcels: Rulebook) -> None:
    """Two facts that each stand in the way have to change together."""
    found = why_not(parcels, "carriage", parcel(parcels, weight="45", destination="CN"), DAY)
    expected = ("parcel.destination one of CA, MX, US (now CN)", "parcel.weight at most 30.0 (now 45)")
    assert [expected] == said(found)


def test_several_rules_about_one_fact(parcels: Rulebook) -> None:
    """A fact that breaks a second rule with the value that mends the first gets another one; that is one change."""
    found = why_not(parcels, "carriage", parcel(parcels, weight="45"), date(2025, 12, 31))
    assert [("parcel.weight at most 20.0 (now 45)",)] == said(found)


def test_facts_not_given(parcels: Rulebook) -> None:
    """Facts that are missing are offered with what they may be."""
    facts = parcel(parcels, without=("marked", "weight"))
    expected = ("parcel.marked true (now not given)", "parcel.weight at most 30.0 (now not given)")
    assert [expected] == said(why_not(parcels, "carriage", facts, DAY))


def test_favourable_already(parcels: Rulebook) -> None:
    """Of a favourable answer it is said that nothing has to change."""
    found = why_not(parcels, "carriage", parcel(parcels), DAY)
    assert (True, (), None) == (found.reached, found.offers, found.nearest)


def test_what_is_not_needed_is_left_out(parcels: Rulebook) -> None:
    """A set of changes is cut down to the part that helps; one that fits already is not touched."""
    question = parcels.questions["carriage"]
    facts, favourable = parcel(parcels, weight="45", marked="false"), frozenset({"CARRIED"})
    setting = Setting(parcels, DAY, frozenset({Standing.ENACTED}))
    search = Search(setting, question, facts, favourable, most_changes=3, most_sets=5, most_tries=10)
    needed = {"parcel.weight": Decimal(30), "parcel.marked": True}
    assert needed == search.needed({**needed, "parcel.pieces": 2})
    assert needed == search.needed(needed)


def test_named_outcome(parcels: Rulebook) -> None:
    """An outcome that is named is looked for instead of the favourable ones."""
    found = why_not(parcels, "carriage", parcel(parcels), date(2026, 7, 1), outcome="REFUSED")
    assert ["REFUSED"] * 2 == [offer.decision.outcome for offer in found.offers]
    assert (("parcel.weight at least 30.1 (now 12.5)",)) in said(found)


def test_beyond_the_bound(parcels: Rulebook) -> None:
    """Where more facts would have to change than allowed, the nearest answer is told with its changes."""
    facts = parcel(parcels, weight="45", destination="CN", marked="false")
    found = why_not(parcels, "carriage", facts, DAY, most_changes=2)
    assert ((), False) == (found.offers, found.cut)
    assert found.nearest is not None
    assert ("REVIEW", 2) == (found.nearest.decision.outcome, len(found.nearest.changes))


def test_bound_of_tries(parcels: Rulebook) -> None:
    """A search that ends at its bound says so."""
    facts = parcel(parcels, weight="45", destination="CN", marked="false")
    assert why_not(parcels, "carriage", facts, DAY, most_tries=2).cut


def test_nothing_can_help(parcels: Rulebook) -> None:
    """An outcome that no rule gives on the day cannot be reached by any change."""
    facts = parcel(parcels)
    found = why_not(parcels, "carriage", facts, DAY, outcome="REVIEW", most_changes=1)
    assert found.offers
    assert all(offer.decision.outcome == "REVIEW" for offer in found.offers)


def test_no_favourable_outcomes(usmca: Rulebook) -> None:
    """A question without favourable outcomes needs one to be named, and the words say which there are."""
    with pytest.raises(
        NoGoalError, match="names no favourable outcomes; say which of IN_SCOPE, OUT_OF_SCOPE"
    ):
        why_not(usmca, "scope", {}, DAY)


def test_no_such_outcome(usmca: Rulebook) -> None:
    """So does one that the question does not have."""
    with pytest.raises(NoGoalError, match="has no outcome `ELIGIBEL`; it has SUSPENDED"):
        why_not(usmca, "prereview", {}, DAY, outcome="ELIGIBEL")


def test_no_such_question(usmca: Rulebook) -> None:
    """A question that is none is refused as `decide` does."""
    with pytest.raises(UnknownQuestionError, match="did you mean `prereview`"):
        why_not(usmca, "prerview", {}, DAY)


def test_questions_inside(usmca: Rulebook) -> None:
    """The facts behind the answers that a question rests on are looked at, and their rules' remedies told."""
    facts = {**order("08-hs-too-short.json"), "certificate": {"uncovered": (), "used_by": ()}}
    found = why_not(usmca, "prereview", facts, date(2026, 7, 1), outcome="ELIGIBLE", most_changes=4)
    first = found.offers[0]
    assert 'declaration.goods[0].hs such as "721320" (now "84713")' == first.changes[0].says
    assert ("Classify the good to at least 6 digits.",) == first.remedies


def test_callers_facts_first(usmca: Rulebook) -> None:
    """What callers state comes before what our records state, though it be more facts."""
    certificate = {"status": "ACTIVE", "sandbox": True, "differences": (), "uncovered": (), "used_by": ()}
    facts = {**order("05-site-not-connected.json", integration="NONE"), "certificate": certificate}
    found = why_not(usmca, "prereview", facts, date(2026, 7, 1))
    assert [["caller"], ["caller"], ["caller", "caller"], ["server"]] == [
        [change.stated_by for change in offer.changes] for offer in found.offers
    ]
    assert ("Connect the inquiry or order system of the site to a recognised platform.",) == found.offers[
        -1
    ].remedies


def test_what_is_missing_comes_before_what_was_stated(usmca: Rulebook) -> None:
    """Of ways with as many facts, giving what is missing comes before stating something else than before."""
    found = why_not(usmca, "claim", order("01-eligible.json"), date(2026, 7, 1))
    expected = (
        "order.lines[0].quota_listed false (now not given)",
        "order.lines[1].quota_listed false (now not given)",
    )
    assert expected == said(found)[1]


def test_elements_and_fields_are_not_mixed(usmca: Rulebook) -> None:
    """Two lines that claim are offered with neither claiming, not in every mixture with lines taken out."""
    found = why_not(usmca, "prereview", order("01-eligible.json"), date(2026, 7, 1))
    expected = (
        "order.lines[0].claims_preference false (now true)",
        "order.lines[1].claims_preference false (now true)",
    )
    assert expected in said(found)
    assert not any(change.startswith("take ") for offer in said(found) for change in offer)


def test_dates_of_a_period(usmca: Rulebook) -> None:
    """A period and a signature that do not fit can each be moved, as far as all rules allow."""
    found = why_not(usmca, "certification", order("09-blanket-two-readings.json"), date(2026, 7, 1))
    assert [
        ("declaration.blanket_period.last_day from 2026-07-15 to 2026-12-15 (now 2026-12-31)",),
        ("declaration.certified_on on or after 2025-12-31 (now 2025-12-15)",),
        ("declaration.coverage SINGLE_SHIPMENT (now BLANKET)",),
    ] == said(found)
