"""The solver and the evaluator agree about conditions, both ways, with facts missing and none."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.expression import Unknown, evaluate
from engine.facts import Facts, laid_out
from engine.rulebook import Rulebook
from engine.rulebook.standing import Standing
from engine.workbench.prove.logic import Search, Truth, negated
from engine.workbench.prove.questions import Answers
from engine.workbench.prove.world import World
from tests.engine.conftest import loaded
from tests.engine.workbench.prove.some_conditions import CONDITIONS, DAYS, FACTS, RULEBOOK, SOME_FACTS

ENFORCE = frozenset({Standing.ENACTED})


def with_invariant(never: str) -> Rulebook:
    """The made-up rulebook with a condition as its only invariant."""
    written = f"invariants:\n  - invariant: made\n    never: |\n      {never}\n    because: So.\n"
    return loaded({"rulebook.yaml": RULEBOOK + written, "facts.yaml": FACTS})


def said(rulebook: Rulebook, facts: Facts, on: date) -> bool | None:
    """What the evaluator says of the condition; None where it is unknown."""
    env = {**laid_out(rulebook.facts, facts), "on": on}
    value = evaluate(rulebook.invariants["made"].never, env)
    assert isinstance(value, bool | Unknown)
    return value if isinstance(value, bool) else None


@pytest.mark.parametrize("partial", [False, True])
@given(
    never=CONDITIONS.filter(lambda text: "f." in text),
    known=st.lists(st.tuples(SOME_FACTS, st.sampled_from(DAYS)), min_size=30, max_size=30),
)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_agree(partial: bool, never: str, known: list[tuple[Facts, date]]) -> None:
    """What the solver finds the evaluator confirms, and what the solver excludes no facts show."""
    rulebook = with_invariant(never)
    world = World(2, partial)
    answers = Answers(rulebook, world, ENFORCE)
    truth = answers.conditions.truth(rulebook.invariants["made"].never.root, {})
    search = Search(world.always(), 60)
    assert () == answers.left_open
    wanted: dict[bool | None, Truth] = {True: truth.true, False: truth.false, None: negated(truth.known)}
    excluded = set()
    for value, where in wanted.items():
        model = search.model(where)
        if model is None:
            excluded.add(value)
        else:
            assert value == said(rulebook, world.facts(model), world.on(model))
    never_shown = excluded if partial else excluded - {None}
    assert never_shown.isdisjoint(said(rulebook, facts, on) for facts, on in known)
