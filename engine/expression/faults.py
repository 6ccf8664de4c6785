"""Mistakes in an expression, said so that its author can mend them."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Fault:
    """A mistake at code points `start` to `end` of an expression: what is wrong, and how to mend it."""

    code: str
    message: str
    mend: str
    start: int
    end: int


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was most likely meant."""
    words = list(known)
    by_lower = {candidate.lower(): candidate for candidate in reversed(words)}
    if word.lower() in by_lower:
        return by_lower[word.lower()]
    close = get_close_matches(word, words, n=1, cutoff=0.6)
    return close[0] if close else None


def listed(words: Iterable[str], limit: int = 6) -> str:
    """The words in a row for people, cut where it gets long."""
    quoted = [f"`{word}`" for word in words]
    return ", ".join(quoted[:limit]) + (f" and {len(quoted) - limit} more" if len(quoted) > limit else "")
