"""A rulebook as rulesets for durable-rules.

Every rule becomes two: one fires where the rule is true, one where it is not known to be false. Its period and
its standing are conditions like others; a rule with a chosen reading is there once for each way it can count.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.rulebook.model import DAY, Question, Rule, Rulebook
from engine.rulebook.standing import Standing
from engine.workbench.durable.clauses import Judged
from engine.workbench.durable.columns import Enforced, Number, Whole
from engine.workbench.durable.conditions import Condition, Operator, Test, Three, TooLargeError, every
from engine.workbench.durable.groups import Group
from engine.workbench.durable.meaning import Meaning, Setting
from engine.workbench.durable.rows import Place
from engine.workbench.durable.rulesets import Ruleset, rulesets
from engine.workbench.durable.values import number

GATE: Final = "gate"


@dataclass(frozen=True, slots=True)
class Share:
    """How the clauses of a rulebook's conditions are judged.

    `native`: by durable-rules on facts and constants. `operand`: by durable-rules on a value that was computed
    first, such as a date a year later. `computed`: as a whole before, so that it is no second opinion.
    """

    native: int
    operand: int
    computed: int

    @property
    def ratio(self) -> float:
        """The share of clauses that are judged natively, from 0 to 1."""
        whole = self.native + self.operand + self.computed
        return self.native / whole if whole else 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Counting:
    """One way in which a rule counts: the outcome that it gives then."""

    rule: Rule
    outcome: str
    group: int


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """One question: its rulesets, innermost lists first, and what its rules are called in them."""

    question: Question
    rulesets: tuple[Ruleset, ...]
    countings: dict[str, Counting]


@dataclass(frozen=True, slots=True, eq=False)
class Translation:
    """A rulebook's questions as rulesets; each comes after those that it uses."""

    rulebook: Rulebook
    plans: dict[str, Plan]
    share: Share

    @property
    def rulesets(self) -> dict[str, str]:
        """All rulesets by name, as durable-rules reads them."""
        return {one.name: one.definition for plan in self.plans.values() for one in plan.rulesets}


def translate(rulebook: Rulebook) -> Translation:
    """The rulebook as rulesets. What durable-rules cannot be trusted with is left to be computed first."""
    counts: Counter[Judged] = Counter()
    plans: dict[str, Plan] = {}
    for name in rulebook.questions:
        _plan(rulebook, name, plans, counts)
    share = Share(counts[Judged.NATIVE], counts[Judged.OPERAND], counts[Judged.COMPUTED])
    return Translation(rulebook, plans, share)


def _plan(rulebook: Rulebook, name: str, plans: dict[str, Plan], counts: Counter[Judged]) -> None:
    if name in plans:
        return
    question = rulebook.questions[name]
    for other in question.inner:
        _plan(rulebook, other, plans, counts)
    meaning = Meaning(rulebook.questions)
    countings: dict[str, Counting] = {}
    if question.gate is not None:
        setting = meaning.setting(())
        setting.group.add(GATE, meaning.of(question.gate.applies, setting))
    for rule in question.rules:
        setting = meaning.setting(rule.each)
        formula = meaning.of(rule.when, setting)
        for outcome, bounds in _ways(rule, setting.group):
            key = f"w{len(countings)}"
            countings[key] = Counting(rule, outcome, setting.group.number)
            _add(key, formula, bounds, rule, meaning, setting)
    counts.update(meaning.counts)
    innermost = sorted(meaning.groups.values(), key=lambda group: -len(group.turns))
    made = tuple(ruleset for group in innermost for ruleset in rulesets(name, group))
    plans[name] = Plan(question, made, countings)


def _ways(rule: Rule, group: Group) -> list[tuple[str, list[Condition]]]:
    """The outcomes that a rule can give, each with the conditions under which it counts so."""
    own = [Test(group.column(Enforced(rule.standing)), "==", 1), *_period(rule, group)]
    chosen = rule.readings.chosen if rule.readings is not None else None
    if chosen is None:
        return [(rule.outcome, own)]
    assumed = group.column(Enforced(Standing.ASSUMED))
    ways: list[tuple[str, list[Condition]]] = [(rule.outcome, [*own, Test(assumed, "==", 0)])]
    if chosen.outcome is not None:
        ways.append((chosen.outcome, [*own, Test(assumed, "==", 1)]))
    return ways


def _period(rule: Rule, group: Group) -> list[Condition]:
    ends: list[tuple[Operator, date | None]] = [(">=", rule.start), ("<=", rule.end)]
    day = group.column(Number(Place(DAY)))
    return [Test(day, operator, number(end)) for operator, end in ends if end is not None]


def _add(
    key: str, formula: Three, bounds: list[Condition], rule: Rule, meaning: Meaning, setting: Setting
) -> None:
    group = setting.group
    certain = Test(group.column(Whole()), "==", 1) if group.turns else every()
    try:
        group.add(key, Three(every(*bounds, certain, formula.true), every(*bounds, formula.possible)))
    except TooLargeError:
        formula = meaning.whole(rule.when, setting)
        group.add(key, Three(every(*bounds, certain, formula.true), every(*bounds, formula.possible)))
