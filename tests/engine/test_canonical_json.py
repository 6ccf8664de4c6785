"""Canonical JSON texts: what the quick way writes is what RFC 8785 says."""

from enum import StrEnum

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from engine.canonical_json import canonical_json

WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
NUMBERS = WHOLE | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | WHOLE | NUMBERS | st.text(),
    lambda below: st.lists(below) | st.dictionaries(st.text(), below),
)


class Word(StrEnum):
    """A word that is a text."""

    HELD = "HELD"


@given(VALUES)
def test_octets(value: object) -> None:
    """Any value has the octets that rfc8785 writes."""
    assert rfc8785.dumps(value) == canonical_json(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("octets", "value"),
    [
        (b'{"a":1,"b":[true,null]}', {"b": [True, None], "a": 1}),
        ('{"\U0001f600":1,"\ue000":2}'.encode(), {"\ue000": 2, "\U0001f600": 1}),
        (b'"\\u0000\\n\\\\\\"\x7f"', '\x00\n\\"\x7f'),
        (b"[1,0.1,1e+21]", [1.0, 0.1, 1e21]),
        (b'{"HELD":"HELD"}', {Word.HELD: Word.HELD}),
        (b"[[],{}]", ((), {})),
    ],
)
def test_examples(octets: bytes, value: object) -> None:
    """Keys go by UTF-16, only what must be escaped is, whole doubles have no point, words are texts."""
    assert octets == canonical_json(value)


@pytest.mark.parametrize("value", [2**53, -(2**53), float("nan"), "\ud800", {1: "a"}, {"a": {1, 2}}, b"a"])
def test_no_form(value: object) -> None:
    """What has no canonical form is refused, not written another way."""
    with pytest.raises((rfc8785.CanonicalizationError, UnicodeEncodeError)):
        canonical_json(value)
