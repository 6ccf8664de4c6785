"""Which rules and clauses a change of some lines touches."""

import pytest

from engine.rulebook import Rulebook, load
from engine.workbench.coverage.changed import only_changed
from engine.workbench.coverage.cover import cover
from engine.workbench.coverage.model import Kind

FILES = {
    "rulebook.yaml": """rulebook: tiny
title: A tiny rulebook
zone: Europe/Vienna
sources: {act: {title: The Act, standing: enacted, read: text of 2026}}
lists:
  near: [AT, DE]
  far: [US]
tables:
  limits: {meaning: Limits., key: country, columns: {country: string, limit: int}, cites: [act]}
define:
  is_near: order.to in near
""",
    "limits.csv": "country,limit\nAT,5\n",
    "facts.yaml": "facts:\n  order.to: {type: string, meaning: Where it goes.}\n  order.n: {type: int, meaning: Pieces.}\n",
    "asked.yaml": """question: asked
asks: Is it?
outcomes: [A, B]
applies: order.n > 0
else: {gives: B, because: None., cites: [act]}
otherwise: {gives: B, because: It is not., cites: [act]}
define:
  is_here: is_near && order.n > 1
rules:
  - rule: one
    reason: ONE
    when: |
      is_here
      && order.n > 2
    gives: A
    because: It is.
    cites: [act]

  # a comment
  - rule: two
    reason: TWO
    when: order.to in far
    gives: A
    because: It is.
    cites: [act]
  - rule: three
    reason: THREE
    when: order.to in limits && order.n > limits[order.to].limit
    gives: A
    because: It is.
    cites: [act]
""",
}


def touched(file: str, *lines: int) -> list[str]:
    """The rules and clauses that are demanded once these lines have changed."""
    rulebook = load(FILES)
    assert isinstance(rulebook, Rulebook)
    coverage = only_changed(cover(rulebook, FILES, ()), rulebook, FILES, {file: frozenset(lines)})
    return [
        one.part.text for one in coverage.parts if one.part.kind in (Kind.RULE, Kind.CLAUSE, Kind.DEFINITION)
    ]


@pytest.mark.parametrize(
    ("file", "line", "expected"),
    [
        ("asked.yaml", 11, ["one"]),
        ("asked.yaml", 14, ["one", "order.n > 2"]),
        ("asked.yaml", 17, ["one"]),
        ("asked.yaml", 18, []),
        ("asked.yaml", 19, []),
        ("asked.yaml", 4, ["order.n > 0"]),
        ("asked.yaml", 8, ["is_here", "is_near", "order.n > 1", "one", "is_here"]),
        ("rulebook.yaml", 6, ["is_here", "is_near", "one", "is_here", "is_near", "order.to in near"]),
        ("rulebook.yaml", 7, ["two", "order.to in far"]),
        ("rulebook.yaml", 11, ["is_here", "is_near", "one", "is_here", "is_near", "order.to in near"]),
        ("limits.csv", 2, ["three", "order.to in limits", "order.n > limits[order.to].limit"]),
        ("rulebook.yaml", 2, []),
        ("other.yaml", 1, []),
    ],
)
def test_touched(file: str, line: int, expected: list[str]) -> None:
    """A rule is touched by its own lines, a clause by its own, both by a definition, list or table that they use."""
    assert expected == touched(file, line)
