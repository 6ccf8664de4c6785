"""What a mapping finds in one row or document: nested texts, as the dictionary reads facts.

What is null or an empty text is not given. The dots of HS codes are dropped, as they are at the border of the server,
and of a timestamp where a day is asked for, its day is taken as it is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from engine.census.reading import day_text
from engine.expression.types import DATE, OptionalType, RecordType, Type
from engine.rulebook.dictionary import step_into
from server.mapping.model import NO_WORDS, Mapped, Mapping
from server.platforms.expression import Expression, ExpressionFailed

_HS: Final = "hs"


def value_of(expression: Expression, document: dict[str, Any]) -> object:
    """What an expression finds; None where that is nothing. Raises ValueError in words for people."""
    try:
        found = expression(document)
    except ExpressionFailed as error:
        raise ValueError(f"`{expression.text}` does not fit what stands there: {error}") from error
    return plain(found)


def plain(value: object) -> object:
    """A scalar as texts have it: days as they are written; an empty text is nothing."""
    if value == "":
        return None
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def facts_in(mapping: Mapping, facts: Iterable[Mapped], document: dict[str, Any]) -> dict[str, Any]:
    """The facts by root, nested, as they are written. Raises ValueError in words for people."""
    nested: dict[str, Any] = {}
    for one in facts:
        said = _said(value_of(one.found, document), one.type, one.path, mapping)
        if said is None and not one.none:
            continue
        *above, last = one.path.split(".")
        level = nested
        for step in above:
            level = level.setdefault(step, {})
        level[last] = said
    return nested


def _said(value: object, type_: Type | None, path: str, mapping: Mapping) -> object:
    """The value without what is not given, in the rules' words."""
    value = plain(value)
    if value is None:
        return None
    if isinstance(value, dict):
        below = {
            name: _said(held, step_into(type_, name), f"{path}.{name}", mapping)
            for name, held in value.items()
        }
        # What has nothing in it was made by an expression that found nothing.
        return {name: held for name, held in below.items() if held is not None} or None
    if isinstance(value, list | tuple):
        element = step_into(type_, "[]")
        items = (_said(item, element, f"{path}[]", mapping) for item in value)
        return [{} if item is None and isinstance(element, RecordType) else item for item in items]
    word = value if isinstance(value, str) else _written(value)
    said = mapping.words.get(path, NO_WORDS).get(word)
    if said is not None:
        return said
    if not isinstance(value, str):
        return value
    if path.rpartition(".")[2] == _HS:
        return value.replace(".", "")
    return day_text(value) if _is_day(type_) else value


def _written(value: object) -> str:
    """How a value that is no text is written in `words`."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | Decimal) else ""


def _is_day(type_: Type | None) -> bool:
    return type_ == DATE or (isinstance(type_, OptionalType) and type_.inner == DATE)
