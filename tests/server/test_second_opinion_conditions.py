"""Random conditions, judged by durable-rules and by the evaluator of expressions."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.expression import Unknown, evaluate
from engine.expression.types import BOOL
from engine.workbench.durable.columns import POSSIBLE_END, TRUE_END
from engine.workbench.durable.meaning import Meaning
from engine.workbench.durable.opinion import judge
from engine.workbench.durable.rows import Known
from engine.workbench.durable.rulesets import Ruleset, rulesets
from server.rule_network import RuleNetwork, why_absent
from tests.engine.expression.orders import compiled
from tests.engine.expression.random_texts import conditions, facts

pytestmark = pytest.mark.skipif(bool(why_absent()), reason=why_absent())

Env = dict[str, object]


def translated(texts: list[str]) -> list[Ruleset]:
    """The conditions as rules `e0`, `e1` ... of one group, with the groups of the lists in them before it."""
    meaning = Meaning({})
    setting = meaning.setting(())
    for number, text in enumerate(texts):
        setting.group.add(f"e{number}", meaning.of(compiled(text, expect=BOOL), setting))
    innermost = sorted(meaning.groups.values(), key=lambda group: -len(group.turns))
    return [ruleset for group in innermost for ruleset in rulesets("random", group)]


def by_durable_rules(texts: list[str], given_facts: list[Env]) -> list[list[object]]:
    """For each facts the conditions' values: true, false, or None where they are unknown."""
    made = translated(texts)
    known = [Known(env, frozenset(), {}, {}) for env in given_facts]
    with RuleNetwork({ruleset.name: ruleset.definition for ruleset in made}) as network:
        judge(made, known, network)
    return [[read(one.found[0][()], f"e{number}") for number in range(len(texts))] for one in known]


def read(fired: frozenset[str], name: str) -> object:
    if name + TRUE_END in fired:
        return True
    return None if name + POSSIBLE_END in fired else False


def by_evaluator(texts: list[str], env: Env) -> list[object]:
    values = [evaluate(compiled(text, expect=BOOL), env) for text in texts]
    return [None if isinstance(value, Unknown) else value for value in values]


@settings(max_examples=15, deadline=None)
@given(st.lists(conditions(), min_size=4, max_size=20), st.lists(facts(0), min_size=3, max_size=6))
def test_random_conditions(texts: list[str], given_facts: list[Env]) -> None:
    """Whatever a condition is made of, both evaluators find it true, false or unknown for the same facts."""
    expected = [by_evaluator(texts, env) for env in given_facts]
    found = by_durable_rules(texts, given_facts)
    differ = [
        (text, env, ours, theirs)
        for env, ours_all, theirs_all in zip(given_facts, expected, found, strict=True)
        for text, ours, theirs in zip(texts, ours_all, theirs_all, strict=True)
        if ours != theirs
    ]
    assert differ == []
