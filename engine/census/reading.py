"""What the cells of a row come to, each kind of cell for itself; what was met lately is not worked out again."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Final, Generic, TypeVar

from engine.census.form import Cells, Part
from engine.expression.types import DATE, DECIMAL, Type
from engine.facts import anywhere
from engine.rulebook.reference import currency_type
from engine.rulebook.typed import Mistake, decimal_of, read_value

T = TypeVar("T")

NOT_GIVEN: Final = "(not given)"
MOST: Final = 65_536
"""So many different cells are remembered for each kind of them; then all are forgotten."""

_CODE: Final = re.compile(r"[0-9]{2}[0-9.]*")


class Unfit(ValueError):
    """Cells that cannot be read: a reason of which there are few, and what is wrong in full."""

    def __init__(self, reason: str, why: str) -> None:
        super().__init__(why)
        self.reason = reason
        self.why = why


def no_day() -> Unfit:
    """What is said of an order that has no day."""
    return Unfit("day (not given)", "day: it is not given, and rules have days on which they begin")


def unfit(what: str, mistake: Mistake) -> Unfit:
    """A mistake, as a reason and in full."""
    why = f"{mistake.message}: {mistake.mend}" if mistake.mend else mistake.message
    return Unfit(f"{anywhere(what)} ({mistake.code})", why if f"`{what}`" in why else f"{what}: {why}")


class Remembered(Generic[T]):
    """What cells come to by `make`, which is asked once for the same cells. Raises Unfit as it does."""

    def __init__(self, part: Part, make: Callable[[Cells], T], loose: bool) -> None:
        self.key = _picker(part.columns)
        self._make = make
        self._known: dict[Hashable, T] = {}
        self._loose = loose

    def of(self, cells: Cells) -> T:
        """What these cells come to."""
        picked = self.key(cells)
        key: Hashable = picked
        if self._loose and picked.__class__ is not str:
            key = (repr(picked),)
        try:
            return self._known[key]
        except KeyError:
            pass
        except TypeError:  # lists and records are no keys
            key = (repr(picked),)
            if key in self._known:
                return self._known[key]
        if len(self._known) >= MOST:
            self._known.clear()
        made = self._known[key] = self._make(cells)
        return made


def _picker(columns: Sequence[int]) -> Callable[[Cells], Hashable]:
    """The cells of a part; a single one stands for itself."""
    return itemgetter(*columns) if columns else lambda _: ()


def found(what: str, part: Part, cells: Cells) -> object:
    """What the part of a row comes to. Raises Unfit; `what` is what people know it by."""
    try:
        return part.found([cells[column] for column in part.columns])
    except Unfit:
        raise
    except ValueError as error:
        raise Unfit(what, f"{what}: {error}") from error


def _typed(what: str, type_: Type, raw: object) -> object:
    mistakes: list[Mistake] = []
    value = read_value(raw, type_, what, mistakes)
    if mistakes:
        raise unfit(what, mistakes[0])
    return value


@dataclass(frozen=True, slots=True)
class Day:
    """A day on which an order is asked about: its month, and how many turns of the rulebook came before."""

    on: date
    month: str
    turn: int


def day_text(text: str) -> str:
    """The day of a timestamp, as it is written; any other text as it is."""
    return text[:10] if text[10:11] in ("T", " ") else text


def read_day(raw: object) -> date | None:
    """The day that is written; None where nothing is. Raises Unfit."""
    if raw is None or raw == "":
        return None
    day = _typed("day", DATE, day_text(raw) if isinstance(raw, str) else raw)
    assert isinstance(day, date)
    return day


def day_of(part: Part, turns: Sequence[date], on: date | None) -> Callable[[Cells], Day]:
    """Reads the day of a row; `on` is asked about instead, where it is given, and the row's day gives its month."""

    def read(cells: Cells) -> Day:
        day = read_day(found("day", part, cells))
        asked = on or day
        if asked is None:
            raise no_day()
        return Day(asked, f"{day:%Y-%m}" if day is not None else NOT_GIVEN, bisect_right(turns, asked))

    return read


def site_of(part: Part) -> Callable[[Cells], str]:
    """Reads the site of a row."""

    def read(cells: Cells) -> str:
        raw = found("site", part, cells)
        return NOT_GIVEN if raw is None or raw == "" else str(raw)

    return read


def chapters_of(part: Part) -> Callable[[Cells], tuple[str, ...]]:
    """Reads the HS chapters of a row's codes, each once; what is no code stands as not given."""

    def read(cells: Cells) -> tuple[str, ...]:
        raw = found("hs", part, cells)
        codes = raw if isinstance(raw, list | tuple) else [raw]
        chapters = {
            code[:2] if isinstance(code, str) and _CODE.fullmatch(code) else NOT_GIVEN for code in codes
        }
        return tuple(sorted(chapters)) or (NOT_GIVEN,)

    return read


def amount_of(part: Part) -> Callable[[Cells], Decimal | None]:
    """Reads the amount of a row; None where it is not given. Amounts seldom come again: none is remembered."""

    def read(cells: Cells) -> Decimal | None:
        raw = found("value.amount", part, cells)
        if raw is None or raw == "":
            return None
        amount = decimal_of(raw) if isinstance(raw, str) else None
        if amount is None:
            typed = _typed("value.amount", DECIMAL, raw)
            assert isinstance(typed, Decimal)
            return typed
        return amount

    return read


def currency_of(part: Part) -> Callable[[Cells], str]:
    """Reads the currency of a row; empty where it is not given."""

    def read(cells: Cells) -> str:
        raw = found("value.currency", part, cells)
        return "" if raw is None or raw == "" else str(_typed("value.currency", currency_type(), raw))

    return read
