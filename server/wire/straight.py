"""Facts read straight from messages by compiled questions, without making dicts of all that the messages say.

Only what is in the very form that a reading gives is taken; whatever is not, or is not set, leaves for that
reading. The messages have been read once without a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, Final

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message

from engine.compiled.reader import FactReader, Inner, Reader, is_namespace
from engine.compiled.runtime import Leave
from engine.compiled.source import Source, UncompilableError
from engine.expression.types import ListType, RecordType, Type, strip
from engine.facts import Facts
from engine.rulebook.reference import country_type, currency_type
from server.wire import form
from server.wire.plan import CODES, IDS, plan_of
from server.wire.reading import Reading

_BILLION: Final = 1_000_000_000


@dataclass(frozen=True)
class Messages:
    """Facts as messages by root; roots that are not among `kinds` are dicts."""

    kinds: tuple[tuple[str, Descriptor], ...]

    def reader(self, others: FactReader) -> Reader:
        """See engine.compiled.Form."""
        return MessageReader(dict(self.kinds), others)

    def facts(self, given: Mapping[str, object]) -> Facts:
        """See engine.compiled.Form."""
        return {root: _facts(value) if isinstance(value, Message) else value for root, value in given.items()}


def _facts(message: Message) -> object:
    return plan_of(message.DESCRIPTOR)(message, None, Reading())


class MessageReader:
    """Writes the reading of fields of messages; see engine.compiled.reader.Reader."""

    def __init__(self, roots: Mapping[str, Descriptor], others: Reader) -> None:
        self._roots = roots
        self._others = others
        self._kinds: dict[RecordType, Descriptor] = {}

    def root(self, name: str, root: str, source: Source) -> list[str]:
        """See Reader."""
        return self._others.root(name, root, source)

    def elements(self, text: str, element: Type) -> str:
        """See Reader."""
        return self._others.elements(text, element)

    def kept(self, text: str) -> str:
        """See Reader: every element that is looked at is made anew, unless it is kept."""
        return f"tuple({text})"

    def is_question(self, root: str) -> bool:
        """See Reader."""
        return self._others.is_question(root)

    def outcome(self, name: str, question: str, source: Source) -> list[str]:
        """See Reader."""
        return self._others.outcome(name, question, source)

    def inner(self, question: str) -> Inner | None:
        """See Reader."""
        return self._others.inner(question)

    def root_or_nothing(self, name: str, root: str, source: Source) -> list[str]:
        """See Reader."""
        return self._others.root_or_nothing(name, root, source)

    def possible(self, name: str, question: str, source: Source) -> list[str]:
        """See Reader."""
        return self._others.possible(name, question, source)

    def field(self, operand: str, name: str, record: RecordType, source: Source) -> str:
        """A field of a message as the fact that a reading makes of it."""
        kind = self._kinds.get(record) or self._roots.get(record.name)
        if kind is None:
            return self._others.field(operand, name, record, source)
        field = kind.fields_by_name.get(name)
        if field is None:
            raise UncompilableError(f"{kind.name} has no field {name}")
        type_ = strip(record.fields[name])
        text = f"{operand}.{field.name}"
        given = f"{source.bind(_given)}({operand}, {source.bind(name)})"
        if isinstance(type_, ListType):
            return self._list(field, type_, f"({text}.items or {given}.items)", source)
        if isinstance(type_, RecordType):
            self._kinds[type_] = _message_type(field)
            return text if is_namespace(record, name) else given
        return _value(field, text, source) or f"({text} or {given})"

    def _list(self, field: FieldDescriptor, type_: ListType, listed: str, source: Source) -> str:
        """The elements of a wrapped list: messages as they are, values as facts."""
        items = _message_type(field).fields_by_name["items"]
        element = strip(type_.element)
        if isinstance(element, RecordType):
            self._kinds[element] = _message_type(items)
            return listed
        item = source.name("i")
        made = _value(items, item, source) or item
        return f"tuple([{made} for {item} in {listed}])"


def _message_type(field: FieldDescriptor) -> Descriptor:
    if field.message_type is None:
        raise UncompilableError(f"{field.full_name} is no message")
    return field.message_type


def _value(field: FieldDescriptor, text: str, source: Source) -> str | None:
    """What makes a fact of a value, or leaves; nothing for booleans and numbers, which are facts."""
    if field.enum_type is not None:
        return f"{source.bind(_names(field.enum_type))}[{text}]"
    if field.message_type is not None and field.message_type.full_name == "google.type.Date":
        day = source.name("d")
        return f"{source.bind(date)}(({day} := {text}).year, {day}.month, {day}.day)"
    if field.message_type is not None:
        return f"{source.bind(_reader(field.message_type.full_name))}({text})"
    if field.type != FieldDescriptor.TYPE_STRING:
        return None
    if CODES.get(field.full_name) is form.read_country:
        return f"{source.bind(_countries())}[{text}]"
    if CODES.get(field.full_name) is form.read_hs:
        return f"{source.bind(_hs)}({text})"
    return f"{source.bind(_id if field.full_name in IDS else _text)}({text})"


def _reader(kind: str) -> Callable[[Any], object]:
    if kind == "google.type.Money":
        return _money_reader()
    if kind == "google.type.Decimal":
        return _decimal
    raise UncompilableError(f"{kind} is no value")


@cache
def _names(kind: EnumDescriptor) -> Mapping[int, str]:
    """Names without their prefix; 0 says nothing, and leaves."""
    prefix = kind.values_by_number[0].name.removesuffix("UNSPECIFIED")
    return {value.number: value.name.removeprefix(prefix) for value in kind.values if value.number}


def _given(message: Any, name: str) -> Any:
    """A field that is set; leaves where it is not."""
    if not message.HasField(name):
        raise Leave
    return getattr(message, name)


class _Amount:
    """Money as far as comparisons look at it: Money itself, which cannot be changed, takes thrice as long to make.

    What asks for more than amount and currency finds that it is no Money, and leaves.
    """

    __slots__ = ("amount", "currency")

    def __init__(self, amount: Decimal, currency: str) -> None:
        self.amount = amount
        self.currency = currency


@cache
def _money_reader() -> Callable[[Any], _Amount]:
    currencies = frozenset(currency_type().values)

    def read(value: Any) -> _Amount:
        units, nanos, currency = value.units, value.nanos, value.currency_code
        if units < 0 or not 0 <= nanos < _BILLION or currency not in currencies:
            raise Leave
        return _Amount(Decimal(units * _BILLION + nanos).scaleb(-9) if nanos else Decimal(units), currency)

    return read


def _decimal(value: Any) -> object:
    fact = form.read_decimal(value, None, reading := Reading())
    if reading.total:
        raise Leave
    return fact


def _text(value: str) -> str:
    if value and value.isascii() and value.isprintable() and value.strip() == value:
        return value
    raise Leave


def _id(value: str) -> str:
    if not value or value != value.strip() or not value.isprintable():
        raise Leave
    return value


@lru_cache(maxsize=4096)
def _hs(value: str) -> str:
    digits = value.replace(".", "")
    if not digits or len(digits) > 10:
        raise Leave
    return digits


@cache
def _countries() -> Mapping[str, str]:
    return {code: code for code in country_type().values}
