"""Values that a fact could have: the example of the dictionary, else the plainest value of the type."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from engine.expression import (
    BOOL,
    DATE,
    DECIMAL,
    INT,
    MONEY,
    EnumType,
    ListType,
    Money,
    RecordType,
    Timestamp,
    Type,
)
from engine.expression.types import TIMESTAMP, strip
from engine.rulebook.dictionary import Dictionary, Field
from engine.rulebook.typed import Mistake, read_value

_PLAINEST: dict[Type, object] = {
    BOOL: True,
    INT: 1,
    DECIMAL: Decimal(1),
    MONEY: Money(Decimal("1.00"), "USD"),
    DATE: date(2026, 1, 1),
    TIMESTAMP: Timestamp(0),
}


def example(dictionary: Dictionary, path: str) -> object:
    """A value for the fact at a path of the dictionary, e.g. `declaration.goods[].hs`; records with all their fields."""
    type_ = dictionary.type_of(path)
    return None if type_ is None else _example(dictionary, type_, _field(dictionary, path))


def _field(dictionary: Dictionary, path: str) -> Field | None:
    if path in dictionary.facts:
        return dictionary.facts[path]
    above, _, last = path.rpartition(".")
    holder = dictionary.type_of(above) if above else None
    record = dictionary.records.get(strip(holder).name) if holder is not None else None
    return record.fields.get(last) if record is not None else None


def _example(dictionary: Dictionary, type_: Type, field: Field | None) -> object:
    kind = strip(type_)
    if isinstance(kind, RecordType):
        record = dictionary.records.get(kind.name)
        fields = record.fields if record is not None else {}
        return {name: _example(dictionary, below, fields.get(name)) for name, below in kind.fields.items()}
    if isinstance(kind, ListType):
        return (
            (_example(dictionary, kind.element, None),) if isinstance(strip(kind.element), RecordType) else ()
        )
    if field is not None and field.example:
        mistakes: list[Mistake] = []
        value = read_value(field.example, kind, "", mistakes)
        if not mistakes:
            return value
    if isinstance(kind, EnumType):
        return kind.values[0]
    return _PLAINEST.get(kind, "any")
