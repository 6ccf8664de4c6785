"""Facts from text and JSON, and the bytes that stand for them."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.expression import Duration, Money, Timestamp
from engine.expression.bounds import INT_MAX, INT_MIN
from engine.facts import Projection, anywhere, laid_out, projection, read_facts
from engine.rulebook import Rulebook
from engine.written_facts import Written, canonical_bytes, facts_digest, facts_of


def read(small: Rulebook, **order: object) -> dict[str, object]:
    """The facts of an order without a mistake."""
    facts, mistakes = read_facts(small.facts, {"order": order})
    assert mistakes == ()
    held = facts["order"]
    assert isinstance(held, dict)
    return held


def test_typed_by_the_dictionary(small: Rulebook) -> None:
    """Texts become what the dictionary says: `NO` is Norway, `1.10` keeps its digits."""
    order = read(
        small, destination="NO", rate="1.10", pieces="3", import_date="2026-07-15", value="2500.00 USD"
    )
    assert order == {
        "destination": "NO",
        "rate": Decimal("1.10"),
        "pieces": 3,
        "import_date": date(2026, 7, 15),
        "value": Money(Decimal("2500.00"), "USD"),
    }
    assert str(order["rate"]) == "1.10"


def test_json_values(small: Rulebook) -> None:
    """JSON's own numbers and objects say the same where they are exact."""
    order = read(
        small, rate=Decimal("1.10"), pieces=3, value={"amount": "1.00", "currency": "USD"}, maker=None
    )
    assert order == {
        "rate": Decimal("1.10"),
        "pieces": 3,
        "value": Money(Decimal("1.00"), "USD"),
        "maker": None,
    }


@pytest.mark.parametrize(
    ("name", "raw", "code", "mend"),
    [
        ("rate", 1.1, "inexact-number", "write it as text, in quotes"),
        ("rate", "1,1", "wrong-type", "write digits and a point, as 60.5"),
        ("rate", "1e5", "wrong-type", "write digits and a point, as 60.5"),
        ("pieces", True, "wrong-type", "write digits only, as 5"),
        ("pieces", "9223372036854775808", "wrong-type", "write digits only, as 5"),
        ("pieces", "٣", "wrong-type", "write digits only, as 5"),
        ("note", 721320, "wrong-type", "write it in quotes"),
        ("destination", "UK", "unknown-value", "write a code of ISO 3166-1 alpha-2, as MX"),
        ("import_date", "2026-02-30", "bad-date", "write a day that exists"),
        ("import_date", "30.6.2026", "wrong-type", "write year, month and day, as 2026-06-27"),
        ("value", "2500.00", "unknown-value", "write a code of ISO 4217, as USD"),
        ("value", "x USD", "wrong-type", "write amount and currency, as 2500.00 USD"),
        ("note", None, "never-none", "leave it out where it is not given"),
        ("goods", "x", "wrong-type", "write `[...]`, or one item a line with `- ` before it"),
        ("maker", ["x"], "wrong-type", "write some of `name`, `country`"),
        ("not", "x", "unknown-fact", "write `note`"),
    ],
)
def test_mistakes(small: Rulebook, name: str, raw: object, code: str, mend: str) -> None:
    """What cannot be a fact's value is told with the fact's path and how to mend it."""
    _, mistakes = read_facts(small.facts, {"order": {name: raw}})
    assert [(mistake.path, mistake.code, mistake.mend) for mistake in mistakes] == [
        (f"order.{name}", code, mend)
    ]


def test_all_mistakes(small: Rulebook) -> None:
    """All mistakes come together."""
    raw = {"order": {"goods": [{"hs": "1"}, {"share": "x", "h": "1"}]}, "sit": {}, "site": {"kind": "SHO"}}
    _, mistakes = read_facts(small.facts, raw)
    assert [mistake.path for mistake in mistakes] == [
        "order.goods[1].share",
        "order.goods[1].h",
        "sit",
        "site.kind",
    ]


def test_canonical_bytes() -> None:
    """What is given is written with its type; what is not readable or not given is left out."""
    facts: dict[str, object] = {
        "order": {"b": None, "a": Decimal("1.10"), "lines": ({"hs": "1", "x": 1}, {}), "c": 3}
    }
    readable = projection({"order.a", "order.b", "order.lines[].hs", "order.d"})
    assert canonical_bytes(facts, readable) == (
        b'{"order":["record",{"a":["decimal","1.10"],"b":["none"],'
        b'"lines":["list",[["record",{"hs":["string","1"]}],["record",{}]]]}]}'
    )


def test_projection_of_the_whole() -> None:
    """A path that is read as a whole covers everything under it, whatever else is read there."""
    facts = {"order": {"maker": {"name": "x", "tags": ("a",)}}}
    whole = canonical_bytes(facts, projection({"order.maker"}))
    assert whole == canonical_bytes(facts, projection({"order.maker", "order.maker.name"}))
    assert b'"tags"' in whole


@pytest.mark.parametrize(
    ("one", "other"), [("1", 1), (True, "true"), (1, True), (Decimal(1), 1), (None, "none")]
)
def test_types_apart(one: object, other: object) -> None:
    """Values of different types never share a digest, whatever they look like."""
    digests = {facts_digest({"order": {"a": value}}, projection({"order.a"})) for value in (one, other)}
    assert len(digests) == 2


_LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.text('aé"\\ 日', max_size=5),
    st.integers(INT_MIN, INT_MAX),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.builds(Money, st.decimals(allow_nan=False, allow_infinity=False, places=2), st.just("USD")),
    st.dates(),
    st.integers(-(10**17), 10**17).map(Timestamp),
    st.integers(-(10**17), 10**17).map(Duration),
    st.floats(allow_nan=False),
)
_NAMES = st.text("abc_", min_size=1, max_size=3)
_VALUES = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(_NAMES, inner, max_size=3)
)


@given(st.dictionaries(_NAMES, st.dictionaries(_NAMES, _VALUES, max_size=3), max_size=3))
def test_canonical_bytes_read_back(facts: dict[str, object]) -> None:
    """Canonical bytes of all facts are read back as these facts, each value of its type, digit by digit."""
    canonical = canonical_bytes(facts, projection([""]))
    assert (facts, canonical) == (facts_of(canonical), canonical_bytes(facts_of(canonical), projection([""])))


@given(st.dictionaries(_NAMES, st.dictionaries(_NAMES, _VALUES, max_size=3), max_size=3))
def test_canonical_bytes_are_json(facts: dict[str, object]) -> None:
    """Canonical bytes are JSON in ASCII with sorted names and no blanks, octet by octet."""
    canonical = canonical_bytes(facts, projection([""]))
    text = json.dumps(json.loads(canonical), sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    assert text.encode() == canonical


def test_written_once() -> None:
    """What several projections share is written once, and is the same as if each were written alone."""
    facts = {"order": {"lines": ({"hs": "1", "x": (1, {"y": None})},), "a": Decimal(1)}}
    readable = [projection(reads) for reads in ([""], ["order.lines"], ["order.lines[].x"], ["order"])]
    written = Written()
    assert [canonical_bytes(facts, one) for one in readable * 2] == [
        written.bytes(facts, one) for one in readable * 2
    ]


_READS = st.lists(st.sampled_from(["a", "a.b", "a.b[].c", "b", "b.a", "b.a.c", "c[]", ""]), max_size=4)


@given(
    st.lists(
        st.dictionaries(st.sampled_from("abc"), st.dictionaries(_NAMES, _VALUES, max_size=3)), max_size=3
    ),
    st.dictionaries(st.sampled_from("abc"), st.dictionaries(_NAMES, _VALUES, max_size=2)),
    st.lists(_READS.map(projection), min_size=1, max_size=3),
)
def test_written_of_facts_that_share_parts(
    several: list[dict[str, object]], shared: dict[str, object], readable: list[Projection]
) -> None:
    """Facts that share parts with others are written as if each were written alone, whatever is read of them."""
    written = Written()
    for facts in [shared, *({**shared, **more} for more in several), shared]:
        assert [canonical_bytes(facts, one) for one in readable] == [
            written.bytes(facts, one) for one in readable
        ]


def test_laid_out_once(small: Rulebook) -> None:
    """Facts that share parts with others are laid out as if each were laid out alone."""
    order = {"destination": "US", "site": {"kind": "B2B"}}
    written = Written()
    for facts in [{}, {"order": order}, {"order": order, "site": {}}, {"order": {**order, "rate": None}}]:
        assert laid_out(small.facts, facts) == written.laid_out(small.facts, facts)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "3", '{"a":1}', '{"a":[]}', '{"a":["record"]}', '{"a":["what","x"]}', '{"a":["int","x"]}',
     '{"a":["bool","yes"]}', '{"a":["date","2026-02-30"]}', '{"a":["decimal","x"]}', '{"a":["money","1"]}',
     '{"a":["string",1]}', '{"a":["list",3]}', '{"a":["timestamp","now"]}', "[" * 100_000],
)  # fmt: skip
def test_not_canonical(text: str) -> None:
    """Whatever is not canonical is refused as such."""
    with pytest.raises(ValueError, match="not the canonical bytes"):
        facts_of(text)


def test_anywhere() -> None:
    """A path is taken for that of any element of its lists, and of an amount in any currency."""
    assert "declaration.goods[].transit[].country" == anywhere("declaration.goods[0].transit[12].country")
    assert "order.originating_value" == anywhere("order.originating_value in USD")
