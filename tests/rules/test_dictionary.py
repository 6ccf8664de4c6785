"""facts.yaml against the contract, both ways: every field of a request is a fact of its type, and every fact a field."""

from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from origingate.v1 import declaration_pb2, order_pb2, site_pb2

from engine.expression.types import EnumType, ListType, OptionalType, RecordType, Type
from engine.rulebook import Rulebook, Standing
from server.rulebooks import load_folder
from server.shipped import shipped_rules

ROOTS = {
    "site": site_pb2.Site.DESCRIPTOR,
    "order": order_pb2.Order.DESCRIPTOR,
    "declaration": declaration_pb2.Declaration.DESCRIPTOR,
}
VALUES = {"google.type.Date": "date", "google.type.Money": "money", "google.type.Decimal": "decimal"}
SCALARS = {
    FieldDescriptor.TYPE_STRING: "string",
    FieldDescriptor.TYPE_BOOL: "bool",
    FieldDescriptor.TYPE_INT32: "int",
}
LAW = ("certification", "copy", "origin", "claim", "records")


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """The shipped rulebook."""
    return load_folder(shipped_rules() / "usmca")


def said(path: str, field: FieldDescriptor) -> Iterator[tuple[str, str]]:
    """The paths that a field of a request can say, with their types in words."""
    message, repeated = field.message_type, field.is_repeated
    inner = f"{path}[]" if repeated else path
    if repeated:
        yield path, "list"
    if message is None:
        enum = field.enum_type
        kind = SCALARS.get(field.type, "?") if enum is None else f"enum {sorted(words(enum))}"
        yield inner, kind
    elif message.full_name in VALUES:
        yield inner, VALUES[message.full_name]
    elif [each.name for each in message.fields] == ["items"]:
        yield from said(path, message.fields[0])
    else:
        yield inner, "record"
        yield from fields_of(inner, message)


def words(enum: Any) -> list[str]:
    """The words of an enum without its prefix; 0 is "not given" and no word."""
    prefix = enum.values_by_number[0].name.removesuffix("UNSPECIFIED")
    return [value.name.removeprefix(prefix) for value in enum.values if value.number]


def fields_of(path: str, message: Descriptor) -> Iterator[tuple[str, str]]:
    """Everything below a message; its `none` mask says what is none and is no fact."""
    for field in message.fields:
        if field.name != "none":
            yield from said(f"{path}.{field.name}", field)


def known(path: str, type_: Type) -> Iterator[tuple[str, str]]:
    """The paths that the dictionary knows, with their types in words."""
    if isinstance(type_, OptionalType):
        yield from known(path, type_.inner)
    elif isinstance(type_, ListType):
        yield path, "list"
        yield from known(f"{path}[]", type_.element)
    elif isinstance(type_, RecordType):
        yield path, "record"
        for name, below in type_.fields.items():
            yield from known(f"{path}.{name}", below)
    elif isinstance(type_, EnumType) and type_.name not in ("country", "currency"):
        yield path, f"enum {sorted(type_.values)}"
    else:
        yield path, "string" if isinstance(type_, EnumType) else str(type_)


def test_facts_are_what_the_contract_can_say(rulebook: Rulebook) -> None:
    """A field without a fact would be ignored in silence; a caller's fact without a field could never be given."""
    contract = dict(each for root, message in ROOTS.items() for each in fields_of(root, message))
    stated = [fact for fact in rulebook.facts.facts.values() if fact.asserted_by == "caller"]
    dictionary = dict(each for fact in stated for each in known(fact.name, fact.type))
    assert contract == dictionary


@pytest.mark.parametrize("question", LAW)
def test_law_rests_on_law(rulebook: Rulebook, question: str) -> None:
    """The questions of the law in force depend on enacted rules only, and on nothing that is ours or a platform's."""
    asked = rulebook.questions[question]
    assert {Standing.ENACTED} == {rule.standing for rule in asked.rules} | {asked.otherwise.standing}
    assert {"order", "declaration", "nomenclature"} >= {path.partition(".")[0] for path in asked.reads}
    assert set(LAW) >= set(asked.inner)
