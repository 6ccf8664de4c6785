"""Recorded answers counted in several processes: each part has a tally, and tallies add up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any, Protocol, TypeVar

from server.parallel import spread

Part_contra = TypeVar("Part_contra", contravariant=True)
Tally_co = TypeVar("Tally_co", covariant=True)


class Counting(Protocol[Part_contra, Tally_co]):
    """What a process counts with."""

    def tally(self, part: Part_contra, /) -> Tally_co:
        """The tally of a part."""

    def close(self) -> None:
        """Lets go of what it was opened with."""


P = TypeVar("P")
T = TypeVar("T")


def tallies(begin: Callable[[], Counting[P, T]], parts: Iterable[P], processes: int) -> Iterator[T]:
    """The tally of each part in turn; each process begins once. A single part is not worth starting processes for."""
    coming = iter(parts)
    first = list(islice(coming, 2))
    alone = processes <= 1 or len(first) < 2
    try:
        yield from spread(_work, chain(first, coming), 1 if alone else processes, _begin, (begin,))
    finally:
        _end()


_counting: list[Counting[Any, Any]] = []
"""What this process counts with; it is set up before its first part."""


def _begin(begin: Callable[[], Counting[Any, Any]]) -> None:
    _counting[:] = [begin()]


def _end() -> None:
    """Lets go of it, where this process counted by itself."""
    while _counting:
        _counting.pop().close()


def _work(part: Any) -> Any:
    return _counting[0].tally(part)
