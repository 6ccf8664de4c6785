"""An order made readable: what is not needed is left out, and values are the dictionary's examples where they can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import chain

from engine.expression.types import ListType, RecordType, Type, strip
from engine.facts import Facts
from engine.rulebook.dictionary import Dictionary, Field
from engine.rulebook.typed import Mistake, read_value

Step = str | int
Path = tuple[Step, ...]
Keeps = Callable[[Facts], bool]
"""Whether facts still show what they are shown for."""


def readable(facts: Facts, dictionary: Dictionary, keeps: Keeps) -> Facts:
    """The facts without those that are not needed, the others with values that people know."""
    return _with_examples(smallest(facts, keeps), dictionary, keeps)


def smallest(facts: Facts, keeps: Keeps) -> Facts:
    """The facts without those that are not needed: what is left shows it, and less does not."""
    left = facts
    again = True
    while again:
        again = False
        for path in list(_paths(left, ())):
            fewer = _changed(left, path, None)
            if isinstance(fewer, dict) and keeps(fewer):
                left, again = fewer, True
    return left


def _with_examples(facts: Facts, dictionary: Dictionary, keeps: Keeps) -> Facts:
    left = facts
    for path in list(_paths(facts, ())):
        value = _at(left, path)
        if isinstance(value, Mapping | tuple | bool) or value is None:
            continue
        for nicer in chain(_example(dictionary, path), _plain(value)):
            changed = _changed(left, path, (nicer,))
            if isinstance(changed, dict) and keeps(changed):
                left = changed
                break
    return left


def _plain(value: object) -> tuple[object, ...]:
    if isinstance(value, int):
        return (1, 0)
    return (Decimal(1), Decimal(0)) if isinstance(value, Decimal) else ()


def _example(dictionary: Dictionary, path: Path) -> Iterator[object]:
    field = _field(dictionary, path)
    if field is not None and field.example:
        mistakes: list[Mistake] = []
        value = read_value(field.example, strip(field.type), field.name, mistakes)
        if not mistakes:
            yield value


def _field(dictionary: Dictionary, path: Path) -> Field | None:
    """The entry of the dictionary that describes the value at a path; None where it is an element of a list."""
    for length in range(len(path), 0, -1):
        name = ".".join(map(str, path[:length]))
        if name in dictionary.facts:
            return _inside(dictionary, dictionary.facts[name], path[length:])
    return None


def _inside(dictionary: Dictionary, field: Field, rest: Path) -> Field | None:
    type_: Type = field.type
    found: Field | None = field
    for step in rest:
        type_ = strip(type_)
        if isinstance(step, int):
            if not isinstance(type_, ListType):
                return None
            found, type_ = None, type_.element
        else:
            record = dictionary.records.get(type_.name) if isinstance(type_, RecordType) else None
            if record is None or step not in record.fields:
                return None
            found = record.fields[step]
            type_ = found.type
    return found


def _paths(value: object, above: Path) -> Iterator[Path]:
    """Everything that is there, what holds others before what it holds, and the last elements of lists first."""
    if isinstance(value, Mapping):
        for name, below in value.items():
            yield (*above, name)
            yield from _paths(below, (*above, name))
    elif isinstance(value, tuple):
        for number in reversed(range(len(value))):
            yield (*above, number)
            yield from _paths(value[number], (*above, number))


def _at(value: object, path: Path) -> object:
    for step in path:
        if isinstance(value, Mapping):
            value = value[step]
        elif isinstance(value, tuple):
            value = value[int(step)]
    return value


def _changed(value: object, path: Path, new: tuple[object] | None) -> object:
    """The value with another at the path, or without what is there; None where there is nothing any more."""
    step, rest = path[0], path[1:]
    if isinstance(value, Mapping) and isinstance(step, str) and step in value:
        if rest:
            below = _changed(value[step], rest, new)
            return None if below is None else {**value, step: below}
        return {
            name: new[0] if new is not None and name == step else below
            for name, below in value.items()
            if new is not None or name != step
        }
    if isinstance(value, tuple) and isinstance(step, int) and step < len(value):
        if rest:
            below = _changed(value[step], rest, new)
            return None if below is None else (*value[:step], below, *value[step + 1 :])
        return (*value[:step], *(new or ()), *value[step + 1 :])
    return None
