"""What is proved of the rules of one question, and of invariants.

A rule that is true stays true when one more fact is given, and a determined outcome stays as it is. Every order can be made
complete: each fact given or, where it can be none, none. So a rule that fires, a rule that decides, and an invariant that is
broken on some facts, are so on complete facts too; and these alone are searched. Lists have no more elements than the
bound says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from engine.decide import decide
from engine.firing import counted
from engine.rulebook.model import Invariant, Question, Rule, Rulebook
from engine.rulebook.standing import DEFAULT_ENFORCE, Standing
from engine.workbench.prove.examples import Looked, Open, Order, Shows, broken, find
from engine.workbench.prove.logic import Model, Search, TookTooLong, Truth, alike, any_of, both, negated
from engine.workbench.prove.questions import Answer, Answers, Fires
from engine.workbench.prove.report import Example, Found, Kind, Report, Unsettled
from engine.workbench.prove.world import World


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far is searched: elements of a list, seconds for one proof, the standings that count."""

    elements: int = 3
    seconds: float = 10.0
    enforce: frozenset[Standing] = frozenset(map(Standing, DEFAULT_ENFORCE))


def prove_rules(rulebook: Rulebook, question: str, bounds: Bounds) -> Report:
    """What is wrong with the rules of a question: those that never fire, never decide, or say what another says."""
    return _Rules(rulebook, question, bounds).report()


def prove_invariants(rulebook: Rulebook, names: Iterable[str], bounds: Bounds) -> Report:
    """Which of the invariants hold, and an order for each that does not."""
    world = World(bounds.elements)
    answers = Answers(rulebook, world, bounds.enforce)
    invariants = [rulebook.invariants[name] for name in names]
    wanted = [
        both(answers.in_force(each.start, each.end), answers.conditions.truth(each.never.root, {}).true)
        for each in invariants
    ]
    search = Search(world.always(), bounds.seconds)
    proved: list[str] = []
    found: list[Found] = []
    unsettled: list[Unsettled] = []
    for invariant, breaks in zip(invariants, wanted, strict=True):
        shows = _breaks(rulebook, invariant, bounds.enforce)
        match find(world, search, breaks, Looked(rulebook.facts, shows, prefer=latest_day(rulebook))):
            case None:
                proved.append(invariant.name)
            case Open(why):
                unsettled.append(Unsettled(f"invariant `{invariant.name}`", _why(why, answers)))
            case Order(facts, on):
                outcomes = (
                    f"{name} is {decide(rulebook, name, facts, on, bounds.enforce).outcome}"
                    for name in invariant.questions
                )
                example = Example(facts, on, ", ".join(outcomes))
                message = f"it says: {invariant.because}"
                found.append(Found(Kind.BROKEN, "", (invariant.name,), message, example))
    return Report("", tuple(proved), tuple(found), tuple(unsettled))


def _breaks(rulebook: Rulebook, invariant: Invariant, enforce: frozenset[Standing]) -> Shows:
    return lambda facts, on: broken(rulebook, invariant, facts, on, enforce)


def latest_day(rulebook: Rulebook) -> date | None:
    """The day from which on everything has begun that ever begins; examples are shown on it where they can be."""
    starts = [rule.start for question in rulebook.questions.values() for rule in question.rules]
    starts += [row.start for table in rulebook.tables.values() for row in table.rows]
    starts += [invariant.start for invariant in rulebook.invariants.values()]
    return max((start for start in starts if start is not None), default=None)


class _Rules:
    """The proofs about one question, over one world."""

    def __init__(self, rulebook: Rulebook, name: str, bounds: Bounds) -> None:
        self.rulebook = rulebook
        self.bounds = bounds
        self.world = World(bounds.elements)
        self.answers = Answers(rulebook, self.world, bounds.enforce)
        self.answer: Answer = self.answers.answer(name)
        self.question: Question = self.answer.question
        self.search = Search(self.world.always(), bounds.seconds)
        self.bounded = f" (lists of up to {bounds.elements} elements)"
        self.models: list[Model] = []
        self.found: list[Found] = []
        self.unsettled: list[Unsettled] = []

    def report(self) -> Report:
        """Everything about the question."""
        decides = [rule for rule in self.answer.rules if self._decides(rule)]
        nothing = tuple(rule.counted.rule.name for rule in decides if self._changes_nothing(rule))
        self._duplicates([rule for rule in self.answer.rules if not self._is_dead(rule)])
        left_out = tuple(
            rule.name for rule in self.question.rules if counted(rule, self.bounds.enforce) is None
        )
        names = tuple(rule.counted.rule.name for rule in decides)
        return Report(self.question.name, names, tuple(self.found), tuple(self.unsettled), nothing, left_out)

    def _decides(self, rule: Fires) -> bool:
        """Whether the rule can decide; else it is noted why not."""
        name, outcome = rule.counted.rule.name, rule.counted.outcome
        fires = both(self.answer.applies.true, rule.true)
        try:
            model = self.search.model(both(fires, self.answer.only(outcome)))
            if model is not None:
                self.models.append(model)
                return self._agrees(rule, model, decides=True)
            model = self.search.model(fires)
        except TookTooLong:
            self._open(name, "it took too long")
            return False
        if model is None:
            message = f"it can never fire: no order makes it true on any day{self.bounded}"
            self.found.append(Found(Kind.NEVER_FIRES, self.question.name, (name,), message))
        elif self._agrees(rule, model, decides=False):
            self.models.append(model)
            message = f"it can never decide: whenever it fires, {self._stronger(rule, model)}{self.bounded}"
            self.found.append(Found(Kind.NEVER_DECIDES, self.question.name, (name,), message))
        return False

    def _agrees(self, rule: Fires, model: Model, decides: bool) -> bool:
        """Whether the evaluator says of the facts found what the formula says."""
        decision = decide(
            self.rulebook,
            self.question.name,
            self.world.facts(model),
            self.world.on(model),
            self.bounds.enforce,
        )
        fired = any(finding.rule == rule.counted.rule.name for finding in decision.findings)
        agrees = fired and (not decides or decision.outcome == rule.counted.outcome)
        if not agrees:
            self._open(rule.counted.rule.name, "the order that was found does not show that it fires")
        return agrees

    def _stronger(self, rule: Fires, model: Model) -> str:
        """What decides in its place, named where it is one rule."""
        rank = self.question.outcomes.index
        others = [
            other
            for other in self.answer.rules
            if rank(other.counted.outcome) < rank(rule.counted.outcome) and model.truth(other.true)
        ]
        for other in others:
            try:
                alone = self.search.model(both(self.answer.applies.true, rule.true, negated(other.true)))
            except TookTooLong:
                continue
            if alone is None:
                return (
                    f"`{other.counted.rule.name}` fires, and its outcome {other.counted.outcome} is stronger"
                )
        return "a rule with a stronger outcome fires, or one may"

    def _changes_nothing(self, rule: Fires) -> bool:
        """Whether every complete order gets the same outcome without the rule."""
        rank = self.question.outcomes.index
        outcome, otherwise = rule.counted.outcome, self.question.otherwise.outcome
        others = [other for other in self.answer.rules if other is not rule]
        as_strong = any_of(other.true for other in others if rank(other.counted.outcome) <= rank(outcome))
        weaker = any_of(other.true for other in others if rank(other.counted.outcome) > rank(outcome))
        alone = both(self.answer.applies.true, rule.true, negated(as_strong))
        try:
            return self.search.model(both(alone, True if outcome != otherwise else weaker)) is None
        except TookTooLong:
            return False

    def _duplicates(self, rules: Sequence[Fires]) -> None:
        """Notes pairs of one outcome that are true of the same orders on every day on which both are in force."""
        firing = [
            [(rule.counted.rule.in_force(self.world.on(model)), model.truth(rule.true)) for rule in rules]
            for model in self.models
        ]
        for (one, first), (other, second) in combinations(enumerate(rules), 2):
            told_apart = any(row[one][0] and row[other][0] and row[one][1] != row[other][1] for row in firing)
            same = first.counted.outcome == second.counted.outcome
            if same and not told_apart and _share_a_day(first.counted.rule, second.counted.rule):
                self._duplicate(first, second)

    def _duplicate(self, one: Fires, other: Fires) -> None:
        names = (one.counted.rule.name, other.counted.rule.name)
        days: list[Truth] = [
            self.answers.in_force(rule.counted.rule.start, rule.counted.rule.end) for rule in (one, other)
        ]
        apart = both(*days, self.answer.applies.true, negated(alike(one.true, other.true)))
        try:
            model = self.search.model(apart)
        except TookTooLong:
            self._open(" and ".join(names), "it took too long to tell whether they are duplicates")
            return
        if model is not None:
            self.models.append(model)
            return
        message = (
            f"both give {one.counted.outcome} for the same complete orders, on every day on which both are in force"
            f"{self.bounded}"
        )
        self.found.append(Found(Kind.DUPLICATE, self.question.name, names, message))

    def _is_dead(self, rule: Fires) -> bool:
        return any(
            found.kind is Kind.NEVER_FIRES and found.names == (rule.counted.rule.name,)
            for found in self.found
        )

    def _open(self, name: str, why: str) -> None:
        self.unsettled.append(Unsettled(f"rule `{name}` of `{self.question.name}`", _why(why, self.answers)))


def _why(why: str, answers: Answers) -> str:
    return f"{why}; not understood: {', '.join(answers.left_open)}" if answers.left_open else why


def _share_a_day(one: Rule, other: Rule) -> bool:
    first = max(one.start or date.min, other.start or date.min)
    return first <= min(one.end or date.max, other.end or date.max)
