"""Why a test failed: the clauses that decided, with the values that they compared, and nothing beside the point."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from engine.explanation import Clause, Explanation, Place, RuleExplained, State, explain
from engine.rulebook.model import UNDETERMINED, Rulebook
from engine.workbench.ruletests.model import TestResult

_MOST: Final = 3
"""Rules that did not fire, and places of one rule, that are shown; the rest is counted."""

_MARK: Final = {True: "+", False: "-", None: "?"}
_REASONS: Final = ("reasons", "findings", "values")


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
        lines.append(f"{len(silent) - _MOST} more rules that could give it did not fire")
    if decision.otherwise is not None:
        lines.append(f"{explanation.otherwise}: {decision.because}")
    return tuple(lines)


def _to_the_point(
    result: TestResult, explanation: Explanation
) -> tuple[list[RuleExplained], list[RuleExplained]]:
    """The rules that made the answer what it is, and those that would have made it what was expected."""
    decision, expect = explanation.decision, result.test.expect
    parts = {difference.what for difference in result.differences}
    wanted = {expect.outcome, *(expect.possible or ())} - {decision.outcome, UNDETERMINED, None}
    reasons = set(expect.reasons or ()) if "reasons" in parts else set()
    named = {str(finding.get("rule")) for finding in expect.findings or ()} if "findings" in parts else set()
    spoke: list[RuleExplained] = []
    silent: list[RuleExplained] = []
    for rule in explanation.rules:
        expected = rule.reason in reasons or rule.rule in named
        if rule.state is State.FIRED:
            unexpected = ("reasons" in parts and rule.reason not in reasons) or (
                "findings" in parts and rule.rule not in named
            )
            decides = rule.outcome in decision.possible and not parts <= {*_REASONS}
            if unexpected or decides or "values" in parts:
                spoke.append(rule)
        elif rule.state is State.UNKNOWN and any(place.open for place in rule.places):
            spoke.append(rule)
        elif expected or (rule.outcome in wanted and "outcome" in parts | {"possible"} & parts):
            silent.append(rule)
    first = sorted(silent, key=lambda rule: not (rule.reason in reasons or rule.rule in named))
    return spoke, first


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
        yield f"  and at {len(alike) - most} more"


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
