"""Made-up conditions over a small vocabulary, and made-up facts for them, some missing, some known to be none."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from engine.expression.values import Money
from engine.facts import Facts

FACTS = """
enums:
  kind: {meaning: A kind., values: {SHOP: A shop., MARKET: A market., OTHER: Another.}}
records:
  part:
    meaning: A part.
    fields:
      count: {type: int, meaning: How many.}
      name: {type: string?, meaning: Its name.}
      kind: {type: kind, meaning: Its kind.}
facts:
  f.yes: {type: bool, meaning: A.}
  f.maybe: {type: bool?, meaning: A.}
  f.count: {type: int, meaning: A.}
  f.other: {type: int?, meaning: A.}
  f.share: {type: decimal, meaning: A.}
  f.kind: {type: kind, meaning: A.}
  f.name: {type: string, meaning: A.}
  f.alias: {type: string?, meaning: A.}
  f.first: {type: date, meaning: A.}
  f.last: {type: date?, meaning: A.}
  f.value: {type: money, meaning: A.}
  f.part: {type: part?, meaning: A.}
  f.names: {type: list(string), meaning: A.}
  f.parts: {type: list(part), meaning: A.}
"""
RULEBOOK = """
rulebook: made
title: Made up
zone: Europe/Vienna
sources: {act: {title: The Act, standing: enacted, read: all}}
lists:
  some_names: {values: [a, ab, "12"], meaning: Some.}
"""

COUNTS = (-2, 0, 1, 3, 7)
NAMES = ("", "a", "ab", "b", "12", "123")
DAYS = (date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 31), date(2025, 2, 28), date(2025, 12, 31))
_INTS = st.sampled_from(
    [
        "f.count",
        "0",
        "3",
        "size(f.parts)",
        "size(f.names)",
        "f.count * 2",
        "f.count + 3",
        "f.count / 2",
        "f.count % 3",
        "-f.count",
        "size(f.name)",
    ]
)
_DAYS = st.sampled_from(
    ["f.first", 'date("2024-02-29")', "f.first.plusDays(30)", "f.first.plusMonths(1)", "f.first.lastDay(12)",
     "f.first.plusYears(1)", "f.first.plusDays(-1)", "on"]
)  # fmt: skip
_ORDER = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])


def _joined(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(" ".join)


_INSIDE = st.sampled_from(
    ["each.count > f.count", 'each.kind == "SHOP"', "each.kind == f.kind", "has(each.name)",
     "has(each.name) && each.name == f.name", 'has(each.name) && each.name.startsWith("a")', "each.count in [0, 3]",
     "f.names.exists(name, has(each.name) && name == each.name)", "!(has(each.name) && each.name in f.names)", "f.yes"]
)  # fmt: skip
ATOMS = st.one_of(
    st.sampled_from(
        ["f.yes", "has(f.maybe)", "has(f.maybe) && f.maybe", "has(f.other)", "has(f.other) ? f.other > 1 : f.yes",
         'f.kind == "SHOP"', 'f.kind in ["SHOP", "OTHER"]', 'f.kind != "MARKET"', "f.name in some_names",
         "f.name in f.names", 'f.name == "ab"', 'f.name.startsWith("a")', 'f.name.endsWith("b")', 'f.name.contains("2")',
         "f.name.matches('^[0-9]{2}')", "f.name.matches('b$')", "f.name.matches('^(a|b)?$')", "size(f.name) > 1",
         "has(f.alias) && f.alias == f.name", "has(f.part) && f.part.count > 0", "has(f.part) && has(f.part.name)",
         "has(f.part) ? f.part.kind == f.kind : false", 'f.value > money("10.00 USD")', 'f.value == money("10.00 EUR")',
         "f.value.amount > 5", 'f.value.currency == "USD"', "f.share * 2 < 3.5", "f.share == 0.5", "size(f.names) == 0",
         "has(f.last) && f.last > f.first.plusMonths(1)", "has(f.last) && f.last == f.first", "f.first.getMonth() == 1",
         'f.names.all(name, name != "a")', "f.parts.exists_one(each, each.count > 1)",
         "size(f.parts.filter(each, each.count > 0)) > 1", "f.parts.map(each, each.count).exists(count, count == 3)",
         "f.parts[0].count > 1", 'f.names[1] == "a"', "f.names.exists(name, name in some_names)"]
    ),
    _joined(_INTS, _ORDER, _INTS),
    _joined(_DAYS, _ORDER, _DAYS),
    _joined(st.sampled_from(["f.parts.all(each,", "f.parts.exists(each,"]), _INSIDE, st.just(")")),
)  # fmt: skip


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, inner).map(lambda two: f"({two[0]}) && ({two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}) || ({two[1]})"),
        inner.map(lambda one: f"!({one})"),
        st.tuples(inner, inner, inner).map(lambda three: f"(({three[0]}) ? ({three[1]}) : ({three[2]}))"),
    )


CONDITIONS = st.recursive(ATOMS, _grown, max_leaves=5)

_PART = st.fixed_dictionaries(
    {},
    optional={
        "count": st.sampled_from(COUNTS),
        "name": st.none() | st.sampled_from(NAMES),
        "kind": st.sampled_from(["SHOP", "MARKET", "OTHER"]),
    },
)
_FACT = st.fixed_dictionaries(
    {},
    optional={
        "yes": st.booleans(),
        "maybe": st.none() | st.booleans(),
        "count": st.sampled_from(COUNTS),
        "other": st.none() | st.sampled_from(COUNTS),
        "share": st.sampled_from([Decimal("0.5"), Decimal("1.75"), Decimal(2)]),
        "kind": st.sampled_from(["SHOP", "MARKET", "OTHER"]),
        "name": st.sampled_from(NAMES),
        "alias": st.none() | st.sampled_from(NAMES),
        "first": st.sampled_from(DAYS),
        "last": st.none() | st.sampled_from(DAYS),
        "value": st.sampled_from([Money(Decimal(10), "USD"), Money(Decimal(11), "USD"), Money(Decimal(10), "EUR")]),
        "part": st.none() | _PART,
        "names": st.lists(st.sampled_from(NAMES), max_size=2).map(tuple),
        "parts": st.lists(_PART, max_size=2).map(tuple),
    },
)  # fmt: skip
SOME_FACTS: st.SearchStrategy[Facts] = _FACT.map(lambda fields: {"f": fields})
