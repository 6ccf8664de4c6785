"""Laws of answers: more facts never change a determined outcome, and the order of rules never matters."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decide import decide, decide_several
from engine.decision import Decision
from engine.facts import Facts
from engine.rulebook import Rulebook
from tests.engine.conftest import DAY, typed
from tests.examples import examples

Rules = Callable[..., Rulebook]

EXAMPLES = examples(25)

goods = st.fixed_dictionaries(
    {
        "hs": st.sampled_from(["7213", "721320"]),
        "share": st.sampled_from([None, "12.5", "60"]),
        "transit": st.lists(
            st.fixed_dictionaries(
                {"country": st.sampled_from(["PA", "US"]), "watched": st.sampled_from(["true", "false"])}
            ),
            max_size=2,
        ),
    }
)
everything = st.fixed_dictionaries(
    {
        "site": st.fixed_dictionaries(
            {"kind": st.sampled_from(["SHOP", "MARKET"]), "linked": st.sampled_from(["true", "false"])}
        ),
        "order": st.fixed_dictionaries(
            {
                "destination": st.sampled_from(["US", "MX", "NO"]),
                "value": st.sampled_from(["900.00 USD", "2500.01 USD", "3.00 EUR"]),
                "pieces": st.sampled_from(["0", "3", "12"]),
                "import_date": st.sampled_from(["2026-07-01", "2027-02-28"]),
                "period": st.sampled_from(
                    [
                        {"start": "2026-01-01", "end": "2026-12-31"},
                        {"start": "2026-01-01", "end": "2027-01-01"},
                    ]
                ),
                "goods": st.lists(goods, max_size=2),
                "maker": st.sampled_from(
                    [None, {"name": "A", "country": "MX"}, {"name": "B", "country": "NO"}]
                ),
                "note": st.sampled_from(["", "x"]),
            }
        ),
    }
)
atoms = st.sampled_from(
    [
        "site.linked",
        "order.note == \"x\"",
        "order.destination in parties",
        "order.value > money(\"900.00 USD\")",
        "order.value > limits[order.destination].limit",
        "10 / order.pieces > 2",
        "order.goods.exists(g, g.hs == \"7213\")",
        "order.goods.all(g, has(g.share) && g.share > 50.0)",
        "order.goods.exists(g, g.transit.all(s, s.watched))",
        "size(order.goods) == 0",
        "has(order.maker)",
        "has(order.maker) && order.maker.country in parties",
        "order.period.end > order.period.start.lastDay(12)",
        "order.import_date.plusMonths(12) > on",
        "(site.linked ? order.note == \"x\" : order.pieces > 3)",
    ]
)  # fmt: skip
conditions = st.recursive(
    atoms,
    lambda below: st.one_of(
        st.tuples(below, below).map(" && ".join).map("({})".format),
        st.tuples(below, below).map(" || ".join).map("({})".format),
        below.map("!({})".format),
    ),
    max_leaves=4,
)
written = st.lists(st.tuples(st.sampled_from("ABCD"), conditions), min_size=1, max_size=5)


@st.composite
def fewer(draw: st.DrawFn, value: object) -> object:
    """The same facts, some of them not given: whole ones, or parts of them."""
    if isinstance(value, Mapping):
        kept = [key for key in value if draw(st.integers(0, 3))]
        return {key: draw(fewer(value[key])) for key in kept}
    if isinstance(value, tuple):
        return tuple(draw(fewer(item)) for item in value)
    return value


def assert_only_narrows(partial: Decision, full: Decision) -> None:
    """The fuller decision answers nothing that the other had excluded, and keeps what was certain."""
    assert set(full.possible) <= set(partial.possible)
    assert partial.favourable in {"UNKNOWN", full.favourable}
    assert len(partial.possible) > 1 or partial.missing == ()


@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data(), pairs=written, raw=everything)
def test_more_facts_only_narrow(
    rules: Rules, data: st.DataObject, pairs: list[tuple[str, str]], raw: Facts
) -> None:
    """What is possible with more facts was possible with fewer; a determined outcome never changes."""
    rulebook = rules(*pairs)
    full = typed(rulebook, **raw)
    partial = data.draw(fewer(full))
    assert isinstance(partial, dict)
    decided = decide(rulebook, "asked", full, DAY)
    assert set(decided.possible) <= set(decide(rulebook, "asked", partial, DAY).possible)


@settings(max_examples=4 * EXAMPLES, deadline=None)
@given(
    data=st.data(),
    raw=everything,
    enforce=st.sets(st.sampled_from(["enacted", "reported", "assumed"]), min_size=1),
)
def test_more_facts_only_narrow_gates_and_lists(
    small: Rulebook, data: st.DataObject, raw: Facts, enforce: set[str]
) -> None:
    """The same holds with gates, inner questions, nested lists, readings and any standings."""
    full = typed(small, **raw)
    partial = data.draw(fewer(full))
    assert isinstance(partial, dict)
    assert_only_narrows(
        decide(small, "review", partial, DAY, enforce), decide(small, "review", full, DAY, enforce)
    )


@settings(max_examples=4 * EXAMPLES, deadline=None)
@given(data=st.data(), raw=everything)
def test_missing_is_enough(small: Rulebook, data: st.DataObject, raw: Facts) -> None:
    """An answer that is open for want of facts names one that was not given, and never one that was."""
    full = typed(small, **raw)
    partial = data.draw(fewer(full))
    assert isinstance(partial, dict)
    decision = decide(small, "review", partial, DAY)
    assert len(decision.possible) == 1 or decision.missing or decision.incurable
    assert not {fact for fact, _ in decision.asserted} & set(decision.missing)


@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data(), pairs=written, raw=everything)
def test_order_of_rules(rules: Rules, data: st.DataObject, pairs: list[tuple[str, str]], raw: Facts) -> None:
    """The order of the rules in a file changes nothing but the digest of the file."""
    rulebook = rules(*pairs)
    question = rulebook.questions["asked"]
    shuffled = replace(question, rules=tuple(data.draw(st.permutations(question.rules))))
    other = replace(rulebook, questions={"asked": shuffled})
    facts = data.draw(fewer(typed(rulebook, **raw)))
    assert isinstance(facts, dict)
    assert decide(rulebook, "asked", facts, DAY) == decide(other, "asked", facts, DAY)


@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data(), raw=everything)
def test_order_of_facts(small: Rulebook, data: st.DataObject, raw: Facts) -> None:
    """The order of the facts changes nothing."""
    facts = data.draw(fewer(typed(small, **raw)))
    assert isinstance(facts, dict)
    backwards = {root: dict(reversed(below.items())) for root, below in reversed(facts.items())}
    assert decide(small, "review", facts, DAY) == decide(small, "review", backwards, DAY)


@settings(max_examples=EXAMPLES, deadline=None)
@given(everything, st.permutations(["scope", "paper", "review"]))
def test_several_at_once(small: Rulebook, raw: Mapping[str, object], questions: list[str]) -> None:
    """Questions that are decided together are answered as each is alone, whatever comes first."""
    known = typed(small, **raw)
    alone = tuple(decide(small, question, known, DAY) for question in questions)
    together = decide_several(small, questions, known, DAY)
    assert [True] * 3 == [one == other for one, other in zip(alone, together, strict=True)]
