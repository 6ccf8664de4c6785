"""Why a test failed: the clauses that decided, with the values that they compared, and nothing beside the point."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from engine.explanation import Clause, Explanation, Place, RuleExplained, State, explain
from engine.explanation.values import count
from engine.rulebook.model import UNDETERMINED, Rulebook
from engine.workbench.ruletests.model import TestResult

_MOST: Final = 3
"""Rules that did not fire, and places of one rule, that are shown; the rest is counted."""

_MARK: Final = {True: "+", False: "-", None: "?"}


def why(result: TestResult, rulebook: Rulebook) -> tuple[str, ...]:
    """What decided, line by line: rules that fired, and of those that were expected, what stopped them."""
    test, decision = result.test, result.decision
    if decision is None or not result.differences:
        return ()
    explanation = explain(rulebook, test.question, test.facts, test.on, test.enforce)
    lines: list[str] = []
    gate = explanation.gate
    if gate is not None and gate.applies is not True:
        known = "are not asked" if gate.applies is False else "may not be asked"
        lines += [f"the rules {known}, because of `applies`:", *_clauses(gate.clauses)]
    spoke, silent = _to_the_point(result, explanation)
    for rule in spoke:
        lines += _rule(rule, {f.place: f.because for f in decision.findings if f.rule == rule.rule})
    for rule in silent[:_MOST]:
        lines += _rule(rule, {})
    if len(silent) > _MOST:
        lines.append(f"{count(len(silent) - _MOST, 'more rule')} that could give it did not fire")
    if decision.otherwise is not None:
        lines.append(f"{explanation.otherwise}: {decision.because}")
    return tuple(lines)


def _to_the_point(
    result: TestResult, explanation: Explanation
) -> tuple[list[RuleExplained], list[RuleExplained]]:
    """The rules that made the answer what it is, and those that would have made it what was expected.

    The latter are those that the test names; where it names none, those that give the outcome it expects.
    """
    parts = {difference.what for difference in result.differences}
    decision, rules = explanation.decision, explanation.rules
    spoke = [rule for rule in rules if _spoke(rule, result, decision.possible, parts)]
    quiet = [rule for rule in rules if rule.state not in (State.FIRED, State.UNKNOWN)]
    named = [rule for rule in quiet if _is_named(rule, result, parts)]
    if named or decision.outcome == UNDETERMINED or "outcome" not in parts:
        return spoke, named
    able = [rule for rule in quiet if rule.outcome == result.test.expect.outcome]
    return spoke, sorted(able, key=lambda rule: rule.state is not State.STOPPED)


def _spoke(rule: RuleExplained, result: TestResult, possible: Iterable[str], parts: set[str]) -> bool:
    if rule.state is State.UNKNOWN:
        return any(place.open for place in rule.places) or _is_named(rule, result, parts)
    if rule.state is not State.FIRED:
        return False
    if parts <= {"reasons", "findings"}:
        return not _is_named(rule, result, parts)
    return "values" in parts or rule.outcome in possible


def _is_named(rule: RuleExplained, result: TestResult, parts: set[str]) -> bool:
    """Whether the test expects the rule, in a part that differs."""
    expect = result.test.expect
    by_reason = "reasons" in parts and rule.reason in (expect.reasons or ())
    return by_reason or (
        "findings" in parts and any(finding.get("rule") == rule.rule for finding in expect.findings or ())
    )


def _rule(rule: RuleExplained, because: dict[str, str]) -> Iterator[str]:
    if not rule.places:
        yield f"{rule.rule}, which would give {rule.outcome}: {rule.because}"
        return
    alike = [place for place in rule.places if place.state is rule.state]
    most = 1 if rule.state is State.STOPPED else _MOST
    for place in alike[:most]:
        yield _head(rule, place, because)
        yield from _clauses(place.clauses)
    if len(alike) > most:
        yield f"  and at {count(len(alike) - most, 'more place')}"


def _head(rule: RuleExplained, place: Place, because: dict[str, str]) -> str:
    name = f"{rule.rule} at {place.place}" if place.place else rule.rule
    if place.state is State.FIRED:
        return f"{name}: {because.get(place.place, '')}".rstrip(": ")
    became = "is unknown" if place.state is State.UNKNOWN else "did not fire"
    return f"{name}, which would give {rule.outcome}, {became}:"


def _clauses(clauses: Iterable[Clause]) -> Iterator[str]:
    """The clause after `+` where it is as the rule needs it, `-` where it is not, `?` where it is unknown."""
    for clause in clauses:
        inside = " > ".join(definition.partition("(")[0] for definition in clause.within)
        yield f"  {_MARK[clause.holds]} {f'{inside}: ' if inside else ''}{clause.says}"
