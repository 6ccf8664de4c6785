"""The second opinion: answers inferred by a rule network from flat facts, many cases at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from engine.environment import environment
from engine.expression import OneOf
from engine.facts import Facts, laid_out
from engine.rulebook.model import UNDETERMINED, Rulebook
from engine.rulebook.standing import DEFAULT_ENFORCE, Standing
from engine.workbench.durable.columns import POSSIBLE_END, TRUE_END, Cells
from engine.workbench.durable.conditions import ALWAYS
from engine.workbench.durable.groups import cells
from engine.workbench.durable.rows import Known, Row
from engine.workbench.durable.rulesets import Ruleset
from engine.workbench.durable.translate import GATE, Plan, Translation

Places = frozenset[tuple[str, str]]


class Network(Protocol):
    """A rule network that holds the rulesets of a translation."""

    def fired(self, ruleset: str, facts: Sequence[Cells]) -> list[frozenset[str]]:
        """The rules of a ruleset that fire for each of the flat facts."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """What is asked: a question about facts on a day. `name` is how people know the case."""

    name: str
    question: str
    facts: Facts
    on: date
    enforce: tuple[Standing, ...] = DEFAULT_ENFORCE


@dataclass(frozen=True, slots=True)
class Opinion:
    """An answer without its words: the outcome, those still possible, strongest first, and what it rests on.

    `fired` and `open` are the rules that are true or unknown, each with the place of its list element. As in
    a decision, nothing has fired where the question's gate is not known to be open.
    """

    question: str
    outcome: str
    possible: tuple[str, ...]
    fired: Places
    open: Places

    def as_tree(self) -> dict[str, object]:
        """The opinion as plain lists and texts."""
        return {
            "question": self.question,
            "outcome": self.outcome,
            "possible": list(self.possible),
            "fired": [{"rule": rule, "place": place} for rule, place in sorted(self.fired)],
            "unknown": [{"rule": rule, "place": place} for rule, place in sorted(self.open)],
        }


def opinions(translation: Translation, cases: Sequence[Case], network: Network) -> list[Opinion]:
    """The opinion on each case. Raises KeyError for a question that the rulebook does not have."""
    known = [_known(translation.rulebook, case) for case in cases]
    needed = [_needed(translation, case.question) for case in cases]
    made: list[Opinion | None] = [None] * len(cases)
    for name, plan in translation.plans.items():
        asking = [place for place, names in enumerate(needed) if name in names]
        judge(plan.rulesets, [known[place] for place in asking], network)
        for place in asking:
            opinion = _concluded(plan, known[place])
            known[place].possible[name] = opinion.possible
            known[place].env[name] = {"outcome": _as_value(opinion.possible)}
            known[place].found.clear()
            if name == cases[place].question:
                made[place] = opinion
    return [opinion for opinion in made if opinion is not None]


def _known(rulebook: Rulebook, case: Case) -> Known:
    enforced = frozenset(map(Standing, case.enforce))
    given = laid_out(rulebook.facts, case.facts)
    return Known(environment(rulebook, given, case.on, enforced), enforced, {}, {})


def _needed(translation: Translation, question: str) -> frozenset[str]:
    inner = translation.plans[question].question.inner
    return frozenset({question}).union(*(_needed(translation, other) for other in inner))


def _as_value(possible: tuple[str, ...]) -> object:
    return possible[0] if len(possible) == 1 else OneOf(frozenset(possible), frozenset())


def judge(rulesets: Iterable[Ruleset], cases: list[Known], network: Network) -> None:
    """Puts every row of every case to the rulesets in their order, and notes what fires in the cases."""
    for ruleset in rulesets:
        rows = [row for known in cases for row in ruleset.group.rows(known)]
        number = ruleset.group.number
        before = [row.known.found.setdefault(number, {}).get(row.numbers, frozenset()) for row in rows]
        facts = [_fact(ruleset, row, fired) for row, fired in zip(rows, before, strict=True)]
        for row, fired, names in zip(rows, before, _distinct(ruleset, facts, network), strict=True):
            row.known.found[number][row.numbers] = fired | names


def _fact(ruleset: Ruleset, row: Row, fired: frozenset[str]) -> Cells:
    """The flat fact of a row: its columns, and which of the steps before fired for it."""
    return {ALWAYS: 1, **cells(ruleset.columns, row), **{name: int(name in fired) for name in ruleset.steps}}


def _distinct(ruleset: Ruleset, facts: list[Cells], network: Network) -> Iterable[frozenset[str]]:
    """What fires for each fact; equal facts are put once."""
    keys = [tuple(fact.items()) for fact in facts]
    first = dict(zip(keys, facts, strict=True))
    called = dict(ruleset.rules)
    answers = network.fired(ruleset.name, list(first.values())) if first else []
    named = [frozenset(called[name] for name in fired if name in called) for fired in answers]
    by_key = dict(zip(first, named, strict=True))
    return (by_key[key] for key in keys)


def _concluded(plan: Plan, known: Known) -> Opinion:
    question = plan.question
    fired: set[tuple[str, str]] = set()
    open_: set[tuple[str, str]] = set()
    true: set[str] = set()
    unknown: set[str] = set()
    groups = {ruleset.group.number: ruleset.group for ruleset in plan.rulesets}
    rows = {number: list(group.rows(known)) for number, group in groups.items()}
    for key, counting in plan.countings.items():
        for row in rows[counting.group]:
            names = known.found[counting.group][row.numbers]
            if key + TRUE_END in names:
                true.add(counting.outcome)
                fired.add((counting.rule.name, row.place))
            elif key + POSSIBLE_END in names:
                unknown.add(counting.outcome)
                open_.add((counting.rule.name, row.place))
    possible = combined(question.outcomes, true, unknown, question.otherwise.outcome)
    if question.gate is not None:
        names = known.found[0][()]
        otherwise = question.gate.otherwise.outcome
        if GATE + POSSIBLE_END not in names:
            possible, fired, open_ = (otherwise,), set(), set()
        elif GATE + TRUE_END not in names:
            both = {*possible, otherwise}
            possible, fired = tuple(one for one in question.outcomes if one in both), set()
    outcome = possible[0] if len(possible) == 1 else UNDETERMINED
    return Opinion(question.name, outcome, possible, frozenset(fired), frozenset(open_))


def combined(outcomes: Sequence[str], true: set[str], unknown: set[str], otherwise: str) -> tuple[str, ...]:
    """The possible outcomes: walks down from the strongest until one is certain."""
    possible: list[str] = []
    for outcome in outcomes:
        if outcome in true:
            return (*possible, outcome)
        if outcome in unknown:
            possible.append(outcome)
    if otherwise not in possible:
        possible.append(otherwise)
    return tuple(sorted(possible, key=outcomes.index))
