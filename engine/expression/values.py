"""The values that expressions compute with, and what stands where there is no value."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from engine.expression.bounds import INT_MAX, INT_MIN


@dataclass(frozen=True, slots=True)
class Unknown:
    """There is no value: `paths` name the facts that would give one, `errors` what no fact can cure."""

    paths: frozenset[str] = frozenset()
    errors: frozenset[str] = frozenset()

    def __or__(self, other: "Unknown") -> "Unknown":
        return Unknown(self.paths | other.paths, self.errors | other.errors)


@dataclass(frozen=True, slots=True)
class OneOf:
    """The value is one of several, until the facts at `paths` are known."""

    values: frozenset[str]
    paths: frozenset[str]


@dataclass(frozen=True, slots=True)
class Bound:
    """A value from inside a fact, with the path that leads to it."""

    value: object
    path: str | None


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in one currency (ISO 4217)."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True, order=True)
class Timestamp:
    """An instant, in nanoseconds since 1970-01-01T00:00:00Z; years 1 to 9999."""

    nanos: int


@dataclass(frozen=True, slots=True, order=True)
class Duration:
    """A span of time in nanoseconds, within 64 bits."""

    nanos: int


class Tracked(tuple[object, ...]):
    """A list whose elements come from several places: `paths` leads to each of them, where it is known."""

    paths: tuple[str | None, ...]

    @staticmethod
    def of(items: Iterable[tuple[object, str | None]]) -> "Tracked":
        """The elements with their paths."""
        pairs = tuple(items)
        tracked = Tracked(value for value, _ in pairs)
        tracked.paths = tuple(path for _, path in pairs)
        return tracked


class OperationError(Exception):
    """An operation has no result; the code becomes an error of an Unknown."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Map(Mapping[object, object]):
    """A CEL map: `true` and `1` are different keys, `1` and `1.0` the same; entries keep their order."""

    __slots__ = ("_entries",)

    def __init__(self, entries: Iterable[tuple[object, object]] = ()) -> None:
        self._entries = {key_of(key): (key, value) for key, value in entries}

    def __getitem__(self, key: object) -> object:
        return self._entries[key_of(key)][1]

    def __contains__(self, key: object) -> bool:
        return key_of(key) in self._entries

    def __iter__(self) -> Iterator[object]:
        return (key for key, _ in self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"Map({list(self._entries.values())!r})"


_NEVER: Final = object()


def key_of(key: object) -> object:
    """What a map looks a key up by, so that equal keys meet and keys of different kinds never do."""
    if type(key) is str or type(key) is int:
        return key
    if isinstance(key, bool):
        return ("bool", key)
    if isinstance(key, float):
        return int(key) if key.is_integer() else _NEVER
    if isinstance(key, date | Decimal | Money | Timestamp | Duration):
        return (type(key).__name__, key)
    return _NEVER


def checked(value: int) -> int:
    """The integer, if 64 bits hold it."""
    if INT_MIN <= value <= INT_MAX:
        return value
    raise OperationError("overflow")
