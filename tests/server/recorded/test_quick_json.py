"""The quick way from proto JSON to a message is the library's, or it stands back."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import json_format
from hypothesis import given
from hypothesis import strategies as st
from origingate.v1 import screening_service_pb2

from server.recorded.quick_json import request_of

PROJECT = Path(__file__).resolve().parents[3]
EXAMPLES = [
    json.loads(path.read_text("utf-8")) for path in sorted((PROJECT / "examples" / "orders").glob("*.json"))
]
ROOTS = ("site", "order", "declaration")
ODD = [
    None, True, False, 0, -1, 3.5, "", "x", "7", "1e3", "9223372036854775808", 2**63, [], {}, [None], {"x": 1},
    "ORIGIN_CRITERION_A", "CLAIM_KIND_UNSPECIFIED", "a,b", "a_b", "blanketPeriod,,x", "\ud800",
]  # fmt: skip


def parts(said: dict[str, Any]) -> dict[str, Any]:
    """What of an order is in a screening request."""
    return {name: said[name] for name in ROOTS if name in said}


def by_library(said: dict[str, Any]) -> object:
    """The library's message, or None where it refuses."""
    try:
        return json_format.ParseDict(said, screening_service_pb2.DecidePreReviewRequest())
    except (json_format.ParseError, ValueError, TypeError):
        return None


def places(said: object, above: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The path of every value."""
    below = said.items() if isinstance(said, dict) else enumerate(said) if isinstance(said, list) else ()
    return [above, *(path for key, value in below for path in places(value, (*above, key)))]


@pytest.mark.parametrize("said", EXAMPLES, ids=range(len(EXAMPLES)))
def test_examples(said: dict[str, Any]) -> None:
    """The example orders are read the quick way, as the library reads them."""
    assert by_library(parts(said)) == request_of(parts(said)) is not None


@given(st.data())
def test_odd_values(data: st.DataObject) -> None:
    """Whatever stands anywhere in an order: the same message as the library's, or none; never one it refuses."""
    said = copy.deepcopy(parts(data.draw(st.sampled_from(EXAMPLES))))
    path = data.draw(st.sampled_from(places(said)[1:]))
    holder: Any = said
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = data.draw(st.sampled_from(ODD))
    quick = request_of(said)
    assert quick is None or quick == by_library(said)


@pytest.mark.parametrize("name", ["order_id", "orderID", "unknown"])
def test_other_names(name: str) -> None:
    """A field under a name that is not the plain one is left to the library."""
    assert request_of({"order": {name: "x"}}) is None
