"""Tables: rows of typed cells from a CSV file, found by a key, each cited and, where it says so, dated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from engine.expression.types import MapType
from engine.expression.values import Map
from engine.rulebook.standing import Standing, weakest


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One row: its cells by column, the period it is in force, and the weakest standing of what it cites."""

    key: object
    cells: Mapping[str, object]
    cites: tuple[str, ...]
    standing: Standing
    start: date | None
    end: date | None

    def in_force(self, on: date) -> bool:
        """Whether the day lies in the row's period."""
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)


@dataclass(frozen=True, slots=True, eq=False)
class Edition:
    """A table as it is on one day for some standings, with the weakest standing among its rows."""

    rows: Map
    standing: Standing


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table of the rulebook. `days` are the days on which a row begins or has just ended, sorted.

    A table is `fixed` when neither the day nor the standings that count change what it holds.
    """

    name: str
    meaning: str
    key: str
    type: MapType
    rows: tuple[Row, ...]
    days: tuple[date, ...]

    @property
    def standings(self) -> frozenset[Standing]:
        """The standings of its rows."""
        return frozenset(row.standing for row in self.rows)

    @property
    def fixed(self) -> bool:
        """Whether it holds the same rows on every day, whichever standings count."""
        return not self.days and len(self.standings) < 2

    def on(self, on: date, enforce: frozenset[Standing]) -> Edition:
        """The rows in force on a day whose standing counts."""
        if not self.days:
            return _edition(self, None, enforce & self.standings)
        begun = [day for day in self.days if day <= on]
        return _edition(self, begun[-1] if begun else date.min, enforce & self.standings)


@lru_cache(maxsize=64)
def _edition(table: Table, on: date | None, standings: frozenset[Standing]) -> Edition:
    rows = [row for row in table.rows if row.standing in standings and (on is None or row.in_force(on))]
    return Edition(Map((row.key, row.cells) for row in rows), weakest(row.standing for row in rows))
