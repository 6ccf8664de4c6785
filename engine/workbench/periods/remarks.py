"""Puts into words what stands in the way of a rulebook in time, each at its place and with its mend."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from engine.rulebook.model import Question, Rulebook
from engine.rulebook.problems import Problem, Problems
from engine.rulebook.tables import Table
from engine.rulebook.text.files import Span
from engine.workbench.periods.days import Days, after, before, in_force
from engine.workbench.periods.model import Kind, Remark
from engine.workbench.periods.places import Place, Places
from engine.workbench.periods.versions import Version, gaps, overlaps, takes_its_place, versions
from engine.workbench.ruletests import RuleTest

PAUSE = "if the pause is meant, give the two reasons of their own"
SIDE_BY_SIDE = "if both are to hold side by side, say both in one rule"


@dataclass(frozen=True, slots=True)
class Remarks:
    """Makes the remarks on a rulebook: on the days of the period, as they look on the day `today`."""

    rulebook: Rulebook
    places: Places
    today: date
    period: Days

    def of_rules(self) -> Iterator[Remark]:
        """Gaps, overlaps, rules that have ended or will, and rules that have not begun."""
        for question in self.rulebook.questions.values():
            found = versions(question)
            yield from self._gaps(question, found)
            yield from self._overlaps(question, found)
            for version in found:
                yield from self._ended(question, version, found)
                yield from self._not_begun(question, version, found)

    def of_rows(self) -> Iterator[Remark]:
        """Gaps between the rows of one key, and rows that have not begun."""
        for table in self.rulebook.tables.values():
            yield from self._row_gaps(table)
            for number, row in enumerate(table.rows):
                if row.start is not None and self._is_ahead(row.start):
                    place = self.places.rows[table.name, number]
                    message = f"the row `{row.key}` of `{table.name}` is not in force before {row.start}"
                    days = in_force(row.start, row.end)
                    yield _remark(
                        Kind.NOT_BEGUN, (f"{table.name}:{row.key}",), days, place.of("from").span, message
                    )

    def of_sources(self) -> Iterator[Remark]:
        """Sources that are to be read again in the period, or were to be before today."""
        for source in self.rulebook.sources.values():
            if source.review is None or source.review > self.period.last:
                continue
            place = self.places.sources[source.name]
            passed = source.review < self.today
            due = (
                f"was due on {source.review}, and the day has passed"
                if passed
                else f"is due on {source.review}"
            )
            mend = "read the text again, then write under `read` which one, and another `review` day"
            days = Days(source.review, source.review)
            message = f"another look at the source `{source.name}` {due}"
            yield _remark(Kind.REVIEW, (source.name,), days, place.of("review").span, message, mend)

    def of_tests(self, tests: Iterable[RuleTest]) -> Iterator[Remark]:
        """Rule tests that were to be skipped up to a day that has passed."""
        for test in tests:
            if test.skip is not None and test.skip.until < self.today:
                message = f"the test `{test.name}` was skipped up to {test.skip.until}, and runs again"
                mend = "take out its `skip`"
                problem = Problem(test.file, test.line, 1, Kind.SKIP_ENDED, message, mend, warning=True)
                yield Remark(Kind.SKIP_ENDED, (test.name,), Days(date.min, test.skip.until), problem)

    def _gaps(self, question: Question, found: tuple[Version, ...]) -> Iterator[Remark]:
        for between in gaps(found):
            older, newer, days = between.older.rule, between.newer.rule, between.days
            if self.period.common(days) is None:
                continue
            message = (
                f"a gap: no rule of the reason {newer.reason} is in force {days}, between `{older.name}` and "
                f"`{newer.name}`"
            )
            mend = f"begin it on {days.first}, or end `{older.name}` on {days.last}; {PAUSE}"
            span = self._place(question, between.newer).of("from").span
            yield _remark(Kind.GAP, _names(question, between.older, between.newer), days, span, message, mend)

    def _overlaps(self, question: Question, found: tuple[Version, ...]) -> Iterator[Remark]:
        for between in overlaps(found):
            older, newer, days = between.older.rule, between.newer.rule, between.days
            if self.period.common(days) is None:
                continue
            message = (
                f"an overlap: `{older.name}` was not ended when `{newer.name}` began; both are in force {days}, and "
                "say the same but for their constants"
            )
            last = before(between.newer.days.first)
            mend = f"write `until: {last}` here; {SIDE_BY_SIDE}"
            span = self._place(question, between.older).of("until").span
            names = _names(question, between.older, between.newer)
            yield _remark(Kind.OVERLAP, names, days, span, message, mend)

    def _ended(self, question: Question, version: Version, found: tuple[Version, ...]) -> Iterator[Remark]:
        end = version.rule.end
        if end is None or end not in self.period or any(takes_its_place(other, version) for other in found):
            return
        span, names = self._place(question, version).of("until").span, _names(question, version)
        if end < self.today:
            message = f"expired: `{version.rule.name}` ended on {end}, and no rule takes its place"
            mend = (
                f"delete it once nothing is decided for days up to {end} any more, correct `until`, or write what "
                "holds since"
            )
            yield _remark(Kind.EXPIRED, names, version.days, span, message, mend)
        else:
            message = f"`{version.rule.name}` ends on {end}, and no rule takes its place"
            yield _remark(Kind.ENDING, names, version.days, span, message)

    def _not_begun(
        self, question: Question, version: Version, found: tuple[Version, ...]
    ) -> Iterator[Remark]:
        start = version.rule.start
        if start is None or not self._is_ahead(start) or any(takes_its_place(version, one) for one in found):
            return
        message = f"`{version.rule.name}` is not in force before {start}"
        span = self._place(question, version).of("from").span
        yield _remark(Kind.NOT_BEGUN, _names(question, version), version.days, span, message)

    def _row_gaps(self, table: Table) -> Iterator[Remark]:
        by_key: dict[object, list[int]] = defaultdict(list)
        for number, row in enumerate(table.rows):
            by_key[row.key].append(number)
        for key, numbers in by_key.items():
            ordered = sorted(numbers, key=lambda number: table.rows[number].start or date.min)
            for older, newer in pairwise(ordered):
                end, start = table.rows[older].end or date.max, table.rows[newer].start or date.min
                days = Days(after(end), before(start))
                if days.first > days.last or self.period.common(days) is None:
                    continue
                message = f"a gap: no row of `{table.name}` for `{key}` is in force {days}"
                mend = f"begin this row on {days.first}, or end the one before it on {days.last}"
                span = self.places.rows[table.name, newer].of("from").span
                yield _remark(Kind.GAP, (f"{table.name}:{key}",), days, span, message, mend)

    def _is_ahead(self, start: date) -> bool:
        return self.today < start and start in self.period

    def _place(self, question: Question, version: Version) -> Place:
        return self.places.rules[question.name, version.rule.name]


def _names(question: Question, *found: Version) -> tuple[str, ...]:
    return tuple(f"{question.name}:{version.rule.name}" for version in found)


def _remark(
    kind: Kind, names: tuple[str, ...], days: Days, span: Span, message: str, mend: str = ""
) -> Remark:
    noted = Problems()
    (noted.warn if kind.is_note else noted.add)(span, kind, message, mend)
    return Remark(kind, names, days, noted.found[0])
