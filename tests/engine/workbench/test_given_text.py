"""Facts as YAML: what is written is read again as the same facts."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.expression import Money
from engine.facts import Facts
from engine.rulebook import Rulebook, load
from engine.rulebook.problems import Problem
from engine.rulebook.text.files import TextFile
from engine.workbench.given_text import given_text, read_given

BOOK = load(
    {
        "rulebook.yaml": "rulebook: tiny\ntitle: Tiny\nzone: UTC\n"
        "sources: {act: {title: Act, standing: enacted, read: 2026}}\n",
        "facts.yaml": """
enums: {kind: {meaning: Kind., values: {SHOP: A shop., MARKET: A market.}}}
records:
  good:
    meaning: A good.
    fields:
      hs: {type: string, meaning: Code.}
      share: {type: decimal?, meaning: Share.}
facts:
  order.kind: {type: kind, meaning: Kind.}
  order.destination: {type: country, meaning: Where to.}
  order.note: {type: string, meaning: Note.}
  order.pieces: {type: int, meaning: Pieces.}
  order.paid: {type: bool, meaning: Paid.}
  order.value: {type: money, meaning: Value.}
  order.day: {type: date, meaning: Day.}
  order.goods: {type: list(good), meaning: Goods.}
""",
        "asked.yaml": "question: asked\nasks: What?\noutcomes: [PAID, OPEN]\n"
        "otherwise: {gives: OPEN, because: No., cites: [act]}\n"
        "rules: [{rule: paid, reason: PAID, when: order.paid, gives: PAID, because: Yes., cites: [act]}]\n",
    }
)
assert isinstance(BOOK, Rulebook)

texts = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=12)
orders = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(["SHOP", "MARKET"]),
        "destination": st.sampled_from(["NO", "US", "MX"]),
        "note": texts,
        "pieces": st.integers(-(2**63), 2**63 - 1),
        "paid": st.booleans(),
        "value": st.builds(Money, st.decimals(-1000, 1000, places=2), st.just("USD")),
        "day": st.dates(),
        "goods": st.lists(
            st.fixed_dictionaries(
                {}, optional={"hs": texts, "share": st.none() | st.decimals(-100, 100, places=3)}
            ),
            max_size=3,
        ).map(tuple),
    },
)


def again(text: str) -> Facts | tuple[Problem, ...]:
    """What is read of the text."""
    assert isinstance(BOOK, Rulebook)
    return read_given(TextFile("order.yaml", text), BOOK.facts)


def test_as_people_read_it() -> None:
    """Nested, plain where that is safe, `null` for what is known to be none."""
    facts: Mapping[str, object] = {
        "order": {
            "destination": "NO",
            "note": "null",
            "value": Money(Decimal("2500.00"), "USD"),
            "day": date(2026, 6, 27),
            "goods": ({"hs": "721320", "share": None}, {"share": Decimal("1.10")}),
        }
    }
    assert given_text(facts) == (
        "order:\n  destination: 'NO'\n  note: 'null'\n  value: 2500.00 USD\n  day: 2026-06-27\n  goods:\n"
        "  - hs: '721320'\n    share: null\n  - share: 1.10\n"
    )
    assert facts == again(given_text(facts))


@given(orders)
def test_round_trip(order: Mapping[str, object]) -> None:
    """Whatever is given is read again as it was."""
    assert {"order": order} == again(given_text({"order": order}))


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("order:\n  destinaton: US\n", 2, "unknown-fact"),
        ("order:\n  pieces: three\n", 2, "wrong-type"),
        ("- order\n", 1, "wrong-kind"),
        ("order: {pieces: 3\n", 1, "yaml-syntax"),
        ("", 1, "empty-file"),
    ],
)
def test_mistakes(text: str, line: int, code: str) -> None:
    """A mistake is told with its place and a stable code."""
    [problem] = again(text)
    assert (line, code) == (problem.line, problem.code)
