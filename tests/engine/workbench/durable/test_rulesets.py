"""Rulesets are within the bounds under which durable-rules judges rightly, however many rules there are."""

import json

from engine.workbench.durable.conditions import Condition, Test, every, some
from engine.workbench.durable.groups import Group
from engine.workbench.durable.rulesets import MOST_EQUALITIES, MOST_OPERATORS, MOST_RULES, Ruleset, rulesets


def made(*conditions: Condition) -> list[Ruleset]:
    rules = {f"rule{number}": condition for number, condition in enumerate(conditions)}
    return list(rulesets("asked", Group(0, (), rules=rules)))


def operators(definition: object) -> int:
    """How many `$and` and `$or` there are."""
    if isinstance(definition, list):
        return sum(map(operators, definition))
    if not isinstance(definition, dict):
        return 0
    return sum((key in ("$and", "$or")) + operators(below) for key, below in definition.items())


def test_many_rules() -> None:
    """A thousand rules with one condition in common are put into several rulesets, none of them lost."""
    found = made(*(every(Test("day", ">=", 1), Test("c", "==", number)) for number in range(1000)))
    assert max(len(one.rules) for one in found) <= MOST_RULES
    assert {f"rule{number}" for number in range(1000)} == {name for one in found for _, name in one.rules}


def test_many_equalities() -> None:
    """Equality tests of one column are bounded in each ruleset."""
    found = made(*(some(*(Test("c", "==", 60 * rule + one) for one in range(60))) for rule in range(20)))
    counts = [one.definition.count('"c":') for one in found]
    assert 20 * 60 == sum(counts)
    assert max(counts) <= MOST_EQUALITIES


def test_many_operators() -> None:
    """A condition with many operators is judged in steps; a later ruleset reads what came of those before."""
    pairs = [some(Test(f"a{number}", "==", 1), Test(f"b{number}", "==", 1)) for number in range(30)]
    found = made(every(*pairs))
    rules = [rule for one in found for rule in json.loads(one.definition).values()]
    assert max(map(operators, rules)) <= MOST_OPERATORS
    before = {name for one in found[:-1] for _, name in one.rules}
    assert set(found[-1].steps) <= before
    assert ("r0", "rule0") in found[-1].rules


def test_deep_condition() -> None:
    """A condition that is nested deep is judged in steps too."""
    condition: Condition = Test("c0", "==", 1)
    for number in range(60):
        join = every if number % 2 else some
        condition = join(Test(f"c{number + 1}", "==", 1), condition)
    found = made(condition)
    assert len(found) > 1
    rules = [rule for one in found for rule in json.loads(one.definition).values()]
    assert max(map(operators, rules)) <= MOST_OPERATORS


def test_same_part_is_one_step() -> None:
    """A part that several rules have in common is judged once."""
    common = [some(Test(f"a{number}", "==", 1), Test(f"b{number}", "==", 1)) for number in range(12)]
    found = made(*(every(Test("c", "==", rule), *common) for rule in range(5)))
    steps = [name for one in found for _, name in one.rules if name.startswith("x")]
    assert len(steps) == len(set(steps)) <= 12
