"""Plans: for every message type of the contract, once, a function that turns its messages into facts.

A plan goes over the fields that are set and no others, so its cost follows the content. What is not set is
left out of the facts: unknown. A wrapper message with one repeated field `items` reads as the list itself.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from buf.validate import validate_pb2
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message

from server.wire import form
from server.wire.none import read_none
from server.wire.reading import ABSENT, Place, Reader, Reading

_NONE: Final = "none"

# Types of other families that are one value to us.
_VALUES: Final[Mapping[str, Reader]] = {
    "google.protobuf.Timestamp": form.read_moment,
    "google.type.Date": form.read_date,
    "google.type.Decimal": form.read_decimal,
    "google.type.Money": form.read_money,
}

# Text fields that hold a code. The contract has no type for these, so they are named here; a test holds the
# list against the contract.
CODES: Final[Mapping[str, Reader]] = {
    "origingate.v1.Address.country": form.read_country,
    "origingate.v1.CarrierDocument.issued_in": form.read_country,
    "origingate.v1.Good.hs": form.read_hs,
    "origingate.v1.Good.produced_in": form.read_country,
    "origingate.v1.Order.destination": form.read_country,
    "origingate.v1.OrderLine.hs": form.read_hs,
    "origingate.v1.TransitStep.country": form.read_country,
}

# Ids are compared exactly. An e-Cert ID is not among them: people type it, so it is normalised first.
IDS: Final = frozenset(
    {
        "origingate.v1.AdoptCertificateRequest.request_id",
        "origingate.v1.CancelRequest.request_id",
        "origingate.v1.CaseEventFilter.site_id",
        "origingate.v1.CaseFilter.order_id",
        "origingate.v1.CaseFilter.site_id",
        "origingate.v1.CertifyRequest.request_id",
        "origingate.v1.DecideCaseRequest.request_id",
        "origingate.v1.DeclareRequest.request_id",
        "origingate.v1.Good.good_id",
        "origingate.v1.HandOffRequest.request_id",
        "origingate.v1.LineGood.good_id",
        "origingate.v1.LineGood.line_id",
        "origingate.v1.LineIds.items",
        "origingate.v1.MarkVoidRequest.request_id",
        "origingate.v1.OpenInquiryRequest.request_id",
        "origingate.v1.Order.order_id",
        "origingate.v1.OrderLine.line_id",
        "origingate.v1.PlaceOrderRequest.request_id",
        "origingate.v1.ProcessOrderRequest.request_id",
        "origingate.v1.RetryCaseRequest.request_id",
        "origingate.v1.EraseCaseRequest.request_id",
        "origingate.v1.HoldCaseRequest.request_id",
        "origingate.v1.ReleaseCaseRequest.request_id",
        "origingate.v1.Site.site_id",
        "origingate.v1.RegisterSiteRequest.request_id",
        "origingate.v1.RegisterSiteRequest.site_id",
        "origingate.v1.GetSiteRequest.site_id",
        "origingate.v1.UpdateSiteRequest.request_id",
        "origingate.v1.UpdateSiteRequest.site_id",
        "origingate.v1.ConnectSiteRequest.request_id",
        "origingate.v1.ConnectSiteRequest.site_id",
        "origingate.v1.SuspendSiteRequest.request_id",
        "origingate.v1.SuspendSiteRequest.site_id",
        "origingate.v1.ResumeSiteRequest.request_id",
        "origingate.v1.ResumeSiteRequest.site_id",
        "origingate.v1.AssessReadinessRequest.site_id",
        "origingate.v1.StateReadinessRequest.site_id",
    }
)

# The field that tells the elements of a list apart.
KEYS: Final[Mapping[str, str]] = {
    "origingate.v1.Good": "good_id",
    "origingate.v1.LineGood": "line_id",
    "origingate.v1.OrderLine": "line_id",
}

# A message of these types that says nothing is a mistake, not a question.
MUST_SAY_SOMETHING: Final = frozenset({"origingate.v1.Order"})

_PLAIN: Final = frozenset({FieldDescriptor.TYPE_BOOL, FieldDescriptor.TYPE_INT32, FieldDescriptor.TYPE_INT64})


@cache
def plan_of(kind: Descriptor) -> Reader:
    """The reader of a message type. Types that no request of the contract uses raise TypeError."""
    if kind.full_name in _VALUES:
        return _VALUES[kind.full_name]
    fields = kind.fields
    if _is_wrapper(kind):
        return _wrapper_reader(_list_reader(fields[0]))
    steps = {field.number: (field.name, _field_reader(field)) for field in fields if not _stands_alone(field)}
    return _message_reader(kind, steps)


def _message_reader(kind: Descriptor, steps: Mapping[int, tuple[str, Reader]]) -> Reader:
    states_none = _NONE in kind.fields_by_name
    must_say_something = kind.full_name in MUST_SAY_SOMETHING

    def read(message: Message, at: Place, reading: Reading) -> object:
        facts: dict[str, object] = {}
        faults = reading.total
        for field, value in message.ListFields():
            step = steps.get(field.number)
            if step is not None:
                name, read_value = step
                fact = read_value(value, (at, name), reading)
                if fact is not ABSENT:
                    facts[name] = fact
        if states_none and _NONE in facts:
            read_none(facts.pop(_NONE), kind, message, facts, at, reading)
        if must_say_something and not facts and reading.total == faults:
            return reading.fault(at, "order.empty", "it says nothing; give at least one field")
        return facts

    return read


def _field_reader(field: FieldDescriptor) -> Reader:
    return _list_reader(field) if field.is_repeated else _value_reader(field)


def _value_reader(field: FieldDescriptor) -> Reader:
    if field.name == _NONE:
        return form.read_plain
    if field.message_type is not None:
        return plan_of(field.message_type)
    if field.enum_type is not None:
        return _enum_reader(field.enum_type)
    if field.type == FieldDescriptor.TYPE_STRING:
        return CODES.get(field.full_name) or (form.read_id if field.full_name in IDS else form.read_text)
    if field.type in _PLAIN:
        return form.read_plain
    raise TypeError(f"{field.full_name}: no fact can be read from a field of this type")


def _enum_reader(kind: EnumDescriptor) -> Reader:
    """Names without their prefix; 0 is "not given"."""
    prefix = kind.values_by_number[0].name.removesuffix("UNSPECIFIED")
    names: dict[int, object] = {value.number: value.name.removeprefix(prefix) for value in kind.values}
    names[0] = ABSENT
    known = ", ".join(value.name for value in kind.values if value.number)

    def read(value: int, at: Place, reading: Reading) -> object:
        name = names.get(value)
        if name is None:
            return reading.fault(at, "enum.defined_only", f"{value} is no value of {kind.name}: {known}")
        return name

    return read


def _wrapper_reader(read_items: Reader) -> Reader:
    def read(wrapper: Any, at: Place, reading: Reading) -> object:
        return read_items(wrapper.items, (at, "items"), reading)

    return read


def _list_reader(field: FieldDescriptor) -> Reader:
    """Reads no element of a list that is too long: the bound is the contract's, and it bounds the work."""
    read_element = _value_reader(field)
    most = _list_rules(field).max_items
    key = KEYS.get(field.message_type.full_name) if field.message_type is not None else None
    if not most:
        raise TypeError(f"{field.full_name}: a list of a request needs max_items, which bounds the work")

    def read(values: Any, at: Place, reading: Reading) -> object:
        reading.elements += len(values)
        if len(values) > most:
            return reading.fault(
                at, "repeated.max_items", f"it has {len(values)} items; at most {most} are allowed"
            )
        facts = [
            fact
            for index, value in enumerate(values)
            if (fact := read_element(value, (at, index), reading)) is not ABSENT
        ]
        if key is not None:
            _hold_keys_apart(facts, key, at, reading)
        return tuple(facts)

    return read


def _hold_keys_apart(facts: list[Any], key: str, at: Place, reading: Reading) -> None:
    """Names every element whose key an earlier one has; that each has a key is the contract's own rule."""
    keys = [fact.get(key) for fact in facts]
    if len(set(keys)) == len(keys):
        return
    first: dict[object, int] = {}
    for index, value in enumerate(keys):
        earlier = first.setdefault(value, index)
        if value is not None and earlier != index:
            place = ((at, index), key)
            reading.fault(place, f"{key}.unique", f"item {earlier} has the same {key}; give each one its own")


def _is_wrapper(kind: Descriptor) -> bool:
    fields = kind.fields
    return (
        len(fields) == 1
        and fields[0].name == "items"
        and fields[0].is_repeated
        and not _stands_alone(fields[0])
    )


def _stands_alone(field: FieldDescriptor) -> bool:
    """Whether the contract says that it, or each element, is held to its form by itself, as in a batch or a stream."""
    rules = _rules(field)
    return bool(validate_pb2.IGNORE_ALWAYS in (rules.ignore, rules.repeated.items.ignore))


def _list_rules(field: FieldDescriptor) -> validate_pb2.RepeatedRules:
    return _rules(field).repeated


def _rules(field: FieldDescriptor) -> validate_pb2.FieldRules:
    extensions: Any = field.GetOptions().Extensions
    rules: validate_pb2.FieldRules = extensions[validate_pb2.field]
    return rules
