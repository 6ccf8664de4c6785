"""The columns of a flat fact: what each says of a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from engine.expression import Money
from engine.rulebook.standing import Standing
from engine.workbench.durable.conditions import FALSE, Condition, Other, Test, Three, every, some
from engine.workbench.durable.rows import Place, Row, Source
from engine.workbench.durable.values import GIVEN, NONE, UNKNOWN, number, state, text, truth

Cells = dict[str, int | str]
MacroName = Literal["all", "exists"]

TRUE_END: Final = "T"
POSSIBLE_END: Final = "P"


@dataclass(frozen=True, slots=True)
class Truth:
    """A condition's truth, known before: 0, 1, or 2 where it is unknown."""

    source: Source

    def cells(self, name: str, row: Row) -> Cells:
        return {name: truth(row.value(self.source))}


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether a field is given, none, or neither known."""

    parent: Place
    field: str

    def cells(self, name: str, row: Row) -> Cells:
        return {name: row.given(self.parent, self.field)}


@dataclass(frozen=True, slots=True)
class Number:
    """A number, date or truth value, and beside it whether there is one."""

    source: Source

    def cells(self, name: str, row: Row) -> Cells:
        value = row.value(self.source)
        return {name: number(value), beside(name): state(value)}


@dataclass(frozen=True, slots=True)
class Text:
    """A text, and beside it whether there is one."""

    source: Source

    def cells(self, name: str, row: Row) -> Cells:
        value = row.value(self.source)
        return {name: text(value), beside(name): state(value)}


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of money, its currency, and whether there is one."""

    source: Source

    def cells(self, name: str, row: Row) -> Cells:
        value = row.value(self.source)
        currency = value.currency if isinstance(value, Money) else None
        return {name: number(value), beside(name): state(value), currency_of(name): text(currency)}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether an outcome of another question is possible."""

    question: str
    outcome: str

    def cells(self, name: str, row: Row) -> Cells:
        return {name: int(self.outcome in row.known.possible[self.question])}


@dataclass(frozen=True, slots=True)
class Enforced:
    """Whether rules of a standing count."""

    standing: Standing

    def cells(self, name: str, row: Row) -> Cells:
        return {name: int(self.standing in row.known.enforced)}


@dataclass(frozen=True, slots=True)
class Whole:
    """Whether the row stands for one known element, and not for those that an unknown list may have."""

    def cells(self, name: str, row: Row) -> Cells:
        return {name: int(row.whole)}


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a condition came to over the elements of a list, judged one by one before."""

    macro: MacroName
    place: Place
    group: int
    formula: str

    def cells(self, name: str, row: Row) -> Cells:
        elements = row.value(self.place)
        if not isinstance(elements, tuple):
            return {name: 2}
        found = row.known.found.get(self.group, {})
        fired = [found[(*row.numbers, place)] for place in range(len(elements))]
        true = [self.formula + TRUE_END in names for names in fired]
        possible = [self.formula + POSSIBLE_END in names for names in fired]
        if self.macro == "exists":
            return {name: 1 if any(true) else 2 if any(possible) else 0}
        return {name: 0 if not all(possible) else 1 if all(true) else 2}


Column = Truth | Presence | Number | Text | Amount | Outcome | Enforced | Whole | Gathered


def beside(name: str) -> str:
    """The column that says whether there is a value."""
    return f"{name}s"


def currency_of(name: str) -> str:
    """The column of an amount's currency."""
    return f"{name}c"


def true_or_false(name: str) -> Three:
    """A column of truth as a condition."""
    return Three(Test(name, "==", 1), Test(name, "!=", 0))


def is_given(name: str) -> Three:
    """A column of presence as the condition `has`."""
    return Three(Test(name, "==", GIVEN), Test(name, "!=", NONE))


def same(name: str, value: int | str) -> Three:
    """A number or text compared with a constant: none is equal to nothing."""
    equal = every(Test(beside(name), "==", GIVEN), Test(name, "==", value))
    return Three(equal, some(Test(beside(name), "==", UNKNOWN), equal))


def ordered(name: str, operator: Literal["<", "<=", ">", ">="], value: int) -> Three:
    """A number's order against a constant: none has no order."""
    test = Test(name, operator, value)
    known = Test(beside(name), "==", GIVEN)
    return Three(every(known, test), some(Test(beside(name), "!=", GIVEN), test))


def same_amount(name: str, currency: str, value: int) -> Three:
    """An amount compared with a constant; in another currency it is unknown."""
    here, test = Test(currency_of(name), "==", currency), Test(name, "==", value)
    given = Test(beside(name), "==", GIVEN)
    elsewhere = every(given, Test(currency_of(name), "!=", currency))
    return Three(
        every(given, here, test),
        some(Test(beside(name), "==", UNKNOWN), elsewhere, every(given, here, test)),
    )


def ordered_amount(name: str, currency: str, operator: Literal["<", "<=", ">", ">="], value: int) -> Three:
    """An amount's order against a constant; in another currency it is unknown."""
    test, here = Test(name, operator, value), Test(currency_of(name), "==", currency)
    doubt = some(Test(beside(name), "!=", GIVEN), Test(currency_of(name), "!=", currency))
    return Three(every(Test(beside(name), "==", GIVEN), here, test), some(doubt, test))


def same_values(left: str, right: str) -> Three:
    """Two numbers or texts compared."""
    given = every(Test(beside(left), "==", GIVEN), Test(beside(right), "==", GIVEN))
    equal = every(given, Test(left, "==", Other(right)))
    open_ = some(Test(beside(left), "==", UNKNOWN), Test(beside(right), "==", UNKNOWN))
    return Three(equal, some(open_, equal))


def ordered_values(left: str, operator: Literal["<", "<=", ">", ">="], right: str) -> Three:
    """The order of two numbers."""
    test = Test(left, operator, Other(right))
    doubt = some(Test(beside(left), "!=", GIVEN), Test(beside(right), "!=", GIVEN))
    given = every(Test(beside(left), "==", GIVEN), Test(beside(right), "==", GIVEN))
    return Three(every(given, test), some(doubt, test))


def one_of(names: dict[str, str], wanted: frozenset[str]) -> Three:
    """Whether another question's outcome is among those wanted, from a column for each of its outcomes."""
    inside = [Test(name, "==", 1) for outcome, name in names.items() if outcome in wanted]
    outside: list[Condition] = [
        Test(name, "==", 0) for outcome, name in names.items() if outcome not in wanted
    ]
    return Three(every(*outside) if inside else FALSE, some(*inside))
