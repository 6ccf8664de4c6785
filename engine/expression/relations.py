"""Operators between two values when facts are missing, are one of several, or are in another currency."""

from collections.abc import Callable
from typing import NamedTuple

from engine.expression import tree as t
from engine.expression.kleene import NO_OVERLOAD, all_unknown, attempt, failed, settle
from engine.expression.operators import OPERATORS, OTHER_CURRENCY, equal
from engine.expression.run import Run, weight, with_paths
from engine.expression.types import MONEY
from engine.expression.values import Map, Money, OneOf, OperationError, Tracked, Unknown, key_of


class Side(NamedTuple):
    """One side of an operator: its part of the tree, its value, and the path of the fact that it is."""

    node: t.Node
    value: object
    path: str | None


def binary(run: Run, node: t.Binary) -> object:
    """The value of an operator between two parts."""
    if node.operator == "in":
        return _in(run, node)
    left = Side(node.left, *run.placed(node.left))
    return _between(run, node.operator, left, Side(node.right, *run.placed(node.right)))


def _between(run: Run, operator: str, left: Side, right: Side) -> object:
    if isinstance(left.value, Unknown) or isinstance(right.value, Unknown):
        return all_unknown((left.value, right.value))
    if isinstance(left.value, OneOf) or isinstance(right.value, OneOf):
        return _agreed(OPERATORS[operator], left.value, right.value)
    _charge(run, operator, left.value, right.value)
    if operator == "+" and isinstance(left.value, tuple) and isinstance(right.value, tuple):
        return Tracked.of([*with_paths(left.value, left.path), *with_paths(right.value, right.path)])
    return _converted(run, attempt(OPERATORS[operator], left.value, right.value), left, right)


def _charge(run: Run, operator: str, left: object, right: object) -> None:
    if isinstance(left, str) and isinstance(right, str):
        run.charge((len(left) + len(right)) // (10 if operator == "+" else 1000))
    elif isinstance(left, tuple | Map) and isinstance(right, tuple | Map):
        run.charge(weight(left) + (weight(right) if operator == "+" else 0))


def _agreed(operation: Callable[[object, object], object], left: object, right: object) -> object:
    """The result, if every possible value gives the same."""
    lefts = left.values if isinstance(left, OneOf) else (left,)
    rights = right.values if isinstance(right, OneOf) else (right,)
    results = {attempt(operation, one, other) for one in lefts for other in rights}
    return results.pop() if len(results) == 1 else all_unknown((left, right))


def _converted(run: Run, result: object, left: Side, right: Side) -> object:
    """The result; where currencies differ, the fact that is missing is the amount in the other currency."""
    if not isinstance(result, Unknown) or OTHER_CURRENCY not in result.errors:
        return result
    for one, other in ((left, right), (right, left)):
        if isinstance(one.value, Money) and isinstance(other.value, Money):
            wanted = other.value.currency
            paths = {one.path} if one.path else _amounts(run, one.node, wanted)
            if paths:
                return Unknown(frozenset(f"{path} in {wanted}" for path in paths))
    return result


def _amounts(run: Run, node: t.Node, wanted: str) -> set[str]:
    """The paths of the facts in a part of the tree that are amounts in another currency than is wanted."""
    if node.type == MONEY and isinstance(node, t.Name | t.Select | t.Index):
        value, path = run.placed(node)
        return {path} if path and isinstance(value, Money) and value.currency != wanted else set()
    if isinstance(node, t.Macro | t.Use):
        return set()
    return {path for child in t.children(node) for path in _amounts(run, child, wanted)}


def _in(run: Run, node: t.Binary) -> object:
    left = Side(node.left, *run.placed(node.left))
    if not isinstance(left.value, OneOf):
        return _member(run, node.right, left)
    results = [_member(run, node.right, left._replace(value=one)) for one in left.value.values]
    return results[0] if all(one == results[0] for one in results) else all_unknown((left.value, *results))


def _member(run: Run, container: t.Node, left: Side) -> object:
    """Whether a value is in a list or map; of a list written out, a single element may be unknown."""
    if isinstance(container, t.ListOf):
        items = (Side(item, *run.placed(item)) for item in container.items)
        return settle((_between(run, "==", left, item) for item in items), True)
    value = run.value(container)
    if isinstance(left.value, Unknown) or isinstance(value, Unknown | OneOf):
        return all_unknown((left.value, value))
    return _is_in(run, left, value, container.members if isinstance(container, t.Constant) else None)


def _is_in(run: Run, left: Side, container: object, members: frozenset[object] | None) -> object:
    if members is not None:
        return key_of(left.value) in members
    if isinstance(container, Map):
        return left.value in container
    if not isinstance(container, tuple):
        return failed(NO_OVERLOAD)
    run.charge(weight(container))
    try:
        return any(equal(left.value, item) for item in container)
    except OperationError:
        place = left.node
        same = (
            _converted(run, attempt(equal, left.value, item), left, Side(place, item, path))
            for item, path in with_paths(container, None)
        )
        return settle(same, True)
