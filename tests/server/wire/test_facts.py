"""What a well-formed request says, as facts."""

from datetime import date
from decimal import Decimal

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.type.date_pb2 import Date
from google.type.decimal_pb2 import Decimal as DecimalMessage
from google.type.money_pb2 import Money as MoneyMessage
from origingate.v1 import decision_pb2, declaration_pb2, order_pb2, party_pb2, screening_service_pb2, site_pb2

from engine.expression import Money
from engine.rulebook import Standing
from engine.written_facts import canonical_bytes
from server.wire.requests import read

from .samples import asking, declaring, full_order, full_request, order_facts


def test_order():
    """Fields become typed facts by their own names; a list wrapper is the list itself."""
    line = {
        "line_id": "1",
        "description": "Steel rod",
        "hs": "721320",
        "quantity": Decimal("12.5"),
        "unit": "kg",
        "value": Money(Decimal(2500), "USD"),
        "claims_preference": True,
    }
    claim = {
        "kind": "AT_ENTRY",
        "indicator": "S",
        "made_on": date(2026, 7, 15),
        "claimed_at_entry": True,
        "certification_in_possession": True,
        "certification_obtained_on": date(2026, 7, 1),
        "entries_same_day": 1,
        "evasion_found": False,
        "copy_notice_on": date(2026, 8, 1),
        "copy_submitted_on": date(2026, 8, 2),
    }
    assert {
        "order_id": "A-1",
        "destination": "US",
        "commercial": True,
        "originating_value": Money(Decimal(2500), "USD"),
        "import_date": date(2026, 7, 15),
        "lines": (line,),
        "claim": claim,
    } == order_facts(full_order())


def test_roots():
    """Facts are by root; what is not a fact of the order, such as the request_id, is not among them."""
    assert ["site", "order", "declaration"] == list(read(full_request()).facts)


def test_every_fact_has_canonical_bytes():
    """Every value of a full request is one that the engine can digest."""
    assert canonical_bytes(read(full_request()).facts, {"": True})


def test_not_set_is_not_given():
    """A field that is not set leaves no fact behind: it is unknown."""
    assert {"destination": "US"} == order_facts(order_pb2.Order(destination="US"))


def test_false_and_zero_are_given():
    """A field that is set to its type's zero value is a fact."""
    order = order_pb2.Order(commercial=False, claim=order_pb2.Claim(entries_same_day=0))
    assert {"commercial": False, "claim": {"entries_same_day": 0}} == order_facts(order)


def test_enum_zero_is_not_given():
    """An enum's 0 says "not given", also where it is set explicitly."""
    site = site_pb2.Site(site_id="shop-1", kind="SITE_KIND_UNSPECIFIED")
    assert {"site_id": "shop-1"} == read(asking(full_order(), site)).facts["site"]


def test_empty_list_is_given():
    """An empty wrapper says that there are none; that is another fact than no wrapper."""
    assert {"lines": ()} == order_facts(order_pb2.Order(lines=order_pb2.OrderLines()))


def test_empty_message_is_given():
    """A message that is set and says nothing is a record about which nothing is known."""
    assert {"claim": {}} == order_facts(order_pb2.Order(claim=order_pb2.Claim()))


def test_empty_site():
    """A site that says nothing is well: its facts are unknown."""
    assert {} == read(asking(full_order())).facts["site"]


@pytest.mark.parametrize(
    ("amount", "units", "nanos"),
    [
        ("0", 0, 0),
        ("2500", 2500, 0),
        ("2500.01", 2500, 10_000_000),
        ("0.000000001", 0, 1),
        ("9223372036854775807.999999999", 2**63 - 1, 999_999_999),
    ],
)
def test_money(amount: str, units: int, nanos: int):
    """An amount is exact to its last digit, with no zeros after it."""
    value = MoneyMessage(currency_code="CAD", units=units, nanos=nanos)
    money = order_facts(order_pb2.Order(originating_value=value))["originating_value"]
    assert (amount, "CAD") == (f"{money.amount:f}", money.currency)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("12.5", "12.5"),
        ("12.5", "12.50"),
        ("12.5", "+0012.500"),
        ("0.5", ".5"),
        ("12", "12."),
        ("100", "100"),
        ("1000", "1E+3"),
        ("0.001", "1e-3"),
        ("0", "-0.0"),
        ("999999999999999999.999999999", "999999999999999999.999999999"),
    ],
)
def test_decimal(number: str, text: str):
    """Equal numbers are the same fact, however the caller writes them."""
    order = order_pb2.Order()
    order.lines.items.add(line_id="1", quantity=DecimalMessage(value=text))
    assert number == f"{order_facts(order)['lines'][0]['quantity']:f}"


@pytest.mark.parametrize(("year", "month", "day"), [(1, 1, 1), (2028, 2, 29), (9999, 12, 31)])
def test_date(year: int, month: int, day: int):
    """Every day of the calendar from the year 1 to the year 9999 is a fact."""
    order = order_pb2.Order(import_date=Date(year=year, month=month, day=day))
    assert {"import_date": date(year, month, day)} == order_facts(order)


def test_hs_without_dots():
    """The dots of an HS code are for people. Too few digits are a wrong order, not a bad form."""
    order = order_pb2.Order()
    order.lines.items.add(line_id="1", hs="8471.3")
    assert "84713" == order_facts(order)["lines"][0]["hs"]


def test_text_is_normalised():
    """Text for people is composed and trimmed: `e` with a combining accent is `é`."""
    declaration = declaration_pb2.Declaration(certifier=party_pb2.Party(name="  Cafe\u0301 del Norte\n"))
    facts = read(declaring(declaration)).facts["declaration"]
    assert {"certifier": {"name": "Café del Norte"}} == facts


def test_ids_are_exact():
    """An id is never altered, not even composed: it is compared as the caller wrote it."""
    assert {"order_id": "Cafe\u0301"} == order_facts(order_pb2.Order(order_id="Cafe\u0301"))


@pytest.mark.parametrize(
    ("facts", "paths"),
    [
        ({"destination": None}, ["destination"]),
        ({"lines": None}, ["lines"]),
        ({"claim": {"indicator": None}}, ["claim.indicator"]),
        ({"claim": {"indicator": None, "kind": None}}, ["claim.kind", "claim.indicator"]),
        ({"claim": None}, ["claim.indicator", "claim"]),
        ({"claim": None}, ["claim", "claim"]),
    ],
)
def test_none(facts: dict[str, object], paths: list[str]):
    """What the caller states does not exist is known to be none; the rest of its record stays unknown."""
    assert facts == order_facts(order_pb2.Order(none=FieldMask(paths=paths)))


def test_none_beside_given():
    """A part that does not exist stands beside the parts that do."""
    order = order_pb2.Order(
        none=FieldMask(paths=["claim.indicator"]), claim=order_pb2.Claim(claimed_at_entry=False)
    )
    assert {"claim": {"claimed_at_entry": False, "indicator": None}} == order_facts(order)


def test_none_for_enum_that_is_not_given():
    """An enum at 0 says nothing, so that it can be none."""
    site = site_pb2.Site(none=FieldMask(paths=["kind"]), kind="SITE_KIND_UNSPECIFIED")
    assert {"kind": None} == read(asking(full_order(), site)).facts["site"]


def test_hypothesis():
    """A caller that chooses day and standings gets a hypothetical answer; standings come firmest first."""
    request = asking(full_order())
    request.hypothesis.on.CopyFrom(Date(year=2026, month=6, day=26))
    request.hypothesis.enforce.extend([decision_pb2.STANDING_ASSUMED, decision_pb2.STANDING_ENACTED])
    asked = read(request)
    assert (date(2026, 6, 26), (Standing.ENACTED, Standing.ASSUMED), True) == (
        asked.on,
        asked.enforce,
        asked.hypothetical,
    )


def test_empty_hypothesis():
    """A hypothesis that sets nothing leaves everything to the server."""
    request = asking(full_order())
    request.hypothesis.SetInParent()
    asked = read(request)
    assert (None, None, False) == (asked.on, asked.enforce, asked.hypothetical)


def test_batch_leaves_its_items_alone():
    """The items of a batch are each read by themselves: the batch is well though its only item is not."""
    batch = screening_service_pb2.BatchCheckScopeRequest(
        items=[asking(order_pb2.Order(destination="nowhere"))]
    )
    assert {} == read(batch).facts
