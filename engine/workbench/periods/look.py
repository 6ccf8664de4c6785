"""Looks at a rulebook over a period: what is in force when, and what in that cannot be meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from engine.rulebook.model import Rulebook
from engine.workbench.periods.days import Days, in_force, years_from
from engine.workbench.periods.model import Line, Remark, Timeline
from engine.workbench.periods.places import places_of
from engine.workbench.periods.remarks import Remarks
from engine.workbench.ruletests import RuleTest

YEARS_BACK = 1
YEARS_AHEAD = 2


def look(
    rulebook: Rulebook,
    files: Mapping[str, str],
    today: date,
    first: date | None = None,
    last: date | None = None,
    tests: Iterable[RuleTest] = (),
) -> Timeline:
    """What stands in the rulebook over the days from `first` to `last`, seen on `today`.

    `files` are the texts that the rulebook was loaded from, by the paths that people know. Without its first or
    last day the period holds every day that a rule or row names, and at least a year back and two ahead.
    """
    usual = usual_period(rulebook, today)
    period = Days(first or usual.first, last or usual.last)
    lines = tuple(line for line in _lines(rulebook) if line.days != Days(date.min, date.max))
    remarks = Remarks(rulebook, places_of(rulebook, files), today, period)
    found = [*remarks.of_rules(), *remarks.of_rows(), *remarks.of_sources(), *remarks.of_tests(tests)]
    return Timeline(period, lines, sum(1 for _ in _lines(rulebook)) - len(lines), _by_place(found))


def usual_period(rulebook: Rulebook, today: date) -> Days:
    """Every day that a rule or row names, and at least a year back and two ahead."""
    named = [day for line in _lines(rulebook) for day in (line.days.first, line.days.last)]
    written = [day for day in named if day not in (date.min, date.max)]
    first, last = years_from(today, -YEARS_BACK), years_from(today, YEARS_AHEAD)
    return Days(min([first, *written]), max([last, *written]))


def _lines(rulebook: Rulebook) -> Iterator[Line]:
    for question in rulebook.questions.values():
        for rule in question.rules:
            yield Line(question.name, rule.name, in_force(rule.start, rule.end))
    for table in rulebook.tables.values():
        for row in table.rows:
            yield Line(table.name, str(row.key), in_force(row.start, row.end))


def _by_place(found: Iterable[Remark]) -> tuple[Remark, ...]:
    """Each remark, faults before notes, by its place."""
    return tuple(sorted(found, key=lambda remark: (remark.kind.is_note, remark.problem)))
