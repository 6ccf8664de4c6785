"""The compiled form of a question says what the tree walk says: the same rules, places, paths and errors."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.compiled import answering
from engine.decide import decide
from engine.expression import OneOf
from engine.facts import Facts
from engine.rulebook import Rulebook
from engine.rulebook.model import Question
from engine.rulebook.standing import Standing
from tests.engine.compiled.random_facts import DAY, RandomFacts
from tests.engine.compiled.traced import by_compiled, by_walking, laid
from tests.engine.conftest import loaded, typed
from tests.engine.test_decide_laws import everything, fewer, written
from tests.examples import examples

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
EXAMPLES = examples(15)
SHIPPED = Path(__file__).resolve().parents[3] / "rules" / "usmca"
GIVEN = (0.5, 0.9, 0.97, 1, 1)

seeds = st.integers(0, 2**32).map(Random)
standings = st.sets(st.sampled_from(list(Standing)), min_size=1).map(frozenset)


@pytest.fixture(scope="module")
def shipped() -> Rulebook:
    """The rulebook that is shipped."""
    return loaded(
        {path.name: path.read_text("utf-8") for path in sorted(SHIPPED.iterdir()) if path.is_file()}
    )


def outcomes(rulebook: Rulebook, question: Question, random: Random) -> dict[str, object]:
    """Outcomes of the questions that a question uses; some are still one of several."""
    drawn: dict[str, object] = {}
    for name in question.inner:
        possible = rulebook.questions[name].outcomes
        several = OneOf(frozenset(random.sample(possible, 2)), frozenset({"order.a", "order.b"}))
        drawn[name] = random.choice([*possible, several])
    return drawn


def assert_same(rulebook: Rulebook, random: Random, enforce: frozenset[Standing]) -> None:
    """Every question says the same in both forms."""
    facts = RandomFacts(rulebook, random, random.choice(GIVEN)).draw()
    for question in rulebook.questions.values():
        env = laid(rulebook, facts, DAY, outcomes(rulebook, question, random), enforce)
        assert by_walking(question, env, DAY, enforce) == by_compiled(question, env, DAY, enforce)


@settings(max_examples=EXAMPLES, deadline=None)
@given(random=seeds, enforce=standings)
def test_shipped_rules(shipped: Rulebook, random: Random, enforce: frozenset[Standing]) -> None:
    """The shipped rules say the same in both forms, whatever is given, not given or none."""
    assert_same(shipped, random, enforce)


@settings(max_examples=4 * EXAMPLES, deadline=None)
@given(random=seeds, enforce=standings)
def test_small_rules(small: Rulebook, random: Random, enforce: frozenset[Standing]) -> None:
    """The small rulebook, which has one of everything, says the same in both forms."""
    assert_same(small, random, enforce)


@settings(max_examples=2 * EXAMPLES, deadline=None)
@given(data=st.data(), pairs=written, raw=everything)
def test_random_rules(
    rules: Callable[..., Rulebook], data: st.DataObject, pairs: list[tuple[str, str]], raw: Facts
) -> None:
    """Random rules say the same in both forms."""
    rulebook = rules(*pairs)
    question = rulebook.questions["asked"]
    facts = data.draw(fewer(typed(rulebook, **raw)))
    assert isinstance(facts, dict)
    env = laid(rulebook, facts, DAY)
    assert by_walking(question, env, DAY) == by_compiled(question, env, DAY)


@settings(max_examples=EXAMPLES, deadline=None)
@given(random=seeds, enforce=standings)
def test_answers(shipped: Rulebook, random: Random, enforce: frozenset[Standing]) -> None:
    """From facts alone a question is answered, with those that it uses, as `decide` answers it."""
    facts = RandomFacts(shipped, random, random.choice(GIVEN)).draw()
    for name in shipped.questions:
        decision = decide(shipped, name, facts, DAY, enforce)
        verdict = answering(shipped, name, DAY, enforce)(facts)
        found = verdict.found if verdict.applies is True else ()
        assert (decision.outcome, decision.possible, decision.missing) == (
            verdict.outcome,
            verdict.possible,
            verdict.missing,
        )
        assert [(one.rule, one.place) for one in decision.findings] == [
            (one.counted.rule.name, one.place) for one in found
        ]


@settings(max_examples=EXAMPLES, deadline=None)
@given(random=seeds)
def test_facts_that_are_not_what_they_should_be(shipped: Rulebook, random: Random) -> None:
    """Roots that are no records and lists that are none never raise; both forms say the same of them."""
    facts = RandomFacts(shipped, random, 0.9).draw()
    facts |= {root: random.choice([{}, None, *facts.values()]) for root in random.sample(sorted(facts), 1)}
    for question in shipped.questions.values():
        env = laid(shipped, facts, DAY, outcomes(shipped, question, random))
        assert by_walking(question, env, DAY) == by_compiled(question, env, DAY)
