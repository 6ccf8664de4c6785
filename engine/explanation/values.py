"""Values as explanations show them: texts in quotes, long ones cut, lists of records counted."""

from __future__ import annotations

from collections.abc import Iterable

from engine.expression import Map, OneOf, Unknown, render
from engine.expression.literals import quote

MOST = 6
"""Members of a list that are shown."""

_LONGEST = 100


def shown(value: object) -> str:
    """The value in words."""
    match value:
        case str():
            return quote(value if len(value) <= _LONGEST else f"{value[:_LONGEST]}...")
        case OneOf():
            return " or ".join(map(quote, sorted(value.values)))
        case tuple() if any(isinstance(item, dict | tuple) for item in value):
            return count(len(value), "element")
        case tuple():
            return row(map(shown, value[: MOST + 1]), len(value)) or "empty"
        case Map():
            return count(len(value), "row")
        case dict():
            return "given"
    return render(value)


def row(texts: Iterable[str], total: int) -> str:
    """The first texts with commas between them, and how many more there are."""
    some = list(texts)[:MOST]
    return ", ".join(some) + (f" and {total - len(some)} more" if total > len(some) else "")


def count(number: int, what: str) -> str:
    """How many there are, in words."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def absent(value: Unknown, name: str) -> str:
    """Why there is no value: the facts that are not given, or that what is named cannot be computed."""
    if value.paths:
        paths = sorted(value.paths)
        return f"{row(paths, len(paths))} {'is' if len(paths) == 1 else 'are'} not given"
    codes = ", ".join(sorted(value.errors)).replace("_", " ")
    return f"{name} cannot be computed ({codes}), which no fact can cure"
