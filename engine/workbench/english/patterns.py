"""Patterns of text in words, where they are of a kind that people write; else as they are."""

from __future__ import annotations

import re
from typing import Final

_KINDS: Final = {
    "[0-9]": "digit",
    r"\d": "digit",
    "[A-Z]": "capital letter",
    "[a-z]": "small letter",
    "[A-Za-z]": "letter",
    "[a-zA-Z]": "letter",
    "[A-Z0-9]": "capital letter or digit",
    "[A-Za-z0-9]": "letter or digit",
    "[0-9A-Z]": "capital letter or digit",
    "[0-9A-Za-z]": "letter or digit",
}
_PLURALS: Final = {
    "capital letter or digit": "capital letters or digits",
    "letter or digit": "letters or digits",
}
_KNOWN: Final = re.compile(
    r"(\^?)(" + "|".join(map(re.escape, _KINDS)) + r")(\+|\{([0-9]+)(,?)([0-9]*)\})?(\$?)"
)


def pattern_in_words(pattern: str) -> str | None:
    """What a text that fits the pattern does, e.g. "is 6 to 10 digits"; None for a pattern of another kind."""
    found = _KNOWN.fullmatch(pattern)
    if found is None:
        return None
    start, kind, times, least, comma, most, end = found.groups()
    word = _KINDS[kind]
    many = _many(word, times, least, comma, most)
    if many is None:
        return None
    verbs = {("^", "$"): "is", ("^", ""): "begins with", ("", "$"): "ends with", ("", ""): "has somewhere"}
    return f"{verbs[start, end]} {many}"


def _many(word: str, times: str | None, least: str | None, comma: str, most: str) -> str | None:
    words = _PLURALS.get(word, f"{word}s")
    if times is None:
        return f"1 {word}"
    if times == "+":
        return f"1 or more {words}"
    if not comma:
        return f"{least} {word if least == '1' else words}"
    return f"{least} to {most} {words}" if most else f"{least} or more {words}"
