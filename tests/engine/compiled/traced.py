"""What the tree walk says of the rules of a question: what the compiled form has to say too."""

from collections.abc import Mapping
from datetime import date

from engine.compiled import Verdict, weighing
from engine.facts import Facts, laid_out
from engine.firing import Firing, counted, put
from engine.rulebook import Rulebook
from engine.rulebook.model import DAY, Question
from engine.rulebook.standing import DEFAULT_ENFORCE, Standing

Told = list[tuple[str, str, object]]
ENFORCED = frozenset(DEFAULT_ENFORCE)


def laid(
    rulebook: Rulebook,
    facts: Facts,
    on: date,
    outcomes: Mapping[str, object] | None = None,
    enforce: frozenset[Standing] = ENFORCED,
) -> dict[str, object]:
    """What `decide` lays out for the rules of a question; `outcomes` are those of the questions it uses."""
    tables = {name: table.on(on, enforce).rows for name, table in rulebook.tables.items() if not table.fixed}
    others = {name: {"outcome": value} for name, value in (outcomes or {}).items()}
    return {**laid_out(rulebook.facts, facts), **tables, DAY: on, **others}


def by_walking(
    question: Question, env: Mapping[str, object], on: date, enforce: frozenset[Standing] = ENFORCED
) -> tuple[Told, Told]:
    """Rules that are true, with their places and loop variables; rules that are unknown, with why."""
    found: Told = []
    doubts: Told = []
    for rule in question.rules:
        counts = counted(rule, enforce)
        if counts is None or not rule.in_force(on):
            continue
        for result in put(counts, env):
            if isinstance(result, Firing):
                bounds = {loop.variable: result.env[loop.variable] for loop in rule.each}
                found.append((rule.name, result.place, bounds))
            else:
                doubts.append((rule.name, result.place, result.unknown))
    return _sorted(found), _sorted(doubts)


def by_compiled(
    question: Question, env: Mapping[str, object], on: date, enforce: frozenset[Standing] = ENFORCED
) -> tuple[Told, Told]:
    """The same from the compiled form."""
    return told(weighing(question, on, enforce)(env))


def told(verdict: Verdict) -> tuple[Told, Told]:
    """The rules of a verdict."""
    found: Told = [(one.counted.rule.name, one.place, dict(one.bounds)) for one in verdict.found]
    doubts: Told = [(one.counted.rule.name, one.place, one.unknown) for one in verdict.doubts]
    return _sorted(found), _sorted(doubts)


def _sorted(told: Told) -> Told:
    return sorted(told, key=lambda one: one[:2])
