"""Times of several ways to do one thing, taken in turns, so that a noisy machine disturbs all of them alike.

They are times of the processor: what other processes take of it does not count."""

import gc
from collections.abc import Callable, Mapping
from statistics import median
from time import thread_time

ROUNDS = 31
ROUND_SECONDS = 0.004


def microseconds(ways: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """The median time of each, in microseconds a call."""
    counts = {name: _calls(way) for name, way in ways.items()}
    times: dict[str, list[float]] = {name: [] for name in ways}
    gc.collect()
    gc.disable()
    try:
        for _ in range(ROUNDS):
            for name, way in ways.items():
                times[name].append(_timed(way, counts[name]))
    finally:
        gc.enable()
    return {name: 1e6 * median(taken) for name, taken in times.items()}


def _calls(way: Callable[[], object]) -> int:
    """How many calls fill a part of a round; the first calls, which may compile something, do not count."""
    way()
    once = min(_timed(way, 3) for _ in range(3))
    return max(1, int(ROUND_SECONDS / once))


def _timed(way: Callable[[], object], calls: int) -> float:
    turns = range(calls)
    began = thread_time()
    for _ in turns:
        way()
    return (thread_time() - began) / calls
