"""Counts over recorded answers: of what could not be answered again and why, and apart by site and by month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

MOST_UNREAD: Final = 20
"""Of what could not be answered so many are named for each reason; all are counted."""
MOST_SHARES: Final = 10_000
"""Counted apart are so many; callers may name sites as they like, and memory is not to grow with them."""
OTHERS: Final = "(others)"


class Why(StrEnum):
    """Why a recorded order or decision is not answered again."""

    UNREADABLE = "unreadable"
    ERASED = "erased"
    RULEBOOK_LOST = "rulebook_lost"
    QUESTION_LACKING = "question_lacking"
    ROW_LOST = "row_lost"


@dataclass(slots=True)
class Unread:
    """What could not be answered: how often for each reason, and where the first of each stand."""

    counts: Counter[Why] = field(default_factory=Counter)
    first: dict[Why, list[tuple[str, str]]] = field(default_factory=dict)

    def note(self, why: Why, label: str, because: str) -> None:
        """Counts one, and says what is wrong with it."""
        self.counts[why] += 1
        self._keep_first(why, [(label, because)])

    def add(self, other: Unread) -> None:
        """Adds those of a later part."""
        self.counts.update(other.counts)
        for why, some in other.first.items():
            self._keep_first(why, some)

    @property
    def unexpected(self) -> int:
        """How many could not be answered though nobody erased them, and they were asked."""
        return self.counts.total() - self.counts[Why.ERASED] - self.counts[Why.QUESTION_LACKING]

    def _keep_first(self, why: Why, some: list[tuple[str, str]]) -> None:
        held = self.first.setdefault(why, [])
        held += [one for one in some if one not in held][: MOST_UNREAD - len(held)]


Share = tuple[str, ...]
"""What is counted apart: a question, and a site or a month."""


@dataclass(slots=True)
class Shares:
    """Answers counted apart: how many there are of each share, and how many of them flip."""

    asked: Counter[Share] = field(default_factory=Counter)
    flipped: Counter[Share] = field(default_factory=Counter)

    def count(self, share: Share, *, flips: bool) -> None:
        """Counts an answer."""
        self._add(share, 1, int(flips))

    def add(self, other: Shares) -> None:
        """Adds those of a later part."""
        for share, asked in other.asked.items():
            self._add(share, asked, other.flipped[share])

    def of(self, question: str) -> Iterator[tuple[Share, int, int]]:
        """The shares of a question in their order, each without it, with its two counts."""
        for share, asked in sorted(self.asked.items()):
            if share[0] == question:
                yield share[1:], asked, self.flipped[share]

    def _add(self, share: Share, asked: int, flipped: int) -> None:
        if len(self.asked) >= MOST_SHARES and share not in self.asked:
            share = (share[0], *(OTHERS for _ in share[1:]))
        self.asked[share] += asked
        if flipped:
            self.flipped[share] += flipped
