"""Whether an order gave a fact."""

import pytest

from engine.facts import Facts
from engine.readiness.given import is_given


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("order.destination", True),
        ("order.commercial", False),
        ("order.claim", True),
        ("order.claim.kind", None),
        ("order.lines[].hs", False),
        ("order.lines[].line_id", True),
        ("declaration.goods[].hs", None),
        ("declaration.signed", False),
        ("certificate.status", False),
    ],
)
def test_is_given(path: str, expected: bool | None) -> None:
    """A fact that is known to be none is given; a list gives it by all its elements, and an empty one cannot."""
    facts: Facts = {
        "order": {
            "destination": "US",
            "claim": None,
            "lines": ({"line_id": "1", "hs": "72"}, {"line_id": "2"}),
        },
        "declaration": {"goods": ()},
    }
    assert expected is is_given(facts, path)
