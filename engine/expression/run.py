"""One evaluation of a tree: the facts, the loop variables in force, and what it may still cost."""

from collections.abc import Callable, Mapping
from typing import Final, cast

from engine.expression import tree as t
from engine.expression.bounds import MAX_COST
from engine.expression.kleene import NO_OVERLOAD, all_unknown, as_unknown, failed, not_given
from engine.expression.types import RecordType
from engine.expression.values import Bound, Map, Money, OneOf, Tracked, Unknown

Step = Callable[["Run", t.Node], object]

_ABSENT: Final = object()
_NOTHING: Final[dict[str, object]] = {}


class TooCostlyError(Exception):
    """The evaluation visited more than its share."""


class Run:
    """Values and paths of the parts of a tree; `steps` says how each kind of part is evaluated."""

    __slots__ = ("_env", "_left", "_steps", "locals")

    def __init__(self, env: Mapping[str, object], steps: Mapping[type[t.Node], Step]) -> None:
        self.locals: dict[str, Bound] = {}
        self._env = env
        self._steps = steps
        self._left = MAX_COST

    def value(self, node: t.Node) -> object:
        """The value of a part of the tree: a value, OneOf or Unknown."""
        self._left -= 1
        if self._left < 0:
            raise TooCostlyError
        kind = type(node)
        place = _PLACES.get(kind)
        return self._steps[kind](self, node) if place is None else place(self, node)[0]

    def placed(self, node: t.Node) -> tuple[object, str | None]:
        """The value of a part, and the path of the fact that it is, where it is one."""
        place = _PLACES.get(type(node))
        if place is None:
            return self.value(node), None
        self.charge(1)
        return place(self, node)

    def charge(self, cost: int) -> None:
        """Takes the cost from what is left; raises when that is used up."""
        self._left -= cost
        if self._left < 0:
            raise TooCostlyError

    def named(self, node: t.Name) -> tuple[object, str | None]:
        """The value that a name has here, and where it comes from."""
        entry: object = _ABSENT if node.absolute else self.locals.get(node.name, _ABSENT)
        if entry is _ABSENT:
            entry = self._env.get(node.name, _ABSENT)
        if isinstance(entry, Bound):
            return entry.value, entry.path
        if entry is not _ABSENT:
            return entry, node.name
        known_as_record = isinstance(node.type, RecordType)
        return (_NOTHING if known_as_record else not_given(node.name)), node.name

    def used(self, node: t.Use) -> tuple[object, str | None]:
        """A definition's body sees its parameters and the facts, not the loop variables around its use."""
        given = zip(node.parameters, node.arguments, strict=True)
        inside = {name: Bound(*self.placed(argument)) for name, argument in given}
        outside, self.locals = self.locals, inside
        try:
            return self.placed(node.body)
        finally:
            self.locals = outside


def _selected(run: Run, node: t.Select) -> tuple[object, str | None]:
    return _field(node, *run.placed(node.operand))


def _indexed(run: Run, node: t.Index) -> tuple[object, str | None]:
    return _element(*run.placed(node.operand), run.value(node.index))


def _chosen(run: Run, node: t.Choice) -> tuple[object, str | None]:
    test = run.value(node.test)
    if isinstance(test, bool):
        return run.placed(node.then if test else node.otherwise)
    return as_unknown(test), None


_PLACES: Final = cast(
    dict[type[t.Node], Callable[[Run, t.Node], tuple[object, str | None]]],
    {t.Name: Run.named, t.Select: _selected, t.Index: _indexed, t.Choice: _chosen, t.Use: Run.used},
)


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
    if node.field not in value:
        return _absent(path, node.field)
    field = value[node.field]
    return field if isinstance(field, Unknown) else field is not None


def _absent(path: str | None, field: str) -> Unknown:
    return not_given(f"{path}.{field}") if path else failed("no_such_field")


def _field(node: t.Select, value: object, path: str | None) -> tuple[object, str | None]:
    if isinstance(value, dict):
        if node.field in value:
            return value[node.field], f"{path}.{node.field}" if path else None
        return _absent(path, node.field), None
    if isinstance(value, Unknown | OneOf):
        return as_unknown(value), None
    if isinstance(value, Map):
        return _entry(value, node.field)
    if isinstance(value, Money) and node.field in ("amount", "currency"):
        return getattr(value, node.field), None
    return failed("no_such_field" if value is None else NO_OVERLOAD), None


def _element(value: object, path: str | None, index: object) -> tuple[object, str | None]:
    if isinstance(value, Unknown | OneOf) or isinstance(index, Unknown | OneOf):
        return all_unknown((value, index)), None
    if isinstance(value, Map):
        return _entry(value, index)
    if not isinstance(value, tuple):
        return failed(NO_OVERLOAD), None
    number = int(index) if isinstance(index, float) and index.is_integer() else index
    if not isinstance(number, int) or isinstance(number, bool):
        return failed(NO_OVERLOAD), None
    if not 0 <= number < len(value):
        return failed("index_out_of_range"), None
    return value[number], path_of(value, path, number)


def _entry(value: Map, key: object) -> tuple[object, None]:
    """What a map has for a key. It has no path: maps are tables and are written out, never facts."""
    return (value[key] if key in value else failed("no_such_key")), None


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
    if isinstance(value, Map):
        return 1 + sum(map(weight, value.values()))
    return 1 + sum(map(weight, value)) if isinstance(value, tuple) else 1
