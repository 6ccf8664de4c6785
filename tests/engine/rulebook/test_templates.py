"""Texts for people with facts in them."""

from collections.abc import Callable

import pytest

from engine.decision import Decision
from engine.rulebook import Rulebook

Ask = Callable[..., Decision]
Book = Callable[..., Rulebook]

ORDER = {
    "destination": "US",
    "value": "2500.00 USD",
    "rate": "1.10",
    "import_date": "2026-07-15",
    "maker": {"name": "Aceros"},
    "goods": [{"hs": "1", "share": None}],
    "note": "a {b}",
}


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("To US.", "To {order.destination}."),
        ("2500.00 USD at 1.10 on 2026-07-15", "{order.value} at {order.rate} on {order.import_date}"),
        ("Worth not given.", "Worth {order.pieces}."),
        ("Made by Aceros in not given.", "Made by {order.maker.name} in {order.maker.country}."),
        ("1 good: not computable", "{size(order.goods)} good: {1 / (size(order.goods) - 1)}"),
        ("true and {braces}", "{to_party} and {{braces}}"),
        ("a {b}", "{order.note}"),
        ("true", "{over(order.value, money('1.00 USD'))}"),
        ("On 2026-07-01.", "On {on}."),
    ],
)
def test_filled(book: Book, ask: Ask, expected: str, text: str) -> None:
    """Facts, definitions and expressions are filled in; what is not known reads "not given"."""
    assert expected == ask(book(question(text)), order=ORDER).findings[0].because


def test_known_to_be_none(book: Book, ask: Ask) -> None:
    """A fact known to be none reads "none", and so does what would be inside it."""
    rulebook = book(question("By {order.maker} or {order.maker.name}."))
    assert ask(rulebook, order={"maker": None}).findings[0].because == "By none or none."


def question(because: str) -> str:
    """A question whose one rule always says the text."""
    return f"""
question: asked
asks: What is asked?
outcomes: [A, C]
otherwise: {{gives: C, because: Nothing was found., cites: [act]}}
rules:
  - {{rule: r, reason: R, when: "true", gives: A, because: "{because}", cites: [act]}}
"""
