"""Rulesets for durable-rules, each within bounds under which it is known to judge rightly.

Past them it does not always fail cleanly: over 256 rules with one condition in common fire others, over 512
equality tests on one field fail or hang, a condition of over 15 `$and` and `$or` is refused, a very deep one
hangs. The bounds here are well below. A condition with too many parts is judged in steps: its parts become
rules of a ruleset before, and what they came to is a column of the next.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from engine.workbench.durable.columns import Column
from engine.workbench.durable.conditions import All, Any, Condition, Test, definition, every, leaves, some
from engine.workbench.durable.groups import Group

MOST_RULES: Final = 100
MOST_EQUALITIES: Final = 250
MOST_OPERATORS: Final = 10
PRIME: Final = "prime"
"""A rule, and the column that makes it fire; a session in which nothing has fired is not safe."""


@dataclass(frozen=True, slots=True, eq=False)
class Ruleset:
    """Some rules of one group: what they are called there, and the columns that they read.

    `steps` are the columns that say which rules of rulesets before this one fired for the same row.
    """

    name: str
    group: Group
    rules: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, Column], ...]
    steps: tuple[str, ...]
    definition: str


def rulesets(question: str, group: Group) -> Iterator[Ruleset]:
    """The group's rules in as many rulesets as the bounds ask for, in the order in which to judge them."""
    steps = _Steps()
    for name, condition in group.rules.items():
        small, level = steps.small(condition)
        steps.rules[name] = (small, level)
    number = 0
    for level in sorted({level for _, level in steps.rules.values()}):
        rules = {name: small for name, (small, at) in steps.rules.items() if at == level}
        for some_rules in _parts(rules):
            yield _ruleset(f"{question}.{group.number}.{number}", group, some_rules)
            number += 1


class _Steps:
    """Rules by name, each with the level that it is judged at, 0 first."""

    def __init__(self) -> None:
        self.rules: dict[str, tuple[Condition, int]] = {}
        self.made: dict[Condition, str] = {}

    def small(self, condition: Condition) -> tuple[Condition, int]:
        """The condition with few operators, and its level; parts that are too much become rules before it."""
        if isinstance(condition, Test):
            return condition, 0
        parts = [self.small(part) for part in condition.parts]
        while 1 + sum(_operators(part) for part, _ in parts) > MOST_OPERATORS:
            largest = max(range(len(parts)), key=lambda place: _operators(parts[place][0]))
            parts[largest] = self._before(*parts[largest])
        level = max((level for _, level in parts), default=0)
        joined = every if isinstance(condition, All) else some
        return joined(*(part for part, _ in parts)), level

    def _before(self, condition: Condition, level: int) -> tuple[Condition, int]:
        name = self.made.setdefault(condition, f"x{len(self.made)}")
        self.rules.setdefault(name, (condition, level))
        return Test(name, "==", 1), level + 1


def _operators(condition: Condition) -> int:
    return 1 + sum(map(_operators, condition.parts)) if isinstance(condition, All | Any) else 0


def _parts(rules: dict[str, Condition]) -> Iterator[dict[str, Condition]]:
    """The rules in parts that are within bounds; one rule alone always is, for its tests are few."""
    taken: dict[str, Condition] = {}
    equalities: Counter[str] = Counter()
    for name, condition in rules.items():
        more = Counter(test.column for test in leaves(condition) if test.operator in ("==", "!="))
        if len(taken) >= MOST_RULES or any((equalities + more)[column] > MOST_EQUALITIES for column in more):
            yield taken
            taken, equalities = {}, Counter()
        taken[name] = condition
        equalities += more
    if taken:
        yield taken


def _ruleset(name: str, group: Group, taken: dict[str, Condition]) -> Ruleset:
    called = tuple((f"r{number}", rule) for number, rule in enumerate(taken))
    rules = {short: {"all": [{"m": definition(taken[rule])}]} for short, rule in called}
    rules[PRIME] = {"all": [{"m": {PRIME: 1}}]}
    read = {column for rule in taken.values() for column in _columns(rule)}
    columns = tuple((column, kind) for kind, column in group.columns.items() if column in read)
    steps = tuple(sorted(column for column in read if column.startswith("x")))
    return Ruleset(name, group, called, columns, steps, json.dumps(rules, separators=(",", ":")))


def _columns(condition: Condition) -> Iterator[str]:
    """The columns that are read, by the names of what they are made from."""
    for test in leaves(condition):
        yield test.column.rstrip("sc") if test.column[-1] in "sc" else test.column
        if not isinstance(test.value, int | str):
            yield test.value.column
