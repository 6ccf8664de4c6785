"""Made-up facts: of the dictionary's types, around the rules' constants, the same for the same seed."""

from datetime import date
from random import Random

from engine.decide import decide
from engine.expression import Money
from engine.facts import projection
from engine.rulebook import Rulebook
from engine.workbench.durable.generated import generated, pools
from engine.written_facts import canonical_bytes


def test_boundaries(small: Rulebook) -> None:
    """The values beside every constant that the rules compare with are drawn from."""
    pool = pools(small)
    assert {5, 6, 7} <= set(pool.whole)
    assert {date(2026, 6, 26), date(2026, 6, 27), date(2026, 6, 28)} <= set(pool.days)
    assert {"US", "NO", "SHOP"} <= set(pool.texts)
    assert all(isinstance(amount, Money) for amount in pool.amounts)


def test_same_seed(small: Rulebook) -> None:
    """The same seed makes up the same cases."""
    everything = projection(small.facts.facts)
    first, again = (
        [
            (one.question, one.on, canonical_bytes(one.facts, everything))
            for one in generated(small, 50, Random(3))
        ]
        for _ in range(2)
    )
    assert first == again


def test_answers_vary(small: Rulebook) -> None:
    """Cases made up without a model reach every answer but those for which many facts have to agree."""
    cases = generated(small, 2000, Random(5))
    answers = {decide(small, one.question, one.facts, one.on, one.enforce).outcome for one in cases}
    expected = {
        "IN",
        "OUT",
        "ASKED",
        "NOT_ASKED",
        "SUSPENDED",
        "INELIGIBLE",
        "NOT_APPLICABLE",
        "UNDETERMINED",
    }
    assert expected <= answers
