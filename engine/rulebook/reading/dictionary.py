"""Reads facts.yaml."""

from __future__ import annotations

import re

from engine.expression.types import (
    BOOL,
    DATE,
    DECIMAL,
    DYN,
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
from engine.rulebook.dictionary import ASSERTERS, Dictionary, Enum, Fact, Field, Record, namespaces
from engine.rulebook.problems import Problems, instead
from engine.rulebook.reference import country_type, currency_type
from engine.rulebook.text.fields import CODE, IDENTIFIER, Fields, open_fields, said, scalar_of, shaped
from engine.rulebook.text.nodes import Node, Scalar, Sequence, plain
from engine.rulebook.typed import Mistake, read_value

_SIMPLE: dict[str, Type] = {
    type_.name: type_ for type_ in (STRING, BOOL, INT, DECIMAL, DATE, MONEY, TIMESTAMP)
}
PATH = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_LIST = re.compile(r"list\((.*)\)", re.DOTALL)
_LONGEST = 200
_DEEPEST = 30
DICTIONARY_REQUIRED = ("facts",)
DICTIONARY_OPTIONAL = ("enums", "records")
ENUM_REQUIRED = ("meaning", "values")
RECORD_REQUIRED = ("meaning", "fields")
FIELD_REQUIRED = ("type", "meaning")
FIELD_OPTIONAL = ("unit", "example", "absent", "personal")
FACT_OPTIONAL = (*FIELD_OPTIONAL, "from")

EMPTY = Dictionary({}, {}, {}, {})


def read_dictionary(root: Node, problems: Problems) -> Dictionary:
    """The dictionary that the file says; what has a problem is left out, or has no known type."""
    return _Reader(problems).read(root)


def read_type(written: Scalar, dictionary: Dictionary, problems: Problems) -> Type:
    """The type that is written, by the dictionary's names; of no known type where there is a problem."""
    reader = _Reader(problems)
    reader.enums, reader.records = dict(dictionary.enums), dict(dictionary.records)
    return reader.type_in(written, 0, len(written.text)) or DYN


class _Reader:
    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.enums: dict[str, Enum] = {}
        self.records: dict[str, Record] = {}
        self.waiting: dict[str, tuple[Scalar, Node]] = {}
        self.open: list[str] = []

    def read(self, root: Node) -> Dictionary:
        top = open_fields(root, "the dictionary", self.problems, DICTIONARY_REQUIRED, DICTIONARY_OPTIONAL)
        if top is None:
            return EMPTY
        for key, node in top.entries("enums"):
            if self._free(key):
                self._enum(key, node)
        self.waiting = {key.text: (key, node) for key, node in top.entries("records") if self._free(key)}
        for name in self.waiting:
            self._record(name)
        facts = self._facts(top)
        return Dictionary(facts, self.records, self.enums, namespaces(facts))

    def _free(self, key: Scalar) -> bool:
        taken = key.text in _SIMPLE or key.text in {"country", "currency", "list"} or key.text in self.enums
        if taken:
            self.problems.add(
                key.span, "name-taken", f"`{key.text}` is the name of a type already", "choose another name"
            )
        return not taken and shaped(key, IDENTIFIER, "a type", self.problems) is not None

    def _enum(self, key: Scalar, node: Node) -> None:
        fields = open_fields(node, f"the enum `{key.text}`", self.problems, ENUM_REQUIRED)
        if fields is None:
            return
        values: dict[str, str] = {}
        for value, text in self._enum_values(fields):
            if shaped(value, CODE, "a value", self.problems) and value.text not in values:
                values[value.text] = said(scalar_of(text, f"`{value.text}`", self.problems) if text else None)
        meaning = fields.prose("meaning")
        type_ = EnumType(key.text, tuple(values))
        self.enums[key.text] = Enum(key.text, said(meaning), values, type_)

    def _enum_values(self, fields: Fields) -> list[tuple[Scalar, Node | None]]:
        if isinstance(fields.get("values"), Sequence):
            return [(value, None) for value in fields.texts("values")]
        return [(key, node) for key, node in fields.entries("values")]

    def _record(self, name: str) -> RecordType | None:
        """Reads a record when it is first asked for, for records can hold records."""
        if name in self.records or name not in self.waiting:
            return self.records[name].type if name in self.records else None
        key, node = self.waiting[name]
        if len(self.open) >= _DEEPEST:
            self.problems.add(
                key.span, "too-deep", f"more than {_DEEPEST} records inside each other", "write fewer"
            )
            return None
        if name in self.open:
            circle = " -> ".join([*self.open[self.open.index(name) :], name])
            self.problems.add(
                key.span,
                "record-cycle",
                f"the record `{name}` holds itself: {circle}",
                "hold a text that names it instead",
            )
            return None
        self.open.append(name)
        fields = open_fields(node, f"the record `{name}`", self.problems, RECORD_REQUIRED)
        read: dict[str, Field] = {}
        for field_key, field_node in fields.entries("fields") if fields else ():
            if shaped(field_key, IDENTIFIER, "a field", self.problems):
                what = f"the field `{name}.{field_key.text}`"
                below = open_fields(field_node, what, self.problems, FIELD_REQUIRED, FIELD_OPTIONAL)
                if below is not None:
                    read[field_key.text] = self._field(field_key.text, below)
        meaning = fields.prose("meaning") if fields else None
        type_ = RecordType(name, {field.name: field.type for field in read.values()})
        self.open.pop()
        self.records[name] = Record(name, said(meaning), read, type_)
        return type_

    def _facts(self, top: Fields) -> dict[str, Fact]:
        facts: dict[str, Fact] = {}
        for key, node in top.entries("facts"):
            fields = open_fields(node, f"the fact `{key.text}`", self.problems, FIELD_REQUIRED, FACT_OPTIONAL)
            if not PATH.fullmatch(key.text):
                self.problems.add(
                    key.span,
                    "bad-name",
                    f"a fact cannot be called `{key.text}`",
                    "write a path, as `order.destination`",
                )
            elif fields is not None and not self._overlaps(key, facts):
                asserter = fields.choice("from", ASSERTERS, "unknown-asserter")
                field = self._field(key.text, fields)
                facts[key.text] = Fact(
                    field.name, field.type, field.written, field.meaning, field.unit, field.example,
                    field.absent, field.personal, said(asserter) or "caller",
                )  # fmt: skip
        return facts

    def _overlaps(self, key: Scalar, facts: dict[str, Fact]) -> bool:
        steps = key.text.split(".")
        above = {".".join(steps[:count]) for count in range(1, len(steps))}
        for path in facts:
            if path in above or path.startswith(f"{key.text}."):
                self.problems.add(
                    key.span,
                    "fact-in-fact",
                    f"`{key.text}` and `{path}` cannot both be facts",
                    "make the outer one a record, with the inner one as its field",
                )
                return True
        return False

    def _field(self, name: str, fields: Fields) -> Field:
        written, meaning = fields.scalar("type"), fields.prose("meaning")
        unit, absent = fields.prose("unit"), fields.prose("absent")
        personal = fields.choice("personal", ("true", "false"), "wrong-type")
        type_ = self.type_in(written, 0, len(written.text)) if written else None
        example = self._example(name, fields, type_)
        return Field(
            name, type_ or DYN, said(written), said(meaning), unit=said(unit), example=example,
            absent=said(absent), personal=said(personal) == "true",
        )  # fmt: skip

    def _example(self, name: str, fields: Fields, type_: Type | None) -> str:
        node = fields.get("example")
        if node is None:
            return ""
        mistakes: list[Mistake] = []
        if type_ is not None:
            read_value(plain(node), type_, name, mistakes)
        for mistake in mistakes:
            self.problems.add(
                node.span, "bad-example", f"the example is none: {mistake.message}", mistake.mend
            )
        return node.text if isinstance(node, Scalar) else ""

    def type_in(self, scalar: Scalar, start: int, end: int) -> Type | None:
        """The type that is written from `start` to `end`."""
        text = scalar.text[start:end]
        if len(text) <= _LONGEST and text.endswith("?") and not text.endswith("??"):
            inner = self.type_in(scalar, start, end - 1)
            return OptionalType(inner) if inner is not None else None
        listed = _LIST.fullmatch(text) if len(text) <= _LONGEST else None
        if listed:
            element = self.type_in(scalar, start + listed.start(1), start + listed.end(1))
            return ListType(element) if element is not None else None
        return self._named(scalar, start, end)

    def _named(self, scalar: Scalar, start: int, end: int) -> Type | None:
        name = scalar.text[start:end]
        if name in self.waiting or name in self.records:
            return self._record(name)
        known = {"country": country_type, "currency": currency_type}
        if name in known:
            return known[name]()
        if name in _SIMPLE or name in self.enums:
            return _SIMPLE.get(name) or self.enums[name].type
        names = {*_SIMPLE, *known, *self.enums, *self.waiting, *self.records, "list"}
        self.problems.add(
            scalar.part(start, end),
            "unknown-type",
            f"`{name}` is no type",
            instead(name, names, "write one of"),
        )
        return None
