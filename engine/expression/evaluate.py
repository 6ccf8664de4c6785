"""The tree, evaluated against facts in Kleene's logic: what is not known stays unknown, with its path."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, cast

from engine.expression import functions
from engine.expression import tree as t
from engine.expression.bounds import MAX_COST
from engine.expression.operators import NO_OVERLOAD, OPERATORS, OTHER_CURRENCY, equal, negate
from engine.expression.scope import Expression
from engine.expression.types import MONEY, MapType, RecordType
from engine.expression.values import Bound, Map, Money, OneOf, OperationError, Tracked, Unknown

_ABSENT: Final = object()
_EMPTY: Final[dict[str, object]] = {}


class _TooCostlyError(Exception):
    """The evaluation visited more than its share."""


def failed(code: str) -> Unknown:
    """What no fact can cure."""
    return Unknown(errors=frozenset({code}))


def not_given(path: str) -> Unknown:
    """What the fact at the path would cure."""
    return Unknown(paths=frozenset({path}))


def evaluate(expression: Expression, env: Mapping[str, object]) -> object:
    """The value of an expression, or Unknown. Never raises, and never takes long.

    `env` holds the roots of facts; a root or key that is missing is unknown. A value wrapped in Bound
    brings the path of where it comes from; a OneOf stands for several possible values.
    """
    run = Run(env)
    try:
        value = run.value(expression.root)
    except _TooCostlyError:
        return failed("too_costly")
    except RecursionError:
        return failed("too_deep")
    return Unknown(value.paths) if isinstance(value, OneOf) else value


class Run:
    """One evaluation: the facts, the loop variables in force, and what it may still cost."""

    def __init__(self, env: Mapping[str, object]) -> None:
        self._env = env
        self._locals: Mapping[str, Bound] = {}
        self._left = MAX_COST

    def value(self, node: t.Node) -> object:
        """The value of a part of the tree: a value, OneOf or Unknown."""
        self.charge(1)
        return _STEPS[type(node)](self, node)

    def charge(self, cost: int) -> None:
        """Takes the cost from what is left; raises when that is used up."""
        self._left -= cost
        if self._left < 0:
            raise _TooCostlyError

    def placed(self, node: t.Node) -> tuple[object, str | None]:
        """The value of a part, and the path of the fact it is, where it is one."""
        match node:
            case t.Name():
                return self._named(node)
            case t.Select():
                value, path = self.placed(node.operand)
                return self._field(node, value, path)
            case t.Index():
                return self._element(node)
            case t.Choice():
                self.charge(1)
                test = self.value(node.test)
                if isinstance(test, bool):
                    return self.placed(node.then if test else node.otherwise)
                return _unknown(test), None
            case t.Use():
                return self._used(node)
        return self.value(node), None

    def _named(self, node: t.Name) -> tuple[object, str | None]:
        self.charge(1)
        entry: object = _ABSENT if node.absolute else self._locals.get(node.name, _ABSENT)
        if entry is _ABSENT:
            entry = self._env.get(node.name, _ABSENT)
        if entry is _ABSENT:
            if isinstance(node.type, RecordType):
                return _EMPTY, node.name
            return not_given(node.name), node.name
        if isinstance(entry, Bound):
            return entry.value, entry.path
        return entry, node.name

    def _field(self, node: t.Select, value: object, path: str | None) -> tuple[object, str | None]:
        self.charge(1)
        if isinstance(value, Unknown):
            return value, path
        below = f"{path}.{node.field}" if path else None
        if isinstance(value, dict) and not isinstance(node.operand.type, MapType):
            if node.field in value:
                return value[node.field], below
            return (not_given(below) if below else failed("no_such_field")), below
        if isinstance(value, dict | Map):
            return (value[node.field] if node.field in value else failed("no_such_key")), below
        if isinstance(value, Money) and node.field in ("amount", "currency"):
            return getattr(value, node.field), below
        return failed("no_such_field" if value is None else NO_OVERLOAD), below

    def _element(self, node: t.Index) -> tuple[object, str | None]:
        self.charge(1)
        value, path = self.placed(node.operand)
        index = self.value(node.index)
        if isinstance(value, Unknown | OneOf) or isinstance(index, Unknown | OneOf):
            return _all_unknown((value, index)), None
        if isinstance(value, tuple):
            number = int(index) if isinstance(index, float) and index.is_integer() else index
            if not isinstance(number, int) or isinstance(number, bool):
                return failed(NO_OVERLOAD), None
            if not 0 <= number < len(value):
                return failed("index_out_of_range"), None
            return value[number], _path_of(value, path, number)
        if isinstance(value, dict) and isinstance(index, str):
            if index in value:
                return value[index], f"{path}[{index!r}]" if path else None
            if isinstance(node.operand.type, MapType) or path is None:
                return failed("no_such_key"), None
            return not_given(f"{path}.{index}"), None
        if isinstance(value, Map):
            below = f"{path}[{index!r}]" if path else None
            return (value[index] if index in value else failed("no_such_key")), below
        return failed(NO_OVERLOAD), None

    def _used(self, node: t.Use) -> tuple[object, str | None]:
        self.charge(1)
        bound = {
            name: Bound(*self.placed(argument))
            for name, argument in zip(node.parameters, node.arguments, strict=True)
        }
        outside, self._locals = self._locals, bound
        try:
            return self.placed(node.body)
        finally:
            self._locals = outside

    def _has(self, node: t.Has) -> object:
        value, path = self.placed(node.operand)
        if isinstance(value, Unknown):
            return value
        if value is None:
            return False
        if isinstance(value, Map):
            return node.field in value
        if not isinstance(value, dict):
            return failed(NO_OVERLOAD)
        if isinstance(node.operand.type, MapType):
            return node.field in value
        if node.field not in value:
            return not_given(f"{path}.{node.field}") if path else failed("no_such_field")
        field = value[node.field]
        return field if isinstance(field, Unknown) else field is not None

    def _list(self, node: t.ListOf) -> object:
        items = Tracked.of(self.placed(item) for item in node.items)
        return _all_unknown(items) if _any_unknown(items) else items

    def _map(self, node: t.MapOf) -> object:
        entries = [(self.value(key), self.value(value)) for key, value in node.entries]
        parts = [part for entry in entries for part in entry]
        if _any_unknown(parts):
            return _all_unknown(parts)
        if not all(isinstance(key, str | int) for key, _ in entries):
            return failed("bad_key")
        made = Map(entries)
        return made if len(made) == len(entries) else failed("duplicate_key")

    def _unary(self, node: t.Unary) -> object:
        value = self.value(node.operand)
        if isinstance(value, Unknown | OneOf):
            return _unknown(value)
        if node.operator == "!":
            return (not value) if isinstance(value, bool) else failed(NO_OVERLOAD)
        return _attempt(negate, value)

    def _every(self, node: t.Every) -> object:
        return self._kleene((self.value(item) for item in node.items), False)

    def _some(self, node: t.Some) -> object:
        return self._kleene((self.value(item) for item in node.items), True)

    def _kleene(self, values: Iterable[object], decides: bool) -> object:
        """`&&` over the values, or `||`: one that decides is enough; else one unknown leaves it unknown."""
        unknown: Unknown | None = None
        for value in values:
            if value is decides:
                return decides
            if value is not (not decides):
                unknown = _unknown(value) if unknown is None else unknown | _unknown(value)
        return (not decides) if unknown is None else unknown

    def _binary(self, node: t.Binary) -> object:
        if node.operator == "in":
            return self._in(node)
        left, left_path = self.placed(node.left)
        right, right_path = self.placed(node.right)
        if isinstance(left, Unknown) or isinstance(right, Unknown):
            return _all_unknown((left, right))
        if isinstance(left, OneOf) or isinstance(right, OneOf):
            return self._agreed(OPERATORS[node.operator], left, right)
        self._charge_operands(node.operator, left, right)
        if node.operator == "+" and isinstance(left, tuple) and isinstance(right, tuple):
            return Tracked.of([*_with_paths(left, left_path), *_with_paths(right, right_path)])
        result = _attempt(OPERATORS[node.operator], left, right)
        if result == failed(OTHER_CURRENCY):
            return self._other_currency((node.left, left, left_path), (node.right, right, right_path))
        return result

    def _charge_operands(self, operator: str, left: object, right: object) -> None:
        if isinstance(left, str) and isinstance(right, str):
            self.charge((len(left) + len(right)) // (10 if operator == "+" else 1000))
        elif isinstance(left, tuple | Map) and isinstance(right, tuple | Map):
            self.charge(_weight(left) + (_weight(right) if operator == "+" else 0))

    def _agreed(self, operation: Callable[[object, object], object], left: object, right: object) -> object:
        """The result, if every possible value gives the same."""
        lefts = left.values if isinstance(left, OneOf) else (left,)
        rights = right.values if isinstance(right, OneOf) else (right,)
        results = {_attempt(operation, one, other) for one in lefts for other in rights}
        if len(results) == 1:
            return results.pop()
        return _all_unknown((left, right))

    def _other_currency(self, *sides: tuple[t.Node, object, str | None]) -> Unknown:
        """The fact that is missing is the amount in the other side's currency."""
        for side, other in ((sides[0], sides[1]), (sides[1], sides[0])):
            if not isinstance(side[1], Money) or not isinstance(other[1], Money):
                continue
            wanted = other[1].currency
            paths = {side[2]} if side[2] else self._amounts(side[0], wanted)
            if paths:
                return Unknown(frozenset(f"{path} in {wanted}" for path in paths))
        return failed(OTHER_CURRENCY)

    def _amounts(self, node: t.Node, wanted: str) -> set[str]:
        """The paths of the facts in an expression that are amounts in another currency than the wanted one."""
        if node.type == MONEY and isinstance(node, t.Name | t.Select | t.Index):
            value, path = self.placed(node)
            return {path} if path and isinstance(value, Money) and value.currency != wanted else set()
        if isinstance(node, t.Macro | t.Use):
            return set()
        return {path for child in t.children(node) for path in self._amounts(child, wanted)}

    def _in(self, node: t.Binary) -> object:
        left, left_path = self.placed(node.left)
        if isinstance(node.right, t.ListOf):
            equals = (t.Binary("==", node.left, item, start=item.start, end=item.end) for item in node.right.items)
            return self._kleene((self._binary(one) for one in equals), True)
        members = node.right.members if isinstance(node.right, t.Constant) else None
        right, _ = self.placed(node.right)
        if isinstance(left, Unknown) or isinstance(right, Unknown | OneOf):
            return _all_unknown((left, right))
        possible = left.values if isinstance(left, OneOf) else (left,)
        results = [self._is_in(one, right, members, (node.left, left_path)) for one in possible]
        return results[0] if all(one == results[0] for one in results) else _all_unknown((left,))

    def _is_in(
        self, value: object, container: object, members: frozenset[str] | None, place: tuple[t.Node, str | None]
    ) -> object:
        if members is not None and isinstance(value, str):
            return value in members
        if isinstance(container, Map | dict):
            return value in container if isinstance(container, Map) or isinstance(value, str) else False
        if not isinstance(container, tuple):
            return failed(NO_OVERLOAD)
        self.charge(_weight(container))
        node, path = place
        return self._kleene((self._same(node, value, path, item) for item in container), True)

    def _same(self, node: t.Node, value: object, path: str | None, item: object) -> object:
        result = _attempt(equal, value, item)
        if result == failed(OTHER_CURRENCY):
            return self._other_currency((node, value, path), (node, item, None))
        return result

    def _call(self, node: t.Call) -> object:
        operands = node.arguments if node.target is None else (node.target, *node.arguments)
        values = [self.value(operand) for operand in operands]
        if _any_unknown(values):
            return _all_unknown(values)
        self.charge(sum(len(value) for value in values if isinstance(value, str)) // 50)
        return _attempt(functions.call, node.name, node.target is not None, values)

    def _macro(self, node: t.Macro) -> object:
        value, path = self.placed(node.operand)
        if isinstance(value, Unknown | OneOf):
            return _unknown(value)
        if isinstance(value, Map):
            items: list[tuple[object, str | None]] = [(key, None) for key in value]
        elif isinstance(value, dict):
            items = [(key, None) for key in value]
        elif isinstance(value, tuple):
            items = _with_paths(value, path)
        else:
            return failed(NO_OVERLOAD)
        outside = self._locals
        try:
            return self._over(node, items, outside)
        finally:
            self._locals = outside

    def _over(
        self, node: t.Macro, items: list[tuple[object, str | None]], outside: Mapping[str, Bound]
    ) -> object:
        inside = dict(outside)
        self._locals = inside

        def each(body: t.Node) -> Iterable[object]:
            for item in items:
                inside[node.variable] = Bound(*item)
                yield self.value(body)

        if node.name in ("all", "exists"):
            return self._kleene(each(node.body), node.name == "exists")
        condition = node.body if node.name in ("filter", "exists_one") else node.condition
        if condition is not None:
            kept = list(each(condition))
            unknown = [_unknown(value) for value in kept if not isinstance(value, bool)]
            if unknown:
                return _all_unknown(unknown)
            items = [item for item, keep in zip(items, kept, strict=True) if keep]
        if node.name == "exists_one":
            return len(items) == 1
        if node.name == "filter":
            return Tracked.of(items)
        made = []
        for item in items:
            inside[node.variable] = Bound(*item)
            made.append(self.placed(node.body))
        return _all_unknown([value for value, _ in made]) if _any_unknown(v for v, _ in made) else Tracked.of(made)


def _unknown(value: object) -> Unknown:
    """What is unknown about a value that should have been a condition."""
    if isinstance(value, Unknown):
        return value
    return Unknown(value.paths) if isinstance(value, OneOf) else failed(NO_OVERLOAD)


def _any_unknown(values: Iterable[object]) -> bool:
    return any(isinstance(value, Unknown | OneOf) for value in values)


def _all_unknown(values: Iterable[object]) -> Unknown:
    found = [_unknown(value) for value in values if isinstance(value, Unknown | OneOf)]
    return Unknown(
        frozenset().union(*(one.paths for one in found)), frozenset().union(*(one.errors for one in found))
    )


def _attempt(operation: Callable[..., object], *operands: object) -> object:
    try:
        return operation(*operands)
    except OperationError as error:
        return failed(error.code)


def _path_of(value: tuple[object, ...], path: str | None, index: int) -> str | None:
    if isinstance(value, Tracked):
        return value.paths[index]
    return f"{path}[{index}]" if path else None


def _with_paths(value: tuple[object, ...], path: str | None) -> list[tuple[object, str | None]]:
    return [(item, _path_of(value, path, index)) for index, item in enumerate(value)]


def _weight(value: object) -> int:
    if isinstance(value, Map):
        return 1 + sum(_weight(item) for item in value.values())
    return 1 + sum(map(_weight, value)) if isinstance(value, tuple) else 1


def _placed_value(run: Run, node: t.Node) -> object:
    return run.placed(node)[0]


_STEPS: Final = cast(
    dict[type[t.Node], Callable[[Run, t.Node], object]],
    {
        t.Literal: lambda _, node: node.value,
        t.Constant: lambda _, node: node.value,
        t.Refused: lambda _, node: failed(node.code.replace("-", "_")),
        t.Name: _placed_value,
        t.Select: _placed_value,
        t.Index: _placed_value,
        t.Choice: _placed_value,
        t.Use: _placed_value,
        t.Has: Run._has,
        t.ListOf: Run._list,
        t.MapOf: Run._map,
        t.Unary: Run._unary,
        t.Binary: Run._binary,
        t.Every: Run._every,
        t.Some: Run._some,
        t.Call: Run._call,
        t.Macro: Run._macro,
    },
)
