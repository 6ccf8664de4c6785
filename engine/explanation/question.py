"""explain: why a question was answered so, rule by rule. It walks the conditions again, and decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from engine.decide import decide
from engine.decision import Decision
from engine.environment import environment
from engine.explanation.looking import Look
from engine.explanation.model import Clause, Explanation, Gated, Place, RuleExplained, State
from engine.explanation.places import Element, elements
from engine.explanation.tracing import Tracer
from engine.explanation.values import absent
from engine.expression import Unknown, evaluate
from engine.facts import Facts, laid_out
from engine.firing import Counted, counted
from engine.outcomes import could_change, possible_outcomes
from engine.rulebook.model import Gate, Question, Rule, Rulebook
from engine.rulebook.standing import DEFAULT_ENFORCE

Env = Mapping[str, object]


def explain(
    rulebook: Rulebook,
    question: str,
    facts: Facts,
    on: date,
    enforce: Iterable[str] = DEFAULT_ENFORCE,
) -> Explanation:
    """The decision of a question with what made every rule fire, stopped it, or left it unknown.

    Takes and raises what `decide` does. The questions that it uses are explained too, one level deep; where
    the gate is closed, those that the gate uses.
    """
    decision = decide(rulebook, question, facts, on, tuple(enforce))
    given = laid_out(rulebook.facts, facts)
    explanation = _explained(rulebook, decision, given)
    gate = rulebook.questions[question].gate
    closed = gate is not None and not explanation.rules
    used = [one for one in decision.inner if not closed or (gate and one.question in gate.basis.questions)]
    return replace(explanation, inner=tuple(_explained(rulebook, inner, given) for inner in used))


def _explained(rulebook: Rulebook, decision: Decision, given: Env) -> Explanation:
    question = rulebook.questions[decision.question]
    env = environment(rulebook, given, decision.on, frozenset(decision.enforce), decision.inner)
    gate = None if question.gate is None else _gated(question.gate, env)
    if gate is not None and gate.applies is False:
        return Explanation(decision, gate, (), f"`applies` is false, so `else` gives {gate.outcome}")
    rules = tuple(_rule(rule, decision, env) for rule in question.rules)
    otherwise = ""
    if decision.otherwise is not None:
        otherwise = f"no rule in force is true, so `otherwise` gives {question.otherwise.outcome}"
    return Explanation(decision, gate, _with_open(question, rules), otherwise)


def _gated(gate: Gate, env: Env) -> Gated:
    value = evaluate(gate.applies, env)
    clauses = Tracer(Look(env), "`applies`").clauses(gate.applies.root)
    return Gated(value if isinstance(value, bool) else None, gate.otherwise.outcome, clauses)


def _rule(rule: Rule, decision: Decision, env: Env) -> RuleExplained:
    if not rule.in_force(decision.on):
        return RuleExplained(
            rule.name, rule.reason, rule.outcome, State.NOT_IN_FORCE, (), _period(rule, decision.on)
        )
    counts = counted(rule, frozenset(decision.enforce))
    if counts is None:
        return _not_counted(rule, decision)
    places = tuple(_place(counts, element) for element in elements(rule.each, Element(env)))
    states = {place.state for place in places}
    state = next(one for one in (State.FIRED, State.UNKNOWN, State.STOPPED) if one in states)
    return RuleExplained(rule.name, rule.reason, counts.outcome, state, places)


def _period(rule: Rule, on: date) -> str:
    if rule.start is not None and on < rule.start:
        return f"it is in force from {rule.start}; the decision is for {on}"
    return f"it was in force until {rule.end}; the decision is for {on}"


def _not_counted(rule: Rule, decision: Decision) -> RuleExplained:
    if rule.standing not in decision.enforce:
        because = f"its standing is {rule.standing}; enforced here: {', '.join(decision.enforce)}"
        return RuleExplained(rule.name, rule.reason, rule.outcome, State.NOT_ENFORCED, (), because)
    chosen = rule.readings.chosen if rule.readings is not None else None
    reading = f" ({chosen.name}: {chosen.says})" if chosen is not None else ""
    because = f"as its text is read here{reading} it has no consequence"
    return RuleExplained(rule.name, rule.reason, rule.outcome, State.NO_CONSEQUENCE, (), because)


def _place(rule: Counted, element: Element) -> Place:
    if element.ended:
        ended = element.ended
        return Place(
            element.place, State.STOPPED, (Clause(ended, False, f"{ended}: there is nothing to look at"),)
        )
    value = evaluate(rule.rule.when, element.env)
    look = Look(element.env)
    condition = look.variables_named(rule.rule.when.root, element.paths)
    clauses = Tracer(look, "the rule").clauses(condition)
    if value is False:
        return Place(element.place, State.STOPPED, clauses)
    if element.unknown is not None:
        return _in_unknown_list(element, element.unknown, value, clauses)
    if isinstance(value, Unknown):
        return _unknown(element.place, value, clauses)
    return Place(element.place, State.FIRED, clauses)


def _in_unknown_list(element: Element, unknown: Unknown, value: object, clauses: tuple[Clause, ...]) -> Place:
    """Where a list is unknown: first that it is, then what else is, and nothing that only says the same."""
    says = absent(unknown, element.place)
    of_list = Clause(
        f"each of {element.place}", None, says, (), (),
        tuple(sorted(unknown.paths)), tuple(sorted(unknown.errors)),
    )  # fmt: skip
    if not isinstance(value, Unknown):
        return _unknown(element.place, unknown, (of_list,))
    more = [one for one in clauses if not unknown.paths.issuperset(one.missing) or one.errors]
    return _unknown(element.place, unknown | value, (of_list, *more))


def _unknown(place: str, value: Unknown, clauses: tuple[Clause, ...]) -> Place:
    """One clause for all that lack the same facts: that they lack them is what there is to say."""
    told: dict[tuple[tuple[str, ...], tuple[str, ...]], Clause] = {}
    for clause in clauses:
        told.setdefault((clause.missing, clause.errors), clause)
    return Place(
        place, State.UNKNOWN, tuple(told.values()), tuple(sorted(value.paths)), tuple(sorted(value.errors))
    )


def _with_open(question: Question, rules: tuple[RuleExplained, ...]) -> tuple[RuleExplained, ...]:
    """The rules, those that are unknown and could still change the answer marked as open."""
    put = [(rule.outcome, place.state) for rule in rules for place in rule.places]
    fired = [outcome for outcome, state in put if state is State.FIRED]
    unknown = [outcome for outcome, state in put if state is State.UNKNOWN]
    otherwise = question.otherwise.outcome
    if len(possible_outcomes(question.outcomes, fired, unknown, otherwise)) == 1:
        return rules
    changes = dict(zip(unknown, could_change(question.outcomes, fired, unknown, otherwise), strict=True))
    return tuple(
        replace(
            rule,
            places=tuple(
                replace(place, open=changes[rule.outcome]) if place.state is State.UNKNOWN else place
                for place in rule.places
            ),
        )
        for rule in rules
    )
