"""What a certificate certifies, and its digests."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.declaration import UncertifiableError, certified_content, digest, line_digests
from engine.expression import Money

LINE_1 = {"line_id": "1", "hs": "721320", "quantity": Decimal(8), "value": Money(Decimal("8000.00"), "USD")}
LINE_2 = {"line_id": "2", "hs": "721391", "quantity": Decimal(4)}
ORDER = {"order_id": "AN-1001", "destination": "US", "lines": (LINE_1, LINE_2)}
GOOD = {
    "good_id": "g1",
    "line_ids": ("1", "2"),
    "hs": "721320",
    "criterion": "A",
    "rvc_percent": Decimal("62.50"),
}
DECLARATION = {
    "coverage": "SINGLE_SHIPMENT",
    "certifier": {
        "name": "Aceros del Norte SA de CV",
        "address": {"lines": ("Av. Industrias 1400",), "country": "MX"},
    },
    "importer": None,
    "goods": (GOOD,),
    "certified_on": date(2026, 6, 20),
    "signed": True,
}


OTHERS = [{"tenant": "t2"}, {"site_id": "s2"}, {"order": ORDER | {"order_id": "B"}}]


def content(order=ORDER, declaration=DECLARATION, tenant="dev", site_id="aceros-shop"):
    return certified_content(tenant, site_id, order, declaration)


def test_content():
    """Every element stands in it: amounts exact, days ISO, goods and lines by their ids, none as null."""
    assert {
        "schema": "origin-gate/certified-content/1",
        "tenant": "dev",
        "site": {"site_id": "aceros-shop"},
        "order": {
            "order_id": "AN-1001",
            "lines": {
                "1": {"hs": "721320", "quantity": "8", "value": {"amount": "8000", "currency": "USD"}},
                "2": {"hs": "721391", "quantity": "4"},
            },
        },
        "declaration": {
            "coverage": "SINGLE_SHIPMENT",
            "certifier": {
                "name": "Aceros del Norte SA de CV",
                "address": {"lines": ["Av. Industrias 1400"], "country": "MX"},
            },
            "importer": None,
            "goods": {
                "g1": {"line_ids": ["1", "2"], "hs": "721320", "criterion": "A", "rvc_percent": "62.5"}
            },
            "certified_on": "2026-06-20",
            "signed": True,
        },
    } == content()


def test_digest_is_stable():
    """The digest of the same content never changes: certificates of other years depend on it."""
    assert "sha256:fc3c9145cbf4c0ec7b9afa43b93e39cd83ee358f6adc5b553e7aa94b0ccc7277" == digest(content())


@pytest.mark.parametrize("value", [float("nan"), 2**53, "\ud800", {"\ud800": 1}])
def test_digest_without_canonical_form(value):
    """Content from elsewhere that has no canonical form is refused with a word of ours."""
    with pytest.raises(UncertifiableError, match="no canonical form"):
        digest({"schema": "x", "value": value})


def test_unknown_is_not_none():
    """What is not given and what is known to be none have different digests."""
    without = {name: value for name, value in DECLARATION.items() if name != "importer"}
    assert digest(content()) != digest(content(declaration=without))


def test_empty_list_is_not_unknown():
    """An order without lines and an order whose lines are not given differ."""
    assert digest(content(order={"order_id": "A", "lines": ()})) != digest(content(order={"order_id": "A"}))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("62.50", "62.5"),
        ("62.5", "62.5"),
        ("1E+2", "100"),
        ("0.00", "0"),
        ("-0", "0"),
        ("100", "100"),
        ("1E-3", "0.001"),
    ],
)
def test_equal_amounts_are_written_alike(written, expected):
    """An amount has one form, however it came."""
    order = {"lines": ({"line_id": "1", "quantity": Decimal(written)},)}
    assert {"1": {"quantity": expected}} == content(order=order)["order"]["lines"]


@pytest.mark.parametrize(
    "order",
    [
        ORDER | {"lines": (LINE_2, LINE_1)},
        ORDER | {"destination": "CA"},
        ORDER | {"import_date": date(2026, 7, 15)},
    ],
)
def test_what_is_not_certified(order):
    """The order of lines says nothing; where the goods go, and when, is not certified."""
    assert digest(content()) == digest(content(order=order))


def test_line_ids_in_any_order():
    """A good's line ids are a set."""
    goods = (GOOD | {"line_ids": ("2", "1")},)
    assert digest(content()) == digest(content(declaration=DECLARATION | {"goods": goods}))


def test_address_lines_in_order():
    """The lines of an address are not a set."""
    one = {"certifier": {"address": {"lines": ("Building 4", "12 Main St")}}}
    other = {"certifier": {"address": {"lines": ("12 Main St", "Building 4")}}}
    assert digest(content(declaration=one)) != digest(content(declaration=other))


@pytest.mark.parametrize("coverage", ["SINGLE_SHIPMENT", None])
@pytest.mark.parametrize("other", OTHERS)
def test_single_shipment_is_one_orders(coverage, other):
    """A certificate for one shipment, or of unknown coverage, fits one order of one site."""
    declaration = DECLARATION | {"coverage": coverage}
    assert digest(content(declaration=declaration)) != digest(content(declaration=declaration, **other))


@pytest.mark.parametrize("other", OTHERS)
def test_blanket_is_not_one_orders(other):
    """A blanket certificate is bound to goods and parties, not to the first order that used it."""
    declaration = DECLARATION | {"coverage": "BLANKET"}
    assert digest(content(declaration=declaration)) == digest(content(declaration=declaration, **other))


def test_site_not_given():
    """A site that is not named is not given, and that is certified too."""
    assert {} == content(site_id=None)["site"]


def test_line_digests():
    """A changed line changes its own digest and no other one."""
    changed = ORDER | {"lines": (LINE_1, LINE_2 | {"quantity": Decimal(5)})}
    was, is_ = line_digests(content()), line_digests(content(order=changed))
    assert (["1", "2"], True, False) == (sorted(was), was["1"] == is_["1"], was["2"] == is_["2"])


def test_same_line_under_another_id():
    """A line's digest covers its id."""
    was = line_digests(content(order={"lines": ({"line_id": "1", "hs": "721320"},)}))["1"]
    is_ = line_digests(content(order={"lines": ({"line_id": "2", "hs": "721320"},)}))["2"]
    assert was != is_


@pytest.mark.parametrize("order", [{}, {"lines": None}, {"lines": ()}])
def test_no_lines_no_digests(order):
    """Without lines there are no line digests."""
    assert {} == line_digests(content(order=order))


DEEP: dict[str, object] = {}
for _ in range(30):
    DEEP = {"inner": DEEP}


@pytest.mark.parametrize(
    ("order", "declaration", "text"),
    [
        ({"lines": ({"hs": "72"},)}, {}, "order.lines[0]: has no line_id; each needs one of its own"),
        ({"lines": ("x",)}, {}, "order.lines[0]: has no line_id; each needs one of its own"),
        ({"lines": ({"line_id": ""},)}, {}, "order.lines[0]: has no line_id; each needs one of its own"),
        (
            {"lines": (LINE_1, LINE_1)},
            {},
            "order.lines[1]: has the line_id of another, '1'; each needs one of its own",
        ),
        ({}, {"goods": ({"hs": "72"},)}, "declaration.goods[0]: has no good_id; each needs one of its own"),
        ({}, {"rate": 0.5}, "declaration.rate: is of a kind that cannot be certified exactly"),
        ({}, {"count": 2**53}, "declaration.count: is of a kind that cannot be certified exactly"),
        ({}, {"rate": Decimal("NaN")}, "declaration.rate: is not a number of at most 100 digits"),
        ({}, {"rate": Decimal("1E+999999")}, "declaration.rate: is not a number of at most 100 digits"),
        ({}, {"language": "\ud800"}, "declaration.language: holds half a character (a lone surrogate)"),
        ({}, DEEP, f"declaration{'.inner' * 17}: is nested more than 16 deep"),
    ],
)
def test_uncertifiable(order, declaration, text):
    """Facts without a canonical form are refused with their path; nothing else is ever raised."""
    with pytest.raises(UncertifiableError) as refused:
        content(order=order, declaration=declaration)
    assert text == str(refused.value)


texts = st.sampled_from(["", "1", "line_id", "é", "\ud800"])
leaves = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts
amounts = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9)
facts = st.dictionaries(
    st.sampled_from(["hs", "unit", "signed", "goods", "lines"]),
    st.recursive(
        leaves | amounts | st.dates(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    ),
    max_size=4,
)


@settings(deadline=None)
@given(order=facts, declaration=facts)
def test_any_facts(order, declaration):
    """Whatever the facts are: a digest, or UncertifiableError."""
    refused = None
    try:
        text = digest(content(order=order, declaration=declaration))
    except UncertifiableError as error:
        text, refused = "", error
    assert refused or text.startswith("sha256:")
