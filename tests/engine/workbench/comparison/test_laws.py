"""Laws of the comparison, on the planted and on the shipped rulebook."""

from datetime import date
from random import Random

import pytest
import yaml
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from engine.decide import decide
from engine.rulebook.standing import DEFAULT_ENFORCE
from engine.workbench.comparison.compare import Side, compare
from engine.workbench.comparison.flips import Flips, Order
from engine.workbench.durable.generated import generated

from .books import PARCELS, SHIPPED, edited, files, said, shuffled, side

RULES, BOOK = "carriage.yaml", "rulebook.yaml"
SHIPPED_SIDE = side("old", files(SHIPPED))
PARCELS_SIDE = side("old", files(PARCELS))
SHIPPED_RULES = [
    (one.name, rule.name) for one in SHIPPED_SIDE.rulebook.questions.values() for rule in one.rules
]
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
"""A rulebook takes long to load, and a rule has no smaller one."""
MUTATIONS = ("gives", "when", "from", "until", "reason", "cites")


@pytest.mark.parametrize("same", [SHIPPED_SIDE, PARCELS_SIDE], ids=["shipped", "planted"])
def test_nothing(same: Side) -> None:
    """A rulebook does not differ from itself."""
    comparison = compare(same, same)
    assert ((), frozenset(comparison.questions)) == (comparison.changes, comparison.same)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("folder", [SHIPPED, PARCELS])
def test_layout(folder: str, seed: int) -> None:
    """Quotes, comments, line breaks, the order of keys, of rules and of citations are no difference."""
    texts = {
        name: shuffled(text, seed) if name.endswith(".yaml") else text for name, text in files(folder).items()
    }
    assert [] == said(compare(side("old", files(folder)), side("new", texts)).changes)


@settings(max_examples=5, deadline=None, phases=NO_SHRINKING)
@given(which=st.sampled_from(SHIPPED_RULES), how=st.sampled_from(MUTATIONS))
def test_single_mutation(which: tuple[str, str], how: str) -> None:
    """Each single change of what a shipped rule means is reported at that rule, and at nothing else."""
    texts = dict(files(SHIPPED))
    texts[f"{which[0]}.yaml"] = mutated(texts[f"{which[0]}.yaml"], which[1], how)
    changes = compare(SHIPPED_SIDE, side("new", texts)).changes
    assert [which] == [
        (change.key.question, change.key.name) for change in changes if change.key.kind == "rule"
    ]
    assert [] == [change for change in changes if change.key.kind not in ("rule", "otherwise")]


def mutated(text: str, rule: str, how: str) -> str:
    """A question's file with one key of one rule changed in meaning."""
    tree = yaml.load(text, yaml.CBaseLoader)
    (item,) = [one for one in tree["rules"] if one["rule"] == rule]
    changed = {
        "gives": lambda: next(one for one in tree["outcomes"] if one != item.get("gives")),
        "when": lambda: f"!({item['when']})",
        "from": lambda: "2021-01-01",
        "until": lambda: "2099-01-01",
        "reason": lambda: "OTHER",
        "cites": lambda: [f"{item['cites'][0]} again", *item["cites"][1:]],
    }
    if how == "gives" and "readings" in item:
        how = "reason"
    return yaml.safe_dump({**tree, "rules": [
        {**one, how: changed[how]()} if one is item else one for one in tree["rules"]
    ]}, sort_keys=False)  # fmt: skip


EDITS = (
    (RULES, "when: parcel.weight > 30.0", "when: parcel.weight > 35.0"),
    (RULES, "gives: REVIEW\n    because: A parcel of", "gives: REFUSED\n    because: A parcel of"),
    (RULES, "when: parcel.pieces >= 10", "when: parcel.pieces >= 3"),
    (RULES, "from: 2027-06-01", "from: 2026-06-01"),
    (RULES, "otherwise: {gives: CARRIED", "otherwise: {gives: REVIEW"),
    (BOOK, "[US, CA, MX]", "[US]"),
    (BOOK, "The letter on marks, standing: enacted", "The letter on marks, standing: assumed"),
    (
        RULES,
        "rules:\n",
        "applies: parcel.marked\nelse: {gives: REVIEW, because: No., cites: [act]}\nrules:\n",
    ),
)


@settings(max_examples=15, deadline=None, phases=NO_SHRINKING)
@given(edits=st.sets(st.sampled_from(EDITS), min_size=1, max_size=3), seed=st.integers(0, 10**6))
def test_flips_as_decide_does(edits: set[tuple[str, str, str]], seed: int) -> None:
    """An order flips if and only if the two rulebooks decide it with different outcomes, on any day."""
    new = side("new", edited(PARCELS, *edits))
    flips = Flips(PARCELS_SIDE.rulebook, new.rulebook, ["carriage"])
    for case in generated(PARCELS_SIDE.rulebook, 12, Random(seed)):
        order = Order("", case.on, case.enforce, case.facts, case.facts)
        outcomes = [
            decide(book, "carriage", case.facts, case.on, case.enforce).outcome
            for book in (PARCELS_SIDE.rulebook, new.rulebook)
        ]
        found = [(flip.was, flip.now) for flip in flips.of(order)]
        assert ([tuple(outcomes)] if outcomes[0] != outcomes[1] else []) == found


SHIPPED_EDITS = (
    ("scope.yaml", 'when: site.kind != "B2B_INDEPENDENT"', 'when: site.kind == "MARKETPLACE"'),
    ("rulebook.yaml", "values: [en, fr, es]", "values: [en]"),
)


@pytest.mark.parametrize("edit", SHIPPED_EDITS, ids=lambda edit: edit[0])
def test_same_never_flip(edit: tuple[str, str, str]) -> None:
    """Of the shipped rulebook no question that the comparison takes for the same answers an order otherwise."""
    new = side("new", edited(SHIPPED, edit))
    same = compare(SHIPPED_SIDE, new).same
    assert same
    flips = Flips(SHIPPED_SIDE.rulebook, new.rulebook, same)
    cases = generated(SHIPPED_SIDE.rulebook, 100, Random(7))
    assert [] == [
        flip
        for case in cases
        for flip in flips.of(Order("", date(2026, 7, 1), DEFAULT_ENFORCE, case.facts, case.facts))
    ]
