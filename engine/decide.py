"""decide: the one way from facts to an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from engine.compiled import weighing, weighing_alone
from engine.counting import all_rules, others_exist
from engine.decision import Decision, Finding, Incurable
from engine.environment import as_value, environment
from engine.expression import Unknown, evaluate
from engine.expression.faults import listed, nearest
from engine.facts import Facts
from engine.firing import Counted, Doubt, Firing, finding, statement_finding
from engine.outcomes import could_change, favourable_answer
from engine.readable import readable
from engine.rulebook.model import UNDETERMINED, Gate, Question, Rule, Rulebook
from engine.rulebook.reference import reference_data
from engine.rulebook.standing import ALL_STANDINGS, DEFAULT_ENFORCE, Standing, weakest
from engine.rulebook.tables import Edition
from engine.written_facts import Written

LANGUAGE_VERSION = "1"
"""The version of what rule files mean; it rises when the same files and facts can get another answer."""


class UnknownQuestionError(LookupError):
    """The rulebook has no such question."""


def decide(
    rulebook: Rulebook,
    question: str,
    facts: Facts,
    on: date,
    enforce: Iterable[str] = DEFAULT_ENFORCE,
    known: Iterable[Decision] = (),
    written: Written | None = None,
) -> Decision:
    """Answers one question on one day from the facts given; what is not given is unknown.

    `facts` have the types of the dictionary (see `engine.facts.read_facts`). `enforce` says the rules of
    which standings count; where others exist, the decision carries what they would say as `advisory`. Decisions
    that are `known` are not made again where they were made from just the facts that they can read. `written` holds
    what was written of facts that these share parts with, and is given what is written of these. Raises
    UnknownQuestionError, and ValueError for a standing that does not exist; never anything else.
    """
    [decision] = decide_several(rulebook, (question,), facts, on, enforce, known, written)
    return decision


def decide_several(
    rulebook: Rulebook,
    questions: Sequence[str],
    facts: Facts,
    on: date,
    enforce: Iterable[str] = DEFAULT_ENFORCE,
    known: Iterable[Decision] = (),
    written: Written | None = None,
) -> tuple[Decision, ...]:
    """The decisions that `decide` makes of each question, in their order; what they share is decided once."""
    for question in questions:
        if question not in rulebook.questions:
            near = nearest(question, rulebook.questions)
            mend = (
                f"did you mean `{near}`?" if near else f"its questions are {listed(rulebook.questions, 20)}"
            )
            raise UnknownQuestionError(f"the rulebook `{rulebook.name}` has no question `{question}`; {mend}")
    counts = frozenset(Standing(standing) for standing in enforce)
    written = written or Written()
    given = written.laid_out(rulebook.facts, facts)
    deciding = _Deciding(rulebook, given, on, counts, written, known)
    made = {question: deciding.asked(question) for question in questions}
    advised = [question for question in questions if others_exist(rulebook, question, on, counts)]
    if advised:
        advising = _Deciding(rulebook, given, on, frozenset(ALL_STANDINGS), written)
        made |= {question: replace(made[question], advisory=advising.asked(question)) for question in advised}
    return tuple(made[question] for question in questions)


@dataclass(slots=True)
class _Weighed:
    """What a question's rules leave possible, and what that rests on."""

    possible: tuple[str, ...]
    fired: list[Firing] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    by_otherwise: bool = False


class _Deciding:
    """One decision and those that it rests on, each made once."""

    def __init__(
        self,
        rulebook: Rulebook,
        given: dict[str, object],
        on: date,
        enforce: frozenset[Standing],
        written: Written,
        known: Iterable[Decision] = (),
    ) -> None:
        self.rulebook = rulebook
        self.given = given
        self.written = written
        self.on = on
        self.enforce = enforce
        self.editions: dict[str, Edition] = {
            name: table.on(on, enforce) for name, table in rulebook.tables.items() if not table.fixed
        }
        self.env = environment(rulebook, given, on, enforce)
        self.known = {decision.question: decision for decision in known}
        self.made: dict[str, Decision] = {}
        self.rows_standings: dict[Rule, Standing] = {}

    def asked(self, name: str) -> Decision:
        """The decision of a question, made where it is not yet; conditions see its outcome from then on."""
        if name not in self.made:
            decision = self._known(name) or self._decide(name)
            self.made[name] = decision
            self.env[name] = {"outcome": as_value(decision)}
        return self.made[name]

    def _known(self, name: str) -> Decision | None:
        """The decision as it was made before, where the same would be made again."""
        before = self.known.get(name)
        if before is None or (before.rulebook_digest, before.language_version, before.reference_data) != (
            self.rulebook.digest,
            LANGUAGE_VERSION,
            reference_data(),
        ):
            return None
        if before.on != self.on or self.enforce != frozenset(before.enforce):
            return None
        can_read = readable(self.rulebook, self.rulebook.questions[name])
        same = before.facts_digest == self.written.digest(self.given, can_read.projection)
        return replace(before, advisory=None) if same else None

    def _decide(self, name: str) -> Decision:
        question = self.rulebook.questions[name]
        inner = tuple(self.asked(other) for other in question.inner)
        applies = evaluate(question.gate.applies, self.env) if question.gate is not None else True
        if question.gate is not None and applies is False:
            return self._by_gate(question, question.gate, inner)
        weighed = self._weigh(question)
        if question.gate is not None and isinstance(applies, Unknown):
            return self._open_gate(question, question.gate, applies, weighed, inner)
        doubts = [(doubt.counted.rule.name, doubt.place, doubt.unknown) for doubt in weighed.doubts]
        findings = self._findings(question, weighed.fired)
        otherwise = None
        if weighed.by_otherwise and len(weighed.possible) == 1:
            otherwise = statement_finding(question.otherwise, self.env)
        standing = self._standing(question, weighed)
        return self._decision(question, weighed.possible, findings, otherwise, doubts, standing, inner)

    def _weigh(self, question: Question) -> _Weighed:
        """Puts every rule in force to the facts. Doubts that can no longer change the answer are left out."""
        put_to_facts = weighing(question, self.on, self.enforce)(self.env)
        fired = [
            Firing(found.counted, found.place, {**self.env, **dict(found.bounds)})
            for found in put_to_facts.found
        ]
        doubts: list[Doubt] = []
        if len(put_to_facts.possible) > 1:
            true = [firing.counted.outcome for firing in fired]
            unknown = [doubt.counted.outcome for doubt in put_to_facts.doubts]
            changes = could_change(question.outcomes, true, unknown, question.otherwise.outcome)
            doubts = [doubt for doubt, change in zip(put_to_facts.doubts, changes, strict=True) if change]
        return _Weighed(put_to_facts.possible, fired, doubts, by_otherwise=not fired)

    def _by_gate(self, question: Question, gate: Gate, inner: tuple[Decision, ...]) -> Decision:
        otherwise = statement_finding(gate.otherwise, self.env)
        outcome = (gate.otherwise.outcome,)
        return self._decision(question, outcome, (), otherwise, [], self._gate_standing(gate), inner)

    def _open_gate(
        self, question: Question, gate: Gate, applies: Unknown, weighed: _Weighed, inner: tuple[Decision, ...]
    ) -> Decision:
        """Where the gate is unknown, what the rules leave possible and what `else` gives are both possible.

        Nothing is found yet, for a rule that is true may turn out not to apply.
        """
        both = {*weighed.possible, gate.otherwise.outcome}
        possible = tuple(outcome for outcome in question.outcomes if outcome in both)
        doubts = [(doubt.counted.rule.name, doubt.place, doubt.unknown) for doubt in weighed.doubts]
        doubts = [*doubts, ("applies", "", applies)] if len(possible) > 1 else []
        return self._decision(question, possible, (), None, doubts, self._standing(question, weighed), inner)

    def _findings(self, question: Question, fired: list[Firing]) -> tuple[Finding, ...]:
        rank = question.outcomes.index
        ordered = sorted(fired, key=lambda firing: (rank(firing.counted.outcome), firing.counted.rule.name))
        return tuple(finding(firing, self._rows_standing(question, firing.counted)) for firing in ordered)

    def _standing(self, question: Question, weighed: _Weighed) -> Standing:
        """The weakest of what decided: the strongest rules that fired and the open ones, or every rule."""
        if weighed.by_otherwise:
            standings, resting = all_rules(question, self.enforce)
        else:
            strongest = weighed.possible[-1]
            resting = [firing.counted for firing in weighed.fired if firing.counted.outcome == strongest]
            resting += [doubt.counted for doubt in weighed.doubts]
            standings = [rule.standing for rule in resting]
        standings = [*standings, *(self._rows_standing(question, rule) for rule in resting)]
        standings += [self.made[name].standing for rule in resting for name in rule.rule.basis.questions]
        gate = question.gate
        return weakest([*standings, *([self._gate_standing(gate)] if gate is not None else [])])

    def _gate_standing(self, gate: Gate) -> Standing:
        rows = [self.editions[name].standing for name in gate.basis.tables]
        return weakest([gate.standing, *rows, *(self.made[name].standing for name in gate.basis.questions)])

    def _rows_standing(self, question: Question, rule: Counted) -> Standing:
        """The firmest standing whose rows alone make the rule true, false and unknown where it is now."""
        if not rule.rule.basis.tables or rule.rule in self.rows_standings:
            return self.rows_standings.get(rule.rule, Standing.ENACTED)
        now = None
        enough = Standing.ENACTED
        for last, standing in enumerate(ALL_STANDINGS):
            enough = standing
            firm = self.enforce.intersection(ALL_STANDINGS[: last + 1])
            rows = {
                name: self.rulebook.tables[name].on(self.on, firm).rows for name in rule.rule.basis.tables
            }
            if all(self.env[name] is there for name, there in rows.items()):
                break
            if now is None:
                now = _places(question, rule, self.env)
            if now == _places(question, rule, {**self.env, **rows}):
                break
        self.rows_standings[rule.rule] = enough
        return enough

    def _decision(
        self,
        question: Question,
        possible: tuple[str, ...],
        findings: tuple[Finding, ...],
        otherwise: Finding | None,
        doubts: list[tuple[str, str, Unknown]],
        standing: Standing,
        inner: tuple[Decision, ...],
    ) -> Decision:
        can_read = readable(self.rulebook, question)
        incurable = {
            Incurable(rule, place, code) for rule, place, unknown in doubts for code in unknown.errors
        }
        if doubts:
            incurable.update(_from_inside(doubt, below) for below in inner for doubt in below.incurable)
        return Decision(
            question.name,
            possible[0] if len(possible) == 1 else UNDETERMINED,
            possible,
            favourable_answer(possible, question.favourable),
            findings,
            otherwise,
            tuple(sorted({path for _, _, unknown in doubts for path in unknown.paths})),
            tuple(sorted(incurable)),
            standing,
            self.rulebook.name,
            self.rulebook.digest,
            self.written.digest(self.given, can_read.projection),
            self.on,
            tuple(standing for standing in ALL_STANDINGS if standing in self.enforce),
            LANGUAGE_VERSION,
            reference_data(),
            can_read.asserted(self.given),
            None,
            inner,
        )


def _places(question: Question, rule: Counted, env: Mapping[str, object]) -> list[tuple[bool, str]]:
    """Where the rule is true, and where it is unknown."""
    alone = weighing_alone(question, rule)(env)
    return [
        *((True, found.place) for found in alone.found),
        *((False, doubt.place) for doubt in alone.doubts),
    ]


def _from_inside(doubt: Incurable, decision: Decision) -> Incurable:
    """A doubt of a question inside, its rule named with that question."""
    return doubt if ":" in doubt.rule else replace(doubt, rule=f"{decision.question}:{doubt.rule}")
