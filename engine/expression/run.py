"""One evaluation of a tree: the facts, the loop variables in force, and what it may still cost."""

from collections.abc import Callable, Mapping
from typing import Final

from engine.expression import tree as t
from engine.expression.bounds import MAX_COST
from engine.expression.kleene import NO_OVERLOAD, all_unknown, as_unknown, failed, not_given
from engine.expression.types import MapType, RecordType
from engine.expression.values import Bound, Map, Money, OneOf, Tracked, Unknown

Step = Callable[["Run", t.Node], object]

_ABSENT: Final = object()
_NOTHING: Final[dict[str, object]] = {}


class TooCostlyError(Exception):
    """The evaluation visited more than its share."""


class Run:
    """Values and paths of the parts of a tree; `steps` says how each kind of part is evaluated."""

    def __init__(self, env: Mapping[str, object], steps: Mapping[type[t.Node], Step]) -> None:
        self.locals: Mapping[str, Bound] = {}
        self._env = env
        self._steps = steps
        self._left = MAX_COST

    def value(self, node: t.Node) -> object:
        """The value of a part of the tree: a value, OneOf or Unknown."""
        step = self._steps.get(type(node))
        if step is None:
            return self.placed(node)[0]
        self.charge(1)
        return step(self, node)

    def charge(self, cost: int) -> None:
        """Takes the cost from what is left; raises when that is used up."""
        self._left -= cost
        if self._left < 0:
            raise TooCostlyError

    def placed(self, node: t.Node) -> tuple[object, str | None]:
        """The value of a part, and the path of the fact that it is, where it is one."""
        match node:
            case t.Name():
                return self._named(node)
            case t.Select():
                self.charge(1)
                return _field(node, *self.placed(node.operand))
            case t.Index():
                self.charge(1)
                return _element(node, *self.placed(node.operand), self.value(node.index))
            case t.Choice():
                self.charge(1)
                test = self.value(node.test)
                if isinstance(test, bool):
                    return self.placed(node.then if test else node.otherwise)
                return as_unknown(test), None
            case t.Use():
                return self._used(node)
        return self.value(node), None

    def _named(self, node: t.Name) -> tuple[object, str | None]:
        self.charge(1)
        entry: object = _ABSENT if node.absolute else self.locals.get(node.name, _ABSENT)
        if entry is _ABSENT:
            entry = self._env.get(node.name, _ABSENT)
        if isinstance(entry, Bound):
            return entry.value, entry.path
        if entry is not _ABSENT:
            return entry, node.name
        known_as_record = isinstance(node.type, RecordType)
        return (_NOTHING if known_as_record else not_given(node.name)), node.name

    def _used(self, node: t.Use) -> tuple[object, str | None]:
        """A definition's body sees its parameters and the facts, not the loop variables around its use."""
        self.charge(1)
        given = zip(node.parameters, node.arguments, strict=True)
        inside = {name: Bound(*self.placed(argument)) for name, argument in given}
        outside, self.locals = self.locals, inside
        try:
            return self.placed(node.body)
        finally:
            self.locals = outside


def has(run: Run, node: t.Has) -> object:
    """Given is true, known to be none is false, not given is unknown; a map's entry is there or not."""
    value, path = run.placed(node.operand)
    if isinstance(value, Unknown):
        return value
    if value is None:
        return False
    if isinstance(value, Map):
        return node.field in value
    if not isinstance(value, dict):
        return failed(NO_OVERLOAD)
    if node.field in value:
        field = value[node.field]
        return field if isinstance(field, Unknown) else field is not None
    return (
        False if isinstance(node.operand.type, MapType) else _absent(f"{path}.{node.field}" if path else None)
    )


def _absent(path: str | None) -> Unknown:
    return not_given(path) if path else failed("no_such_field")


def _field(node: t.Select, value: object, path: str | None) -> tuple[object, str | None]:
    if isinstance(value, Unknown):
        return value, None
    if isinstance(value, OneOf):
        return as_unknown(value), None
    if isinstance(value, Money) and node.field in ("amount", "currency"):
        return getattr(value, node.field), None
    if not isinstance(value, dict | Map):
        return failed("no_such_field" if value is None else NO_OVERLOAD), None
    below = f"{path}.{node.field}" if path else None
    if node.field in value:
        return value[node.field], below
    is_record = isinstance(value, dict) and not isinstance(node.operand.type, MapType)
    return (_absent(below) if is_record else failed("no_such_key")), None


def _element(node: t.Index, value: object, path: str | None, index: object) -> tuple[object, str | None]:
    if isinstance(value, Unknown | OneOf) or isinstance(index, Unknown | OneOf):
        return all_unknown((value, index)), None
    if isinstance(value, tuple):
        number = int(index) if isinstance(index, float) and index.is_integer() else index
        if not isinstance(number, int) or isinstance(number, bool):
            return failed(NO_OVERLOAD), None
        if not 0 <= number < len(value):
            return failed("index_out_of_range"), None
        return value[number], path_of(value, path, number)
    if isinstance(value, Map) or (isinstance(value, dict) and isinstance(index, str)):
        if index in value:
            return value[index], f"{path}[{index!r}]" if path else None
        is_record = isinstance(value, dict) and not isinstance(node.operand.type, MapType)
        return (_absent(f"{path}.{index}" if path else None) if is_record else failed("no_such_key")), None
    return failed(NO_OVERLOAD), None


def path_of(value: tuple[object, ...], path: str | None, index: int) -> str | None:
    """The path of a list's element."""
    if isinstance(value, Tracked):
        return value.paths[index]
    return f"{path}[{index}]" if path else None


def with_paths(value: tuple[object, ...], path: str | None) -> list[tuple[object, str | None]]:
    """The elements of a list, each with its path."""
    return [(item, path_of(value, path, index)) for index, item in enumerate(value)]


def weight(value: object) -> int:
    """How many values there are in a value."""
    if isinstance(value, Map | dict):
        return 1 + sum(map(weight, value.values()))
    return 1 + sum(map(weight, value)) if isinstance(value, tuple) else 1
