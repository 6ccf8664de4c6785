"""Facts whose values the solver chooses, made when a condition first asks for them, and read back from what it chose."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from engine.expression.bounds import INT_MAX, INT_MIN
from engine.expression.types import (
    BOOL,
    DATE,
    DECIMAL,
    INT,
    MONEY,
    STRING,
    TIMESTAMP,
    EnumType,
    ListType,
    OptionalType,
    RecordType,
    Type,
)
from engine.expression.values import Money, Timestamp
from engine.rulebook.dictionary import Dictionary
from engine.rulebook.reference import currency_type
from engine.workbench.prove.days import Calendar, Civil
from engine.workbench.prove.logic import (
    Model,
    Number,
    Truth,
    a_real,
    a_truth,
    an_integer,
    both,
    implied,
    negated,
    within,
)
from engine.workbench.prove.texts import Free, Part, Texts
from engine.workbench.prove.values import (
    Amount,
    Condition,
    Count,
    Day,
    Fields,
    Listed,
    Unsupported,
    Value,
    Words,
)

_ABSENT = object()
_FIRST_MOMENT, _LAST_MOMENT = -62135596800 * 10**9, 253402300800 * 10**9 - 1


@dataclass(slots=True)
class _Made:
    """A fact that some condition asked for: its value, and what it was made of."""

    given: Truth
    value: Value
    below: dict[str, _Made] = field(default_factory=dict)
    elements: list[tuple[Truth, _Made]] = field(default_factory=list)


class World:
    """Every fact that is asked for, by path. In a partial one each fact may also be not given.

    Lists have at most `elements` elements. `always` grows while facts are asked for.
    """

    def __init__(self, elements: int, partial: bool = False) -> None:
        self.elements = elements
        self.partial = partial
        self.texts = Texts()
        self.calendar = Calendar()
        self.day = self.calendar.any_day("on")
        self.chosen: list[Truth | Number] = [self.day.month, self.day.day]
        """What the solver chooses the facts by."""
        self._always: list[Truth] = []
        self._roots: dict[str, _Made] = {}
        self._named: dict[int, Type] = {}

    def root(self, name: str, dictionary: Dictionary) -> Value:
        """The facts that begin with a name."""
        if name not in self._roots:
            self._roots[name] = self._namespace()
        made = self._roots[name]
        return Fields(True, False, lambda below: self._below(made, name, dictionary.roots[name], below))

    def always(self) -> list[Truth]:
        """What holds of all facts there are."""
        return [*self._always, *self.texts.tie(), *self.calendar.always]

    def fresh(self, name: str, type_: Type) -> Value:
        """A value of a type that stands for what formulas do not say: anything, or unknown."""
        inner = type_.inner if isinstance(type_, OptionalType) else type_
        at = a_truth(f"{name} known")
        none = both(a_truth(f"{name} none"), negated(at)) if isinstance(type_, OptionalType) else False
        return self._scalar(name, inner, at, none)

    def facts(self, model: Model) -> dict[str, object]:
        """The facts that the solver chose, as `decide` takes them."""
        read = {name: self._read(made, model) for name, made in self._roots.items()}
        return {name: value for name, value in read.items() if value is not _ABSENT and value != {}}

    def on(self, model: Model) -> date:
        """The day that the solver chose."""
        return self._date(self.day, model)

    def _choice(self, name: str) -> Truth:
        made = a_truth(name)
        self.chosen.append(made)
        return made

    def _namespace(self) -> _Made:
        return _Made(True, Fields(True, False, lambda _: Value(False, False)))

    def _below(self, made: _Made, path: str, type_: RecordType, name: str) -> Value:
        if name not in type_.fields:
            raise Unsupported(f"`{path}.{name}`, which one of the rulebooks does not know")
        if name not in made.below:
            made.below[name] = self._fact(f"{path}.{name}", type_.fields[name])
            self._named[id(made.below[name])] = type_.fields[name]
        below = made.below[name]
        if not _same_type(self._named[id(below)], type_.fields[name]):
            raise Unsupported(f"`{path}.{name}`, which is of another type in the other rulebook")
        return below.value

    def _fact(self, path: str, type_: Type) -> _Made:
        if isinstance(type_, RecordType) and type_.name == path:
            made = _Made(True, Value(True, False))
            made.value = Fields(True, False, lambda name: self._below(made, path, type_, name))
            return made
        given: Truth = self._choice(f"{path} given") if self.partial else True
        none: Truth = False
        inner = type_
        if isinstance(type_, OptionalType):
            inner, none = type_.inner, both(given, self._choice(f"{path} none"))
        return self._given(path, inner, given, none)

    def _given(self, path: str, type_: Type, given: Truth, none: Truth) -> _Made:
        at = both(given, negated(none))
        made = _Made(given, Value(at, none))
        if isinstance(type_, RecordType):
            made.value = Fields(at, none, lambda name: self._below(made, path, type_, name))
        elif isinstance(type_, ListType):
            made.value = self._list(made, path, type_.element, at, none)
        else:
            made.value = self._scalar(path, type_, at, none)
            self.chosen += _terms(made.value)
        return made

    def _list(self, made: _Made, path: str, element: Type, at: Truth, none: Truth) -> Value:
        before: Truth = True
        for number in range(self.elements):
            there = self._choice(f"{path}[{number}]")
            self._always.append(implied(there, before))
            before = there
            inner = element.inner if isinstance(element, OptionalType) else element
            absent: Truth = self._choice("none") if isinstance(element, OptionalType) else False
            below = self._given(f"{path}[{number}]", inner, True, absent)
            self._named[id(below)] = element
            made.elements.append((there, below))
        places = tuple((there, below.value) for there, below in made.elements)
        return Listed(at, none, places, dense=True)

    def _scalar(self, path: str, type_: Type, at: Truth, none: Truth) -> Value:
        if type_ == BOOL:
            return Condition(at, none, both(at, a_truth(path)))
        if type_ == INT:
            number: Number = an_integer(path)
            self._always.append(within(number, INT_MIN, INT_MAX))
            return Count(at, none, number, "int")
        if type_ == DECIMAL:
            return Count(at, none, a_real(path), "decimal")
        if type_ == TIMESTAMP:
            number = an_integer(path)
            self._always.append(within(number, _FIRST_MOMENT, _LAST_MOMENT))
            return Count(at, none, number, "timestamp")
        if type_ == DATE:
            return Day(at, none, self.calendar.any_day(path))
        if type_ == MONEY:
            currency = self.texts.word(f"{path} currency", currency_type().values)
            return Amount(at, none, a_real(path), Words(True, False, ((True, currency),)))
        if isinstance(type_, EnumType):
            return Words(at, none, ((True, self.texts.word(path, type_.values)),))
        if type_ == STRING:
            return Words(at, none, ((True, self.texts.free(path)),))
        raise Unsupported(f"a value of type {type_}")

    def _read(self, made: _Made, model: Model) -> object:
        if not model.truth(made.given):
            return _ABSENT
        if model.truth(made.value.none):
            return None
        match made.value:
            case Fields():
                read = {name: self._read(below, model) for name, below in made.below.items()}
                return {name: value for name, value in read.items() if value is not _ABSENT}
            case Listed():
                return tuple(self._read(below, model) for there, below in made.elements if model.truth(there))
            case Condition():
                return model.truth(made.value.true)
            case Count():
                return self._number(made.value, model)
            case Amount():
                currency = self._part(made.value.currency.cases[0][1], model)
                return Money(_decimal(model.fraction(made.value.number)), currency)
            case Day():
                return self._date(made.value.day, model)
            case Words():
                return self._part(made.value.cases[0][1], model)
        return _ABSENT

    def _number(self, value: Count, model: Model) -> object:
        if value.kind_of == "decimal":
            return _decimal(model.fraction(value.number))
        number = model.integer(value.number)
        return Timestamp(number) if value.kind_of == "timestamp" else number

    def _part(self, part: Part, model: Model) -> str:
        return self.texts.read(part, model)

    def _date(self, day: Civil, model: Model) -> date:
        year, month = divmod(model.integer(day.month), 12)
        return date(year, month + 1, model.integer(day.day))


def _terms(value: Value) -> list[Truth | Number]:
    """What a fact that is no list and no record is made of."""
    match value:
        case Condition():
            return [value.true]
        case Count():
            return [value.number]
        case Amount():
            return [value.number, *_terms(value.currency)]
        case Day():
            return [value.day.month, value.day.day]
        case Words():
            part = value.cases[0][1]
            if isinstance(part, str):
                return []
            return [part.number, part.cell] if isinstance(part, Free) else [part.number]
    return []


def _same_type(one: Type, other: Type) -> bool:
    """Whether a fact of the one type is a fact of the other; fields of records are looked at one by one."""
    if isinstance(one, OptionalType) and isinstance(other, OptionalType):
        return _same_type(one.inner, other.inner)
    if isinstance(one, ListType) and isinstance(other, ListType):
        return _same_type(one.element, other.element)
    if isinstance(one, RecordType) and isinstance(other, RecordType):
        return True
    return one == other


def _decimal(value: Fraction) -> Decimal:
    """The number in digits; one that never ends is cut, and what was found with it is put to `decide` as it then is."""
    below = value.denominator
    while below % 2 == 0:
        below //= 2
    while below % 5 == 0:
        below //= 5
    if below != 1:
        return Decimal(int(value * 10**6)) / Decimal(10**6)
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
    return Decimal(f"{int(value * 10**places)}e-{places}")
