"""A condition on one fact, with facts for which it is true and false: what a new rule begins with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from engine.expression import render
from engine.expression.literals import quote
from engine.expression.types import (
    BOOL,
    DATE,
    DECIMAL,
    INT,
    MONEY,
    STRING,
    EnumType,
    ListType,
    OptionalType,
    Type,
)
from engine.expression.values import Money
from engine.rulebook.dictionary import Dictionary, Fact
from engine.rulebook.model import Question
from engine.rulebook.text.files import TextFile
from engine.rulebook.text.nodes import Scalar
from engine.rulebook.typed import Mistake, read_value
from engine.workbench.layout.texts import in_line


@dataclass(frozen=True, slots=True)
class Probe:
    """The condition, and for each side the keys of a rule test that put it there."""

    condition: str
    fires: str
    silent: str

    @property
    def written(self) -> str:
        """The condition as YAML has it."""
        return in_line(_scalar(self.condition, quoted=False), flow=False)


def probe_for(question: Question | None, dictionary: Dictionary) -> Probe | None:
    """A probe of the likeliest fact: one that the question reads and that is true or false, of the caller's."""
    read = question.reads if question is not None else frozenset()
    found = [(fact, probe_of(fact)) for fact in dictionary.facts.values()]
    usable = [(fact, probe) for fact, probe in found if probe is not None]

    def unlikely(pair: tuple[Fact, Probe]) -> tuple[bool, bool, bool]:
        fact = pair[0]
        return fact.name not in read, fact.asserted_by != "caller", fact.type != BOOL

    return min(usable, key=unlikely)[1] if usable else None


def probe_of(fact: Fact) -> Probe | None:
    """The probe of a fact; none for lists of records and other facts that no simple condition is about."""
    path, type_ = fact.name, fact.type
    if isinstance(type_, OptionalType):
        value = _value(type_.inner, fact.example)
        return Probe(f"!has({path})", f"none: [{path}]", _with(path, value)) if value is not None else None
    if isinstance(type_, ListType):
        return None
    value = _value(type_, fact.example)
    if value is None:
        return None
    if type_ == BOOL:
        return Probe(path, _with(path, True), _with(path, False))
    if isinstance(type_, EnumType) or type_ == STRING:
        return Probe(f"{path} == {quote(str(value))}", _with(path, value), _with(path, _other(type_, value)))
    written = f'date("{render(value)}")' if type_ == DATE else render(value)
    written = f'money("{written}")' if type_ == MONEY else written
    return Probe(f"{path} > {written}", _with(path, _more(value)), _with(path, value))


def _value(type_: Type, example: str) -> object:
    """The example, or some value of the type; none for types that are not simple."""
    ready: dict[str, str] = {
        STRING.name: "some text",
        BOOL.name: "true",
        INT.name: "0",
        DECIMAL.name: "0.0",
        DATE.name: "2026-01-01",
        MONEY.name: "100.00 USD",
    }
    if isinstance(type_, EnumType):
        written = example or next(iter(type_.values), "")
    elif type_.name in ready:
        written = example or ready[type_.name]
    else:
        return None
    mistakes: list[Mistake] = []
    value = read_value(written, type_, "", mistakes)
    return None if mistakes else value


def _other(type_: Type, value: object) -> object:
    if isinstance(type_, EnumType):
        return next((other for other in type_.values if other != value), value)
    return f"not {value}"


def _more(value: object) -> object:
    """The next greater value."""
    match value:
        case date():
            return value + timedelta(days=1)
        case Money():
            return Money(value.amount + Decimal("0.01"), value.currency)
        case Decimal():
            return value + Decimal("0.1")
        case int():
            return value + 1
    return value


def _with(path: str, value: object) -> str:
    text = render(value)
    return f"with: {{{path}: {in_line(_scalar(text, quoted=isinstance(value, str)), flow=True)}}}"


def _scalar(text: str, *, quoted: bool) -> Scalar:
    return Scalar(TextFile("", ""), 0, 0, text, '"' if quoted else "")
