"""Counts a batch of rows. Orders that say the same to the question are asked once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, localcontext
from typing import Final, TypeVar

from engine.census.counts import EXACT, Asked, Census
from engine.census.form import Cells, Form, Row
from engine.census.reading import (
    Day,
    Remembered,
    Unfit,
    amount_of,
    chapters_of,
    currency_of,
    day_of,
    found,
    site_of,
    unfit,
)
from engine.compiled.ask import Answers, asks_day, turns
from engine.facts import Facts, anywhere, read_facts
from engine.rulebook.model import Rulebook
from engine.rulebook.standing import ALL_STANDINGS, DEFAULT_ENFORCE, Standing

K = TypeVar("K")

UNREADABLE: Final = "the row itself"
TOO_DEEP: Final = "it is nested too deep"


@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    """Answers that say the same are the same object."""

    outcome: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Given:
    """Facts that rows gave, and what was answered for them: for each day where that matters, else for each turn."""

    facts: Facts
    answers: dict[date | int, _Answer] = field(default_factory=dict)


@dataclass(slots=True)
class _Count:
    orders: int = 0
    amount: Decimal = Decimal(0)


_Counts = dict[tuple[_Answer, K, str], _Count]
"""What is counted together: an answer, a site, month or chapters, and a currency, empty where there is no amount."""


class Counting:
    """Takes the census of one batch after another; what it met lately it does not ask again.

    `on` is the day for which all orders are asked about; each is asked about its own where it is None.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        question: str,
        form: Form,
        enforce: Iterable[Standing] = DEFAULT_ENFORCE,
        on: date | None = None,
    ) -> None:
        counts = frozenset(enforce)
        standings = tuple(standing for standing in ALL_STANDINGS if standing in counts)
        self.asked = Asked(rulebook.name, rulebook.digest, question, standings)
        self._rulebook = rulebook
        self._form = form
        self._answers = Answers(rulebook, standings)
        self._by_day = asks_day(rulebook, question)
        self._facts = Remembered(form.facts, self._read, form.loose)
        self._days = Remembered(form.day, day_of(form.day, turns(rulebook), on), form.loose)
        self._sites = Remembered(form.site, site_of(form.site), form.loose)
        self._chapters = Remembered(form.codes, chapters_of(form.codes), form.loose)
        self._currencies = Remembered(form.currency, currency_of(form.currency), form.loose)
        self._known: dict[tuple[str, tuple[str, ...]], _Answer] = {}
        self._amount = amount_of(form.amount)

    def census(self, rows: Iterable[Row]) -> Census:
        """The census of these rows."""
        made = Census(self.asked)
        by_site: _Counts[str] = {}
        by_month: _Counts[str] = {}
        by_chapters: _Counts[tuple[str, ...]] = {}
        with localcontext(EXACT):
            for number, cells in rows:
                if isinstance(cells, str):
                    made.unread.note(number, UNREADABLE, cells)
                    continue
                try:
                    day, answer, amount, currency = self._order(cells)
                    site, chapters = self._sites.of(cells), self._chapters.of(cells)
                except Unfit as error:
                    made.unread.note(number, error.reason, error.why)
                    continue
                except RecursionError:
                    made.unread.note(number, UNREADABLE, TOO_DEEP)
                    continue
                _count(by_site, (answer, site, currency), amount)
                _count(by_month, (answer, day.month, currency), amount)
                _count(by_chapters, (answer, chapters, currency), amount)
        for (answer, site, currency), count in by_site.items():
            made.outcomes[answer.outcome].count(count.orders, currency, count.amount)
            made.sites[site, answer.outcome].count(count.orders, currency, count.amount)
            if answer.missing:
                made.missing[answer.missing] += count.orders
        for (answer, month, currency), count in by_month.items():
            made.months[month, answer.outcome].count(count.orders, currency, count.amount)
        for (answer, chapters, currency), count in by_chapters.items():
            for chapter in chapters:
                made.chapters[chapter, answer.outcome].count(count.orders, currency, count.amount)
        return made

    def _order(self, cells: Cells) -> tuple[Day, _Answer, Decimal | None, str]:
        """Raises Unfit."""
        day = self._days.of(cells)
        given = self._facts.of(cells)
        amount = self._amount(cells)
        # A currency alone is no value.
        currency = self._currencies.of(cells) if amount is not None else ""
        if amount is not None and not currency:
            raise Unfit("value.currency (not given)", "value: there is an amount, and no currency")
        about = day.on if self._by_day else day.turn
        return day, given.answers.get(about) or self._ask(given, day.on, about), amount, currency

    def _read(self, cells: Cells) -> _Given:
        raw = found("facts", self._form.facts, cells)
        assert isinstance(raw, dict)
        facts, mistakes = read_facts(self._rulebook.facts, raw)
        if mistakes:
            raise unfit(mistakes[0].path, mistakes[0])
        return _Given(facts)

    def _ask(self, given: _Given, on: date, about: date | int) -> _Answer:
        self._answers.about(given.facts, on)
        verdict = self._answers.ask(self.asked.question)
        missing = tuple(sorted({anywhere(path) for path in verdict.missing}))
        answer = self._known.setdefault((verdict.outcome, missing), _Answer(verdict.outcome, missing))
        given.answers[about] = answer
        return answer


def _count(counts: _Counts[K], key: tuple[_Answer, K, str], amount: Decimal | None) -> None:
    count = counts.get(key)
    if count is None:
        count = counts[key] = _Count()
    count.orders += 1
    if amount is not None:
        count.amount += amount
