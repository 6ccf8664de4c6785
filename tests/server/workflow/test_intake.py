"""What is known of an order when it comes in, and what counts as the same order."""

from typing import Any

import pytest
from google.protobuf import json_format
from origingate.v1 import case_service_pb2

from engine.declaration import digest
from server.our_records import OurRecords
from server.sites import Sites
from server.wire.requests import read
from server.wire.texts import texts_of
from server.workflow.intake import Intake, changed_since, take_in
from tests.server.workflow.house import (
    TENANT,
    Change,
    more_of_it,
    order,
    sites,
    to_canada,
    without_declaration,
)


def taken_in(change: Change = lambda request: None, tenant: str = TENANT) -> Intake:
    """The first example, changed, as it is taken in."""
    request = order(change=change)
    return _take_in(request, tenant)


def _take_in(request: case_service_pb2.ProcessOrderRequest, tenant: str = TENANT) -> Intake:
    facts = read(request).facts
    return take_in(
        tenant, "tester", request.request_id, texts_of(request), facts, OurRecords(sites("b", "a"))
    )


def test_other_serialisation() -> None:
    """The same order through JSON, bytes and back, with fields in another order, has the same digests."""
    request = order()
    fields = list(request.declaration.none.paths)
    request.declaration.none.paths[:] = reversed(fields)
    again = case_service_pb2.ProcessOrderRequest.FromString(request.SerializeToString())
    written = json_format.MessageToJson(again, preserving_proto_field_name=True)
    other = _take_in(json_format.Parse(written, case_service_pb2.ProcessOrderRequest()))
    assert (taken_in().body_digest, taken_in().content_digest) == (other.body_digest, other.content_digest)


def _quantity_as(text: str) -> Change:
    def change(request: Any) -> None:
        request.order.lines.items[0].quantity.value = text

    return change


def _lines_reversed(request: Any) -> None:
    lines = list(request.order.lines.items)
    del request.order.lines.items[:]
    request.order.lines.items.extend(reversed(lines))


@pytest.mark.parametrize("text", ["8", "8.0", "8.000", "08", "+8", "8e0"])
def test_same_amount(text: str) -> None:
    """An amount is the same however it is written."""
    assert taken_in().body_digest == taken_in(_quantity_as(text)).body_digest


def test_order_of_lines() -> None:
    """The order of lines says nothing about what is certified."""
    assert taken_in().content_digest == taken_in(_lines_reversed).content_digest


@pytest.mark.parametrize("change", [more_of_it, to_canada, without_declaration])
def test_another_body(change: Change) -> None:
    """Whatever the caller says otherwise makes another body."""
    assert taken_in().body_digest != taken_in(change).body_digest


def test_request_id_is_not_body() -> None:
    """The request's id is not part of what it says."""
    assert _take_in(order("request-1")).body_digest == _take_in(order("request-2")).body_digest


def test_our_records_are_not_body() -> None:
    """What our records add is ours: a request that is repeated after a record changed is the same request."""
    request = order()
    facts = read(request).facts
    elsewhere = take_in(TENANT, "tester", "r", texts_of(request), facts, OurRecords(Sites({})))
    assert taken_in().body_digest == elsewhere.body_digest
    assert ({"integration": "CONNECTED"}, {}) == (_integration(taken_in()), _integration(elsewhere))


def _integration(intake: Intake) -> dict[str, Any]:
    return {name: value for name, value in intake.facts["site"].items() if name == "integration"}


def test_content() -> None:
    """What would be certified names tenant, site and order, so that it fits no other order."""
    content = taken_in().content or {}
    assert (TENANT, {"site_id": "aceros-shop"}) == (content["tenant"], content["site"])
    assert taken_in().content_digest == digest(content)
    assert taken_in().content_digest != taken_in(tenant="other").content_digest


def test_no_declaration() -> None:
    """Without a declaration there is nothing to certify."""
    intake = taken_in(without_declaration)
    assert (None, "") == (intake.content, intake.content_digest)


def test_platforms() -> None:
    """The site's platforms come in its own order of preference."""
    assert ("b", "a") == taken_in().platforms


def test_nothing_certified() -> None:
    """Where nothing was certified nothing differs."""
    assert () == changed_since(None, taken_in())


def test_unchanged() -> None:
    """What is not certified may change without a difference."""
    assert () == changed_since(taken_in().content, taken_in(to_canada))


def test_changed() -> None:
    """Each difference is named by its line."""
    found = changed_since(taken_in().content, taken_in(more_of_it))
    assert ["line 2, quantity: was 4, is 40"] == list(map(str, found))


def _another_line(request: Any) -> None:
    without_declaration(request)
    request.order.lines.items[1].line_id = "3"


def test_changed_without_declaration() -> None:
    """Lines are compared also where the declaration is not given again; the declaration itself then is not."""
    found = changed_since(taken_in().content, taken_in(_another_line))
    assert {"2", "3"} == {difference.item for difference in found}
    assert () == changed_since(taken_in().content, taken_in(without_declaration))
