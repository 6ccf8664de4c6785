"""Whatever a caller sends, reading it gives facts or the violations, and nothing else."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass
from hypothesis import given, settings
from hypothesis import strategies as st
from origingate.v1 import case_service_pb2

from engine.expression import Money
from engine.written_facts import canonical_bytes
from server.errors import RequestInvalid
from server.wire.requests import Asked, read
from server.wire.statuses import to_status
from tests.examples import examples

from .samples import full_request

REQUEST = case_service_pb2.ProcessOrderRequest
FULL = full_request().SerializeToString()

TEXTS = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "US",
            "us",
            "USD",
            "7213.20",
            "12.5",
            "-1",
            "1e99",
            "NaN",
            "A\x00",
            "claim.kind",
            "importer",
            "\u202e",
        ]
    ),
    st.text(max_size=8),
)


def value_of(field: FieldDescriptor) -> st.SearchStrategy[object]:
    """Values that the field's type allows, likely and unlikely ones."""
    if field.message_type is not None:
        return message_of(field.message_type)
    if field.enum_type is not None or field.type == FieldDescriptor.TYPE_INT32:
        return st.one_of(st.integers(-1, 32), st.integers(-(2**31), 2**31 - 1))
    if field.type == FieldDescriptor.TYPE_INT64:
        return st.one_of(st.integers(-2, 2), st.integers(-(2**63), 2**63 - 1))
    return TEXTS if field.type == FieldDescriptor.TYPE_STRING else st.booleans()


def field_of(field: FieldDescriptor) -> st.SearchStrategy[object]:
    """Values of a field, several where it takes several."""
    if not field.is_repeated:
        return value_of(field)
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        key, value = field.message_type.fields
        return st.dictionaries(value_of(key), value_of(value), max_size=3)
    return st.lists(value_of(field), max_size=3)


def message_of(kind: Descriptor) -> st.SearchStrategy[Message]:
    """Messages of the type, in which any fields may be set."""
    fields = {field.name: field_of(field) for field in kind.fields}
    return st.fixed_dictionaries({}, optional=fields).map(lambda given: GetMessageClass(kind)(**given))


def only_values(facts: object) -> bool:
    """Whether these are facts as the engine knows them, all the way down."""
    if isinstance(facts, Mapping):
        return all(isinstance(name, str) and only_values(value) for name, value in facts.items())
    if isinstance(facts, tuple):
        return all(only_values(value) for value in facts)
    return facts is None or type(facts) in {bool, int, str, date, Decimal, Money}


def outcome(request: Message) -> Asked | RequestInvalid:
    """What reading gives; any other exception fails the test."""
    try:
        return read(request)
    except RequestInvalid as error:
        return error


def hold(answer: Asked | RequestInvalid) -> None:
    """Facts are values that can be digested; violations can be told within what metadata holds."""
    if isinstance(answer, Asked):
        assert only_values(answer.facts)
        assert canonical_bytes(answer.facts, {"": True})
    else:
        assert 1 <= len(answer.violations) <= answer.total
        assert all(violation.rule and violation.text for violation in answer.violations)
        assert to_status(answer, "r").ByteSize() <= 5250


@settings(max_examples=examples(60), deadline=None)
@given(message_of(REQUEST.DESCRIPTOR))
def test_any_message(request: Message):
    """A message with any values in any fields gives facts or violations."""
    hold(outcome(request))


@settings(max_examples=examples(60), deadline=None)
@given(st.data())
def test_full_message_with_one_record_replaced(data: st.DataObject):
    """A good request into which one random record is merged gives facts or violations."""
    request = full_request()
    field = data.draw(st.sampled_from([field for field in REQUEST.DESCRIPTOR.fields if field.message_type]))
    getattr(request, field.name).MergeFrom(data.draw(message_of(field.message_type)))
    hold(outcome(request))


@settings(max_examples=examples(200), deadline=None)
@given(st.integers(0, len(FULL) - 1), st.integers(0, 4), st.binary(max_size=6))
def test_mutated_bytes(start: int, length: int, instead: bytes):
    """A good request with some bytes replaced is no message, or gives facts or violations."""
    body = FULL[:start] + instead + FULL[start + length :]
    try:
        request = REQUEST.FromString(body)
    except DecodeError:
        return
    hold(outcome(request))


@settings(max_examples=examples(40), deadline=None)
@given(st.binary(max_size=200))
def test_random_bytes(body: bytes):
    """Random bytes are no message, or give facts or violations."""
    try:
        request = REQUEST.FromString(body)
    except DecodeError:
        return
    hold(outcome(request))


@settings(max_examples=examples(40), deadline=None)
@given(message_of(REQUEST.DESCRIPTOR))
def test_reading_changes_nothing(request: Message):
    """Reading leaves the message as it was, and gives the same answer again."""
    before = request.SerializeToString(deterministic=True)
    first, second = outcome(request), outcome(request)
    assert before == request.SerializeToString(deterministic=True)
    assert repr(first) == repr(second)


def test_the_good_request_is_good():
    """The request that is mutated above has facts, so that its mutants come close to good ones."""
    assert isinstance(outcome(full_request()), Asked)


@pytest.mark.parametrize("size", [100, 4_000_000])
def test_mask_of_any_size(size: int):
    """A mask as large as a message may be is refused in words."""
    request = full_request()
    request.order.none.paths.append("x" * size)
    answer = outcome(request)
    assert isinstance(answer, RequestInvalid)
    assert ["order.none.paths[0]"] == [violation.field for violation in answer.violations]
