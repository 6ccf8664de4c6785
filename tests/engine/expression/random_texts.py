"""Random expressions, as texts, and random facts for them."""

from datetime import date
from decimal import Decimal
from functools import cache

from hypothesis import strategies as st

from engine.expression import Money

Texts = st.SearchStrategy[str]

WORDS = st.sampled_from(["US", "CA", "8471", "847130", "", "a", "ab"])
NUMBERS = st.integers(-3, 12)
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
AMOUNTS = st.builds(Money, st.decimals(0, 5000, places=2), st.sampled_from(["USD", "USD", "CAD"]))
FRACTIONS = st.decimals(0, 100, places=1)


def _joined(pattern: str, *parts: Texts) -> Texts:
    return st.tuples(*parts).map(lambda given: pattern.format(*given))


def _one_of(*choices: Texts | str) -> Texts:
    return st.one_of([st.just(choice) if isinstance(choice, str) else choice for choice in choices])


def quoted(words: st.SearchStrategy[str]) -> Texts:
    """Words in quotes."""
    return words.map(lambda word: f'"{word}"')


@cache
def conditions(inside_line: bool = False, depth: int = 3) -> Texts:
    """Conditions over the facts of `orders`; inside a loop also over its line `l`."""
    numbers = _numbers(inside_line, depth)
    days = _one_of(
        "order.imported", "declaration.signed", DAYS.map(lambda day: f'date("{day}")'),
        _joined("order.imported.plusMonths({})", NUMBERS.map(str)),
        _joined("declaration.signed.lastDay({})", NUMBERS.map(str)),
    )  # fmt: skip
    amounts = _one_of(
        "order.value", "order.freight", "order.value + order.freight", "order.value * 2",
        AMOUNTS.map(lambda money: f'money("{money.amount} {money.currency}")'),
    )  # fmt: skip
    order = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
    leaves = _one_of(
        "true", "false", "order.commercial",
        _joined("{} {} {}", numbers, order, numbers),
        _joined("{} {} {}", days, order, days),
        _joined("{} {} {}", amounts, order, amounts),
        _joined("declaration.rvc {} {}", order, FRACTIONS.map(str)),
        _joined('order.destination {} "{}"', st.sampled_from(["==", "!="]), st.sampled_from(["US", "CA"])),
        "order.destination in territory",
        'order.destination in ["US", "MX"]',
        'scope.outcome == "IN"',
        '(has(declaration.producer) && declaration.producer.name.startsWith("a"))',
        "has(declaration.producer.country)",
        '(!has(order.note) || order.note.matches("^[ab]+$"))',
        'declaration.goods.all(g, g.hs in rates && g.rvc >= rates[g.hs].least)',
        'declaration.goods.exists(g, g.transit.exists(t, t == "CA"))',
    )  # fmt: skip
    if inside_line:
        leaves = _one_of(
            leaves, "l.claims", _joined("l.sku == {}", quoted(WORDS)), 'l.value > money("10 USD")'
        )
    if depth == 0:
        return leaves
    deeper = st.deferred(lambda: conditions(inside_line, depth - 1))
    looped = st.deferred(lambda: conditions(True, depth - 1))
    return _one_of(
        leaves,
        _joined("({} && {})", deeper, deeper),
        _joined("({} || {} || {})", deeper, deeper, deeper),
        _joined("!({})", deeper),
        _joined("({} ? {} : {})", deeper, deeper, deeper),
        _joined("({}) == ({})", deeper, deeper),
        _joined("order.lines.{}(l, {})", st.sampled_from(["all", "exists", "exists_one"]), looped),
        _joined("order.lines.filter(l, {}).exists(m, m.claims)", looped),
        _joined("order.lines.map(l, {}).all(b, b)", looped),
    )


@cache
def _numbers(inside_line: bool, depth: int) -> Texts:
    leaves = _one_of(
        NUMBERS.map(str), "size(order.lines)", "order.lines[0].quantity", "order.lines[1].quantity",
        "(order.imported - declaration.signed)", "declaration.goods.size()", "9223372036854775807",
        *(["l.quantity"] if inside_line else []),
    )  # fmt: skip
    if depth == 0:
        return leaves
    deeper = st.deferred(lambda: _numbers(inside_line, depth - 1))
    return _one_of(leaves, _joined("({} {} {})", deeper, st.sampled_from(["+", "-", "*", "/", "%"]), deeper))


@st.composite
def partly(
    draw: st.DrawFn, fields: dict[str, st.SearchStrategy[object]], least: int = 0
) -> dict[str, object]:
    """A record of which each field may be absent: `least` says how likely it is there, from 0 to 3."""
    there = {name: draw(st.integers(least, 3)) for name in fields}
    return {name: draw(field) for name, field in fields.items() if there[name]}


def facts(least: int) -> st.SearchStrategy[dict[str, object]]:
    """Facts for the conditions; with `least` 1 all are given."""
    country = st.sampled_from(["US", "CA", "MX"])
    line = partly({"sku": WORDS, "claims": st.booleans(), "quantity": NUMBERS, "value": AMOUNTS}, least)
    good = partly({"hs": WORDS, "rvc": FRACTIONS, "transit": st.lists(country, max_size=2).map(tuple)}, least)
    party = partly({"name": WORDS, "country": st.none() | country}, least)
    order = partly(
        {
            "destination": country, "lines": st.lists(line, max_size=3).map(tuple), "value": AMOUNTS,
            "freight": AMOUNTS, "imported": DAYS, "commercial": st.booleans(), "note": st.none() | WORDS,
        },
        least,
    )  # fmt: skip
    declaration = partly(
        {
            "producer": st.none() | party, "goods": st.lists(good, max_size=2).map(tuple),
            "signed": DAYS, "rvc": FRACTIONS,
        },
        least,
    )  # fmt: skip
    outcome = partly({"outcome": st.sampled_from(["IN", "OUT"])}, least)
    return partly({"order": order, "declaration": declaration, "scope": outcome}, least)


@st.composite
def fewer(draw: st.DrawFn, given: object) -> object:
    """The same facts, less some of them."""
    if isinstance(given, dict):
        return {name: draw(fewer(value)) for name, value in given.items() if draw(st.integers(0, 3))}
    return tuple(draw(fewer(item)) for item in given) if isinstance(given, tuple) else given


TOKENS = (
    *(
        "a",
        "b.c",
        "l.x",
        "order.lines",
        "order.value",
        "has(",
        ".all(x,",
        ".exists(y,",
        ".map(z,",
        ".filter(x,",
    ),
    *(
        "size(",
        "matches(",
        "date(",
        "money(",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "?",
        ".",
        "+",
        "-",
        "*",
    ),
    *(
        "/",
        "%",
        "!",
        "&&",
        "||",
        "==",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "in",
        "true",
        "false",
        "null",
        "1",
        "0",
        "-1",
    ),
    *(
        "2.5",
        ".5",
        "1e9",
        "0x1F",
        "7u",
        "9223372036854775807",
        "9223372036854775808",
        "'a'",
        '"b"',
        "'''c'''",
    ),
    *(
        r"r'\d'",
        "b'x'",
        "'2026-06-27'",
        "'1 USD'",
        "'('",
        "//",
        "\n",
        "if",
        "dyn(",
        "type(",
        "日",
        "'",
        '"',
        "'''",
    ),
    *(
        "\\",
        "?",
        "`",
        "@",
        "=",
        "&",
        "|",
        "x",
        "y",
        "z",
        ".getHours(",
        ".plusMonths(",
        ".startsWith(",
        "int(",
    ),
    *("string(", "double(", "timestamp("),
)
"""Pieces of expressions, right and wrong."""

PIECES = st.lists(st.sampled_from(TOKENS), max_size=24).flatmap(
    lambda pieces: st.sampled_from(["", " "]).map(lambda glue: glue.join(pieces))
)
"""Texts that look like expressions and mostly are none."""

_OPERATORS = st.sampled_from(["+", "-", "*", "/", "%", "<", "<=", "==", "!=", "in", "&&", "||"])
WELL_FORMED: Texts = st.recursive(
    _one_of(
        "a",
        ".a",
        "x",
        "true",
        "null",
        "1",
        "-1",
        "0x1F",
        "2.5",
        "1e3",
        '"s"',
        "'it\\'s'",
        "r'\\d'",
        "[]",
        "{}",
    ),
    lambda inner: _one_of(
        _joined("({})", inner),
        _joined("-{}", inner.map(lambda text: f"({text})")),
        _joined("!{}", inner.map(lambda text: f"({text})")),
        _joined("({}).field", inner),
        _joined("({}).`a-b`", inner),
        _joined("has(({}).in_)", inner),
        _joined("({})[{}]", inner, inner),
        _joined("[{}, {},]", inner, inner),
        _joined("{{{}: {}}}", inner, inner),
        _joined("f({}, {})", inner, inner),
        _joined("({}).g({})", inner, inner),
        _joined("({}).map(x, {}, {})", inner, inner, inner),
        _joined("({}).exists_one(y, {})", inner, inner),
        _joined(
            "(({}) {} ({}))",
            inner,
            _OPERATORS,
            inner,
        ),
        _joined("({}) {} {}", inner, st.sampled_from(["+", "-", "*", "/", "%", "&&", "||"]), inner),
        _joined("({}) ? ({}) : {}", inner, inner, inner),
    ),
    max_leaves=12,
)
"""Texts that are expressions, whatever they may mean."""

DYADIC: Texts = st.recursive(
    _one_of(NUMBERS.map(str), "n", "m", "numbers[0]", "size(numbers)", "size(word)"),
    lambda inner: _joined("({} {} {})", inner, st.sampled_from(["+", "-", "*", "/", "%"]), inner),
    max_leaves=6,
)
_DOUBLES = _one_of("d", "0.5", "-2.25", "4.0", _joined("(d * {})", st.sampled_from(["0.5", "2.0", "-1.0"])))
_STRINGS = _one_of("word", '"ab"', '""', _joined("(word + {})", quoted(WORDS)), "string(n)")
_PLAIN = _one_of(
    "yes", "true", "false",
    _joined("({} {} {})", DYADIC, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), DYADIC),
    _joined("({} {} {})", _DOUBLES, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), _DOUBLES),
    _joined("({} {} {})", _STRINGS, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), _STRINGS),
    _joined("({} in numbers)", DYADIC),
    _joined("{}.{}({})", _STRINGS, st.sampled_from(["startsWith", "endsWith", "contains"]), _STRINGS),
    _joined('{}.matches("^a?b*$")', _STRINGS),
    _joined("numbers.{}(x, x > {})", st.sampled_from(["all", "exists", "exists_one"]), DYADIC),
    _joined("(numbers.map(x, x * {}) == [2, 4])", DYADIC),
    _joined("(numbers.filter(x, x % 2 == 0).size() == {})", DYADIC),
    _joined('({{"a": {}, "b": 2}}["a"] > 1)', DYADIC),
)  # fmt: skip
SHARED: Texts = st.recursive(
    _PLAIN,
    lambda inner: _one_of(
        _joined("({} && {})", inner, inner),
        _joined("({} || {})", inner, inner),
        _joined("!({})", inner),
        _joined("({} ? {} : {})", inner, inner, inner),
    ),
    max_leaves=6,
)
"""Conditions that every implementation of CEL reads alike: ASCII texts, small integers, dyadic doubles."""


@st.composite
def shared_facts(draw: st.DrawFn) -> dict[str, object]:
    """All facts of the shared conditions."""
    return {
        "n": draw(NUMBERS),
        "m": draw(NUMBERS),
        "d": draw(st.sampled_from([0.0, 0.5, -2.25, 1024.0])),
        "word": draw(WORDS),
        "yes": draw(st.booleans()),
        "numbers": draw(st.lists(NUMBERS, min_size=1, max_size=3)),
    }


def exactly(value: object) -> tuple[str, object]:
    """A value with its kind, so that 1, 1.0, true and 1.00 differ."""
    return type(value).__name__, str(value) if isinstance(value, Decimal) else value
