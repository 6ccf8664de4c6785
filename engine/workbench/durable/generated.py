"""Facts made up by the dictionary, with the values around every constant that the rules compare with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from engine.expression import BOOL, DATE, DECIMAL, INT, MONEY, ListType, Money, OptionalType, RecordType, Type
from engine.expression import tree as t
from engine.expression.evaluate import evaluate_part
from engine.expression.types import EnumType
from engine.facts import Facts
from engine.rulebook.model import Rulebook
from engine.rulebook.standing import ALL_STANDINGS, DEFAULT_ENFORCE, Standing
from engine.workbench.durable.opinion import Case

_LONGEST: Final = 3
_ENFORCED: Final = (DEFAULT_ENFORCE, DEFAULT_ENFORCE, (Standing.ENACTED,), ALL_STANDINGS)
_ABSENT: Final = (0.0, 0.0, 0.02, 0.1, 0.4)
"""How often a fact is not given: mostly seldom, or almost every answer would be undetermined."""


@dataclass(frozen=True, slots=True)
class Pools:
    """What facts are drawn from: the constants of a rulebook and their neighbours, by type."""

    texts: tuple[str, ...]
    whole: tuple[int, ...]
    decimals: tuple[Decimal, ...]
    amounts: tuple[Money, ...]
    days: tuple[date, ...]


def pools(rulebook: Rulebook) -> Pools:
    """The values around every constant of the rulebook, each sorted, so that a seed always draws the same."""
    found = list(_constants(rulebook))
    cents = (Decimal("-0.01"), Decimal(0), Decimal("0.01"))
    whole = {one + step for one in found if type(one) is int and abs(one) < 10**6 for step in (-1, 0, 1)}
    decimals = {one + step for one in found if isinstance(one, Decimal) for step in cents}
    amounts = [one for one in found if isinstance(one, Money)]
    currencies = {one.currency for one in amounts}
    moneys = {(one.amount + step, currency) for one in amounts for step in cents for currency in currencies}
    days = {one for one in found if isinstance(one, date)}
    return Pools(
        tuple(sorted({one for one in found if isinstance(one, str)} | {"", "0", "elsewhere", "é" * 70})),
        tuple(sorted(whole | {0, 1, 7})),
        tuple(sorted(decimals | {Decimal(0), Decimal("0.0000001")})),
        tuple(Money(amount, currency) for amount, currency in sorted(moneys)),
        tuple(sorted(_around(days | {date(2026, 7, 1)}))),
    )


def generated(rulebook: Rulebook, count: int, random: Random, like: Sequence[Case] = ()) -> Iterator[Case]:
    """Made-up cases of all questions. Every other one is a case of `like` with some facts changed."""
    drawn = _Drawing(pools(rulebook), random)
    questions = sorted(rulebook.questions)
    for number in range(count):
        drawn.absent = random.choice(_ABSENT)
        question = random.choice(questions)
        if like and number % 2:
            model = random.choice(like)
            question = random.choice([question, model.question])
            facts = drawn.changed(rulebook, model.facts)
            day = random.choice([model.on, drawn.day()])
        else:
            facts = {root: drawn.record(type_) for root, type_ in rulebook.facts.roots.items()}
            day = drawn.day()
        yield Case(f"generated {number}", question, facts, day, random.choice(_ENFORCED))


def _constants(rulebook: Rulebook) -> Iterator[object]:
    expressions = [rule.when for question in rulebook.questions.values() for rule in question.rules]
    expressions += [question.gate.applies for question in rulebook.questions.values() if question.gate]
    for expression in expressions:
        for node in t.walk(expression.root):
            if isinstance(node, t.Literal | t.Constant):
                yield from node.value if isinstance(node.value, tuple) else (node.value,)
            elif isinstance(node, t.Call) and all(isinstance(part, t.Literal) for part in t.children(node)):
                yield evaluate_part(node, {})
    for question in rulebook.questions.values():
        for rule in question.rules:
            yield from (rule.start, rule.end)
    for table in rulebook.tables.values():
        for row in table.rows:
            yield from (row.key, *row.cells.values())
        yield from table.days


def _around(days: set[date]) -> set[date]:
    """The days themselves, the days beside them, and those days a year, a month and four years away."""
    away = (-1461, -366, -365, -31, -1, 0, 1, 30, 31, 364, 365, 366, 1460, 1461, 1462)
    return {day + timedelta(step) for day in days for step in away if 1000 < day.year < 9000}


class _Drawing:
    """Values drawn by type; `absent` says how often a fact is not given."""

    def __init__(self, pool: Pools, random: Random) -> None:
        self.pool = pool
        self.random = random
        self.absent = 0.0
        self.compared: dict[EnumType, tuple[str, ...]] = {}

    def day(self) -> date:
        return self.random.choice(self.pool.days)

    def record(self, type_: RecordType) -> dict[str, object]:
        """A record some of whose fields may not be given."""
        given = (name for name in type_.fields if self.random.random() >= self.absent)
        return {name: self.value(type_.fields[name]) for name in given}

    def value(self, type_: Type) -> object:
        """A value of a type; none now and then where there can be none."""
        if isinstance(type_, OptionalType):
            return None if self.random.random() < 0.15 else self.value(type_.inner)
        if isinstance(type_, RecordType):
            return self.record(type_)
        if isinstance(type_, ListType):
            return tuple(self.value(type_.element) for _ in range(self.random.randint(0, _LONGEST)))
        return self._scalar(type_)

    def _scalar(self, type_: Type) -> object:
        choice = self.random.choice
        if isinstance(type_, EnumType):
            return choice(self._compared(type_) if self.random.random() < 0.75 else type_.values)
        if type_ == BOOL:
            return self.random.random() < 0.5
        for kind, values in (
            (INT, self.pool.whole), (DECIMAL, self.pool.decimals), (MONEY, self.pool.amounts), (DATE, self.pool.days),
        ):  # fmt: skip
            if type_ == kind and values:
                return choice(values)
        return choice(self.pool.texts)

    def _compared(self, type_: EnumType) -> tuple[str, ...]:
        """The members that rules compare with; all of them where they compare with none."""
        if type_ not in self.compared:
            members = tuple(one for one in type_.values if one in self.pool.texts)
            self.compared[type_] = members or type_.values
        return self.compared[type_]

    def changed(self, rulebook: Rulebook, facts: Facts) -> Facts:
        """The facts with up to four of them drawn anew or taken away."""
        changed: Facts = facts
        for _ in range(self.random.randint(0, 4)):
            root = self.random.choice(sorted(rulebook.facts.roots))
            below = self._one_changed(changed.get(root, {}), rulebook.facts.roots[root])
            changed = {**changed, root: below}
        return changed

    def _one_changed(self, value: object, type_: Type) -> object:
        """The value with one part of it, or the whole of it, drawn anew."""
        inner = type_.inner if isinstance(type_, OptionalType) else type_
        if isinstance(inner, RecordType) and isinstance(value, Mapping) and inner.fields:
            name = self.random.choice(sorted(inner.fields))
            kept = {key: one for key, one in value.items() if key != name}
            if self.random.random() < 0.2:
                return kept
            return {**kept, name: self._one_changed(value.get(name), inner.fields[name])}
        if isinstance(inner, ListType) and isinstance(value, tuple) and value and self.random.random() < 0.8:
            place = self.random.randrange(len(value))
            item = self._one_changed(value[place], inner.element)
            return (*value[:place], item, *value[place + 1 :])
        return self.value(type_)
