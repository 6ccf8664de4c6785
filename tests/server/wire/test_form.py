"""What is wrong with a request's form, and where."""

import pytest
from google.type.date_pb2 import Date
from google.type.decimal_pb2 import Decimal
from google.type.money_pb2 import Money
from origingate.v1 import (
    case_service_pb2,
    certificate_service_pb2,
    declaration_pb2,
    order_pb2,
    site_pb2,
)

from .samples import asking, declaring, faults, full_order, full_request, order_faults, texts


@pytest.mark.parametrize(
    ("rule", "year", "month", "day"),
    [
        ("date.exists", 2026, 2, 30),
        ("date.exists", 2026, 13, 1),
        ("date.exists", 10000, 1, 1),
        ("date.exists", -1, 1, 1),
        ("date.exists", 2026, -1, 1),
        ("date.complete", 2026, 2, 0),
        ("date.complete", 0, 2, 1),
        ("date.complete", 0, 0, 0),
    ],
)
def test_date(rule: str, year: int, month: int, day: int):
    """A day that is not in the calendar, or lacks a part, is no date."""
    order = order_pb2.Order(import_date=Date(year=year, month=month, day=day))
    assert [("order.import_date", rule)] == order_faults(order)


@pytest.mark.parametrize(
    ("field", "rule", "money"),
    [
        ("", "money.negative", Money(currency_code="USD", units=-1)),
        ("", "money.negative", Money(currency_code="USD", nanos=-1)),
        ("", "money.negative", Money(currency_code="USD", units=-(2**63))),
        ("", "money.signs", Money(currency_code="USD", units=1, nanos=-1)),
        ("", "money.signs", Money(currency_code="USD", units=-1, nanos=1)),
        (".nanos", "money.nanos", Money(currency_code="USD", units=1, nanos=1_000_000_000)),
        (".nanos", "money.nanos", Money(currency_code="USD", nanos=-(2**31))),
        (".currency_code", "money.currency", Money(units=1)),
        (".currency_code", "money.currency", Money(currency_code="usd", units=1)),
        (".currency_code", "money.currency", Money(currency_code="ZZZ", units=1)),
    ],
)
def test_money(field: str, rule: str, money: Money):
    """An amount is not negative, hangs together, and has a currency that exists."""
    assert [(f"order.originating_value{field}", rule)] == order_faults(
        order_pb2.Order(originating_value=money)
    )


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("decimal.number", ""),
        ("decimal.number", " "),
        ("decimal.number", "12,5"),
        ("decimal.number", "1 000"),
        ("decimal.number", "0x10"),
        ("decimal.number", "1_000"),
        ("decimal.number", "٣"),
        ("decimal.number", "NaN"),
        ("decimal.number", "Infinity"),
        ("decimal.number", "1e999999999"),
        ("decimal.number", "1" * 100_000),
        ("decimal.negative", "-1"),
        ("decimal.digits", "1e50"),
        ("decimal.digits", "1e-50"),
        ("decimal.digits", "1000000000000000000"),
        ("decimal.digits", "0.0000000001"),
    ],
)
def test_decimal(rule: str, text: str):
    """A number is written in digits, is not negative and is of a size that trade has."""
    order = order_pb2.Order()
    order.lines.items.add(line_id="1", quantity=Decimal(value=text))
    assert [("order.lines.items[0].quantity", rule)] == order_faults(order)


@pytest.mark.parametrize("code", ["XX", "us", "U", "ZZ", "日本"])
def test_country(code: str):
    """A country is one of ISO 3166-1, in capital letters."""
    assert [("order.destination", "country.exists")] == order_faults(order_pb2.Order(destination=code))


@pytest.mark.parametrize("code", ["US", "PR", "CA", "MX"])
def test_country_known(code: str):
    """The Parties are countries, and Puerto Rico has a code of its own."""
    assert [] == order_faults(order_pb2.Order(destination=code))


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("string.pattern", "72x3.20"),
        ("string.pattern", "7"),
        ("string.pattern", "7213-20"),
        ("string.pattern", "٧٢١٣"),
        ("hs.digits", "72132000000"),
    ],
)
def test_hs(rule: str, code: str):
    """An HS code is digits and dots, at most 10 digits."""
    order = order_pb2.Order()
    order.lines.items.add(line_id="1", hs=code)
    assert [("order.lines.items[0].hs", rule)] == order_faults(order)


def test_hs_in_words():
    """A pattern is told in words that the caller can act upon."""
    order = order_pb2.Order()
    order.lines.items.add(line_id="1", hs="ABC")
    said = 'an HS code is digits, with dots if you like, and begins with two digits, e.g. "7213.20"'
    assert [said] == texts(asking(order))


def test_unknown_enum():
    """A number that the enum does not have is named with the values that it has."""
    site = site_pb2.Site.FromString(b"\x18\x63")
    assert ["99 is no value of SiteKind: " + ", ".join(site_pb2.SiteKind.keys()[1:])] == texts(
        asking(full_order(), site)
    )


def test_unknown_enum_in_a_list():
    """The values of a list are held to the enum too."""
    declaration = declaration_pb2.Declaration()
    declaration.goods.items.add(
        good_id="g", operations_in_parties=declaration_pb2.Operations.FromString(b"\x0a\x02\x01\x63")
    )
    assert [("declaration.goods.items[0].operations_in_parties.items[1]", "enum.defined_only")] == faults(
        declaring(declaration)
    )


def test_enum_zero_in_a_list():
    """ "Not given" is no member of a list."""
    declaration = declaration_pb2.Declaration()
    declaration.goods.items.add(good_id="g", operations_in_parties=declaration_pb2.Operations(items=[0]))
    assert [("declaration.goods.items[0].operations_in_parties.items[0]", "enum.not_in")] == faults(
        declaring(declaration)
    )


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("text.blank", "   "),
        ("text.blank", "\u00a0\u3000"),
        ("text.control_character", "a\x00b"),
        ("text.control_character", "a\x1bb"),
        ("text.control_character", "a\x85b"),
        ("text.blank", ""),
        ("string.max_len", "x" * 2001),
    ],
)
def test_text(rule: str, text: str):
    """Text says something, in signs that can be kept and shown, and not too long."""
    order = order_pb2.Order()
    order.lines.items.add(line_id="1", description=text)
    found = order_faults(order)
    assert ("order.lines.items[0].description", rule) in found and len({field for field, _ in found}) == 1


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("id.blank", "A-1 "),
        ("id.blank", "\tA-1"),
        ("id.blank", "A-1\u00a0"),
        ("id.control_character", "A\x00-1"),
        ("id.control_character", "A\n1"),
    ],
)
def test_id(rule: str, text: str):
    """An id that looks like another one and is not is refused, for ids are compared exactly."""
    assert [("order.order_id", rule)] == order_faults(order_pb2.Order(order_id=text))


def test_request_id():
    """Ids outside of the facts are held to the same form."""
    request = full_request()
    request.request_id = "request\x000001"
    assert [("request_id", "id.control_character")] == faults(request)


def test_case_name():
    """The name of a case has a pattern, told in words."""
    said = 'write "cases/" and the 32 hex digits that ProcessOrder answered'
    assert [said] == texts(case_service_pb2.GetCaseRequest(name="cases/1"))


def test_e_cert_id_may_have_blanks_around_it():
    """People copy e-Cert IDs with blanks around them; they are normalised later and are no fault."""
    assert [] == faults(certificate_service_pb2.GetCertificateRequest(e_cert_id=" SBX-1 "))
