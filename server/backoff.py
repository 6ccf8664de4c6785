"""Exponential backoff with full jitter: how long to wait after tries that failed."""

from collections.abc import Callable
from typing import Final

Chance = Callable[[], float]
"""Tells any part of one."""

# A time that has doubled so often is longer than any bound.
_MOST_DOUBLINGS: Final = 60


def pause(tries: int, first: float, longest: float, chance: Chance) -> float:
    """Seconds after so many tries: any part, by chance, of a time that doubles with each try up to a bound."""
    return min(first * 2.0 ** min(max(tries - 1, 0), _MOST_DOUBLINGS), longest) * chance()
