"""Rules put to the facts: each is true, false or unknown, once for every element that it goes over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.decision import Finding
from engine.expression import Bound, Unknown, evaluate, render
from engine.rulebook.model import Loop, Reading, Rule, Statement
from engine.rulebook.standing import Standing, weakest

Env = Mapping[str, object]


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """A rule as it counts under the standings enforced: its outcome, its standing, the reading taken."""

    rule: Rule
    outcome: str
    standing: Standing
    reading: Reading | None


@dataclass(frozen=True, slots=True, eq=False)
class Firing:
    """A rule that is true for the facts in `env`, at a list element or for the whole (an empty place)."""

    counted: Counted
    place: str
    env: Env


@dataclass(frozen=True, slots=True, eq=False)
class Doubt:
    """A rule that is unknown, and what is not known."""

    counted: Counted
    place: str
    unknown: Unknown


def counted(rule: Rule, enforce: frozenset[Standing]) -> Counted | None:
    """The rule as it counts, or None where its standing does not, or the chosen reading has no consequence.

    A chosen reading is an assumption: where assumptions do not count, the text stays open.
    """
    if rule.standing not in enforce:
        return None
    chosen = rule.readings.chosen if rule.readings is not None else None
    if chosen is None or Standing.ASSUMED not in enforce:
        return Counted(rule, rule.outcome, rule.standing, None)
    if chosen.outcome is None:
        return None
    return Counted(rule, chosen.outcome, Standing.ASSUMED, chosen)


def put(rule: Counted, env: Env) -> Iterator[Firing | Doubt]:
    """The rule's firings and doubts; nothing where it is false."""
    for inside, place, unknown_list in elements(rule.rule.each, env, ""):
        value = evaluate(rule.rule.when, inside)
        if value is False:
            continue
        if unknown_list is not None:
            yield Doubt(rule, place, unknown_list | value if isinstance(value, Unknown) else unknown_list)
        elif isinstance(value, Unknown):
            yield Doubt(rule, place, value)
        else:
            yield Firing(rule, place, inside)


def elements(loops: tuple[Loop, ...], env: Env, place: str) -> Iterator[tuple[Env, str, Unknown | None]]:
    """What the rule is put to: an environment for each element, its place, and what is unknown of the list.

    An unknown list has one element, which is unknown; a list known to be none has no elements.
    """
    if not loops:
        yield env, place, None
        return
    loop, *rest = loops
    path, value = _path(loop, env), evaluate(loop.path, env)
    if isinstance(value, Unknown):
        inside = {**env, loop.variable: Bound(value, path)}
        for deeper, _, below in elements(tuple(rest), inside, path):
            yield deeper, path, value | below if below is not None else value
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            at = f"{path}[{number}]"
            yield from elements(tuple(rest), {**env, loop.variable: Bound(item, at)}, at)


def _path(loop: Loop, env: Env) -> str:
    root, dot, rest = loop.path.text.partition(".")
    bound = env.get(root)
    return f"{bound.path}{dot}{rest}" if isinstance(bound, Bound) and bound.path else loop.path.text


def finding(firing: Firing, tables: Standing) -> Finding:
    """What a rule that fired says; `tables` is the standing of the rows that it fired by."""
    rule, counts = firing.counted.rule, firing.counted
    values = {name: evaluate(value, firing.env) for name, value in rule.values}
    return Finding(
        rule.name,
        rule.reason,
        counts.outcome,
        _because(counts, firing.env),
        rule.remedy.fill(firing.env) if rule.remedy is not None else "",
        rule.cites,
        firing.place,
        {name: render(value) for name, value in values.items() if not isinstance(value, Unknown)},
        weakest([counts.standing, tables]),
    )


def statement_finding(statement: Statement, env: Env) -> Finding:
    """What `otherwise` or `else` says, where it decided."""
    remedy = statement.remedy.fill(env) if statement.remedy is not None else ""
    return Finding(
        statement.name, statement.reason, statement.outcome, statement.because.fill(env), remedy,
        statement.cites, "", {}, statement.standing,
    )  # fmt: skip


def _because(counts: Counted, env: Env) -> str:
    rule, reading = counts.rule, counts.reading
    if reading is not None:
        text = reading.because if reading.because is not None else rule.because
        return f"{text.fill(env)} Read as assumed here ({reading.name}): {reading.says}"
    because = rule.because.fill(env)
    if rule.readings is None:
        return because
    shown = (f"Reading {one.name}: {one.says} Then: {one.outcome or 'nothing'}." for one in rule.readings.all)
    return " ".join([because, *shown])
