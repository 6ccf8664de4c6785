"""Where a rule is put to the facts: once for the whole, or once for each element of the lists it goes over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.expression import Bound, Unknown, evaluate
from engine.rulebook.model import Loop


@dataclass(frozen=True, slots=True)
class Element:
    """The facts with the loop variables, the paths of these, and where in the lists they are.

    `unknown` is what is not known of a list; its one element is then unknown too. `ended` says why there is
    no element at all, and is empty where there is one.
    """

    env: Mapping[str, object]
    place: str = ""
    paths: Mapping[str, str] = field(default_factory=dict)
    unknown: Unknown | None = None
    ended: str = ""


def elements(loops: tuple[Loop, ...], start: Element) -> Iterator[Element]:
    """Every element that the rule is put to, and every list that has none."""
    if not loops:
        yield start
        return
    loop, rest = loops[0], loops[1:]
    path, value = _path(loop, start.env), evaluate(loop.path, start.env)
    if isinstance(value, Unknown):
        unknown = value if start.unknown is None else start.unknown | value
        place = path if start.unknown is None else start.place
        yield from elements(rest, _inside(start, loop, value, path, f"{path}[]", place, unknown))
    elif not isinstance(value, tuple) or not value:
        ended = f"{path} is {'none' if value is None else 'empty'}"
        yield Element(start.env, path, start.paths, start.unknown, ended)
    else:
        for number, item in enumerate(value):
            at = f"{path}[{number}]"
            place = at if start.unknown is None else start.place
            yield from elements(rest, _inside(start, loop, item, at, at, place, start.unknown))


def _inside(
    start: Element, loop: Loop, value: object, path: str, name: str, place: str, unknown: Unknown | None
) -> Element:
    """One element further in. An unknown element is named `order.lines[]`, and missing as its list is."""
    env = {**start.env, loop.variable: Bound(value, path)}
    return Element(env, place, {**start.paths, loop.variable: name}, unknown)


def _path(loop: Loop, env: Mapping[str, object]) -> str:
    root, dot, rest = loop.path.text.partition(".")
    bound = env.get(root)
    return f"{bound.path}{dot}{rest}" if isinstance(bound, Bound) and bound.path else loop.path.text
