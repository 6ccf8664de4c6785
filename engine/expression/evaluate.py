"""The tree, evaluated against facts in Kleene's logic: what is not known stays unknown, with its path."""

from collections.abc import Mapping
from typing import Final, cast

from engine.expression import functions
from engine.expression import tree as t
from engine.expression.kleene import (
    NO_OVERLOAD,
    all_unknown,
    any_unknown,
    as_unknown,
    attempt,
    failed,
    settle,
)
from engine.expression.loops import loop
from engine.expression.operators import negate
from engine.expression.relations import binary
from engine.expression.run import Run, Step, TooCostlyError, has
from engine.expression.scope import Expression
from engine.expression.values import Map, OneOf, Tracked, Unknown


def evaluate(expression: Expression, env: Mapping[str, object]) -> object:
    """The value of an expression, or Unknown. Never raises, and never takes long.

    `env` holds the roots of facts; a root or key that is missing is unknown. A value wrapped in Bound
    brings the path of where it comes from; a OneOf stands for several possible values.
    """
    return evaluate_part(expression.root, env)


def evaluate_part(node: t.Node, env: Mapping[str, object]) -> object:
    """The value of a part of a typed tree, for explanations; loop variables must be in `env`, as Bound."""
    try:
        value = Run(env, STEPS).value(node)
    except TooCostlyError:
        return failed("too_costly")
    except RecursionError:
        return failed("too_deep")
    return Unknown(value.paths) if isinstance(value, OneOf) else value


def _literal(_run: Run, node: t.Literal | t.Constant) -> object:
    return node.value


def _refused(_run: Run, node: t.Refused) -> object:
    return failed(node.code.replace("-", "_"))


def _list(run: Run, node: t.ListOf) -> object:
    items = [run.placed(item) for item in node.items]
    values = [value for value, _ in items]
    return all_unknown(values) if any_unknown(values) else Tracked.of(items)


def _map(run: Run, node: t.MapOf) -> object:
    entries = [(run.value(key), run.value(value)) for key, value in node.entries]
    parts = [part for entry in entries for part in entry]
    if any_unknown(parts):
        return all_unknown(parts)
    if not all(isinstance(key, str | int) for key, _ in entries):
        return failed("bad_key")
    made = Map(entries)
    return made if len(made) == len(entries) else failed("duplicate_key")


def _unary(run: Run, node: t.Unary) -> object:
    value = run.value(node.operand)
    if isinstance(value, Unknown | OneOf):
        return as_unknown(value)
    if node.operator == "!":
        return (not value) if isinstance(value, bool) else failed(NO_OVERLOAD)
    return attempt(negate, value)


def _every(run: Run, node: t.Every) -> object:
    return settle(map(run.value, node.items), False)


def _some(run: Run, node: t.Some) -> object:
    return settle(map(run.value, node.items), True)


def _call(run: Run, node: t.Call) -> object:
    operands = node.arguments if node.target is None else (node.target, *node.arguments)
    values = [run.value(operand) for operand in operands]
    if any_unknown(values):
        return all_unknown(values)
    run.charge(sum(len(value) for value in values if isinstance(value, str)) // 50)
    return attempt(functions.call, node.name, node.target is not None, values)


STEPS: Final = cast(
    dict[type[t.Node], Step],
    {
        t.Literal: _literal,
        t.Constant: _literal,
        t.Refused: _refused,
        t.Has: has,
        t.ListOf: _list,
        t.MapOf: _map,
        t.Unary: _unary,
        t.Binary: binary,
        t.Every: _every,
        t.Some: _some,
        t.Call: _call,
        t.Macro: loop,
    },
)
"""How each kind of part is evaluated; those with a place are evaluated by the run itself."""
