"""The form of a request as a manifest gives it: constants, and expressions over what the request is about.

A key whose expression finds nothing is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from engine.declaration import Json
from server.platforms.expression import Expression


@dataclass(frozen=True, slots=True)
class Constant:
    """Always the same."""

    value: Json


@dataclass(frozen=True, slots=True)
class Record:
    """An object, in the order of the manifest."""

    entries: tuple[tuple[str, "Skeleton"], ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple["Skeleton", ...]


Skeleton: TypeAlias = Constant | Expression | Record | Items


def filled(skeleton: Skeleton, about: Mapping[str, Json]) -> Json:
    """The request's part that the skeleton describes. Raises ExpressionFailed."""
    match skeleton:
        case Expression():
            return skeleton(dict(about) if not isinstance(about, dict) else about)
        case Constant():
            return skeleton.value
        case Record():
            found = ((name, part, filled(part, about)) for name, part in skeleton.entries)
            return {
                name: value
                for name, part, value in found
                if value is not None or not isinstance(part, Expression)
            }
        case Items():
            return [filled(part, about) for part in skeleton.items]


def roots(skeleton: Skeleton) -> frozenset[str]:
    """The names that the skeleton's expressions take values of."""
    match skeleton:
        case Expression():
            return skeleton.roots
        case Record():
            return frozenset[str]().union(*(roots(part) for _, part in skeleton.entries))
        case Items():
            return frozenset[str]().union(*(roots(part) for part in skeleton.items))
        case Constant():
            return frozenset()
