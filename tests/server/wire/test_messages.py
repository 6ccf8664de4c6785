"""What is wrong with a message as a whole: with its lists, its `none` mask, its ids, its size."""

import time

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.type.date_pb2 import Date
from origingate.v1 import (
    case_service_pb2,
    declaration_pb2,
    order_pb2,
    party_pb2,
    screening_service_pb2,
    site_pb2,
)

from server.errors import RequestInvalid
from server.wire.requests import read

from .samples import asking, declaring, faults, full_order, full_request, order_faults


def test_full_request_is_well():
    """A request that sets every field rightly has no fault."""
    assert [] == faults(full_request())


def test_order_missing():
    """A request without an order is refused by the contract's own rule."""
    assert [("order", "required")] == faults(screening_service_pb2.CheckScopeRequest(site=site_pb2.Site()))


@pytest.mark.parametrize(
    "order",
    [
        order_pb2.Order(),
        order_pb2.Order(none=FieldMask()),
        order_pb2.Order.FromString(b"\xa2\x06\x03abc"),
    ],
    ids=["nothing", "empty mask", "unknown fields only"],
)
def test_order_empty(order: order_pb2.Order):
    """An order that says nothing is a mistake of the caller, not a question."""
    assert [("order", "order.empty")] == order_faults(order)


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        ("none.set", "destination"),
        ("none.set", "claim"),
        ("none.set", "claim.kind"),
        ("none.path", "destinaton"),
        ("none.path", "importDate"),
        ("none.path", ""),
        ("none.path", "none"),
        ("none.path", "."),
        ("none.path", "claim."),
        ("none.path", "lines.items"),
        ("none.path", "lines.items.hs"),
        ("none.path", "originating_value.units"),
    ],
)
def test_none(rule: str, path: str):
    """What is said to be none is a field of the message, outside of lists and values, and is not set."""
    order = order_pb2.Order(
        none=FieldMask(paths=[path]), destination="US", claim=order_pb2.Claim(kind="CLAIM_KIND_AT_ENTRY")
    )
    assert [("order.none.paths[0]", rule)] == order_faults(order)


def test_none_in_a_declaration():
    """The mask of a declaration reaches into its records."""
    declaration = declaration_pb2.Declaration(
        none=FieldMask(paths=["exporter.parties", "certifier.address.postal_code", "goods.items.hs"]),
        exporter=party_pb2.PartyStatement(manner="PARTY_MANNER_VARIOUS"),
    )
    assert [("declaration.none.paths[2]", "none.path")] == faults(declaring(declaration))


def test_too_many_none_paths():
    """A mask is bounded, and none of its paths is looked at when it is too long."""
    order = order_pb2.Order(destination="US", none=FieldMask(paths=["destination"] * 101))
    assert [("order.none", "none.paths")] == order_faults(order)


def test_ids_that_name_the_case():
    """ProcessOrder needs the ids of site and order, because they name the case."""
    request = case_service_pb2.ProcessOrderRequest(
        request_id="request-0001", site=site_pb2.Site(), order=order_pb2.Order(destination="US")
    )
    assert [("order", "process_order.order_id"), ("site", "process_order.site_id")] == faults(request)


def test_same_line_twice():
    """The line that repeats an id is named."""
    order = order_pb2.Order()
    for line_id in ("1", "2", "1"):
        order.lines.items.add(line_id=line_id)
    assert ("order.lines.items[2].line_id", "line_id.unique") in order_faults(order)


def test_line_without_id():
    """Lines without an id are each named once, and not also as repetitions."""
    order = order_pb2.Order()
    order.lines.items.add()
    order.lines.items.add()
    assert {"order.lines.items[0].line_id", "order.lines.items[1].line_id"} == {
        field for field, _ in order_faults(order)
    }


def test_everything_at_once():
    """All faults are told together, by place, item 2 before item 10."""
    order = order_pb2.Order(destination="ZZ", import_date=Date(year=2026, month=2, day=30))
    for number in range(11):
        order.lines.items.add(line_id=str(number))
    order.lines.items[10].hs = "x"
    order.lines.items[2].value.units = -1
    assert [
        ("order.destination", "country.exists"),
        ("order.import_date", "date.exists"),
        ("order.lines.items[2].value.currency_code", "money.currency"),
        ("order.lines.items[10].hs", "string.pattern"),
    ] == order_faults(order)


def test_one_fault_a_field():
    """What both our rules and the contract's find is told once."""
    assert [("order.destination", "country.exists")] == order_faults(order_pb2.Order(destination="MEX"))


@pytest.mark.parametrize("lines", [501, 800_000])
def test_too_many_lines(lines: int):
    """A list that is too long is refused for its length alone, whatever its elements are, and quickly."""
    items = b"\x0a\x00" * lines
    order = order_pb2.Order(destination="US", lines=order_pb2.OrderLines.FromString(items))
    request = asking(order)
    start = time.process_time()
    found = faults(request)
    assert [("order.lines.items", "repeated.max_items")] == found
    assert time.process_time() - start < 0.5


def test_many_faults_in_bounded_time():
    """A message made of nothing but faults is answered with the first hundred and their number."""
    good = declaration_pb2.Good(line_ids=declaration_pb2.LineIds(items=[""] * 500))
    declaration = declaration_pb2.Declaration(goods=declaration_pb2.Goods(items=[good] * 500))
    start = time.process_time()
    with pytest.raises(RequestInvalid) as caught:
        read(declaring(declaration))
    assert 100 >= len(caught.value.violations)
    assert time.process_time() - start < 5


def test_batch_too_long():
    """A batch has a bound too."""
    batch = screening_service_pb2.BatchCheckScopeRequest(items=[asking(full_order())] * 501)
    assert [("items", "repeated.max_items")] == faults(batch)
