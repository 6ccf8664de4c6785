"""Recorded decisions held against their own rulebooks: each is decided again, and has to be the same bit for bit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from engine.decision import Decision
from engine.rulebook import Rulebook
from engine.workbench.comparison.counts import Unread, Why
from engine.written_facts import facts_of
from server.recorded.again import MakingAgain, differences
from server.recorded.log import Log, Source, Stretch
from server.recorded.reading import UNREADABLE, OrderUnreadable
from server.recorded.work import site_said, there
from server.store.logged import Logged
from server.store.records import RecordedDecision
from server.wire.decision_text import text_of_decision

_NUMBER: Final = re.compile(r"\[\d+\]")
_COLUMNS: Final = ("outcome", "facts_digest")

Unlike = tuple[str, str]
"""A question, and a path in its decision; what stands in lists has no number."""


@dataclass(slots=True)
class Held:
    """Counts over decisions that were made again. Those of parts add up; their size does not grow with the log.

    `unlike` has how many differ at which path, `first` some of their names.
    """

    names: int
    decisions: int = 0
    differ: int = 0
    rulebooks: Counter[str] = field(default_factory=Counter)
    unlike: Counter[Unlike] = field(default_factory=Counter)
    first: dict[Unlike, list[str]] = field(default_factory=dict)
    unread: Unread = field(default_factory=Unread)

    def differs(self, name: str, question: str, paths: set[str]) -> None:
        """Counts a decision that is another one now."""
        self.differ += 1
        for path in sorted(paths):
            self.unlike[question, path] += 1
            self._keep_first((question, path), [name])

    def add(self, other: Held) -> None:
        """Adds the counts of a later part."""
        self.decisions += other.decisions
        self.differ += other.differ
        self.rulebooks.update(other.rulebooks)
        self.unlike.update(other.unlike)
        self.unread.add(other.unread)
        for unlike, names in other.first.items():
            self._keep_first(unlike, names)

    @property
    def holds(self) -> bool:
        """Whether every decision that was not erased was made again, and is as it was recorded."""
        return not self.differ and not self.unread.unexpected

    def _keep_first(self, unlike: Unlike, names: list[str]) -> None:
        held = self.first.setdefault(unlike, [])
        held += [name for name in names if name not in held][: self.names - len(held)]


class Holding:
    """What a process holds decisions against."""

    def __init__(self, source: Source, names: int) -> None:
        self._log = Log(source)
        self._sites = source.choice.sites
        self._names = names
        self._making = MakingAgain()

    def close(self) -> None:
        """Closes the database."""
        self._log.close()

    def tally(self, stretch: Stretch) -> Held:
        """Reads the decisions of a stretch and makes them again."""
        held = Held(self._names)
        for one in self._log.decisions(stretch):
            try:
                self._hold(held, one)
            except OrderUnreadable as error:
                held.unread.note(error.why, one.name, str(error))
        return held

    def _hold(self, held: Held, one: Logged) -> None:
        recorded = there(one)
        rulebook = self._log.rulebook(recorded.rulebook_digest)
        if rulebook is None or one.question not in rulebook.questions:
            raise OrderUnreadable(recorded.rulebook_digest, Why.RULEBOOK_LOST)
        if self._sites is not None and (one.site_id or _site(recorded)) not in self._sites:
            return
        paths = set(_unlike(self._making.make, rulebook, recorded))
        held.decisions += 1
        held.rulebooks[recorded.rulebook_digest] += 1
        if paths:
            held.differs(one.name, one.question, paths)


def _site(recorded: RecordedDecision) -> str:
    try:
        return site_said(facts_of(recorded.facts))
    except ValueError as error:
        raise OrderUnreadable(UNREADABLE) from error


def _unlike(
    make: Callable[[Rulebook, RecordedDecision], Decision], rulebook: Rulebook, recorded: RecordedDecision
) -> Iterator[str]:
    """Where a decision is another one when it is made again."""
    try:
        made = make(rulebook, recorded)
    except ValueError as error:
        raise OrderUnreadable(UNREADABLE) from error
    now = text_of_decision(made, hypothetical=False)
    if now != recorded.body:
        paths = [_NUMBER.sub("[]", one.path) for one in differences(recorded.body, now)]
        yield from paths or ["(layout)"]
    yield from (f"decisions.{name}" for name in _COLUMNS if getattr(recorded, name) != getattr(made, name))
