"""Laws of explanations: they say what the decision says, on whatever facts."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decide import decide
from engine.decision import Decision, Incurable
from engine.explanation import Clause, Explanation, Place, State, explain
from engine.expression.types import (
    BOOL,
    DATE,
    DECIMAL,
    INT,
    MONEY,
    EnumType,
    ListType,
    RecordType,
    Type,
    strip,
)
from engine.facts import Facts
from engine.rulebook import Rulebook
from tests.engine.conftest import DAY, loaded, typed
from tests.engine.test_decide_laws import everything, fewer, written
from tests.examples import examples

USMCA = Path(__file__).parents[2] / "rules" / "usmca"
QUESTIONS = ["scope", "prereview", "certification", "copy", "origin", "claim", "records", "readiness"]
EXAMPLES = examples(20)

standings = st.sets(st.sampled_from(["enacted", "reported", "assumed"]), min_size=1)
texts = st.sampled_from(["", "1", "2", "7213", "721320", "61", "en", "de", "US", "MX", "CN"])
plain = {
    BOOL: st.sampled_from(["true", "false"]),
    INT: st.sampled_from(["0", "1", "7"]),
    DECIMAL: st.sampled_from(["0", "7", "10", "55.5", "60"]),
    MONEY: st.sampled_from(["0.00 USD", "2500.00 USD", "2500.01 USD", "3.00 EUR"]),
    DATE: st.sampled_from(["2025-12-15", "2026-01-01", "2026-07-01", "2026-12-31", "2031-01-01"]),
}


def values(type_: Type) -> st.SearchStrategy[object]:
    """Values of a type as rule tests write them, parts of them not given, or known to be none."""
    bare = strip(type_)
    none = st.sampled_from([None]) if bare != type_ else st.nothing()
    if isinstance(bare, ListType):
        return none | st.lists(values(bare.element), max_size=2)
    if isinstance(bare, RecordType):
        return none | record(bare)
    if isinstance(bare, EnumType):
        return none | st.sampled_from(
            [one for one in ("US", "MX", "CN") if one in bare.values] or bare.values
        )
    return none | plain.get(bare, texts)


def record(type_: RecordType) -> st.SearchStrategy[dict[str, object]]:
    """Records with three quarters of their fields, roughly."""
    fields = {name: values(below) for name, below in type_.fields.items()}
    names = st.sets(st.sampled_from(sorted(fields)), max_size=len(fields) // 4)
    return names.flatmap(
        lambda left_out: st.fixed_dictionaries(
            {name: value for name, value in fields.items() if name not in left_out}
        )
    )


@pytest.fixture(scope="session")
def usmca() -> Rulebook:
    """The shipped rulebook."""
    return loaded({path.name: path.read_text("utf-8") for path in sorted(USMCA.iterdir())})


def places(explanation: Explanation, state: State) -> Iterator[tuple[str, Place]]:
    """The rules in a state, each with the place where it is."""
    for rule in explanation.rules:
        for place in rule.places:
            if place.state is state:
                yield rule.rule, place


def assert_agrees(explanation: Explanation, decision: Decision) -> None:
    """What fired, what is missing and what no fact can cure is the same in both."""
    fired = {(rule, place.place) for rule, place in places(explanation, State.FIRED)}
    open_gate = explanation.gate is not None and explanation.gate.applies is None
    assert fired == {(one.rule, one.place) for one in decision.findings} or open_gate
    still = [(rule, place) for rule, place in places(explanation, State.UNKNOWN) if place.open]
    missing = {path for _, place in still for path in place.missing}
    incurable = {Incurable(rule, place.place, code) for rule, place in still for code in place.errors}
    if open_gate and len(decision.possible) > 1:
        assert explanation.gate is not None
        clauses = explanation.gate.clauses
        missing |= {path for clause in clauses for path in clause.missing}
        incurable |= {Incurable("applies", "", code) for clause in clauses for code in clause.errors}
    assert missing == set(decision.missing)
    assert incurable == set(decision.incurable)


def assert_tells(explanation: Explanation) -> None:
    """Every place has clauses, and they stand for what became of the rule there."""
    for state, holds in ((State.FIRED, True), (State.STOPPED, False), (State.UNKNOWN, None)):
        for rule, place in places(explanation, state):
            assert place.clauses, rule
            assert {clause.holds for clause in place.clauses} == {holds}, (rule, place)
    for _, place in places(explanation, State.UNKNOWN):
        assert _all(place.clauses, "missing") <= set(place.missing)
        assert _all(place.clauses, "errors") <= set(place.errors)


def _all(clauses: tuple[Clause, ...], what: str) -> set[str]:
    return {text for clause in clauses for text in getattr(clause, what)}


@settings(max_examples=4 * EXAMPLES, deadline=None)
@given(data=st.data(), raw=everything, enforce=standings)
def test_agrees_with_decide(small: Rulebook, data: st.DataObject, raw: Facts, enforce: set[str]) -> None:
    """On the small rulebook an explanation fires, misses and fails as the decision does."""
    facts = data.draw(fewer(typed(small, **raw)))
    assert isinstance(facts, dict)
    question = data.draw(st.sampled_from(sorted(small.questions)))
    explanation = explain(small, question, facts, DAY, enforce)
    decision = decide(small, question, facts, DAY, enforce)
    assert decision == explanation.decision
    for one in (explanation, *explanation.inner):
        assert_agrees(one, one.decision)
        assert_tells(one)


@pytest.mark.parametrize("question", QUESTIONS)
@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data(), enforce=standings)
def test_agrees_on_the_shipped_rulebook(
    usmca: Rulebook, question: str, data: st.DataObject, enforce: set[str]
) -> None:
    """The same holds for every question of the shipped rulebook, on facts of every kind."""
    raw = {root: data.draw(record(type_), label=root) for root, type_ in usmca.facts.roots.items()}
    if question == "prereview":
        raw["site"]["kind"] = "B2B_INDEPENDENT"  # else its rules are seldom put to the facts
    facts = typed(usmca, **raw)
    explanation = explain(usmca, question, facts, DAY, enforce)
    assert decide(usmca, question, facts, DAY, enforce) == explanation.decision
    for one in (explanation, *explanation.inner):
        assert_agrees(one, one.decision)
        assert_tells(one)


@settings(max_examples=4 * EXAMPLES, deadline=None)
@given(data=st.data(), pairs=written, raw=everything)
def test_agrees_on_conditions(
    rules: Callable[..., Rulebook], data: st.DataObject, pairs: list[tuple[str, str]], raw: Facts
) -> None:
    """The same holds for conditions of every form, nested as they may be."""
    rulebook = rules(*pairs)
    facts = data.draw(fewer(typed(rulebook, **raw)))
    assert isinstance(facts, dict)
    explanation = explain(rulebook, "asked", facts, DAY)
    assert_agrees(explanation, decide(rulebook, "asked", facts, DAY))
    assert_tells(explanation)
