"""Fields: which facts the questions need, and what was seen of each in orders."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples_of
from hypothesis import strategies as st

from engine.facts import read_facts
from engine.readiness.fields import Fields, Sample, Seen, Stage, Told, needed, stage_of, without
from engine.rulebook import Rulebook, load
from engine.rulebook.typed import Mistake
from tests.examples import examples

RULES = Path(__file__).resolve().parents[3] / "rules" / "usmca"


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """The shipped rulebook."""
    loaded = load({str(path): path.read_text("utf-8") for path in RULES.iterdir()})
    assert isinstance(loaded, Rulebook)
    return loaded


def seen(rulebook: Rulebook, path: str, *orders: tuple[dict[str, object], frozenset[str]]) -> Seen:
    """What was seen of a fact in orders, each with what it gives and what questions lacked in it."""
    fields = Fields()
    for number, (raw, missing) in enumerate(orders):
        facts, mistakes = read_facts(rulebook.facts, raw)
        if mistakes:
            facts, _ = read_facts(rulebook.facts, without(raw, mistakes))
        fields.note(Told(f"o{number}", facts, mistakes, missing), rulebook.facts, [path])
    return fields.seen.get(path, Seen())


NOTHING: frozenset[str] = frozenset()


def test_needed(rulebook: Rulebook) -> None:
    """What the questions read of a caller, by stage and path; what is ours or a platform's is not asked of anybody."""
    found = needed(rulebook, ("scope", "prereview"))
    scope = ["order.destination", "order.lines", "order.lines[].claims_preference", "site.kind"]
    assert scope == list(found)[:4]
    assert {"declaration.carrier", "declaration.carrier.kind"} <= found.keys()
    assert ("scope", "prereview") == found["site.kind"].questions
    assert ("site.integration" in found, "certificate.status" in found) == (False, False)


@pytest.mark.parametrize(
    ("path", "stage"),
    [
        ("order.destination", Stage.INQUIRY),
        ("order.lines", Stage.INQUIRY),
        ("order.import_date", Stage.ORDER),
        ("declaration.goods[].hs", Stage.DECLARATION),
        ("order.claim.made_on", Stage.HAND_OFF),
    ],
)
def test_stage(rulebook: Rulebook, path: str, stage: Stage) -> None:
    """A fact is due at the first step whose question asks for it."""
    assert stage == stage_of(rulebook, path)


def test_given(rulebook: Rulebook) -> None:
    """A fact that an order gives is given; one that nobody asked it for is none of its fields."""
    order = {"order": {"destination": "US"}}
    assert Seen(given=1) == seen(rulebook, "order.destination", (order, NOTHING), ({}, NOTHING))


def test_none(rulebook: Rulebook) -> None:
    """A fact that is known to be none was told too."""
    assert Seen(none=1) == seen(
        rulebook, "declaration.producer", ({"declaration": {"producer": None}}, NOTHING)
    )


def test_missing(rulebook: Rulebook) -> None:
    """A fact that a question lacks is missing, wherever in a list; the first order in which it is is named."""
    lines: dict[str, object] = {"order": {"lines": [{"claims_preference": True}, {}]}}
    lacked = frozenset({"order.lines[1].claims_preference"})
    expected = Seen(given=1, missing=2, missing_in="o0")
    orders = ((lines, lacked), ({}, lacked), (lines, NOTHING))
    assert expected == seen(rulebook, "order.lines[].claims_preference", *orders)


def test_missing_in_a_currency(rulebook: Rulebook) -> None:
    """An amount that is missing in the rule's currency is missing."""
    lacked = frozenset({"order.originating_value in USD"})
    assert 1 == seen(rulebook, "order.originating_value", ({}, lacked)).missing


def test_given_in_another_currency(rulebook: Rulebook) -> None:
    """An amount that is given in another currency than the rule's is given, as it is where a server counts."""
    order: dict[str, object] = {"order": {"originating_value": {"amount": "12000.00", "currency": "MXN"}}}
    lacked = frozenset({"order.originating_value in USD"})
    assert Seen(given=1) == seen(rulebook, "order.originating_value", (order, lacked))


def test_given_by_some(rulebook: Rulebook) -> None:
    """An amount that some elements of a list give, in whatever currency, and others do not, is missing."""
    goods: list[object] = [{"net_cost": {"amount": "9.00", "currency": "MXN"}}, {}]
    order: dict[str, object] = {"declaration": {"goods": goods}}
    lacked = frozenset({"declaration.goods[0].net_cost in USD", "declaration.goods[1].net_cost"})
    assert Seen(missing=1, missing_in="o0") == seen(rulebook, "declaration.goods[].net_cost", (order, lacked))


def test_mistyped(rulebook: Rulebook) -> None:
    """A fact in a form that is refused is mistyped, and not missing beside; a sample says why, and how to mend it."""
    order: dict[str, object] = {"order": {"destination": "USA"}}
    expected = Seen(
        mistyped=1,
        sample=Sample("o0", "`USA` is no country", "write a code of ISO 3166-1 alpha-2, as MX"),
    )
    assert expected == seen(rulebook, "order.destination", (order, frozenset({"order.destination"})))


def test_personal(rulebook: Rulebook) -> None:
    """What somebody is called, or where to reach them, is in no sample."""
    order: dict[str, object] = {"declaration": {"certifier": {"telephone": 818555}}}
    sample = seen(rulebook, "declaration.certifier.telephone", (order, NOTHING)).sample
    assert sample is not None
    assert "`declaration.certifier.telephone` cannot be read [wrong-type]" == sample.why


def test_without() -> None:
    """Only what is mistyped is left out; of a list with a wrong item nothing is left."""
    raw = {"a": {"b": 1, "c": [{"d": 1, "e": 2}, {"d": 3}], "f": ["x", "y"]}}
    mistakes = [Mistake(path, "", "", "") for path in ("a.b", "a.c[0].d", "a.f[1]", "a.z", "a.c[7].d")]
    assert {"a": {"c": [{"e": 2}, {"d": 3}]}} == without(raw, mistakes)
    assert 1 == raw["a"]["b"]


paths = st.sampled_from(["order.destination", "order.lines[].hs", "declaration.signed"])
told = st.builds(
    Told,
    place=st.sampled_from("abcdef"),
    facts=st.sampled_from([{}, {"order": {"destination": "US"}}, {"declaration": {"signed": True}}]),
    mistakes=st.lists(
        st.builds(Mistake, paths, st.just("wrong-type"), st.text(max_size=2), st.just("m")), max_size=2
    ).map(tuple),
    missing=st.frozensets(paths),
)


@examples_of(max_examples=examples(60), deadline=None)
@given(orders=st.lists(told, max_size=8), data=st.data())
def test_parts_add_up(rulebook: Rulebook, orders: list[Told], data: st.DataObject) -> None:
    """However orders are divided, and in whatever order parts are added, they come to the same."""
    looked_for = ["order.destination", "declaration.signed"]
    whole, parts = Fields(), [Fields(), Fields(), Fields()]
    for one in orders:
        whole.note(one, rulebook.facts, looked_for)
        parts[data.draw(st.integers(0, 2))].note(one, rulebook.facts, looked_for)
    added = Fields()
    for part in data.draw(st.permutations(parts)):
        added.add(part)
    assert whole == added
