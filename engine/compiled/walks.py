"""The tree walk in place of what has no translation, or met something irregular."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from engine.compiled.runtime import Bounds, Extra, Leave, as_mask
from engine.compiled.shapes import Doubtful, Entry, Env
from engine.expression import Bound, Expression, Unknown, evaluate
from engine.firing import Counted, Firing, put

Whole = Callable[[Env], Env]


def walked(number: int, rule: Counted, whole: Callable[[Env], Env]) -> Callable[..., tuple[int, object]]:
    """The tree walk on known facts."""

    def walk(env: Env, mask: int, at: list[Entry] | None) -> tuple[int, list[Entry] | None]:
        for result in put(rule, whole(env)):
            if not isinstance(result, Firing):
                raise Leave
            mask |= 1 << number
            if rule.rule.each:
                at = at if at is not None else []
                at.append((number, 1, result.place, _bounds(rule, result)))
        return mask, at

    return walk


def doubted(number: int, rule: Counted, whole: Callable[[Env], Env]) -> Doubtful:
    """The tree walk on any facts."""

    def walk(env: Env, out: list[Entry], extra: Extra) -> bool:
        for result in put(rule, whole(env)):
            if isinstance(result, Firing):
                out.append((number, 1, result.place, _bounds(rule, result)))
            else:
                out.append((number, as_mask(result.unknown, extra), result.place, ()))
        return True

    return walk


def doubted_gate(gate: Expression, whole: Callable[[Env], Env]) -> Callable[[Env, Extra], int]:
    def walk(env: Env, extra: Extra) -> int:
        value = evaluate(gate, whole(env))
        return as_mask(value, extra) if isinstance(value, Unknown) else value is True

    return walk


def _bounds(rule: Counted, firing: Firing) -> Bounds:
    return tuple((loop.variable, cast(Bound, firing.env[loop.variable])) for loop in rule.rule.each)


def walked_gate(gate: Expression, whole: Callable[[Env], Env]) -> Callable[[Env], bool]:
    def walk(env: Env) -> bool:
        value = evaluate(gate, whole(env))
        if isinstance(value, Unknown):
            raise Leave
        return value is True

    return walk
