"""The smallest steps from a value to the next: a number by its last digit, an amount by a cent, a date by a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from engine.expression import Money
from engine.expression import tree as t
from engine.expression.types import EnumType, Type
from engine.expression.unparse import to_text


def literal_steps(node: t.Literal) -> Iterator[t.Literal]:
    """The literals one step below and above, written as the literal is."""
    for direction in (-1, 1):
        match node.value:
            case bool() | None | str():
                return
            case int() as number:
                value = number + direction
                yield _number(node, value, str(value))
            case Decimal() as number:
                stepped = number + direction * _unit(number)
                yield _number(node, stepped, _as_written(node, format(stepped, "f")))
            case float():
                written = Decimal(node.text)
                stepped = written + direction * _unit(written)
                yield _number(node, float(stepped), format(stepped, "f"))
            case date() as day:
                if day not in (date.min, date.max):
                    yield _number(node, day + timedelta(days=direction), node.text)
            case Money() as money:
                amount = money.amount + direction * _unit(money.amount)
                yield _number(node, Money(amount, money.currency), node.text)


def date_steps(day: date) -> Iterator[date]:
    """The day before and the day after."""
    if day > date.min:
        yield day - timedelta(days=1)
    if day < date.max:
        yield day + timedelta(days=1)


def neighbour(word: str, words: tuple[str, ...]) -> str | None:
    """The word after this one, or before it where it is the last; None where there is no other."""
    if word not in words or len(words) < 2:
        return None
    at = words.index(word)
    return words[at + 1] if at + 1 < len(words) else words[at - 1]


def other_text(node: t.Literal, of: Type) -> t.Literal:
    """Another text than this one: the neighbouring value of an enum, else one that nobody writes."""
    assert isinstance(node.value, str)
    near = neighbour(node.value, tuple(of.values)) if isinstance(of, EnumType) else None
    changed = near if near is not None else node.value + "~"
    made = t.Literal(changed, "", start=node.start, end=node.end, type=node.type)
    return t.Literal(changed, to_text(made), start=node.start, end=node.end, type=node.type)


def _number(node: t.Literal, value: object, text: str) -> t.Literal:
    return t.Literal(value, text, start=node.start, end=node.end, type=node.type)


def _as_written(node: t.Literal, text: str) -> str:
    return text if node.text[:1] in "+-.0123456789" else node.text


def _unit(number: Decimal) -> Decimal:
    """One in the last digit that is written."""
    exponent = number.as_tuple().exponent
    return Decimal(1).scaleb(min(exponent, 0) if isinstance(exponent, int) else 0)
