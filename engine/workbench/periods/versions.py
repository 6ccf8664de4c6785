"""Rules of one question as versions of each other: which follows which, gaps between them, old ones not ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from engine.rulebook.model import Question, Rule
from engine.workbench.periods.days import Days, after, before, in_force
from engine.workbench.periods.form import Form, Worded, same_but_for_constants, worded


@dataclass(frozen=True, slots=True)
class Version:
    """A rule with the days on which it is in force, its form, and the facts that it asks for."""

    rule: Rule
    days: Days
    worded: Worded
    asks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Between:
    """Two versions, the older first, and the days that they leave open or share."""

    older: Version
    newer: Version
    days: Days


def versions(question: Question) -> tuple[Version, ...]:
    """The rules of a question in the order of the file."""
    return tuple(_version(rule) for rule in question.rules)


def _version(rule: Rule) -> Version:
    asks = rule.when.reads.union(*(loop.path.reads for loop in rule.each))
    return Version(rule, in_force(rule.start, rule.end), worded(rule), asks)


def gaps(all_versions: tuple[Version, ...]) -> Iterator[Between]:
    """The days between two versions of one requirement, rules of the same reason, on which none is in force."""
    by_reason: dict[str, list[Version]] = defaultdict(list)
    for version in all_versions:
        by_reason[version.rule.reason].append(version)
    for same in by_reason.values():
        # Two of one reason are never in force on the same day: the rulebook would not load.
        ordered = sorted(same, key=lambda version: version.days.first)
        for older, newer in pairwise(ordered):
            days = Days(after(older.days.last), before(newer.days.first))
            if days.first <= days.last:
                yield Between(older, newer, days)


def overlaps(all_versions: tuple[Version, ...]) -> Iterator[Between]:
    """Old versions that were not ended: rules that say the same but for constants, and began one after the other.

    Rules that begin on the same day stand side by side on purpose. A newer one is told of with the latest of
    those before it.
    """
    by_form: dict[Form, list[Version]] = defaultdict(list)
    for version in all_versions:
        by_form[version.worded.form].append(version)
    for same in by_form.values():
        ordered = sorted(same, key=lambda version: version.days.first)
        for position, newer in enumerate(ordered):
            older = next((one for one in reversed(ordered[:position]) if _not_ended(one, newer)), None)
            common = older.days.common(newer.days) if older is not None else None
            if older is not None and common is not None:
                yield Between(older, newer, common)


def _not_ended(older: Version, newer: Version) -> bool:
    return older.days.first < newer.days.first <= older.days.last and same_but_for_constants(
        older.worded, newer.worded
    )


def takes_its_place(newer: Version, older: Version) -> bool:
    """Whether one rule takes over from another: it begins later, and
    - it has the same reason, or
    - it gives the same outcome, begins by the day after the other's end, and says the same but for constants or
      asks for all the facts that the ended one asked for.
    """
    if newer.days.first <= older.days.first:
        return False
    if newer.rule.reason == older.rule.reason:
        return True
    if newer.rule.outcome != older.rule.outcome or newer.days.first > after(older.days.last):
        return False
    ended = older.days.last < date.max
    return same_but_for_constants(older.worded, newer.worded) or (ended and older.asks <= newer.asks)
