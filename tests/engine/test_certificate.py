"""Certificates: differences, ids and claims."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.certificate import Claims, ClaimsError, Difference, differences, normalise_e_cert_id, read_claims
from engine.declaration import certified_content, digest
from engine.expression import Money

ORDER = {"lines": ({"line_id": "1", "quantity": Decimal(8)}, {"line_id": "2", "quantity": Decimal(12)})}
DECLARATION = {
    "importer": None,
    "goods": ({"good_id": "1", "hs": "721320"},),
    "certified_on": date(2026, 6, 20),
}


def content(order=ORDER, declaration=DECLARATION):
    return certified_content("dev", "shop", order, declaration)


def told(order=ORDER, declaration=DECLARATION):
    return [
        (found.path, found.was, found.is_) for found in differences(content(), content(order, declaration))
    ]


def test_same_content():
    """Content differs in nothing from itself."""
    assert () == differences(content(), content())


def test_changed_line():
    """A changed field of a line is named by path, line id and field, with what it was and is."""
    order = {
        "lines": ({"line_id": "1", "quantity": Decimal(8)}, {"line_id": "2", "quantity": Decimal("13.50")})
    }
    expected = Difference(path="order.lines[2].quantity", item="2", field="quantity", was="12", is_="13.5")
    assert (expected,) == differences(content(), content(order))


@pytest.mark.parametrize(
    ("path", "item", "field", "text"),
    [
        ("order.lines[2].quantity", "2", "quantity", "line 2, quantity: was 12, is 13"),
        ("declaration.goods[g1].hs", "g1", "hs", "good g1, hs: was 12, is 13"),
        ("declaration.certified_on", "", "certified_on", "declaration.certified_on: was 12, is 13"),
    ],
)
def test_difference_in_words(path, item, field, text):
    """A difference reads as a sentence that names the line or good."""
    assert text == str(Difference(path, item, field, "12", "13"))


def test_added_and_missing_line():
    """A line that one side lacks is one difference, whatever the line says."""
    order = {
        "lines": (
            {"line_id": "1", "quantity": Decimal(8)},
            {"line_id": "10", "quantity": Decimal(12), "unit": "kg"},
        )
    }
    expected = [("order.lines[2].line_id", "2", "not given"), ("order.lines[10].line_id", "not given", "10")]
    assert expected == told(order)


def test_lines_no_longer_given():
    """Lines that are not given any more are missing one by one."""
    expected = [("order.lines[1].line_id", "1", "not given"), ("order.lines[2].line_id", "2", "not given")]
    assert expected == told(order={})


def test_lines_none():
    """Lines that are now known to be none say so."""
    expected = [("order.lines[1].line_id", "1", "none"), ("order.lines[2].line_id", "2", "none")]
    assert expected == told(order={"lines": None})


def test_none_became_known():
    """What was known to be none and is now given differs in what is given."""
    declaration = DECLARATION | {
        "importer": {"manner": "NAMED", "parties": ({"name": "Cascade Metals LLC"},)}
    }
    expected = [
        ("declaration.importer.manner", "none", "NAMED"),
        ("declaration.importer.parties[0].name", "none", "Cascade Metals LLC"),
    ]
    assert expected == told(declaration=declaration)


def test_none_became_unknown():
    """None is not the same as not given."""
    declaration = {name: value for name, value in DECLARATION.items() if name != "importer"}
    assert [("declaration.importer", "none", "not given")] == told(declaration=declaration)


def test_none_became_empty():
    """An empty record is given, and holds nothing."""
    assert [("declaration.importer", "none", "empty")] == told(declaration=DECLARATION | {"importer": {}})


def test_nested_field_of_a_good():
    """The field is the path below the good."""
    declaration = DECLARATION | {
        "goods": ({"good_id": "1", "hs": "721320", "de_minimis": {"claimed": True}},)
    }
    expected = Difference(
        "declaration.goods[1].de_minimis.claimed", "1", "de_minimis.claimed", "not given", "true"
    )
    assert (expected,) == differences(content(), content(declaration=declaration))


def test_money_in_words():
    """Money is shown with its currency and at least two decimals."""
    was = content({"lines": ({"line_id": "1", "value": Money(Decimal(2500), "USD")},)})
    is_ = content({"lines": ({"line_id": "1", "value": Money(Decimal("2500.5"), "MXN")},)})
    assert ["line 1, value: was 2500.00 USD, is 2500.50 MXN"] == [
        str(found) for found in differences(was, is_)
    ]


def test_words_of_a_list():
    """A list of words is one field."""
    declaration = DECLARATION | {"goods": ({"good_id": "1", "hs": "721320", "line_ids": ("2", "1")},)}
    assert [("declaration.goods[1].line_ids", "not given", "1, 2")] == told(declaration=declaration)


def test_reading_order():
    """Differences stand in the order in which people count."""
    order = {"lines": tuple({"line_id": str(number), "quantity": Decimal(0)} for number in (10, 9, 1, 2))}
    assert ["1", "2", "9", "10"] == [found.item for found in differences(content(), content(order))]


def test_other_order_of_the_same_site():
    """Another order's id is a difference of its own."""
    assert [("order.order_id", "not given", "B")] == told(ORDER | {"order_id": "B"})


values = (
    st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from(["", "1", "none", "not given", "true"])
)
names = st.sampled_from(["a", "b", "amount", "currency"])
records = st.dictionaries(
    names,
    st.recursive(
        values, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(names, inner, max_size=2)
    ),
    max_size=3,
)
items = st.lists(st.tuples(st.sampled_from(["1", "2"]), records), max_size=2, unique_by=lambda item: item[0])


@settings(deadline=None)
@example(was={"a": None}, is_={"a": [None]}, lines_were=[], lines_are=[])
@example(was={"a": None}, is_={"a": {"b": None}}, lines_were=[], lines_are=[])
@given(was=records, is_=records, lines_were=items, lines_are=items)
def test_differences_and_digests_agree(was, is_, lines_were, lines_are):
    """There is a difference if and only if the digests differ."""
    before = content({"lines": [{"line_id": line} | rest for line, rest in lines_were]}, was)
    after = content({"lines": [{"line_id": line} | rest for line, rest in lines_are]}, is_)
    assert (digest(before) == digest(after)) == (differences(before, after) == ())


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        (" SBX-7K2M \n", "SBX-7K2M"),
        ("ＳＢＸ－７Ｋ２Ｍ", "SBX-7K2M"),
        ("\u200b\ufeffSBX-7K2M\u00ad", "SBX-7K2M"),
        ("SBX 7K2M", "SBX 7K2M"),
        ("sbx-7k2m", "sbx-7k2m"),
        ("\u200b \t", ""),
        ("", ""),
    ],
)
def test_normalised_id(given_, expected):
    """Width and invisible ends are made even; nothing inside is changed."""
    assert expected == normalise_e_cert_id(given_)


PAYLOAD = {
    "iss": "urn:platform",
    "iat": 1782864000,
    "exp": 1814400000,
    "e_cert_id": "SBX-1",
    "reference": "og-1",
    "declaration_digest": "sha256:00",
    "sandbox": True,
}


def test_claims():
    """A payload is read into claims, times in UTC."""
    expected = Claims(
        issuer="urn:platform",
        e_cert_id="SBX-1",
        reference="og-1",
        digest="sha256:00",
        issued_at=datetime(2026, 7, 1, tzinfo=UTC),
        expires_at=datetime(2027, 7, 1, tzinfo=UTC),
        sandbox=True,
    )
    assert expected == read_claims(PAYLOAD)


def test_optional_claims():
    """Without an end a proof has none; without the sandbox flag it is no sandbox's."""
    claims = read_claims({name: value for name, value in PAYLOAD.items() if name not in ("exp", "sandbox")})
    assert (None, False) == (claims.expires_at, claims.sandbox)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("iss", None, "the claim `iss` is not a text of 1 to 200 characters"),
        ("e_cert_id", "", "the claim `e_cert_id` is not a text of 1 to 200 characters"),
        ("reference", "x" * 201, "the claim `reference` is not a text of 1 to 200 characters"),
        ("declaration_digest", 7, "the claim `declaration_digest` is not a text of 1 to 200 characters"),
        ("iat", "today", "the claim `iat` is not a number of seconds since 1970"),
        ("iat", True, "the claim `iat` is not a number of seconds since 1970"),
        ("exp", 10**30, "the claim `exp` is not a time"),
        ("exp", float("inf"), "the claim `exp` is not a time"),
        ("sandbox", "no", "the claim `sandbox` is neither true nor false"),
    ],
)
def test_unreadable_claims(name, value, text):
    """A claim that is absent or of a wrong kind is named."""
    with pytest.raises(ClaimsError) as refused:
        read_claims(PAYLOAD | {name: value})
    assert text == str(refused.value)
