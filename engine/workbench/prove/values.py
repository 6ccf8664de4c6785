"""What parts of conditions stand for, while facts are open: under which facts they have a value, and which.

`known` says where there is a value, `none` where the fact is known to be none; elsewhere nothing is known, because a fact
is missing or an operation has no result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from engine.expression.types import Type
from engine.expression.values import Duration, Map, Money, Timestamp
from engine.workbench.prove.days import Civil, civil
from engine.workbench.prove.logic import (
    Number,
    Truth,
    any_of,
    both,
    chosen,
    either,
    negated,
)
from engine.workbench.prove.texts import Part


class Unsupported(Exception):
    """What formulas do not say; the text names it in the words of rule authors."""


@dataclass(frozen=True, slots=True)
class Value:
    """Something that may be known."""

    known: Truth
    none: Truth

    kind: ClassVar[str] = "nothing"


@dataclass(frozen=True, slots=True)
class Condition(Value):
    """True, false, or not known."""

    true: Truth

    kind: ClassVar[str] = "bool"

    @property
    def false(self) -> Truth:
        """Where it is false."""
        return both(self.known, negated(self.true))


@dataclass(frozen=True, slots=True)
class Count(Value):
    """A number: `kind_of` is int, decimal, timestamp or duration."""

    number: Number
    kind_of: str

    kind: ClassVar[str] = "number"


@dataclass(frozen=True, slots=True)
class Amount(Value):
    """An amount of money."""

    number: Number
    currency: Words

    kind: ClassVar[str] = "money"


@dataclass(frozen=True, slots=True)
class Day(Value):
    """A civil date."""

    day: Civil

    kind: ClassVar[str] = "date"


@dataclass(frozen=True, slots=True)
class Words(Value):
    """A text: one of several, each under its condition."""

    cases: tuple[tuple[Truth, Part], ...]

    kind: ClassVar[str] = "text"


@dataclass(frozen=True, slots=True)
class Outcomes(Value):
    """The outcome of a question: which ones are possible."""

    possible: tuple[tuple[str, Truth], ...]

    kind: ClassVar[str] = "outcome"


@dataclass(frozen=True, slots=True)
class Listed(Value):
    """A list with places that may be taken; `dense` where those that are taken come first."""

    places: tuple[tuple[Truth, Value], ...]
    dense: bool

    kind: ClassVar[str] = "list"


@dataclass(frozen=True, slots=True)
class Fields(Value):
    """A record, its fields made when they are asked for."""

    field: Callable[[str], Value]

    kind: ClassVar[str] = "record"


@dataclass(frozen=True, slots=True)
class Rows(Value):
    """A map with known keys, each of which may be there."""

    rows: tuple[tuple[Truth, object, object], ...]

    kind: ClassVar[str] = "map"


NOTHING = Value(False, False)
TRUE, FALSE = Condition(True, False, True), Condition(True, False, False)


def condition(true: Truth, false: Truth) -> Condition:
    """The condition that is true and false where these say so."""
    return Condition(either(true, false), False, true)


def known(value: object, type_: Type | None = None) -> Value:
    """A value that is written out."""
    match value:
        case None:
            return Value(False, True)
        case bool():
            return TRUE if value else FALSE
        case int():
            return Count(True, False, value, "int")
        case str():
            return Words(True, False, ((True, value),))
        case Decimal():
            return Count(True, False, Fraction(value), "decimal")
        case Money():
            return Amount(True, False, Fraction(value.amount), Words(True, False, ((True, value.currency),)))
        case Timestamp():
            return Count(True, False, value.nanos, "timestamp")
        case Duration():
            return Count(True, False, value.nanos, "duration")
        case date():
            return Day(True, False, civil(value))
        case tuple():
            return Listed(True, False, tuple((True, known(item)) for item in value), dense=True)
        case Map():
            return Rows(True, False, tuple((True, key, below) for key, below in value.items()))
        case Mapping():
            return Fields(True, False, lambda name: known(value[name]) if name in value else NOTHING)
    raise Unsupported(f"a value of type {type_}" if type_ is not None else "a value of this type")


def merged(test: Truth, then: Value, otherwise: Value) -> Value:
    """One value where the test is true, the other where it is not."""
    if isinstance(test, bool):
        return then if test else otherwise
    at = either(both(test, then.known), both(negated(test), otherwise.known))
    none = either(both(test, then.none), both(negated(test), otherwise.none))
    if then.kind == "nothing" or otherwise.kind == "nothing":
        return limited(otherwise if then.kind == "nothing" else then, at, none)
    match then, otherwise:
        case Condition(), Condition():
            return Condition(at, none, either(both(test, then.true), both(negated(test), otherwise.true)))
        case Count(), Count() if then.kind_of == otherwise.kind_of:
            return Count(at, none, chosen(test, then.number, otherwise.number), then.kind_of)
        case Amount(), Amount():
            currency = _words(test, then.currency, otherwise.currency, True, False)
            return Amount(at, none, chosen(test, then.number, otherwise.number), currency)
        case Day(), Day():
            month = chosen(test, then.day.month, otherwise.day.month)
            return Day(at, none, Civil(month, chosen(test, then.day.day, otherwise.day.day)))
        case ((Words() | Outcomes()), (Words() | Outcomes())):
            return _words(test, as_words(then), as_words(otherwise), at, none)
        case Listed(), Listed():
            places = [(both(test, there), value) for there, value in then.places]
            places += [(both(negated(test), there), value) for there, value in otherwise.places]
            return Listed(at, none, tuple(places), dense=False)
        case Fields(), Fields():
            return Fields(at, none, lambda name: merged(test, then.field(name), otherwise.field(name)))
        case Rows(), Rows():
            rows = [(both(test, there), key, row) for there, key, row in then.rows]
            rows += [(both(negated(test), there), key, row) for there, key, row in otherwise.rows]
            return Rows(at, none, tuple(rows))
    raise Unsupported("a choice between values of different kinds")


def limited(value: Value, at: Truth, none: Truth) -> Value:
    """The value, known and none where these say so."""
    match value:
        case Condition():
            return Condition(at, none, both(at, value.true))
        case Count():
            return Count(at, none, value.number, value.kind_of)
        case Amount():
            return Amount(at, none, value.number, value.currency)
        case Day():
            return Day(at, none, value.day)
        case Words() | Outcomes():
            return Words(at, none, as_words(value).cases)
        case Listed():
            return Listed(at, none, value.places, value.dense)
        case Fields():
            return Fields(at, none, value.field)
        case Rows():
            return Rows(at, none, value.rows)
    return Value(at, none)


def where(value: Value, there: Truth) -> Value:
    """The value where something holds, and nothing where it does not."""
    if there is True:
        return value
    return limited(value, both(there, value.known), both(there, value.none))


def as_words(value: Words | Outcomes) -> Words:
    """An outcome as a text: known where one alone is possible."""
    if isinstance(value, Words):
        return value
    others = {
        name: any_of(there for other, there in value.possible if other != name) for name, _ in value.possible
    }
    alone = [(both(there, negated(others[name])), name) for name, there in value.possible]
    return Words(any_of(there for there, _ in alone), False, tuple(alone))


def _words(test: Truth, then: Words, otherwise: Words, at: Truth, none: Truth) -> Words:
    cases = [(both(test, there), part) for there, part in then.cases]
    cases += [(both(negated(test), there), part) for there, part in otherwise.cases]
    return Words(at, none, tuple(cases))
