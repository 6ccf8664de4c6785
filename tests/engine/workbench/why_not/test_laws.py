"""What is offered helps, and no part of it does: over random facts of the project's rulebooks."""

from decimal import Decimal
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decide import decide
from engine.expression import Money
from engine.facts import Facts
from engine.rulebook import Rulebook, load
from engine.rulebook.text.files import TextFile
from engine.workbench.given_text import given_text, read_given
from engine.workbench.why_not import Offer, WhyNot, why_not
from engine.workbench.why_not.changing import changed
from server.rulebooks import read_files
from server.shipped import shipped_rules
from tests.engine.compiled.random_facts import DAY, RandomFacts

PLANTED = Path(__file__).parents[3] / "planted" / "parcels"
CARRIED: dict[str, object] = {
    "destination": "US", "weight": Decimal("12.5"), "pieces": 3, "marked": True,
    "value": Money(Decimal("40.00"), "USD"), "paper": "P-12", "batteries": False,
}  # fmt: skip
SPOILT: dict[str, list[object]] = {
    "destination": ["CN", "AD", "ZW"],
    "weight": [Decimal("30.1"), Decimal(41), Decimal(10**9)],
    "pieces": [10, 11, 10**12],
    "marked": [False],
    "value": [Money(Decimal("100.01"), "USD"), Money(Decimal(5), "CAD")],
}
SEEDS = st.integers(0, 10**6)


def folder(path: Path) -> Rulebook:
    """The rulebook of a folder."""
    rulebook = load(read_files(path))
    assert isinstance(rulebook, Rulebook)
    return rulebook


BOOKS = {"parcels": folder(PLANTED), "usmca": folder(shipped_rules() / "usmca")}
ASKED = [
    (book, question.name)
    for book, rulebook in BOOKS.items()
    for question in rulebook.questions.values()
    if question.favourable is not None
]


def offered(book: str, question: str, seed: int, given: float) -> tuple[Facts, WhyNot]:
    """Random facts, and what is offered for them."""
    rulebook, random = BOOKS[book], Random(seed)
    facts = RandomFacts(rulebook, random, given).draw()
    return facts, why_not(rulebook, question, facts, DAY, most_changes=3, most_tries=150)


def parts(facts: Facts, offer: Offer) -> list[Facts]:
    """The facts with every proper part of the changes."""
    changes = {change.path: change.after for change in offer.changes}
    return [
        changed(facts, {path: changes[path] for path in some})
        for size in range(len(changes))
        for some in combinations(changes, size)
    ]


def answers(book: str, question: str, cases: list[Facts]) -> set[str | None]:
    """Whether the decisions on the cases are favourable."""
    return {decide(BOOKS[book], question, facts, DAY).favourable for facts in cases}


@pytest.mark.parametrize("given_share", [0.6, 0.95])
@settings(max_examples=10, deadline=None)
@given(asked=st.sampled_from(ASKED), seed=SEEDS)
def test_offers_help_and_nothing_less_does(given_share: float, asked: tuple[str, str], seed: int) -> None:
    """With all changes of an offer `decide` is favourable; with any proper part of them it is not."""
    facts, found = offered(*asked, seed, given_share)
    helped = answers(*asked, [offer.facts for offer in found.offers])
    lesser = answers(*asked, [case for offer in found.offers for case in parts(facts, offer)])
    assert ({"YES"}, False) == (helped | {"YES"}, "YES" in lesser)


@settings(max_examples=10, deadline=None)
@given(asked=st.sampled_from(ASKED), seed=SEEDS)
def test_offered_facts_can_be_written_and_read(asked: tuple[str, str], seed: int) -> None:
    """The facts of an offer, written down and read again, are facts that the dictionary knows, and the same."""
    _, found = offered(*asked, seed, 0.9)
    dictionary = BOOKS[asked[0]].facts
    again = [read_given(TextFile("f", given_text(offer.facts)), dictionary) for offer in found.offers]
    assert [offer.facts for offer in found.offers] == again


@settings(max_examples=5, deadline=None)
@given(asked=st.sampled_from(ASKED), seed=SEEDS)
def test_same_facts_same_offers(asked: tuple[str, str], seed: int) -> None:
    """The same facts get the same offers in the same order."""
    first, second = (offered(*asked, seed, 0.9)[1] for _ in range(2))
    assert [offer.changes for offer in first.offers] == [offer.changes for offer in second.offers]


@settings(max_examples=10, deadline=None)
@given(seed=SEEDS)
def test_what_is_favourable_is_left_alone(seed: int) -> None:
    """Nothing is offered exactly where the answer is favourable already."""
    facts, found = offered("parcels", "carriage", seed, 0.97)
    assert found.reached == (decide(BOOKS["parcels"], "carriage", facts, DAY).favourable == "YES")


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS)
def test_one_change_is_found_where_one_helps(seed: int) -> None:
    """A parcel that was carried and had one fact changed is offered a way of one fact."""
    random = Random(seed)
    name = random.choice(sorted(SPOILT))
    parcel = {**CARRIED, name: random.choice(SPOILT[name])}
    found = why_not(BOOKS["parcels"], "carriage", {"parcel": parcel}, DAY)
    assert [1] == [len(found.offers[0].changes)]
