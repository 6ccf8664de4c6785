"""Rulesets for durable-rules, each within bounds under which it is known to judge rightly.

Past them it does not fail cleanly: over 256 rules with one condition in common fire others, over 512 equality
tests on one field fail or hang. The bounds here are well below, and are held before a ruleset is made.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from engine.workbench.durable.columns import Column
from engine.workbench.durable.conditions import Condition, definition, tests
from engine.workbench.durable.groups import Group

MOST_RULES: Final = 100
MOST_EQUALITIES: Final = 250
PRIME: Final = "prime"
"""A rule, and the column that makes it fire; a session in which nothing has fired is not safe."""


class OutOfBoundsError(Exception):
    """A rule alone is beyond what durable-rules judges rightly."""


@dataclass(frozen=True, slots=True, eq=False)
class Ruleset:
    """Some rules of one group: what they are called there, and the columns that they read."""

    name: str
    group: Group
    rules: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, Column], ...]
    definition: str


def rulesets(prefix: str, group: Group) -> Iterator[Ruleset]:
    """The group's rules in as many rulesets as the bounds ask for."""
    taken: dict[str, Condition] = {}
    equalities: Counter[str] = Counter()
    number = 0
    for name, condition in group.rules.items():
        more = Counter(test.column for test in tests(condition) if test.operator in ("==", "!="))
        if more and max(more.values()) > MOST_EQUALITIES:
            raise OutOfBoundsError(name)
        full = len(taken) >= MOST_RULES or any(
            equalities[column] + count > MOST_EQUALITIES for column, count in more.items()
        )
        if full:
            yield _ruleset(f"{prefix}.{group.number}.{number}", group, taken)
            taken, equalities, number = {}, Counter(), number + 1
        taken[name] = condition
        equalities += more
    if taken:
        yield _ruleset(f"{prefix}.{group.number}.{number}", group, taken)


def _ruleset(name: str, group: Group, taken: dict[str, Condition]) -> Ruleset:
    called = tuple((f"r{number}", rule) for number, rule in enumerate(taken))
    rules = {short: {"all": [{"m": definition(taken[rule])}]} for short, rule in called}
    rules[PRIME] = {"all": [{"m": {PRIME: 1}}]}
    read = {_stem(column) for rule in taken.values() for column in _columns(rule)}
    columns = tuple((column, kind) for kind, column in group.columns.items() if column in read)
    return Ruleset(name, group, called, columns, json.dumps(rules, separators=(",", ":")))


def _columns(condition: Condition) -> Iterator[str]:
    for test in tests(condition):
        yield test.column
        if not isinstance(test.value, int | str):
            yield test.value.column


def _stem(column: str) -> str:
    """The column that one beside it belongs to."""
    return column.rstrip("sc") if column[-1:] in "sc" and column[1:-1].isdigit() else column
