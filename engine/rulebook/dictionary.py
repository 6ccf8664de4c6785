"""The dictionary of a rulebook: every fact with its type, its meaning, and who may state it.

enums:
  site_kind:
    meaning: What kind of shop the site is.
    values: {B2B_INDEPENDENT: A seller's own web shop for business buyers., MARKETPLACE: ...}
records:
  address:
    meaning: A postal address.
    fields:
      country: {type: country, meaning: ISO 3166-1 alpha-2 code., example: MX, personal: true}
facts:
  site.kind: {type: site_kind, meaning: ..., example: MARKETPLACE}
  order.lines: {type: list(order_line), meaning: ...}
  declaration.producer: {type: party?, meaning: ..., absent: ...}
  certificate.status: {type: certificate_status, meaning: ..., from: platform}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.expression.types import DYN, EnumType, ListType, OptionalType, RecordType, Type

ASSERTERS = ("caller", "server", "platform")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record: its type, as written too, and what it means; empty where nothing is said."""

    name: str
    type: Type
    written: str
    meaning: str
    unit: str = ""
    example: str = ""
    absent: str = ""
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Fact(Field):
    """A fact: `name` is its path, `asserted_by` says who may state it: caller, server or platform."""

    asserted_by: str = "caller"


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """A shape that facts and list elements can have."""

    name: str
    meaning: str
    fields: Mapping[str, Field]
    type: RecordType


@dataclass(frozen=True, slots=True, eq=False)
class Enum:
    """A closed set of words, each with its meaning."""

    name: str
    meaning: str
    values: Mapping[str, str]
    type: EnumType


@dataclass(frozen=True, slots=True, eq=False)
class Dictionary:
    """All facts of a rulebook by path; `roots` are their namespaces as record types."""

    facts: Mapping[str, Fact]
    records: Mapping[str, Record]
    enums: Mapping[str, Enum]
    roots: Mapping[str, RecordType]

    def type_of(self, path: str) -> Type | None:
        """The type at a path such as `order.lines[].hs`; None where the path leads nowhere."""
        first, *rest = path.replace("[]", ".[]").split(".")
        type_: Type | None = self.roots.get(first)
        for step in rest:
            type_ = step_into(type_, step)
        return type_


def step_into(type_: Type | None, step: str) -> Type | None:
    """The type of a field, or of an element where the step is `[]`; unknown types stay unknown."""
    if isinstance(type_, OptionalType):
        type_ = type_.inner
    if type_ is DYN:
        return DYN
    if step == "[]":
        return type_.element if isinstance(type_, ListType) else None
    return type_.fields.get(step) if isinstance(type_, RecordType) else None


def namespaces(facts: Mapping[str, Fact]) -> dict[str, RecordType]:
    """The record types that the facts' paths make: `order.value` is the field `value` of the root `order`."""
    tree: dict[str, object] = {}
    for path, fact in facts.items():
        *above, last = path.split(".")
        level = tree
        for step in above:
            below = level.setdefault(step, {})
            assert isinstance(below, dict)
            level = below
        level[last] = fact.type
    return {root: _namespace(root, below) for root, below in tree.items() if isinstance(below, dict)}


def _namespace(path: str, tree: dict[str, object]) -> RecordType:
    fields: dict[str, Type] = {}
    for name, below in tree.items():
        if isinstance(below, dict):
            fields[name] = _namespace(f"{path}.{name}", below)
        elif isinstance(below, Type):
            fields[name] = below
    return RecordType(path, fields)
