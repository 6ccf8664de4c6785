"""What an assessment of a site's readiness found, item by item, as tables, pages and statements show it.

Who measures fills it in: a server from a site's traffic, the command line from a folder of orders. A number in it was
measured; what nobody could measure is an item of state UNKNOWN, and never counts as good.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from engine.rulebook.standing import Standing


class Area(StrEnum):
    """The three areas that the reported mandate names, in its order."""

    INTERFACE = "INTERFACE"
    FIELDS = "FIELDS"
    TRIGGER_POINTS = "TRIGGER_POINTS"


class ItemState(StrEnum):
    """How an item stands, worst first."""

    LACKING = "LACKING"
    UNKNOWN = "UNKNOWN"
    MET = "MET"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is needed of a site, and what was seen of it.

    `about` is what it is of, in a word or two: a fact's path, a step, a measure. `seen` and `needed` are sentences for
    people. `who` has to act and `mend` says how; both are empty where nothing is to be done. `reason` is the stable code of
    the rule that found it lacking, and `standing` how firm that rule is; of an item that no rule spoke of, `reason` is empty
    and `standing` is None.
    """

    area: Area
    about: str
    state: ItemState
    seen: str
    needed: str
    who: str = ""
    mend: str = ""
    reason: str = ""
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a site lacks, by one rulebook, over a stretch of time or a number of orders.

    `source` says in a few words what was looked at, e.g. "traffic" or the name of a folder; `since` and `until` bound it
    where it was looked at by time. `outcome` is the question's own answer, which is UNDETERMINED while something that
    matters is unknown, and `missing` names that. There is no score: nothing here is a sum.
    """

    site: str
    source: str
    orders: int
    on: date
    rulebook_digest: str
    outcome: str
    possible: tuple[str, ...]
    missing: tuple[str, ...]
    standing: Standing
    items: tuple[Item, ...]
    since: datetime | None = None
    until: datetime | None = None

    @property
    def lacking(self) -> tuple[Item, ...]:
        """The items that the site has to mend."""
        return tuple(item for item in self.items if item.state is ItemState.LACKING)

    def of(self, area: Area) -> tuple[Item, ...]:
        """The items of an area, the worst first, as they are shown."""
        found = [item for item in self.items if item.area is area]
        return tuple(sorted(found, key=lambda item: _WORST_FIRST.index(item.state)))


_WORST_FIRST: Final = tuple(ItemState)
