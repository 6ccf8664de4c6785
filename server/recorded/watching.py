"""Recorded decisions by which the watch-list of a rulebook is counted: what a process does with a stretch of the log."""

from __future__ import annotations

from collections.abc import Mapping

from engine.rulebook import Rulebook
from engine.workbench.comparison.counts import Why
from engine.workbench.watch_list.counting import Watching
from engine.workbench.watch_list.model import Counts
from server.recorded.log import Log, Source, Stretch
from server.recorded.reading import OrderUnreadable, Reading
from server.recorded.work import there
from server.rulebooks import loaded_again
from server.store.logged import Logged


class OnWatch:
    """Answers recorded decisions again by one rulebook, and by what it would be otherwise."""

    def __init__(self, rulebook: Rulebook, source: Source) -> None:
        self._log = Log(source)
        self._watching = Watching(rulebook)
        self._own = Reading.of(rulebook, rulebook, alike=True, on=None)
        # Facts that were typed by the dictionary of another rulebook are read again by this one's.
        self._others = Reading.of(rulebook, rulebook, alike=False, on=None)

    @classmethod
    def begin(cls, files: Mapping[str, str], source: Source) -> OnWatch:
        """What a process sets up for itself."""
        return cls(loaded_again(files), source)

    def close(self) -> None:
        """Closes the database."""
        self._log.close()

    def tally(self, stretch: Stretch) -> Counts:
        """What the decisions of a stretch rest on, and which would flip."""
        counts = Counts()
        for one in self._log.decisions(stretch):
            try:
                self._decided(one, counts)
            except OrderUnreadable as error:
                counts.unread.note(error.why, one.name, str(error))
        return counts

    def _decided(self, one: Logged, counts: Counts) -> None:
        recorded = there(one)
        rulebook = self._watching.rulebook
        if one.question not in rulebook.questions:
            raise OrderUnreadable(one.question, Why.QUESTION_LACKING)
        reading = self._own if recorded.rulebook_digest == rulebook.digest else self._others
        self._watching.decided(one.question, reading.decision(recorded), counts)
