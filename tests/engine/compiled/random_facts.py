"""Random facts for any rulebook: near what its conditions compare with, absent, none, lists of any length."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from engine.expression import Money
from engine.expression import tree as t
from engine.expression.types import (
    BOOL,
    DATE,
    DECIMAL,
    INT,
    MONEY,
    EnumType,
    ListType,
    OptionalType,
    RecordType,
    Type,
    strip,
)
from engine.rulebook import Rulebook

DAY = date(2026, 7, 1)


class RandomFacts:
    """Draws facts; `given` is how likely a fact is given, from 0 to 1."""

    def __init__(self, rulebook: Rulebook, random: Random, given: float) -> None:
        self._roots = rulebook.facts.roots
        self._values = list(_compared_with(rulebook))
        self._texts = [value for value in self._values if isinstance(value, str)] + ["", "72", "721320", "US"]
        self._random = random
        self._given = given

    def draw(self) -> dict[str, object]:
        """Facts by root, some roots not given at all."""
        return {root: self._record(type_) for root, type_ in self._roots.items() if self._there()}

    def _there(self) -> bool:
        return self._random.random() < self._given

    def _record(self, type_: RecordType) -> dict[str, object]:
        return {name: self._value(below) for name, below in type_.fields.items() if self._there()}

    def _value(self, type_: Type) -> object:
        if isinstance(type_, OptionalType) and self._random.random() < 0.15:
            return None
        kind = strip(type_)
        match kind:
            case RecordType():
                return self._record(kind)
            case ListType():
                return tuple(self._value(kind.element) for _ in range(self._random.choice([0, 1, 1, 2, 3])))
            case EnumType():
                return self._random.choice(kind.values)
        return self._scalar(kind)

    def _scalar(self, kind: Type) -> object:
        random = self._random
        if kind == BOOL:
            return random.random() < 0.5
        if kind == INT:
            return random.choice([-1, 0, 1, 2, 3, 9, 10, 12, 365, 2**63 - 1])
        if kind == DECIMAL:
            return random.choice([Decimal(0), Decimal("12.5"), Decimal(60), Decimal(100)])
        if kind == MONEY:
            amount = Decimal(random.choice(["0", "900.00", "2500.00", "2500.01", "1000000"]))
            return Money(amount, random.choice(["USD", "USD", "USD", "CAD"]))
        if kind == DATE:
            return DAY + timedelta(days=random.choice([-1500, -366, -30, -1, 0, 1, 29, 365, 1461]))
        return random.choice(self._texts)


def _compared_with(rulebook: Rulebook) -> Iterable[object]:
    for question in rulebook.questions.values():
        for rule in question.rules:
            for node in t.walk(rule.when.root):
                if isinstance(node, t.Literal):
                    yield node.value
