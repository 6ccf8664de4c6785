"""The texts of new rules, questions and rulebooks. What their author has to fill in says so."""

from __future__ import annotations

from datetime import date

from engine.workbench.scaffold.probe import Probe

FAR_DAY = date(2999, 1, 1)
"""The first day of a new rule, so far away that it changes no answer until its author sets it."""


def rule_text(name: str, reason: str, begins: date, probe: Probe, gives: str, source: str) -> str:
    """A rule with every key that it can have; those that few rules need are comments."""
    return f"""\
- rule: {name}
  reason: {reason}
  # FILL IN the first day in force. Until that day the rule changes no answer.
  from: {begins}
  # The last day in force, where there is one:
  # until: {begins}
  # Where every item of a list is asked for itself:
  # each: good in declaration.goods
  # FILL IN the condition.
  when: {probe.written}
  gives: {gives}
  because: FILL IN why the rule fires, as the one who asked should read it.
  remedy: FILL IN what would mend it.
  # Add the place in the source, as `{source} (a)(1)`.
  cites: [{source}]
  # Values that the finding carries, where there are some:
  # values: {{keep_until: order.import_date.plusYears(5)}}
"""


def test_text(name: str, side: str, begins: date, enforce: str, facts: str, expect: str) -> str:
    """A test of one side of a rule."""
    head = (
        ""
        if side != "fires"
        else "# FILL IN the day, the facts and what is expected, on both sides of the rule.\n"
    )
    settings = f"  enforce: {enforce}\n" if enforce else ""
    changes = f"  {facts}\n" if facts else ""
    return f"{head}- test: {name} {side}\n  on: {begins}\n{settings}{changes}  expect: {expect}\n"


def test_file_text(question: str, begins: date) -> str:
    """The head of a new test file; its tests are to follow."""
    return f"question: {question}\non: {begins}\ntests:\n"


def question_text(name: str, source: str) -> str:
    """A question whose rules are to follow."""
    return f"""\
# FILL IN the question, its outcomes (strongest first) and what is said where no rule decides.
question: {name}
asks: FILL IN the question, as people would ask it?
outcomes: [REFUSED, REVIEW, PASSED]
favourable: [PASSED]
otherwise:
  gives: PASSED
  because: FILL IN what is said where no rule decides.
  cites: [{source}]
rules:
"""


def rulebook_text(name: str) -> str:
    """A rulebook with one source."""
    return f"""\
rulebook: {name}
title: FILL IN what the rulebook is called
zone: America/New_York
sources:
  # FILL IN where your rules come from. `standing` is enacted (law in force), reported, or assumed (our own reading).
  first-source:
    title: FILL IN what the source is called
    standing: reported
    read: FILL IN which text was read, and whether it was second-hand
"""


FACTS_TEXT = """\
# FILL IN what your rules need to know. A path is a group and a name, and rule tests give facts by it.
facts:
  order.example: {type: bool, meaning: FILL IN what the fact says., example: true}
"""


def indented(item: str) -> str:
    """The item as it stands in a list."""
    return "".join(f"  {line}\n" for line in item.rstrip("\n").split("\n"))
