"""Work that is spread over processes."""

import os
from collections.abc import Iterator
from itertools import count, islice

import pytest

from server.parallel import all_cores, spread

_begun: list[str] = []


def begin(word: str) -> None:
    """Remembers a word in this process."""
    _begun[:] = [word]


def numbered(number: int) -> tuple[int, str, int]:
    """The number's square, the word of this process, and the process."""
    return number * number, _begun[0], os.getpid()


def failing(number: int) -> int:
    """Fails at 3."""
    if number == 3:
        raise ValueError("three")
    return number


@pytest.mark.parametrize("processes", [1, 2])
def test_order(processes: int) -> None:
    """Results come in the order of the items; every process has begun before its first."""
    results = list(spread(numbered, range(50), processes, begin, ("ready",)))
    assert [(n * n, "ready") for n in range(50)] == [(square, word) for square, word, _ in results]
    assert (processes == 1) == ({os.getpid()} == {process for _, _, process in results})


@pytest.mark.parametrize("processes", [1, 2])
def test_failure(processes: int) -> None:
    """An exception comes through, after the results before it."""
    results = spread(failing, range(100), processes)
    assert [0, 1, 2] == list(islice(results, 3))
    with pytest.raises(ValueError, match="three"):
        next(results)


def test_memory() -> None:
    """Of endless items only a few are taken ahead of the results that are asked for."""
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in count():
            taken.append(number)
            yield number + 10

    results = spread(failing, items(), 2)
    assert [10, 11, 12] == list(islice(results, 3))
    del results
    assert len(taken) < 20


def test_all_cores() -> None:
    """A machine has at least one core."""
    assert all_cores() >= 1
