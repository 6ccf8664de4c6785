"""Expressions over declarations and answers."""

import json
from datetime import date
from decimal import Decimal

import jmespath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.platforms.expression import FUNCTIONS, MOST_COPIES, ExpressionError, ExpressionFailed, compiled

DATA = {
    "a": {"b": "x", "n": 1, "t": True},
    "lines": [{"id": "1", "hs": "72"}, {"id": "2", "hs": None}],
    "empty": [],
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.b", "x"),
        ("a.b.c", None),
        ("nothing", None),
        ("a.b == 'x'", True),
        ("a.n == '1'", False),
        ("a.n == `1`", True),
        ("a.t == `1`", False),
        ("lines[].id", ["1", "2"]),
        ("lines[?hs].{i: id}", [{"i": "1"}]),
        ("join('-', lines[].id)", "1-2"),
        ("length(empty) == `0`", True),
        ("nothing || a.b", "x"),
    ],
)
def test_found(text, expected):
    """An expression finds what JMESPath says, and None where there is nothing."""
    assert expected == compiled(text)(DATA)


def test_exact_numbers_as_texts():
    """A number becomes the text that it was written with, also within what becomes a text of JSON."""
    data = {"hs": Decimal("7208.50"), "n": 7208, "lines": [{"hs": Decimal("1.10")}, Decimal("2E+3")]}
    assert "7208.50" == compiled("to_string(hs)")(data)
    assert "7208" == compiled("to_string(n)")(data)
    assert '[{"hs":1.10},2E+3]' == compiled("to_string(lines)")(data)
    assert ["1.10"] == compiled("lines[?hs].to_string(hs)")(data)


def test_days_as_texts():
    """A day that is no text becomes the one that it is written as."""
    assert "2026-07-01" == compiled("to_string(on)")({"on": date(2026, 7, 1)})


@pytest.mark.parametrize(
    "text", ["length(nothing)", "join('-', lines)", "sort_by(lines, &hs)", "keys(lines)"]
)
def test_failed(text):
    """What does not have the types that are needed makes the expression fail, and no other error comes out."""
    with pytest.raises(ExpressionFailed):
        compiled(text)(DATA)
    assert compiled(text).find(DATA) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.b", {"a"}),
        ("lines[?hs == x].{i: id}", {"lines"}),
        ("[a, b.c]", {"a", "b"}),
        ("{x: a, y: sort_by(b, &c)}", {"a", "b"}),
        ("a || b && !c", {"a", "b", "c"}),
        ("a | b", {"a"}),
        ("@", set()),
        ("'a'", set()),
    ],
)
def test_roots(text, expected):
    """The names that an expression takes from its input are known before it is asked."""
    assert expected == compiled(text).roots


@pytest.mark.parametrize(
    ("text", "copies"),
    [
        ("[@, @] | [@, @] | [@, @] | [@, @] | [@, @] | [@, @] | [@, @]", 128),
        ("to_string(to_string(to_string(@)))", 216),
        ("lines[].[@, @, @, @, @, @, @, @, @][] | [].[@, @, @, @, @, @, @, @][]", 72),
        (f"join('{'-' * 70}', lines)", 70),
    ],
)
def test_bombs(text, copies):
    """An expression that could make much of little is refused before it ever does."""
    with pytest.raises(
        ExpressionError, match=f"could make {copies} copies of what it is given; 64 are allowed"
    ):
        compiled(text)


def test_every_function_is_there():
    """All the functions that are allowed exist."""
    assert [] == [name for name in FUNCTIONS if name not in jmespath.functions.Functions.FUNCTION_TABLE]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.sampled_from(["x", "1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=12,
)


@given(JSON, st.sampled_from(["a", "a.b", "a.b.c", "a == 'x'", "a.b == '1'", "b.c == 'x'"]))
def test_short_cuts_are_jmespath(data, text):
    """What is taken without the library is what the library finds."""
    assert jmespath.search(text, data) == compiled(text)(data)


PARTS = st.recursive(
    st.sampled_from(["@", "a", "b", "'x'"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: f"[{pair[0]}, {pair[1]}]"),
        st.tuples(inner, inner).map(lambda pair: f"{{x: {pair[0]}, y: {pair[1]}}}"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}) | {pair[1]}"),
        st.tuples(inner, inner).map(lambda pair: f"to_array({pair[0]})[*].{{z: {pair[1]}}}"),
        st.tuples(inner, inner).map(lambda pair: f"map(&{pair[0]}, to_array({pair[1]}))"),
        inner.map(lambda one: f"to_string({one})"),
        inner.map(lambda one: f"to_array({one})[]"),
    ),
    max_leaves=8,
)


@given(PARTS, JSON)
def test_copies_are_bounded(text, data):
    """What is found is never larger than so many copies of the input, and what the expression itself says."""
    try:
        expression = compiled(text)
    except ExpressionError:
        return
    found = json.dumps(expression.find(data))
    assert len(found) <= MOST_COPIES * (len(json.dumps(data)) + 8 * len(text) + 16)
