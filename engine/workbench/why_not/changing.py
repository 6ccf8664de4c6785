"""Facts looked up and changed by path, e.g. `declaration.goods[0].hs`. What was there is never touched."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.facts import Facts
from engine.workbench.why_not.model import Changes, Taken

Step = str | int
_STEP = re.compile(r"[^.\[\]]+|\[[0-9]+\]")
_NUMBER = re.compile(r"\[[0-9]+\]")


def steps(path: str) -> tuple[Step, ...]:
    """The steps of a path: names, and numbers of list elements."""
    return tuple(int(step[1:-1]) if step[0] == "[" else step for step in _STEP.findall(path))


def generic(path: str) -> str:
    """The path as the dictionary knows it, with `[]` for every element."""
    return _NUMBER.sub("[]", path)


def at(facts: Facts, path: str) -> object:
    """The value at a path; `Taken.ABSENT` where it is not given, None where it is known to be none."""
    level: object = facts
    for step in steps(path):
        if isinstance(step, int):
            if not isinstance(level, tuple | list) or step >= len(level):
                return Taken.ABSENT
            level = level[step]
        elif not isinstance(level, Mapping):
            return Taken.ABSENT
        else:
            level = level.get(step, Taken.ABSENT)
    return level


def changed(facts: Facts, changes: Changes) -> Facts:
    """The facts with the changes: records before what is in them, elements taken out last."""
    new: object = facts
    for path in sorted((path for path in changes if changes[path] is not Taken.OUT), key=steps_key):
        new = _put(new, steps(path), changes[path])
    for path in sorted((path for path in changes if changes[path] is Taken.OUT), key=steps_key, reverse=True):
        new = _put(new, steps(path), Taken.OUT)
    assert isinstance(new, Mapping)
    return new


def as_numbered_before(path: str, changes: Changes) -> str:
    """A path in the changed facts as it was before elements were taken out: these move the later ones up."""
    before = ""
    for step in steps(path):
        if isinstance(step, int):
            number = step
            out = (number_of(one, before) for one, value in changes.items() if value is Taken.OUT)
            for taken in sorted(one for one in out if one is not None):
                number += taken <= number
            before += f"[{number}]"
        else:
            before += f".{step}" if before else step
    return before


def number_of(path: str, listed: str) -> int | None:
    """The number of the element of a list that the path is; None where it is something else."""
    last = steps(path)[-1]
    return last if isinstance(last, int) and path == f"{listed}[{last}]" else None


def steps_key(path: str) -> tuple[tuple[str, int], ...]:
    """What paths are sorted by: elements by their number."""
    return tuple(("", step) if isinstance(step, int) else (step, -1) for step in steps(path))


def _put(level: object, way: tuple[Step, ...], value: object) -> object:
    if not way:
        return value
    step, rest = way[0], way[1:]
    if isinstance(step, int):
        items = tuple(level) if isinstance(level, tuple | list) else ()
        if step >= len(items):
            return level
        if not rest and value is Taken.OUT:
            return (*items[:step], *items[step + 1 :])
        return (*items[:step], _put(items[step], rest, value), *items[step + 1 :])
    record = dict(level) if isinstance(level, Mapping) else {}
    if rest or value is not Taken.ABSENT:
        record[step] = _put(record.get(step), rest, value)
    else:
        record.pop(step, None)
    return record
